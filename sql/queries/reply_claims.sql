-- name: claim_replies(bridge_id, lease_seconds, count)
-- Take the replies that have waited longest; other bridges skip the locked rows. A new fence, an empty text.
WITH due AS (
    SELECT id FROM messages
    WHERE status = 'pending' AND (next_attempt_at IS NULL OR next_attempt_at <= now())
    ORDER BY id LIMIT :count
    FOR UPDATE SKIP LOCKED
)
UPDATE messages AS m
SET status = 'streaming', content = '', (error, error_key, error_params) = (NULL, NULL, NULL), claimed_by = :bridge_id,
    lease_until = now() + :lease_seconds * interval '1 second', fence = m.fence + 1, attempts = m.attempts + 1,
    next_attempt_at = NULL, updated_at = now()
FROM due WHERE m.id = due.id
RETURNING m.id, m.user_id, m.conversation_id, m.reply_to, m.fence, m.attempts;

-- name: renew_replies(bridge_id, ids, lease_seconds)
-- What comes back is still ours; 'stopped' wants its last words.
UPDATE messages SET lease_until = now() + :lease_seconds * interval '1 second'
WHERE claimed_by = :bridge_id AND id = ANY(:ids::uuid[])
RETURNING id, fence, status;

-- name: save_reply(id, fence, content)$
-- Keep the text so far; returns the status, or nothing when the reply is no longer ours.
UPDATE messages SET content = :content, updated_at = now()
WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL
RETURNING status;

-- name: finish_reply(id, fence, content, status, error, error_key, error_params, metadata)$
-- A reply that was stopped meanwhile stays stopped.
UPDATE messages
SET content = :content, status = CASE status WHEN 'stopped' THEN status ELSE :status END,
    error = CASE status WHEN 'stopped' THEN NULL ELSE :error END,
    error_key = CASE status WHEN 'stopped' THEN NULL ELSE :error_key END,
    error_params = CASE status WHEN 'stopped' THEN NULL ELSE :error_params::jsonb END,
    metadata = metadata || :metadata::jsonb,
    claimed_by = NULL, lease_until = NULL, updated_at = now()
WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL
RETURNING status;

-- name: postpone_reply(id, fence, delay_seconds)$
UPDATE messages
SET status = CASE status WHEN 'stopped' THEN status ELSE 'pending' END, claimed_by = NULL, lease_until = NULL,
    next_attempt_at = now() + :delay_seconds * interval '1 second', updated_at = now()
WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL
RETURNING status;

-- name: release_replies(bridge_id)
-- A bridge that stops hands over what it holds; the attempt does not count.
UPDATE messages
SET status = CASE status WHEN 'stopped' THEN status ELSE 'pending' END, attempts = attempts - 1,
    claimed_by = NULL, lease_until = NULL, updated_at = now()
WHERE claimed_by = :bridge_id
RETURNING user_id;

-- name: release_expired_replies()
-- What killed bridges held; rows that are locked are being freed or finished by somebody else.
WITH expired AS (
    SELECT id FROM messages WHERE claimed_by IS NOT NULL AND lease_until < now() FOR UPDATE SKIP LOCKED
)
UPDATE messages AS m
SET status = CASE m.status WHEN 'stopped' THEN m.status ELSE 'pending' END, claimed_by = NULL, lease_until = NULL,
    updated_at = now()
FROM expired WHERE m.id = expired.id
RETURNING m.user_id;

-- name: lock_reply(id, fence)$
-- Whether the reply is still ours; held so until the transaction ends.
SELECT id FROM messages WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL FOR UPDATE;

-- name: mark_message_read(id)$
-- Whoever gets the id back raises the intents; it comes back once.
UPDATE messages SET read_at = now() WHERE id = :id AND read_at IS NULL RETURNING id;

-- name: find_unread_message(id)$
SELECT id FROM messages WHERE id = :id AND read_at IS NULL;

-- name: find_reply_progress(user_id, id)^
-- A bridge that holds a stopped reply still writes its last words, unless its lease has run out.
SELECT content, status, fence, claimed_by IS NOT NULL AND lease_until > now() AS held
FROM messages WHERE user_id = :user_id AND id = :id;
