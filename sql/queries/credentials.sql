-- name: insert_browser_session(user_id, secret_hash, idle_seconds, longest_seconds)^
INSERT INTO credentials (user_id, kind, secret_hash, last_used_at, expires_at, ends_at)
VALUES (:user_id, 'session', :secret_hash, now(), now() + :idle_seconds * interval '1 second',
        now() + :longest_seconds * interval '1 second')
RETURNING id, expires_at;

-- name: insert_token(user_id, secret_hash, name, hint, expires_at)^
INSERT INTO credentials (user_id, kind, secret_hash, name, hint, expires_at)
VALUES (:user_id, 'token', :secret_hash, :name, :hint, :expires_at)
RETURNING {columns:TokenRow};

-- name: find_holder(secret_hash)^
-- Who comes in with this secret, while it and they are good. `unnoted` when its use was not noted for a minute.
SELECT c.id AS credential_id, c.kind, coalesce(c.last_used_at < now() - interval '1 minute', true) AS unnoted,
       {columns:UserRow:u}
FROM credentials AS c JOIN users AS u ON u.id = c.user_id
WHERE c.secret_hash = :secret_hash AND u.disabled_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > now());

-- name: mark_used(id, idle_seconds)!
-- A session lives on for as long as it is used, up to its end.
UPDATE credentials
SET last_used_at = now(),
    expires_at = CASE kind WHEN 'session' THEN least(now() + :idle_seconds * interval '1 second', ends_at)
                 ELSE expires_at END
WHERE id = :id;

-- name: list_standing(user_ids, credential_ids)
-- Which of these pairs are still good, and the users as they are now. Without a credential only the user counts.
SELECT a.user_id, a.credential_id, u.display_name, u.role
FROM unnest(:user_ids::text[], :credential_ids::uuid[]) AS a (user_id, credential_id)
JOIN users AS u ON u.id = a.user_id AND u.disabled_at IS NULL
LEFT JOIN credentials AS c ON c.id = a.credential_id AND c.user_id = a.user_id
WHERE a.credential_id IS NULL OR (c.id IS NOT NULL AND (c.expires_at IS NULL OR c.expires_at > now()));

-- name: list_tokens(user_id, before, count)
-- Newest first, older than `before`.
SELECT {columns:TokenRow} FROM credentials
WHERE user_id = :user_id AND kind = 'token' AND id < :before
ORDER BY id DESC LIMIT :count;

-- name: count_tokens(user_id)$
SELECT count(*) FROM credentials WHERE user_id = :user_id AND kind = 'token';

-- name: delete_token(user_id, id)^
DELETE FROM credentials WHERE user_id = :user_id AND kind = 'token' AND id = :id
RETURNING {columns:TokenRow};

-- name: find_token(id)^
-- Anybody's, for the command line.
SELECT {columns:TokenRow} FROM credentials WHERE kind = 'token' AND id = :id;

-- name: delete_session(user_id, id)$
DELETE FROM credentials WHERE user_id = :user_id AND kind = 'session' AND id = :id RETURNING id;

-- name: delete_sessions(user_id, except_id)!
-- All sessions of a user, but the one that asks.
DELETE FROM credentials
WHERE user_id = :user_id AND kind = 'session' AND (:except_id::uuid IS NULL OR id <> :except_id);

-- name: delete_credentials(user_id)!
DELETE FROM credentials WHERE user_id = :user_id;

-- name: delete_expired_sessions()!
DELETE FROM credentials WHERE kind = 'session' AND expires_at < now();
