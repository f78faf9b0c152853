-- name: list_changes_since(user_id, project_id, since, count)
-- Records of the project, or of all, that were created or changed since then, latest first.
SELECT {columns:ChangedRecordRow} FROM (
    SELECT 'intent' AS kind, id, left(description, 300) AS text, status, created_at, updated_at AS changed_at
    FROM intents
    WHERE {visible:project_id} AND (:project_id::uuid IS NULL OR project_id = :project_id) AND updated_at >= :since
    UNION ALL
    SELECT 'specification', id, title, status, created_at, updated_at
    FROM specifications
    WHERE {visible:project_id} AND (:project_id::uuid IS NULL OR project_id = :project_id) AND updated_at >= :since
    UNION ALL
    SELECT 'decision', id, title, status, created_at, updated_at
    FROM decisions
    WHERE {visible:project_id} AND (:project_id::uuid IS NULL OR project_id = :project_id) AND updated_at >= :since
    UNION ALL
    SELECT 'memory', id, left(content, 300), CASE WHEN archived THEN 'archived' ELSE 'current' END, created_at,
           updated_at
    FROM memories
    WHERE {visible:scope_id} AND (:project_id::uuid IS NULL OR profile OR project_id = :project_id)
      AND updated_at >= :since
) AS changed
ORDER BY changed_at DESC, id DESC LIMIT :count;
