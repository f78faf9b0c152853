-- name: insert_project(user_id, name, slug, description, repositories)$
-- Returns nothing when another project has the slug.
INSERT INTO projects (user_id, name, slug, description, repositories)
VALUES (:user_id, :name, :slug, :description, :repositories)
ON CONFLICT (slug) DO NOTHING
RETURNING id;

-- name: find_free_slug(slug)$
-- The slug itself, or with the next number.
SELECT free_slug(:slug);

-- name: update_project(id, name, slug, description, repositories)!
UPDATE projects
SET name = :name, slug = :slug, description = :description, repositories = :repositories, updated_at = now()
WHERE id = :id;

-- name: lock_project(user_id, id)^
-- Locked until the transaction ends.
SELECT {columns:ProjectRow:p} FROM projects AS p WHERE {visible:p.id} AND p.id = :id FOR UPDATE;

-- name: list_projects(user_id, include_archived, after, count)
-- Oldest first, with an id above `after`.
SELECT {columns:ProjectRow:p} FROM projects AS p
WHERE {visible:p.id} AND p.id > :after AND (p.archived_at IS NULL OR :include_archived)
ORDER BY p.id LIMIT :count;

-- name: find_projects(user_id, ids)
SELECT {columns:ProjectRow:p} FROM projects AS p WHERE {visible:p.id} AND p.id = ANY(:ids::uuid[]);

-- name: find_project_by_slug(user_id, slug)^
SELECT {columns:ProjectRow:p} FROM projects AS p WHERE {visible:p.id} AND p.slug = :slug;

-- name: list_projects_of_repository(user_id, remote, directory)
-- Those that have the remote, and those that have the directory or the nearest one above it.
SELECT {columns:ProjectRow:p} FROM (
    SELECT p.id, found.has_remote, found.depth, max(found.depth) OVER () AS deepest
    FROM projects AS p CROSS JOIN LATERAL (
        SELECT bool_or(r = :remote) AS has_remote,
               max(length(r)) FILTER (WHERE r = :directory OR starts_with(:directory, r || '/')) AS depth
        FROM unnest(p.repositories) AS r) AS found
    WHERE {visible:p.id} AND p.archived_at IS NULL) AS linked
JOIN projects AS p ON p.id = linked.id
WHERE linked.has_remote OR linked.depth = linked.deepest
ORDER BY p.slug, p.id;

-- name: get_default_project(user_id)^
SELECT {columns:ProjectRow:p} FROM projects AS p WHERE p.user_id = :user_id AND p.is_default;

-- name: find_project_of_conversation(user_id, id)$
SELECT project_id FROM conversations WHERE {visible:scope_id} AND id = :id;

-- name: find_project_state(user_id, id)^
-- The project of a conversation that the user sees.
SELECT p.name, p.archived_at IS NOT NULL AS archived, s.writable
FROM conversations AS c JOIN projects AS p ON p.id = c.project_id
JOIN user_scopes AS s ON s.scope_id = c.scope_id AND s.user_id = :user_id
WHERE c.id = :id;

-- name: archive_project(id, archived)!
-- A project that is archived already keeps its time.
UPDATE projects
SET archived_at = CASE WHEN :archived::boolean THEN coalesce(archived_at, now()) END, updated_at = now()
WHERE id = :id;

-- name: is_project_empty(id)$
SELECT NOT EXISTS (
    SELECT FROM conversations WHERE project_id = :id UNION ALL
    SELECT FROM intents WHERE project_id = :id UNION ALL
    SELECT FROM specifications WHERE project_id = :id UNION ALL
    SELECT FROM decisions WHERE project_id = :id UNION ALL
    SELECT FROM memories WHERE project_id = :id UNION ALL
    SELECT FROM actions WHERE project_id = :id);
