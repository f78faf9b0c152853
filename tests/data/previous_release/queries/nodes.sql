-- name: find_node_kind(user_id, id)$
-- Which table holds the id, among those whose rows are nodes.
SELECT 'conversation' FROM conversations WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'message' FROM messages WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'intent' FROM intents WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'notification' FROM notifications WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'specification' FROM specifications WHERE user_id = :user_id AND id = :id
UNION ALL SELECT 'choice_point' FROM choice_points WHERE user_id = :user_id AND id = :id;
