-- name: claim_intents(bridge_id, actor, lease_seconds, count)
-- Take the most urgent intents that are due; other bridges skip the locked rows.
WITH due AS (
    SELECT id FROM intents
    WHERE status = 'pending' AND (next_attempt_at IS NULL OR next_attempt_at <= now())
    ORDER BY priority DESC, id LIMIT :count
    FOR UPDATE SKIP LOCKED
)
UPDATE intents AS i
SET status = 'processing', claimed_by = :bridge_id, lease_until = now() + :lease_seconds * interval '1 second',
    fence = i.fence + 1, attempts = i.attempts + 1, next_attempt_at = NULL, error = NULL, actor = :actor,
    reason = NULL, updated_at = now()
FROM due WHERE i.id = due.id
RETURNING i.id, i.user_id, i.conversation_id, i.source_message_id, i.description, i.intent_type, i.classification,
          i.status, i.priority, i.result, i.error, i.progress, i.metadata, i.version, i.attempts, i.max_attempts,
          i.next_attempt_at, i.due_at, i.created_at, i.updated_at, i.processed_at, i.fence;

-- name: renew_intents(bridge_id, ids, lease_seconds)
-- What comes back is still ours.
UPDATE intents SET lease_until = now() + :lease_seconds * interval '1 second'
WHERE claimed_by = :bridge_id AND id = ANY(:ids::uuid[])
RETURNING id, fence;

-- name: classify_intent(id, fence, intent_type, classification, due_at)$
UPDATE intents
SET intent_type = :intent_type, classification = :classification, due_at = :due_at, updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: set_intent_progress(id, fence, progress)$
UPDATE intents SET progress = :progress, updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: finish_intent(id, fence, status, result, error, kept, actor, reason)$
UPDATE intents
SET status = :status, result = :result, error = :error, metadata = metadata || :kept::jsonb, progress = CASE :status WHEN 'completed' THEN 1.0 END,
    claimed_by = NULL, lease_until = NULL, actor = :actor, reason = :reason, updated_at = now(), processed_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: postpone_intent(id, fence, until, attempts, error, actor, reason)$
-- Back to the queue until a time; `attempts` is how many have counted so far.
UPDATE intents
SET status = 'pending', claimed_by = NULL, lease_until = NULL, next_attempt_at = :until, attempts = :attempts,
    error = :error, progress = NULL, actor = :actor, reason = :reason, updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: release_intents(bridge_id, actor, reason)
-- A bridge that stops hands over what it holds; the attempt does not count.
UPDATE intents
SET status = 'pending', claimed_by = NULL, lease_until = NULL, attempts = attempts - 1, progress = NULL,
    actor = :actor, reason = :reason, updated_at = now()
WHERE claimed_by = :bridge_id
RETURNING user_id;

-- name: release_expired_intents(actor, reason)
-- What killed bridges held; rows that are locked are being freed or finished by somebody else.
WITH expired AS (
    SELECT id FROM intents WHERE claimed_by IS NOT NULL AND lease_until < now() FOR UPDATE SKIP LOCKED
)
UPDATE intents AS i
SET status = 'pending', claimed_by = NULL, lease_until = NULL, progress = NULL, actor = :actor, reason = :reason,
    updated_at = now()
FROM expired WHERE i.id = expired.id
RETURNING i.user_id;
