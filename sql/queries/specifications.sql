-- name: insert_specification(user_id, project_id, title, content, status, tags, author, intent_id)^
-- Its project is that of the intent, else the given one, else the default one.
INSERT INTO specifications (user_id, project_id, title, content, status, tags, author, intent_id)
VALUES (:user_id, :project_id, :title, :content, :status, :tags, :author, :intent_id)
RETURNING {columns:SpecificationRow};

-- name: update_specification(user_id, id, title, content, status, tags, author, intent_id)^
-- A trigger checks the workflow, increments the version and stores the revision, if anything changed.
UPDATE specifications
SET title = :title, content = :content, status = :status, tags = :tags, author = :author, intent_id = :intent_id,
    updated_at = now()
WHERE {writable:project_id} AND id = :id
RETURNING {columns:SpecificationRow};

-- name: lock_specification(user_id, id)^
SELECT {columns:SpecificationRow} FROM specifications WHERE {writable:project_id} AND id = :id FOR UPDATE;

-- name: find_specifications(user_id, ids)
SELECT {columns:SpecificationRow} FROM specifications WHERE {visible:project_id} AND id = ANY(:ids::uuid[]);

-- name: list_specifications(user_id, statuses, tags, before, count)
-- Newest first, with an id below `before` and with all of the tags.
SELECT {columns:SpecificationRow:s} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM specifications
    WHERE project_id = scopes.id AND id < :before AND status = ANY(:statuses::text[]) AND tags @> :tags::text[]
    ORDER BY id DESC LIMIT :count
) AS s ORDER BY s.id DESC LIMIT :count;

-- name: list_revisions_of_specifications(user_id, specification_ids)
SELECT {columns:SpecificationRevisionRow:r} FROM specification_revisions AS r
WHERE r.specification_id = ANY(:specification_ids::uuid[])
  AND EXISTS (SELECT FROM specifications AS s WHERE s.id = r.specification_id AND {visible:s.project_id})
ORDER BY r.specification_id, r.version;
