-- name: insert_choice_point(user_id, question, labels, tags, conversation_id, intent_id)$
-- The choice point and its options, in their order.
WITH choice AS (
    INSERT INTO choice_points (user_id, question, tags, conversation_id, intent_id)
    VALUES (:user_id, :question, :tags, :conversation_id, :intent_id) RETURNING id
), options AS (
    INSERT INTO choice_options (choice_point_id, user_id, place, label)
    SELECT choice.id, :user_id, option.place, option.label
    FROM choice, unnest(:labels::text[]) WITH ORDINALITY AS option (label, place)
)
SELECT id FROM choice;

-- name: lock_choice_point(user_id, id)$
SELECT id FROM choice_points WHERE user_id = :user_id AND id = :id FOR UPDATE;

-- name: reject_options(user_id, choice_point_id, option_ids, reasons)!
UPDATE choice_options AS o SET rejection_reason = r.reason
FROM unnest(:option_ids::uuid[], :reasons::text[]) AS r (id, reason)
WHERE o.user_id = :user_id AND o.choice_point_id = :choice_point_id AND o.id = r.id;

-- name: decide_choice_point(user_id, id, chosen_option_id, rationale)!
UPDATE choice_points
SET chosen_option_id = :chosen_option_id, rationale = :rationale, decided_at = now(), updated_at = now()
WHERE user_id = :user_id AND id = :id;

-- name: find_choice_points(user_id, ids)
SELECT {columns:ChoicePointRow:c} FROM choice_points AS c
WHERE c.user_id = :user_id AND c.id = ANY(:ids::uuid[]);

-- name: list_choice_points(user_id, decided, tags, before, count)
-- Newest first, with an id below `before` and with all of the tags. A null `decided` includes both kinds.
SELECT {columns:ChoicePointRow:c} FROM choice_points AS c
WHERE c.user_id = :user_id AND c.id < :before AND c.tags @> :tags::text[]
  AND (:decided::boolean IS NULL OR (c.decided_at IS NOT NULL) = :decided)
ORDER BY c.id DESC LIMIT :count;
