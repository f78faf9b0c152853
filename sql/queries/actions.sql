-- name: insert_action(user_id, project_id, message_id, tool, arguments, summary, key, params, status, subject_kind, subject_id, actor, reason, reason_key, reason_params, confidence, candidates, language, undo, call_id)^
-- Returns nothing when the message has an action with this call id.
INSERT INTO actions (user_id, project_id, message_id, tool, arguments, summary, key, params, status, subject_kind,
                     subject_id, actor, reason, reason_key, reason_params, confidence, candidates, language, undo, call_id)
VALUES (:user_id, :project_id, :message_id, :tool, :arguments, :summary, :key, :params, :status, :subject_kind,
        :subject_id, :actor, :reason, :reason_key, :reason_params, :confidence, :candidates, :language, :undo, :call_id)
ON CONFLICT (message_id, call_id) DO NOTHING
RETURNING {columns:ActionRow};

-- name: find_action_by_call(user_id, message_id, call_id)^
SELECT {columns:ActionRow} FROM actions
WHERE {visible:scope_id} AND message_id = :message_id AND call_id = :call_id;

-- name: lock_action_call(message_id, call_id)!
-- Two workers do not perform the same call at the same time. Held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(:message_id::uuid::text || :call_id::text, 1));

-- name: find_actions(user_id, ids)
SELECT {columns:ActionRow} FROM actions WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: lock_action(user_id, id)^
SELECT {columns:ActionRow} FROM actions WHERE {writable:scope_id} AND id = :id FOR UPDATE;

-- name: list_actions(user_id, statuses, actor, before, count)
-- Newest first, with an id below `before`. A null `actor` includes all.
SELECT {columns:ActionRow:a} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM actions
    WHERE scope_id = scopes.id AND id < :before AND status = ANY(:statuses::text[])
      AND (:actor::text IS NULL OR actor = :actor)
    ORDER BY id DESC LIMIT :count
) AS a ORDER BY a.id DESC LIMIT :count;

-- name: list_actions_of_messages(user_id, message_ids)
-- In the order in which they were called.
SELECT {columns:ActionRow} FROM actions WHERE {visible:scope_id} AND message_id = ANY(:message_ids::uuid[])
ORDER BY message_id, id;

-- name: update_action(id, status, arguments, summary, key, params, subject_kind, subject_id, actor, reason, reason_key, reason_params, undo)^
-- The outcome of a locked action.
UPDATE actions
SET status = :status, arguments = :arguments, summary = :summary, key = :key, params = :params,
    subject_kind = :subject_kind, subject_id = :subject_id, actor = :actor, reason = :reason, reason_key = :reason_key,
    reason_params = :reason_params, undo = :undo, updated_at = now()
WHERE id = :id
RETURNING {columns:ActionRow};

-- name: mark_action(id, status)^
UPDATE actions SET status = :status, updated_at = now() WHERE id = :id RETURNING {columns:ActionRow};

-- name: allow_any_transition(allowed)!
-- An undo restores any status of an intent, until the transaction ends or this is set to 'off'.
SELECT set_config('resonant.undo', :allowed, true);
