-- name: insert_intent(user_id, conversation_id, source_message_id, description, intent_type, classification, priority, due_at, next_attempt_at, max_attempts, metadata, idempotency_key, actor, reason)^
-- Nothing comes back when the idempotency key was used before.
INSERT INTO intents (user_id, conversation_id, source_message_id, description, intent_type, classification, priority,
                     due_at, next_attempt_at, max_attempts, metadata, idempotency_key, actor, reason)
VALUES (:user_id, :conversation_id, :source_message_id, :description, :intent_type, :classification, :priority,
        :due_at, :next_attempt_at, :max_attempts, :metadata, :idempotency_key, :actor, :reason)
ON CONFLICT (user_id, idempotency_key) DO NOTHING
RETURNING id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
          result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
          created_at, updated_at, processed_at;

-- name: find_intent_by_key(user_id, idempotency_key)^
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents WHERE user_id = :user_id AND idempotency_key = :idempotency_key;

-- name: find_intents(user_id, ids)
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents WHERE user_id = :user_id AND id = ANY(:ids::uuid[]);

-- name: list_newest_intents(user_id, statuses, types, before, count)
-- Newest first, older than `before`. Null `types` keeps the unclassified too.
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents
WHERE user_id = :user_id AND id < :before AND status = ANY(:statuses::text[])
  AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
ORDER BY id DESC LIMIT :count;

-- name: list_oldest_intents(user_id, statuses, types, after, count)
-- Oldest first, newer than `after`.
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents
WHERE user_id = :user_id AND id > :after AND status = ANY(:statuses::text[])
  AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
ORDER BY id LIMIT :count;

-- name: list_intents_by_priority(user_id, statuses, types, priority, before, count)
-- Highest priority first, newest first within one priority, behind (priority, before).
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents
WHERE user_id = :user_id AND (priority, id) < (:priority::int, :before) AND status = ANY(:statuses::text[])
  AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]))
ORDER BY priority DESC, id DESC LIMIT :count;

-- name: list_intents_of_conversations(user_id, conversation_ids, after, count)
-- For each conversation its oldest intents behind `after`, oldest first.
SELECT i.id, i.user_id, i.conversation_id, i.source_message_id, i.description, i.intent_type, i.classification,
       i.status, i.priority, i.result, i.error, i.progress, i.metadata, i.version, i.attempts, i.max_attempts,
       i.next_attempt_at, i.due_at, i.created_at, i.updated_at, i.processed_at
FROM unnest(:conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT * FROM intents WHERE conversation_id = c.id AND user_id = :user_id AND id > :after ORDER BY id LIMIT :count
) AS i;

-- name: list_intents_of_messages(user_id, message_ids)
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents WHERE user_id = :user_id AND source_message_id = ANY(:message_ids::uuid[])
ORDER BY id;

-- name: count_intents(user_id, statuses, types)$
SELECT count(*) FROM intents
WHERE user_id = :user_id AND status = ANY(:statuses::text[])
  AND (:types::text[] IS NULL OR intent_type = ANY(:types::text[]));

-- name: count_intents_of_conversations(user_id, conversation_ids)
SELECT conversation_id, count(*) AS total FROM intents
WHERE user_id = :user_id AND conversation_id = ANY(:conversation_ids::uuid[])
GROUP BY conversation_id;

-- name: list_transitions_of_intents(user_id, intent_ids)
SELECT intent_id, from_status, to_status, actor, reason, at FROM intent_transitions
WHERE user_id = :user_id AND intent_id = ANY(:intent_ids::uuid[])
ORDER BY intent_id, id;

-- name: lock_intent(user_id, id)^
-- The intent, held against change until the transaction ends.
SELECT id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
       result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
       created_at, updated_at, processed_at
FROM intents WHERE user_id = :user_id AND id = :id FOR UPDATE;

-- name: update_intent(id, description, priority, due_at, next_attempt_at, metadata, actor)^
UPDATE intents
SET description = :description, priority = :priority, due_at = :due_at, next_attempt_at = :next_attempt_at,
    metadata = :metadata, version = version + 1, actor = :actor, reason = NULL, updated_at = now()
WHERE id = :id
RETURNING id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
          result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
          created_at, updated_at, processed_at;

-- name: mark_intent_cancelled(id, actor, reason)^
-- The new fence shuts out the bridge that may be working on it.
UPDATE intents
SET status = 'cancelled', claimed_by = NULL, lease_until = NULL, fence = fence + 1, next_attempt_at = NULL,
    progress = NULL, actor = :actor, reason = :reason, updated_at = now(), processed_at = now()
WHERE id = :id
RETURNING id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
          result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
          created_at, updated_at, processed_at;

-- name: mark_intent_pending(id, next_attempt_at, actor, reason)^
-- Start again with all attempts; the history keeps what went before.
UPDATE intents
SET status = 'pending', attempts = 0, next_attempt_at = :next_attempt_at, error = NULL, result = NULL,
    progress = NULL, processed_at = NULL, actor = :actor, reason = :reason, updated_at = now()
WHERE id = :id
RETURNING id, user_id, conversation_id, source_message_id, description, intent_type, classification, status, priority,
          result, error, progress, metadata, version, attempts, max_attempts, next_attempt_at, due_at,
          created_at, updated_at, processed_at;

-- name: delete_intent(user_id, id)$
DELETE FROM intents WHERE user_id = :user_id AND id = :id RETURNING id;

-- name: cancel_intents_of_message(user_id, message_id, actor, reason)!
-- Call off what a message raised and what has not ended yet.
UPDATE intents
SET status = 'cancelled', claimed_by = NULL, lease_until = NULL, fence = fence + 1, next_attempt_at = NULL,
    progress = NULL, actor = :actor, reason = :reason, updated_at = now(), processed_at = now()
WHERE user_id = :user_id AND source_message_id = :message_id
  AND status IN ('pending', 'awaiting_confirmation', 'processing');
