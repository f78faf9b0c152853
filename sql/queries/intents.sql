-- name: insert_intent(assignee, assignee_id, labels, recurrence, user_id, project_id, conversation_id, source_message_id, description, intent_type, classification, priority, due_at, next_attempt_at, max_attempts, metadata, idempotency_key, actor, reason, reason_key, reason_params)^
-- Returns nothing when the idempotency key exists. A null project is that of the conversation, else the default one.
INSERT INTO intents (user_id, project_id, conversation_id, source_message_id, description, intent_type, classification,
                     priority, due_at, next_attempt_at, max_attempts, metadata, idempotency_key, actor, reason, reason_key,
                     reason_params, assignee, assignee_id, labels, recurrence)
VALUES (:user_id, :project_id, :conversation_id, :source_message_id, :description, :intent_type, :classification,
        :priority, :due_at, :next_attempt_at, :max_attempts, :metadata, :idempotency_key, :actor, :reason, :reason_key,
        :reason_params, :assignee, :assignee_id, :labels, :recurrence)
ON CONFLICT (user_id, idempotency_key) DO NOTHING
RETURNING {columns:IntentRow};

-- name: find_intent_by_key(user_id, idempotency_key)^
SELECT {columns:IntentRow} FROM intents WHERE user_id = :user_id AND idempotency_key = :idempotency_key;

-- name: find_intents(user_id, ids)
SELECT {columns:IntentRow} FROM intents WHERE {visible:project_id} AND id = ANY(:ids::uuid[]);

-- name: list_newest_intents(user_id, assignee, labels, statuses, types, before, count)
-- Newest first, with an id below `before`. Null `types` includes intents without a type.
SELECT {columns:IntentRow:i} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM intents
    WHERE project_id = scopes.id AND id < :before AND status = ANY(:statuses::text[])
      AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
      AND (:assignee::text IS NULL OR assignee = :assignee) AND labels @> :labels::text[]
    ORDER BY id DESC LIMIT :count
) AS i ORDER BY i.id DESC LIMIT :count;

-- name: list_oldest_intents(user_id, assignee, labels, statuses, types, after, count)
-- Oldest first, with an id above `after`.
SELECT {columns:IntentRow:i} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM intents
    WHERE project_id = scopes.id AND id > :after AND status = ANY(:statuses::text[])
      AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
      AND (:assignee::text IS NULL OR assignee = :assignee) AND labels @> :labels::text[]
    ORDER BY id LIMIT :count
) AS i ORDER BY i.id LIMIT :count;

-- name: list_intents_by_priority(user_id, assignee, labels, statuses, types, priority, before, count)
-- Highest priority first, newest first within a priority, after (priority, before).
SELECT {columns:IntentRow:i} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM intents
    WHERE project_id = scopes.id AND (priority, id) < (:priority::int, :before) AND status = ANY(:statuses::text[])
      AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
      AND (:assignee::text IS NULL OR assignee = :assignee) AND labels @> :labels::text[]
    ORDER BY priority DESC, id DESC LIMIT :count
) AS i ORDER BY i.priority DESC, i.id DESC LIMIT :count;

-- name: list_intents_by_due(user_id, assignee, labels, statuses, types, at, after, count)
-- Those that are due first, then those without a time, oldest first, after (at, after).
SELECT {columns:IntentRow:i} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM intents
    WHERE project_id = scopes.id AND (coalesce(due_at, '9999-12-31 00:00+00'), id) > (:at, :after) AND status = ANY(:statuses::text[])
      AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
      AND (:assignee::text IS NULL OR assignee = :assignee) AND labels @> :labels::text[]
    ORDER BY coalesce(due_at, '9999-12-31 00:00+00'), id LIMIT :count
) AS i ORDER BY coalesce(i.due_at, '9999-12-31 00:00+00'), i.id LIMIT :count;

-- name: list_intents_of_conversations(user_id, conversation_ids, after, count)
-- For each conversation its oldest intents after `after`, oldest first.
SELECT {columns:IntentRow:i} FROM unnest(:conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT * FROM intents WHERE conversation_id = c.id AND {visible:project_id} AND id > :after ORDER BY id LIMIT :count
) AS i;

-- name: list_intents_of_messages(user_id, message_ids)
SELECT {columns:IntentRow} FROM intents WHERE {visible:project_id} AND source_message_id = ANY(:message_ids::uuid[])
ORDER BY id;

-- name: count_intents(user_id, assignee, labels, statuses, types)$
SELECT count(*) FROM intents
WHERE {in_scopes:project_id} AND status = ANY(:statuses::text[])
  AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
  AND (:assignee::text IS NULL OR assignee = :assignee) AND labels @> :labels::text[];

-- name: count_intents_of_conversations(user_id, conversation_ids)
SELECT conversation_id, count(*) AS total FROM intents
WHERE {visible:project_id} AND conversation_id = ANY(:conversation_ids::uuid[])
GROUP BY conversation_id;

-- name: list_transitions_of_intents(user_id, intent_ids)
SELECT {columns:IntentTransitionRow:t} FROM intent_transitions AS t
WHERE t.intent_id = ANY(:intent_ids::uuid[])
  AND EXISTS (SELECT FROM intents AS i WHERE i.id = t.intent_id AND {visible:i.project_id})
ORDER BY t.intent_id, t.id;

-- name: lock_intent(user_id, id)^
-- Locked until the transaction ends.
SELECT {columns:IntentRow} FROM intents WHERE {writable:project_id} AND id = :id FOR UPDATE;

-- name: update_intent(id, description, priority, due_at, occurs_at, next_attempt_at, metadata, assignee, assignee_id, labels, recurrence, actor)^
-- An intent that awaits confirmation is checked again when its description changes. What a person has begun waits again
-- when the assistant gets it.
UPDATE intents
SET status = CASE WHEN status = 'awaiting_confirmation' AND description <> :description THEN 'pending'
                  WHEN status = 'processing' AND assignee <> :assignee THEN 'pending' ELSE status END,
    assignee = :assignee, assignee_id = :assignee_id, labels = :labels, recurrence = :recurrence,
    description = :description, priority = :priority, due_at = :due_at, occurs_at = :occurs_at, next_attempt_at = :next_attempt_at,
    metadata = :metadata, version = version + 1, actor = :actor,
    (reason, reason_key, reason_params) = (NULL, NULL, NULL), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: add_intent_metadata(id, metadata)^
UPDATE intents SET metadata = metadata || :metadata WHERE id = :id RETURNING {columns:IntentRow};

-- name: mark_intent_cancelled(id, actor, reason, reason_key, reason_params)^
-- The new fence invalidates the claim of a worker that is processing it.
UPDATE intents
SET status = 'cancelled', claimed_by = NULL, lease_until = NULL, fence = fence + 1, next_attempt_at = NULL,
    progress = NULL, actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params),
    updated_at = now(), processed_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: mark_intent_pending(id, next_attempt_at, actor, reason, reason_key, reason_params)^
-- Starts again with all attempts. It repeats no more when its next occurrence exists, so that one is pending at a time.
UPDATE intents AS i
SET status = 'pending', attempts = 0,
    recurrence = CASE WHEN EXISTS (SELECT FROM intents AS n WHERE n.user_id = i.user_id
                                   AND n.idempotency_key = 'recurrence:' || i.id) THEN NULL ELSE i.recurrence END,
    next_attempt_at = :next_attempt_at,
    (error, error_key, error_params) = (NULL, NULL, NULL), result = NULL,
    progress = NULL, processed_at = NULL, confirmed_at = NULL, superseded_by = NULL,
    checked_at = CASE status WHEN 'cancelled' THEN NULL ELSE checked_at END, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: lock_unused_occurrence(user_id, key)^
-- The next occurrence of a recurring intent, if it waits and nothing has changed since it was inserted.
SELECT {columns:IntentRow} FROM intents
WHERE user_id = :user_id AND idempotency_key = :key AND status = 'pending' AND version = 1
  AND due_notified_at IS NULL
FOR UPDATE;

-- name: start_intent(id, actor)^
UPDATE intents
SET status = 'processing', actor = :actor, (reason, reason_key, reason_params) = (NULL, NULL, NULL), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: complete_intent_of_person(id, result, actor, reason)^
UPDATE intents
SET status = 'completed', result = :result, progress = 1.0, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, NULL, NULL), updated_at = now(), processed_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: mark_due_intents(now)
-- The unfinished intents whose time has come, each once, with the time zone of their user's account. The assistant's
-- reminders are claimed and fired instead. The clock is that of wake_due_intents.
WITH due AS (
    SELECT id FROM intents
    WHERE due_at <= greatest(:now, now()) AND due_notified_at IS NULL AND due_at IS NOT NULL
      AND status IN ('pending', 'awaiting_confirmation', 'processing') AND NOT withheld
    ORDER BY due_at LIMIT 200 FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE intents AS i SET due_notified_at = now() FROM due WHERE i.id = due.id RETURNING i.*
)
SELECT {columns:IntentRow:m}, coalesce(u.timezone, u.device_timezone) AS timezone
FROM marked AS m LEFT JOIN users AS u ON u.id = m.user_id
WHERE m.assignee = 'person' OR m.intent_type IS DISTINCT FROM 'reminder';

-- name: set_overdue_time(id, overdue_at)!
UPDATE intents SET overdue_at = :overdue_at WHERE id = :id;

-- name: mark_overdue_intents(now)
-- The unfinished intents that have been overdue since their `overdue_at`, each once. The clock is that of
-- wake_due_intents.
WITH late AS (
    SELECT id FROM intents
    WHERE overdue_at <= greatest(:now, now()) AND overdue_at IS NOT NULL
      AND status IN ('pending', 'awaiting_confirmation', 'processing') AND NOT withheld
    ORDER BY overdue_at LIMIT 200 FOR UPDATE SKIP LOCKED
)
UPDATE intents AS i SET overdue_at = NULL FROM late WHERE i.id = late.id RETURNING {columns:IntentRow:i};

-- name: confirm_intent(id, next_attempt_at, actor, reason, reason_key, reason_params)^
UPDATE intents
SET status = 'pending', confirmed_at = now(), next_attempt_at = :next_attempt_at, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params),
    updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: hold_intent(id, actor, reason, reason_key, reason_params)^
-- A pending intent waits until the user settles its contradictions.
UPDATE intents
SET status = 'awaiting_confirmation', actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: resume_intent(id, next_attempt_at, actor, reason, reason_key, reason_params)^
-- All its contradictions are resolved in its favour.
UPDATE intents
SET status = 'pending', next_attempt_at = :next_attempt_at, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};

-- name: reword_intent(id, description, actor, reason, reason_key, reason_params)^
-- A new description is classified again, unless a person chose the type.
UPDATE intents
SET status = 'pending', description = :description, next_attempt_at = NULL,
    intent_type = CASE WHEN classification IS NULL THEN intent_type END, classification = NULL,
    actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id
RETURNING {columns:IntentRow};
