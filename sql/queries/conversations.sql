-- name: insert_conversation(user_id, title, project_id)^
-- A null project is the user's default project.
INSERT INTO conversations (user_id, title, project_id) VALUES (:user_id, :title, :project_id)
RETURNING {columns:ConversationRow};

-- name: list_conversations(user_id, include_archived, after_at, after_id, count)
-- Most recently active first, after (after_at, after_id).
SELECT {columns:ConversationRow:c} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM conversations
    WHERE scope_id = scopes.id AND (updated_at, id) < (:after_at, :after_id) AND (NOT archived OR :include_archived)
    ORDER BY updated_at DESC, id DESC LIMIT :count
) AS c ORDER BY c.updated_at DESC, c.id DESC LIMIT :count;

-- name: find_conversations(user_id, ids)
SELECT {columns:ConversationRow} FROM conversations
WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: touch_conversation(user_id, id)$
-- Returns the id, or nothing when the user has no such conversation. Locks the row against deletion.
UPDATE conversations SET updated_at = now() WHERE {writable:scope_id} AND id = :id RETURNING id;

-- name: rename_conversation(user_id, id, title)^
UPDATE conversations SET title = :title WHERE {writable:scope_id} AND id = :id
RETURNING {columns:ConversationRow};

-- name: set_conversation_model(user_id, id, model)^
-- Null is the default model.
UPDATE conversations SET model = :model WHERE {writable:scope_id} AND id = :id
RETURNING {columns:ConversationRow};

-- name: archive_conversation(user_id, id, archived)^
UPDATE conversations SET archived = :archived WHERE {writable:scope_id} AND id = :id
RETURNING {columns:ConversationRow};

-- name: set_conversation_visibility(user_id, id, visibility)^
-- Triggers give what belongs to it the same scope.
UPDATE conversations SET visibility = :visibility WHERE {writable:scope_id} AND id = :id
RETURNING {columns:ConversationRow};

-- name: is_shared_conversation(id)$
SELECT visibility = 'project' FROM conversations WHERE id = :id;

-- name: lock_conversation(id)$
-- Before its messages and its row of summary_work, as a new message does. Records that refer to it may still be inserted.
SELECT id FROM conversations WHERE id = :id FOR NO KEY UPDATE;
