-- name: find_node_kind(user_id, id)$
-- The table that has a row with this id, among the tables whose rows are GraphQL nodes.
SELECT 'project' FROM projects WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'conversation' FROM conversations WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'message' FROM messages WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'intent' FROM intents WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'notification' FROM notifications WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'specification' FROM specifications WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'decision' FROM decisions WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'contradiction' FROM contradictions WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'memory' FROM memories WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'attachment' FROM attachments WHERE user_id = :user_id AND id = :id AND sha256 IS NOT NULL
UNION ALL SELECT 'action' FROM actions WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'code_session' FROM claude_code_sessions WHERE user_id = :user_id AND id = :id;

-- name: set_trace_parent(trace_parent)!
-- The rows that the transaction inserts get it by the default of their column.
SELECT set_config('resonant.trace', :trace_parent, true);

-- name: find_trace_parent(id)$
SELECT coalesce((SELECT trace_parent FROM messages WHERE id = :id),
                (SELECT trace_parent FROM intents WHERE id = :id));
