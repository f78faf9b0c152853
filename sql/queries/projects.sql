-- name: insert_project(user_id, name, slug, description)^
-- Returns nothing when another project has the slug.
INSERT INTO projects (user_id, name, slug, description) VALUES (:user_id, :name, :slug, :description)
ON CONFLICT (slug) DO NOTHING
RETURNING {columns:ProjectRow};

-- name: find_free_slug(slug)$
-- The slug itself, or with the next number.
SELECT free_slug(:slug);

-- name: update_project(user_id, id, name, slug, description)^
UPDATE projects SET name = :name, slug = :slug, description = :description, updated_at = now()
WHERE user_id = :user_id AND id = :id
RETURNING {columns:ProjectRow};

-- name: lock_project(user_id, id)^
-- Locked until the transaction ends.
SELECT {columns:ProjectRow} FROM projects WHERE user_id = :user_id AND id = :id FOR UPDATE;

-- name: list_projects(user_id, include_archived, after, count)
-- Oldest first, with an id above `after`.
SELECT {columns:ProjectRow} FROM projects
WHERE user_id = :user_id AND id > :after AND (archived_at IS NULL OR :include_archived)
ORDER BY id LIMIT :count;

-- name: find_projects(user_id, ids)
SELECT {columns:ProjectRow} FROM projects WHERE user_id = :user_id AND id = ANY(:ids::uuid[]);

-- name: find_project_by_slug(user_id, slug)^
SELECT {columns:ProjectRow} FROM projects WHERE user_id = :user_id AND slug = :slug;

-- name: get_default_project(user_id)^
SELECT {columns:ProjectRow} FROM projects WHERE user_id = :user_id AND is_default;

-- name: find_project_of_conversation(user_id, id)$
SELECT project_id FROM conversations WHERE user_id = :user_id AND id = :id;

-- name: find_archived_of_conversation(user_id, id)$
-- The name of the conversation's project when that is archived.
SELECT p.name FROM conversations AS c JOIN projects AS p ON p.id = c.project_id AND p.archived_at IS NOT NULL
WHERE c.user_id = :user_id AND c.id = :id;

-- name: archive_project(user_id, id, archived)^
-- A project that is archived already keeps its time.
UPDATE projects
SET archived_at = CASE WHEN :archived::boolean THEN coalesce(archived_at, now()) END, updated_at = now()
WHERE user_id = :user_id AND id = :id
RETURNING {columns:ProjectRow};

-- name: is_project_empty(user_id, id)$
SELECT NOT EXISTS (
    SELECT FROM conversations WHERE user_id = :user_id AND project_id = :id UNION ALL
    SELECT FROM intents WHERE user_id = :user_id AND project_id = :id UNION ALL
    SELECT FROM specifications WHERE user_id = :user_id AND project_id = :id UNION ALL
    SELECT FROM decisions WHERE user_id = :user_id AND project_id = :id UNION ALL
    SELECT FROM memories WHERE user_id = :user_id AND project_id = :id UNION ALL
    SELECT FROM actions WHERE user_id = :user_id AND project_id = :id);
