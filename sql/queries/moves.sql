-- name: list_movable(user_id, ids)
-- The kinds of the records, and the projects that they are in; null for a profile memory.
SELECT 'conversation' AS kind, id, project_id FROM conversations WHERE {writable:scope_id} AND id = ANY(:ids::uuid[])
UNION ALL
SELECT 'intent', id, project_id FROM intents WHERE {writable:project_id} AND id = ANY(:ids::uuid[])
UNION ALL
SELECT 'specification', id, project_id FROM specifications WHERE {writable:project_id} AND id = ANY(:ids::uuid[])
UNION ALL
SELECT 'decision', id, project_id FROM decisions WHERE {writable:project_id} AND id = ANY(:ids::uuid[])
UNION ALL
SELECT 'memory', id, project_id FROM memories WHERE {writable:scope_id} AND id = ANY(:ids::uuid[])
ORDER BY id;

-- name: move_conversations(ids, project_id)!
-- Triggers move what was made in them; see sql/migrations/0012_moves.sql.
UPDATE conversations SET project_id = :project_id
WHERE id = ANY(:ids::uuid[]) AND project_id <> :project_id;

-- name: move_intents(ids, project_id)!
UPDATE intents SET project_id = :project_id, updated_at = now()
WHERE id = ANY(:ids::uuid[]) AND project_id <> :project_id;

-- name: move_specifications(ids, project_id)!
UPDATE specifications SET project_id = :project_id, updated_at = now()
WHERE id = ANY(:ids::uuid[]) AND project_id <> :project_id;

-- name: move_decisions(ids, project_id, actor)$
SELECT move_decisions(:ids::uuid[], :project_id, :actor);

-- name: move_memories(ids, project_id)!
UPDATE memories SET project_id = :project_id, profile = false, updated_at = now()
WHERE id = ANY(:ids::uuid[]);

-- name: list_moved(conversation_ids, ids, project_id)
-- The intents and decisions that are in the project now: the given ones, and those of the conversations.
SELECT 'intent' AS kind, id FROM intents
WHERE project_id = :project_id
  AND (id = ANY(:ids::uuid[]) OR conversation_id = ANY(:conversation_ids::uuid[]))
UNION ALL
SELECT 'decision', id FROM decisions
WHERE project_id = :project_id
  AND (id = ANY(:ids::uuid[]) OR conversation_id = ANY(:conversation_ids::uuid[]))
ORDER BY id;
