-- name: insert_browser_session(user_id, secret_hash, idle_seconds, longest_seconds)^
INSERT INTO credentials (user_id, kind, secret_hash, last_used_at, expires_at, ends_at)
VALUES (:user_id, 'session', :secret_hash, now(), now() + :idle_seconds * interval '1 second',
        now() + :longest_seconds * interval '1 second')
RETURNING id, expires_at;

-- name: insert_token(user_id, secret_hash, name, hint, expires_at, read_only, project_id)^
INSERT INTO credentials (user_id, kind, secret_hash, name, hint, expires_at, read_only, project_id)
VALUES (:user_id, 'token', :secret_hash, :name, :hint, :expires_at, :read_only, :project_id)
RETURNING {columns:TokenRow};

-- name: find_credential(secret_hash)^
-- The user of a valid credential. `use_unrecorded`: its last recorded use is older than a minute.
SELECT c.id AS credential_id, c.kind, coalesce(c.last_used_at < now() - interval '1 minute', true) AS use_unrecorded,
       {columns:UserRow:u}
FROM credentials AS c JOIN users AS u ON u.id = c.user_id
WHERE c.secret_hash = :secret_hash AND u.disabled_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > now());

-- name: mark_credential_used(id, idle_seconds)!
-- Use extends a session, never beyond ends_at.
UPDATE credentials
SET last_used_at = now(),
    expires_at = CASE kind WHEN 'session' THEN least(now() + :idle_seconds * interval '1 second', ends_at)
                 ELSE expires_at END
WHERE id = :id;

-- name: list_valid_credentials(user_ids, credential_ids)
-- Those of the pairs that are still valid, and the current state of the users. Without a credential only the user is
-- checked.
SELECT a.user_id, a.credential_id, u.display_name, u.role
FROM unnest(:user_ids::text[], :credential_ids::uuid[]) AS a (user_id, credential_id)
JOIN users AS u ON u.id = a.user_id AND u.disabled_at IS NULL
LEFT JOIN credentials AS c ON c.id = a.credential_id AND c.user_id = a.user_id
WHERE a.credential_id IS NULL OR (c.id IS NOT NULL AND (c.expires_at IS NULL OR c.expires_at > now()));

-- name: list_tokens(user_id, before, count)
-- Newest first, with an id below `before`.
SELECT {columns:TokenRow} FROM credentials
WHERE user_id = :user_id AND kind = 'token' AND id < :before
ORDER BY id DESC LIMIT :count;

-- name: count_tokens(user_id)$
SELECT count(*) FROM credentials WHERE user_id = :user_id AND kind = 'token';

-- name: delete_token(user_id, id)^
DELETE FROM credentials WHERE user_id = :user_id AND kind = 'token' AND id = :id
RETURNING {columns:TokenRow};

-- name: delete_tokens(user_id)
DELETE FROM credentials WHERE user_id = :user_id AND kind = 'token' RETURNING {columns:TokenRow};

-- name: find_tokens(user_id, ids)
SELECT {columns:TokenRow} FROM credentials WHERE user_id = :user_id AND kind = 'token' AND id = ANY(:ids::uuid[]);

-- name: find_token(id)^
-- Of any user, for the command line.
SELECT {columns:TokenRow} FROM credentials WHERE kind = 'token' AND id = :id;

-- name: delete_session(user_id, id)$
DELETE FROM credentials WHERE user_id = :user_id AND kind = 'session' AND id = :id RETURNING id;

-- name: delete_sessions(user_id, except_id)!
-- All sessions of a user except one.
DELETE FROM credentials
WHERE user_id = :user_id AND kind = 'session' AND (:except_id::uuid IS NULL OR id <> :except_id);

-- name: delete_credentials(user_id)!
DELETE FROM credentials WHERE user_id = :user_id;

-- name: delete_expired_sessions()!
DELETE FROM credentials WHERE kind = 'session' AND expires_at < now();

-- name: ensure_sign_in_attempts(keys)!
INSERT INTO sign_in_attempts (key) SELECT unnest(:keys::text[]) ON CONFLICT DO NOTHING;

-- name: lock_sign_in_attempts(keys)
-- In the order of the keys, so that concurrent sign-ins wait for each other without a deadlock. Failures older than a
-- day are ignored.
SELECT key, CASE WHEN last_at < now() - interval '1 day' THEN 0 ELSE failures END AS failures,
       greatest(extract(epoch FROM blocked_until - now())::float8, 0) AS blocked_seconds
FROM sign_in_attempts WHERE key = ANY(:keys::text[]) ORDER BY key FOR UPDATE;

-- name: find_sign_in_delay(keys)$
-- Seconds until the next attempt, without a lock.
SELECT coalesce(max(greatest(extract(epoch FROM blocked_until - now())::float8, 0)), 0)
FROM sign_in_attempts WHERE key = ANY(:keys::text[]);

-- name: update_sign_in_attempt(key, failures, delay_seconds)!
UPDATE sign_in_attempts
SET failures = :failures, last_at = now(), blocked_until = now() + :delay_seconds * interval '1 second'
WHERE key = :key;

-- name: delete_sign_in_attempts(keys)!
DELETE FROM sign_in_attempts WHERE key = ANY(:keys::text[]);

-- name: decrement_sign_in_failures(key)!
-- A successful sign-in takes back its own failure, but not the others from this address.
UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0), blocked_until = now() WHERE key = :key;

-- name: delete_old_sign_in_attempts()!
DELETE FROM sign_in_attempts WHERE last_at < now() - interval '1 day';
