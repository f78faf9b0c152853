-- name: find_project_of_decision(user_id, project_id, conversation_id)$
-- The project of a new decision: that of its conversation, the given one, or the default project.
SELECT coalesce((SELECT project_id FROM conversations WHERE id = :conversation_id::uuid AND {visible:scope_id}),
                :project_id::uuid, default_project(:user_id));

-- name: reserve_decision(user_id, project_id, given)^
-- The id and the number of a new decision. The lock on the counter makes the decisions of a project follow each other.
INSERT INTO decision_counters AS c (project_id, user_id, last_number)
VALUES (:project_id, :user_id, coalesce(:given::integer, 1))
ON CONFLICT (project_id) DO UPDATE SET last_number = greatest(c.last_number + 1, :given::integer)
RETURNING uuidv7() AS id, last_number AS number;

-- name: lock_decisions(user_id, project_id)!
-- No decision of the project is recorded or accepted until the transaction ends.
INSERT INTO decision_counters AS c (project_id, user_id, last_number) VALUES (:project_id, :user_id, 0)
ON CONFLICT (project_id) DO UPDATE SET last_number = c.last_number;

-- name: insert_decision(id, user_id, project_id, number, title, kind, topic, topic_key, context, value, rationale, consequences, status, tags, author, conversation_id, intent_id, idempotency_key, actor, reason, reason_key, reason_params, decided_at, labels, rejection_reasons, chosen)!
-- The decision and its options, in their order; `chosen` is the position of the chosen one, from 1.
WITH options AS MATERIALIZED (
    SELECT uuidv7() AS id, o.place, o.label, o.rejection_reason
    FROM unnest(:labels::text[], :rejection_reasons::text[]) WITH ORDINALITY AS o (label, rejection_reason, place)
), made AS (
    INSERT INTO decisions (id, user_id, project_id, number, title, kind, topic, topic_key, context, chosen_option_id, value,
                           rationale, consequences, status, tags, author, conversation_id, intent_id, idempotency_key,
                           actor, reason, reason_key, reason_params, decided_at)
    SELECT :id::uuid, :user_id, :project_id::uuid, :number, :title, :kind, :topic, :topic_key, :context,
           (SELECT id FROM options WHERE place = :chosen::integer), :value, :rationale, :consequences, :status,
           :tags::text[], :author, :conversation_id::uuid, :intent_id::uuid, :idempotency_key, :actor, :reason,
           :reason_key, :reason_params::jsonb,
           CASE WHEN :status <> 'proposed' THEN coalesce(:decided_at::timestamptz, now()) END
    RETURNING id
)
INSERT INTO decision_options (id, decision_id, user_id, place, label, rejection_reason)
SELECT o.id, made.id, :user_id, o.place, o.label, o.rejection_reason FROM made, options AS o;

-- name: insert_decision_sources(decision_id, user_id, kinds, ids)!
INSERT INTO decision_sources (decision_id, user_id, source_kind, source_id, place)
SELECT :decision_id, :user_id, s.kind, s.id, s.place + (
    SELECT coalesce(max(place), 0) FROM decision_sources WHERE decision_id = :decision_id)
FROM unnest(:kinds::text[], :ids::uuid[]) WITH ORDINALITY AS s (kind, id, place)
ON CONFLICT DO NOTHING;

-- name: find_decision_by_number(user_id, project_id, number)$
SELECT id FROM decisions WHERE {visible:project_id} AND project_id = :project_id AND number = :number;

-- name: list_decision_statuses(user_id, ids)
SELECT id, status FROM decisions WHERE {visible:project_id} AND id = ANY(:ids::uuid[]);

-- name: find_decision_by_key(user_id, idempotency_key)$
SELECT id FROM decisions WHERE user_id = :user_id AND idempotency_key = :idempotency_key;

-- name: is_new_decision(id)$
-- Whether this transaction recorded it.
SELECT created_at = now() FROM decisions WHERE id = :id;

-- name: lock_decision(user_id, id)$
SELECT id FROM decisions WHERE {writable:project_id} AND id = :id FOR UPDATE;

-- name: find_decisions(user_id, ids)
SELECT {columns:DecisionRow:d} FROM decisions AS d WHERE {visible:d.project_id} AND d.id = ANY(:ids::uuid[]);

-- name: list_decisions(user_id, statuses, topic_key, tags, before, count)
-- Newest first, with an id below `before` and with all of the tags. A null `topic_key` includes all
-- topics.
SELECT {columns:DecisionRow:d} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM decisions
    WHERE project_id = scopes.id AND id < :before AND status = ANY(:statuses::text[]) AND tags @> :tags::text[]
      AND (:topic_key::text IS NULL OR topic_key = :topic_key)
    ORDER BY id DESC LIMIT :count
) AS d ORDER BY d.id DESC LIMIT :count;

-- name: list_decisions_as_of(user_id, as_of, statuses, topic_key, tags, before, count)
-- The same at a moment in the past: the status is that of the last change until then. Texts are those of today.
WITH earlier AS (
    SELECT d.id, d.user_id, d.project_id, d.number, d.title, d.kind, d.topic, d.topic_key, d.context, d.chosen_option_id, d.value,
           d.rationale, d.consequences, c.to_status AS status, d.version, d.tags,
           CASE WHEN c.to_status = 'superseded' THEN d.superseded_by END AS superseded_by, d.author,
           d.conversation_id, d.intent_id,
           CASE WHEN d.decided_at <= :as_of THEN d.decided_at ELSE
               (SELECT max(at) FROM decision_changes
                WHERE decision_id = d.id AND at <= :as_of AND to_status IN ('accepted', 'rejected')
                  AND from_status IS DISTINCT FROM to_status) END AS decided_at,
           CASE WHEN d.valid_until <= :as_of THEN d.valid_until END AS valid_until, d.created_at, d.updated_at
    FROM decisions AS d CROSS JOIN LATERAL (
        SELECT to_status FROM decision_changes WHERE decision_id = d.id AND at <= :as_of ORDER BY id DESC LIMIT 1
    ) AS c
    WHERE {in_scopes:d.project_id} AND d.id < :before AND d.tags @> :tags::text[]
      AND (:topic_key::text IS NULL OR d.topic_key = :topic_key)
)
SELECT {columns:DecisionRow:d} FROM earlier AS d WHERE d.status = ANY(:statuses::text[])
ORDER BY d.id DESC LIMIT :count;

-- name: list_accepted_decisions(user_id, changed_after)
-- Oldest first, whenever they changed when `changed_after` is null.
SELECT {columns:DecisionRow:d} FROM decisions AS d
WHERE d.status = 'accepted' AND (:changed_after::timestamptz IS NULL OR d.updated_at > :changed_after)
  AND d.project_id = ANY (ARRAY(SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = :user_id AND NOT s.archived))
ORDER BY d.id;

-- name: list_accepted_decisions_of_project(project_id, changed_after)
-- The same of one project, for every member: what contradicts them is held, also when its author has left.
SELECT {columns:DecisionRow:d} FROM decisions AS d
WHERE d.project_id = :project_id AND d.status = 'accepted'
  AND (:changed_after::timestamptz IS NULL OR d.updated_at > :changed_after)
ORDER BY d.id;

-- name: find_decision_of_topic(project_id, topic_key)^
-- The accepted choice or value of the topic.
SELECT id, number, title FROM decisions
WHERE project_id = :project_id AND topic_key = :topic_key AND status = 'accepted' AND kind IN ('choice', 'value');

-- name: list_superseded_decisions(user_id, ids)
-- The decisions that were superseded by one of these.
SELECT {columns:DecisionRow:d} FROM decisions AS d
WHERE {visible:d.project_id} AND d.superseded_by = ANY(:ids::uuid[]) ORDER BY d.superseded_by, d.id;

-- name: update_decision(id, title, topic, topic_key, context, value, rationale, consequences, tags, chosen_option_id, actor)!
UPDATE decisions
SET title = :title, topic = :topic, topic_key = :topic_key, context = :context, value = :value,
    rationale = :rationale, consequences = :consequences, tags = :tags, chosen_option_id = :chosen_option_id,
    actor = :actor, (reason, reason_key, reason_params) = (NULL, NULL, NULL), updated_at = now()
WHERE id = :id;

-- name: delete_decision_options(decision_id)!
DELETE FROM decision_options WHERE decision_id = :decision_id;

-- name: insert_decision_options(user_id, decision_id, labels, rejection_reasons)
INSERT INTO decision_options (decision_id, user_id, place, label, rejection_reason)
SELECT :decision_id, :user_id, o.place, o.label, o.rejection_reason
FROM unnest(:labels::text[], :rejection_reasons::text[]) WITH ORDINALITY AS o (label, rejection_reason, place)
RETURNING id, label;

-- name: set_decision_status(id, status, actor, reason, reason_key, reason_params)!
UPDATE decisions
SET status = :status, actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params),
    updated_at = now()
WHERE id = :id;

-- name: supersede_decisions(ids, superseded_by, actor, reason, reason_key, reason_params)!
UPDATE decisions
SET status = 'superseded', superseded_by = :superseded_by, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = ANY(:ids::uuid[]);

-- name: list_changes_of_decisions(user_id, decision_ids)
SELECT {columns:DecisionChangeRow:c} FROM decision_changes AS c
WHERE c.decision_id = ANY(:decision_ids::uuid[])
  AND EXISTS (SELECT FROM decisions AS d WHERE d.id = c.decision_id AND {visible:d.project_id})
ORDER BY c.decision_id, c.id;

-- name: list_sources_of_decisions(user_id, decision_ids)
SELECT {columns:DecisionSourceRow:c} FROM decision_sources AS c
WHERE c.decision_id = ANY(:decision_ids::uuid[])
  AND EXISTS (SELECT FROM decisions AS d WHERE d.id = c.decision_id AND {visible:d.project_id})
ORDER BY c.decision_id, c.place;
