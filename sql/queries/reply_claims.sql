-- name: claim_replies(bridge_id, lease_seconds, count)
-- Claims the oldest pending replies, not those of archived projects; locked rows are skipped. Each gets a new fence. Its
-- content is emptied, except the text that a continued reply keeps.
WITH due AS (
    SELECT id FROM messages AS w
    WHERE status = 'pending' AND (next_attempt_at IS NULL OR next_attempt_at <= now())
      AND NOT EXISTS (SELECT FROM projects AS a WHERE a.id = w.project_id AND a.archived_at IS NOT NULL)
    ORDER BY id LIMIT :count
    FOR UPDATE OF w SKIP LOCKED
)
UPDATE messages AS m
SET status = 'streaming', content = left(content, kept_length), (error, error_key, error_params) = (NULL, NULL, NULL), claimed_by = :bridge_id,
    lease_until = now() + :lease_seconds * interval '1 second', fence = m.fence + 1, attempts = m.attempts + 1,
    next_attempt_at = NULL, updated_at = now()
FROM due WHERE m.id = due.id
RETURNING m.id, m.user_id, m.conversation_id, m.reply_to, m.fence, m.attempts, m.content AS kept,
    (SELECT model FROM conversations WHERE id = m.conversation_id) AS model,
    coalesce(m.metadata -> 'usage', '{}') AS spent;

-- name: renew_replies(bridge_id, ids, lease_seconds)
-- Returns the claims that are still held. A stopped reply is still held until its last text is stored.
UPDATE messages SET lease_until = now() + :lease_seconds * interval '1 second'
WHERE claimed_by = :bridge_id AND id = ANY(:ids::uuid[])
RETURNING id, fence, status;

-- name: save_reply(id, fence, content)$
-- Saves the text so far; returns the status, or nothing when the claim is lost.
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
    rounds = CASE :status WHEN 'failed' THEN rounds ELSE '[]' END,
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
-- A worker that stops returns its claims. The attempt does not count.
UPDATE messages
SET status = CASE status WHEN 'stopped' THEN status ELSE 'pending' END, attempts = attempts - 1,
    claimed_by = NULL, lease_until = NULL, updated_at = now()
WHERE claimed_by = :bridge_id
RETURNING user_id;

-- name: release_expired_replies()
-- Claims of killed workers. Locked rows are skipped: another process releases or finishes them.
WITH expired AS (
    SELECT id FROM messages WHERE claimed_by IS NOT NULL AND lease_until < now() FOR UPDATE SKIP LOCKED
)
UPDATE messages AS m
SET status = CASE m.status WHEN 'stopped' THEN m.status ELSE 'pending' END, claimed_by = NULL, lease_until = NULL,
    updated_at = now()
FROM expired WHERE m.id = expired.id
RETURNING m.user_id;

-- name: lock_reply(id, fence)$
-- Returns the id if the claim is still held, and locks the row until the transaction ends.
SELECT id FROM messages WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL FOR UPDATE;

-- name: find_reply_rounds(id, fence)$
SELECT rounds FROM messages WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL;

-- name: save_reply_rounds(id, fence, rounds)$
-- Returns the status, or nothing when the claim is lost.
UPDATE messages SET rounds = :rounds::jsonb, updated_at = now()
WHERE id = :id AND fence = :fence AND claimed_by IS NOT NULL
RETURNING status;

-- name: mark_intents_extracted(id)$
-- Returns the id once: to the caller that has to extract the intents.
UPDATE messages SET intents_extracted_at = now() WHERE id = :id AND intents_extracted_at IS NULL RETURNING id;

-- name: find_reply_progress(user_id, id)^
-- The worker of a stopped reply still stores its last text, unless its lease has expired.
SELECT content, status, fence, claimed_by IS NOT NULL AND lease_until > now() AS held
FROM messages WHERE {visible:scope_id} AND id = :id;

-- name: find_reply_readers(id)^
-- The author of a reply, and all who see it.
SELECT m.user_id AS author, ARRAY(SELECT s.user_id FROM user_scopes AS s WHERE s.scope_id = m.scope_id) AS users
FROM messages AS m WHERE m.id = :id;
