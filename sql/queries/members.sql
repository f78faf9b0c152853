-- name: list_members(user_id, project_ids)
-- Oldest first within each project; not those who have left.
SELECT {columns:MemberRow:m} FROM project_members AS m
WHERE {visible:m.project_id} AND m.project_id = ANY(:project_ids::uuid[]) AND m.role IS NOT NULL
ORDER BY m.project_id, m.id;

-- name: list_former_members(user_id, project_ids)
SELECT {columns:MemberRow:m} FROM project_members AS m
WHERE {visible:m.project_id} AND m.project_id = ANY(:project_ids::uuid[]) AND m.role IS NULL
ORDER BY m.project_id, m.id;

-- name: find_member_role(project_id, user_id)$
-- Null for a user who is no member, or has left.
SELECT role FROM project_members WHERE project_id = :project_id AND user_id = :user_id;

-- name: has_other_members(project_id, user_id)$
SELECT EXISTS (SELECT FROM project_members WHERE project_id = :project_id AND user_id <> :user_id AND role IS NOT NULL);

-- name: find_user_by_name(name)$
-- A user without a name, whose account is that of an identity provider, is named by their id.
SELECT id FROM users WHERE name = :name OR (name IS NULL AND id = :name) ORDER BY name IS NULL LIMIT 1;

-- name: count_other_admins(project_id, user_id)$
SELECT count(*) FROM project_members WHERE project_id = :project_id AND user_id <> :user_id AND role = 'admin';

-- name: set_member_role(project_id, user_id, role)$
-- A null role removes the member.
SELECT set_member_role(:project_id, :user_id, :role);

-- name: mute_project(project_id, user_id, muted)$
SELECT mute_project(:project_id, :user_id, :muted);

-- name: delete_expired_invitations(project_id)!
DELETE FROM invitations WHERE project_id = :project_id AND expires_at <= now();

-- name: count_invitations(project_id)$
SELECT count(*) FROM invitations WHERE project_id = :project_id;

-- name: insert_invitation(code, project_id, user_id, role, expires_at)!
INSERT INTO invitations (secret_hash, project_id, user_id, role, expires_at)
VALUES (sha256(convert_to(:code, 'UTF8')), :project_id, :user_id, :role, :expires_at);

-- name: accept_invitation(code, user_id)^
-- The project, null for a code that is unknown, used or expired, and whether the user has joined it.
SELECT project, joined FROM accept_invitation(sha256(convert_to(:code, 'UTF8')), :user_id);

-- name: list_admins(project_id)
SELECT user_id FROM project_members WHERE project_id = :project_id AND role = 'admin' ORDER BY id;

-- name: list_member_names(project_id)
-- A user without a name is named by their id.
SELECT m.user_id, coalesce(u.name, u.id) AS name FROM project_members AS m JOIN users AS u ON u.id = m.user_id
WHERE m.project_id = :project_id AND m.role IS NOT NULL;
