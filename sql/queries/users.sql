-- name: find_user(id)^
SELECT {columns:UserRow} FROM users WHERE id = :id;

-- name: ensure_owner(id, display_name)^
-- The one owner of a local installation; made on the first start, left alone afterwards.
INSERT INTO users (id, display_name, role) VALUES (:id, :display_name, 'owner')
ON CONFLICT (id) DO UPDATE SET id = excluded.id
RETURNING {columns:UserRow};
