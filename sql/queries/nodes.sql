-- name: find_node_kind(user_id, id)$
-- The table that has a row with this id, among the tables whose rows are GraphQL nodes.
SELECT 'project' FROM projects WHERE {visible:id} AND id = :id
UNION ALL SELECT 'conversation' FROM conversations WHERE {visible:scope_id} AND id = :id
UNION ALL SELECT 'message' FROM messages WHERE {visible:scope_id} AND id = :id
UNION ALL SELECT 'intent' FROM intents WHERE {visible:project_id} AND id = :id
UNION ALL SELECT 'notification' FROM notifications WHERE {visible:scope_id} AND id = :id
UNION ALL SELECT 'specification' FROM specifications WHERE {visible:project_id} AND id = :id
UNION ALL SELECT 'decision' FROM decisions WHERE {visible:project_id} AND id = :id
UNION ALL SELECT 'contradiction' FROM contradictions WHERE {visible:project_id} AND id = :id
UNION ALL SELECT 'memory' FROM memories WHERE {visible:scope_id} AND id = :id
UNION ALL SELECT 'attachment' FROM attachments WHERE {visible:scope_id} AND id = :id AND sha256 IS NOT NULL
UNION ALL SELECT 'action' FROM actions WHERE {visible:scope_id} AND id = :id
UNION ALL SELECT 'code_session' FROM claude_code_sessions AS c WHERE c.id = :id AND EXISTS (
    SELECT FROM intents AS i WHERE i.id = c.intent_id AND {visible:i.project_id});

-- name: list_private(ids)
-- Those of the records that only their author sees.
SELECT id FROM messages WHERE id = ANY(:ids::uuid[]) AND scope_id <> project_id
UNION ALL SELECT id FROM memories WHERE id = ANY(:ids::uuid[]) AND scope_id IS DISTINCT FROM project_id
UNION ALL SELECT id FROM actions WHERE id = ANY(:ids::uuid[]) AND scope_id <> project_id;

-- name: find_right(user_id, id)$
-- Whether the user may change the record that they see; nothing when they see none.
SELECT s.writable FROM (
    SELECT scope_id FROM conversations WHERE id = :id UNION ALL SELECT scope_id FROM messages WHERE id = :id
    UNION ALL SELECT project_id FROM intents WHERE id = :id UNION ALL SELECT project_id FROM specifications WHERE id = :id
    UNION ALL SELECT project_id FROM decisions WHERE id = :id UNION ALL SELECT scope_id FROM memories WHERE id = :id
    UNION ALL SELECT scope_id FROM actions WHERE id = :id UNION ALL SELECT project_id FROM contradictions WHERE id = :id
    UNION ALL SELECT scope_id FROM trash WHERE record_id = :id UNION ALL SELECT id FROM projects WHERE id = :id
) AS record JOIN user_scopes AS s ON s.scope_id = record.scope_id AND s.user_id = :user_id LIMIT 1;

-- name: set_trace_parent(trace_parent)!
-- The rows that the transaction inserts get it by the default of their column.
SELECT set_config('resonant.trace', :trace_parent, true);

-- name: find_trace_parent(id)$
SELECT coalesce((SELECT trace_parent FROM messages WHERE id = :id),
                (SELECT trace_parent FROM intents WHERE id = :id));
