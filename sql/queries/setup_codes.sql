-- name: insert_setup_code(secret_hash, seconds)!
INSERT INTO setup_codes (secret_hash, expires_at) VALUES (:secret_hash, now() + :seconds * interval '1 second');

-- name: take_setup_codes(secret_hash)$
-- All codes are used up by one that is good; whoever comes second finds none.
WITH good AS (SELECT 1 FROM setup_codes WHERE secret_hash = :secret_hash AND expires_at > now()),
     gone AS (DELETE FROM setup_codes WHERE EXISTS (SELECT FROM good) RETURNING secret_hash)
SELECT EXISTS (SELECT FROM gone WHERE secret_hash = :secret_hash);
