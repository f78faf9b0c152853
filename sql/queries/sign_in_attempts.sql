-- name: ensure_attempts(keys)!
INSERT INTO sign_in_attempts (key) SELECT unnest(:keys::text[]) ON CONFLICT DO NOTHING;

-- name: lock_attempts(keys)
-- In the order of their keys, so that two who try at once wait for each other. What is older than a day is forgiven.
SELECT key, CASE WHEN last_at < now() - interval '1 day' THEN 0 ELSE failures END AS failures,
       greatest(extract(epoch FROM blocked_until - now())::float8, 0) AS blocked_seconds
FROM sign_in_attempts WHERE key = ANY(:keys::text[]) ORDER BY key FOR UPDATE;

-- name: save_attempt(key, failures, delay_seconds)!
UPDATE sign_in_attempts
SET failures = :failures, last_at = now(), blocked_until = now() + :delay_seconds * interval '1 second'
WHERE key = :key;

-- name: forgive_attempts(keys)!
DELETE FROM sign_in_attempts WHERE key = ANY(:keys::text[]);

-- name: take_back_attempt(key)!
-- A try that succeeded does not count against its address, but wipes out none of the others.
UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0), blocked_until = now() WHERE key = :key;

-- name: forget_old_attempts()!
DELETE FROM sign_in_attempts WHERE last_at < now() - interval '1 day';
