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
WHERE user_id = :user_id AND id = :id
RETURNING {columns:SpecificationRow};

-- name: lock_specification(user_id, id)^
SELECT {columns:SpecificationRow} FROM specifications WHERE user_id = :user_id AND id = :id FOR UPDATE;

-- name: find_specifications(user_id, ids)
SELECT {columns:SpecificationRow} FROM specifications WHERE user_id = :user_id AND id = ANY(:ids::uuid[]);

-- name: list_specifications(user_id, statuses, tags, before, count)
-- Newest first, with an id below `before` and with all of the tags.
SELECT {columns:SpecificationRow} FROM specifications
WHERE user_id = :user_id AND id < :before AND status = ANY(:statuses::text[]) AND tags @> :tags::text[] AND {projects}
ORDER BY id DESC LIMIT :count;

-- name: list_revisions_of_specifications(user_id, specification_ids)
SELECT {columns:SpecificationRevisionRow} FROM specification_revisions
WHERE user_id = :user_id AND specification_id = ANY(:specification_ids::uuid[])
ORDER BY specification_id, version;
