-- name: insert_account(name, display_name, role, password_hash, issuer, subject)^
INSERT INTO users (name, display_name, role, password_hash, issuer, subject)
VALUES (:name, :display_name, :role, :password_hash, :issuer, :subject)
RETURNING {columns:AccountRow};

-- name: find_account(id)^
SELECT {columns:AccountRow} FROM users WHERE id = :id;

-- name: find_account_by_name(name)^
SELECT {columns:AccountRow}
FROM users WHERE name = :name;

-- name: find_account_by_subject(issuer, subject)^
SELECT {columns:AccountRow}
FROM users WHERE issuer = :issuer AND subject = :subject;

-- name: list_accounts()
SELECT {columns:AccountRow} FROM users ORDER BY id;

-- name: set_password_hash(id, password_hash)!
UPDATE users SET password_hash = :password_hash, updated_at = now() WHERE id = :id;

-- name: set_role(id, role)!
UPDATE users SET role = :role, updated_at = now() WHERE id = :id;

-- name: set_disabled(id, disabled)!
UPDATE users SET disabled_at = CASE WHEN :disabled THEN now() END, updated_at = now() WHERE id = :id;

-- name: claim_owner(id, name, display_name, password_hash)^
-- The first owner: the owner of a local installation gets a name and a password and keeps what is theirs.
INSERT INTO users (id, name, display_name, role, password_hash)
VALUES (:id, :name, :display_name, 'owner', :password_hash)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, display_name = excluded.display_name, role = 'owner', password_hash = excluded.password_hash,
    disabled_at = NULL, updated_at = now()
RETURNING {columns:AccountRow};

-- name: lock_owners()
-- Those who can come in as owners, held against change until the transaction ends.
SELECT id FROM users
WHERE role = 'owner' AND disabled_at IS NULL AND (password_hash IS NOT NULL OR subject IS NOT NULL)
FOR UPDATE;
