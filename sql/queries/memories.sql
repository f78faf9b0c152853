-- name: insert_memory(user_id, project_id, profile, private, content, kind, source_kind, source_id, weight, expires_at, tags, reviewed)^
-- Returns nothing when the source has this memory already. Its project is that of the source, else the given one, else
-- the default one.
INSERT INTO memories (user_id, project_id, profile, private, content, kind, source_kind, source_id, weight, expires_at, tags,
                      reviewed_at)
VALUES (:user_id, :project_id, :profile, :private, :content, :kind, :source_kind, :source_id, :weight, :expires_at, :tags,
        CASE WHEN :reviewed::boolean THEN now() END)
ON CONFLICT DO NOTHING
RETURNING {columns:MemoryRow:memories};

-- name: find_memory_from(user_id, source_id, content)^
SELECT {columns:MemoryRow:memories} FROM memories
WHERE user_id = :user_id AND source_id = :source_id AND content = :content;

-- name: list_memories(user_id, before, kinds, tags, include_archived, since, reviewed, count)
-- Newest first, with an id below `before`; with those of the profile. Those to be reviewed are in the next statement.
SELECT {columns:MemoryRow:m} FROM {scopes_and_own} CROSS JOIN LATERAL (
    SELECT * FROM memories
    WHERE scope_id = scopes.id AND id < :before AND kind = ANY(:kinds::text[]) AND tags @> :tags::text[]
      AND (NOT archived OR :include_archived)
      AND (:since::timestamptz IS NULL OR created_at >= :since) AND (NOT :reviewed OR reviewed_at IS NOT NULL)
    ORDER BY id DESC LIMIT :count
) AS m ORDER BY m.id DESC LIMIT :count;

-- name: list_memories_to_review(user_id, before, kinds, tags, since, count)
-- Those of the user that wait for their review and that they may change, newest first.
SELECT {columns:MemoryRow:m} FROM {scopes_and_own} CROSS JOIN LATERAL (
    SELECT * FROM memories
    WHERE scope_id = scopes.id AND user_id = :user_id AND reviewed_at IS NULL AND kind = 'longterm' AND NOT archived
      AND id < :before AND kind = ANY(:kinds::text[]) AND tags @> :tags::text[]
      AND (:since::timestamptz IS NULL OR created_at >= :since)
    ORDER BY id DESC LIMIT :count
) AS m WHERE {writable:m.scope_id} ORDER BY m.id DESC LIMIT :count;

-- name: review_memories(user_id, ids, reviewed)
-- Marks those of the user as reviewed, or as waiting for a review again. The first review counts.
UPDATE memories SET reviewed_at = CASE WHEN :reviewed THEN coalesce(reviewed_at, now()) END
WHERE {writable:scope_id} AND user_id = :user_id AND id = ANY(:ids::uuid[])
RETURNING {columns:MemoryRow:memories};

-- name: find_memories(user_id, ids)
SELECT {columns:MemoryRow:memories} FROM memories WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: update_memory(user_id, id, project_id, profile, content, kind, weight, expires_at, tags, reviewed)^
-- A null weight leaves the importance unchanged, a null project or profile leaves the memory where it is. `reviewed`: a
-- person changes it, which is a review.
UPDATE memories
SET content = :content, profile = coalesce(:profile::boolean, profile),
    project_id = coalesce(:project_id::uuid, project_id), kind = :kind, expires_at = :expires_at, tags = :tags, updated_at = now(),
    reviewed_at = CASE WHEN :reviewed THEN now() ELSE reviewed_at END, weight = coalesce(:weight, weight),
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
