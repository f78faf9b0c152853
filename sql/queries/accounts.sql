-- name: find_user(id)^
SELECT {columns:UserRow} FROM users WHERE id = :id;

-- name: find_timezone(id)$
-- The one that the user has chosen, else that of the device.
SELECT coalesce(timezone, device_timezone) FROM users WHERE id = :id;

-- name: find_chosen_timezone(id)$
SELECT timezone FROM users WHERE id = :id;

-- name: update_user(id, timezone, follow_device, device_timezone, display_name)!
-- Null leaves a value as it is; `follow_device` forgets the time zone that was chosen.
UPDATE users SET timezone = coalesce(:timezone, CASE WHEN :follow_device THEN NULL ELSE timezone END),
                 device_timezone = coalesce(:device_timezone, device_timezone),
                 display_name = coalesce(:display_name, display_name), updated_at = now()
WHERE id = :id;

-- name: ensure_owner(id, display_name)^
-- The owner of a local installation: created at the first start, unchanged afterwards.
INSERT INTO users (id, display_name, role) VALUES (:id, :display_name, 'owner')
ON CONFLICT (id) DO UPDATE SET id = excluded.id
RETURNING {columns:UserRow};

-- name: insert_account(name, display_name, role, password_hash, issuer, subject)^
INSERT INTO users (name, display_name, role, password_hash, issuer, subject)
VALUES (:name, :display_name, :role, :password_hash, :issuer, :subject)
RETURNING {columns:AccountRow};

-- name: find_account(id)^
SELECT {columns:AccountRow} FROM users WHERE id = :id;

-- name: find_account_by_name(name)^
SELECT {columns:AccountRow} FROM users WHERE name = :name;

-- name: find_account_by_subject(issuer, subject)^
SELECT {columns:AccountRow} FROM users WHERE issuer = :issuer AND subject = :subject;

-- name: list_accounts()
SELECT {columns:AccountRow} FROM users ORDER BY id;

-- name: set_password_hash(id, password_hash)!
UPDATE users SET password_hash = :password_hash, updated_at = now() WHERE id = :id;

-- name: set_role(id, role)!
UPDATE users SET role = :role, updated_at = now() WHERE id = :id;

-- name: set_disabled(id, disabled)!
UPDATE users SET disabled_at = CASE WHEN :disabled THEN now() END, updated_at = now() WHERE id = :id;

-- name: upsert_owner(id, name, display_name, password_hash)^
-- Gives the owner of a local installation a name and a password. Their rows stay theirs.
INSERT INTO users (id, name, display_name, role, password_hash)
VALUES (:id, :name, :display_name, 'owner', :password_hash)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, display_name = excluded.display_name, role = 'owner', password_hash = excluded.password_hash,
    disabled_at = NULL, updated_at = now()
RETURNING {columns:AccountRow};

-- name: lock_owners()
-- The owners who can sign in, locked until the transaction ends.
SELECT id FROM users
WHERE role = 'owner' AND disabled_at IS NULL AND (password_hash IS NOT NULL OR subject IS NOT NULL)
FOR UPDATE;

-- name: insert_setup_code(secret_hash, seconds)!
INSERT INTO setup_codes (secret_hash, expires_at) VALUES (:secret_hash, now() + :seconds * interval '1 second');

-- name: can_claim_ownership(secret_hash)$
-- Whether the code is valid and no owner can sign in. Asked before a password is hashed, so it locks nothing.
SELECT EXISTS (SELECT FROM setup_codes WHERE secret_hash = :secret_hash AND expires_at > now())
   AND NOT EXISTS (SELECT FROM users WHERE role = 'owner' AND disabled_at IS NULL
                   AND (password_hash IS NOT NULL OR subject IS NOT NULL));

-- name: lock_password_hash(id)$
-- Compared with the hash that was verified: the password may have been changed meanwhile.
SELECT password_hash FROM users WHERE id = :id AND disabled_at IS NULL FOR UPDATE;

-- name: use_setup_code(secret_hash)$
-- One valid code deletes all of them; a second request finds none.
WITH valid AS (SELECT 1 FROM setup_codes WHERE secret_hash = :secret_hash AND expires_at > now()),
     deleted AS (DELETE FROM setup_codes WHERE EXISTS (SELECT FROM valid) RETURNING secret_hash)
SELECT EXISTS (SELECT FROM deleted WHERE secret_hash = :secret_hash);
