-- name: insert_memory(user_id, project_id, profile, private, content, kind, source_kind, source_id, weight, expires_at, tags)^
-- Returns nothing when the source has this memory already. Its project is that of the source, else the given one, else
-- the default one.
INSERT INTO memories (user_id, project_id, profile, private, content, kind, source_kind, source_id, weight, expires_at, tags)
VALUES (:user_id, :project_id, :profile, :private, :content, :kind, :source_kind, :source_id, :weight, :expires_at, :tags)
ON CONFLICT DO NOTHING
RETURNING {columns:MemoryRow:memories};

-- name: find_memory_from(user_id, source_id, content)^
SELECT {columns:MemoryRow:memories} FROM memories
WHERE user_id = :user_id AND source_id = :source_id AND content = :content;

-- name: list_memories(user_id, before, kinds, tags, include_archived, count)
-- Newest first, with an id below `before`; with those of the profile.
SELECT {columns:MemoryRow:m} FROM {scopes_and_own} CROSS JOIN LATERAL (
    SELECT * FROM memories
    WHERE scope_id = scopes.id AND id < :before AND kind = ANY(:kinds::text[]) AND tags @> :tags::text[]
      AND (NOT archived OR :include_archived)
    ORDER BY id DESC LIMIT :count
) AS m ORDER BY m.id DESC LIMIT :count;

-- name: find_memories(user_id, ids)
SELECT {columns:MemoryRow:memories} FROM memories WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: update_memory(user_id, id, project_id, profile, content, kind, weight, expires_at, tags)^
-- A null weight leaves the importance unchanged, a null project or profile leaves the memory where it is.
UPDATE memories
SET content = :content, profile = coalesce(:profile::boolean, profile),
    project_id = coalesce(:project_id::uuid, project_id), kind = :kind, expires_at = :expires_at, tags = :tags, updated_at = now(),
    weight = coalesce(:weight, weight),
    access_count = CASE WHEN :weight::float8 IS NULL THEN access_count ELSE 0 END,
    last_accessed_at = CASE WHEN :weight::float8 IS NULL THEN last_accessed_at ELSE now() END
WHERE {writable:scope_id} AND id = :id
RETURNING {columns:MemoryRow:memories};

-- name: archive_memory(user_id, id, archived)^
-- Restoring a memory clears what superseded it and an expiry that has passed.
UPDATE memories
SET archived = :archived, updated_at = now(),
    superseded_by = CASE WHEN :archived THEN superseded_by END,
    expires_at = CASE WHEN :archived OR expires_at > now() THEN expires_at END
WHERE {writable:scope_id} AND id = :id
RETURNING {columns:MemoryRow:memories};

-- name: mark_memory_superseded(user_id, id, superseded_by)!
UPDATE memories SET archived = true, superseded_by = :superseded_by, updated_at = now()
WHERE {writable:scope_id} AND id = :id AND NOT archived;

-- name: mark_memories_used(user_id, ids)!
UPDATE memories SET access_count = access_count + 1, last_accessed_at = now()
WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: count_memories(user_id)
-- How many memories are in use in each scope that the user may change.
SELECT scope_id, count(*) FROM memories WHERE {writable:scope_id} AND NOT archived GROUP BY scope_id;

-- name: list_least_important(scope_id, count)
-- The least important first.
SELECT {columns:MemoryRow:memories} FROM memories
WHERE scope_id = :scope_id AND NOT archived
ORDER BY importance, id LIMIT :count;

-- name: archive_memories(user_id, ids, superseded_by)!
UPDATE memories SET archived = true, superseded_by = :superseded_by, updated_at = now()
WHERE {writable:scope_id} AND id = ANY(:ids::uuid[]) AND NOT archived;

-- name: archive_expired_memories(count)
-- Returns the owners of the expired memories.
UPDATE memories SET archived = true, updated_at = now()
WHERE id IN (SELECT id FROM memories WHERE expires_at <= now() AND NOT archived
             ORDER BY expires_at LIMIT :count FOR UPDATE SKIP LOCKED)
RETURNING user_id;
