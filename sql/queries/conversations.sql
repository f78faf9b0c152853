-- name: insert_conversation(user_id, title)^
INSERT INTO conversations (user_id, title) VALUES (:user_id, :title)
RETURNING {columns:ConversationRow};

-- name: list_conversations(user_id, include_archived, after_at, after_id, count)
-- Most recently active first, after (after_at, after_id).
SELECT {columns:ConversationRow} FROM conversations
WHERE user_id = :user_id AND (updated_at, id) < (:after_at, :after_id) AND (NOT archived OR :include_archived)
ORDER BY updated_at DESC, id DESC LIMIT :count;

-- name: find_conversations(user_id, ids)
SELECT {columns:ConversationRow} FROM conversations
WHERE user_id = :user_id AND id = ANY(:ids::uuid[]);

-- name: touch_conversation(user_id, id)$
-- Returns the id, or nothing when the user has no such conversation. Locks the row against deletion.
UPDATE conversations SET updated_at = now() WHERE user_id = :user_id AND id = :id RETURNING id;

-- name: rename_conversation(user_id, id, title)^
UPDATE conversations SET title = :title WHERE user_id = :user_id AND id = :id
RETURNING {columns:ConversationRow};

-- name: archive_conversation(user_id, id, archived)^
UPDATE conversations SET archived = :archived WHERE user_id = :user_id AND id = :id
RETURNING {columns:ConversationRow};

-- name: delete_conversation(user_id, id)$
DELETE FROM conversations WHERE user_id = :user_id AND id = :id RETURNING id;

-- name: insert_imported_conversation(user_id, id, title, created_at, updated_at)!
INSERT INTO conversations (id, user_id, title, created_at, updated_at)
VALUES (:id, :user_id, :title, :created_at, :updated_at) ON CONFLICT DO NOTHING;

-- name: insert_imported_messages(user_id, conversation_id, ids, contents, kinds, answered, metadata, moments)
-- They count as read, so that no intents are extracted from them.
INSERT INTO messages (id, user_id, conversation_id, content, message_type, reply_to, metadata, created_at, updated_at,
                      intents_extracted_at)
SELECT m.id, :user_id, :conversation_id, m.content, m.kind, m.answered, m.metadata, m.at, m.at,
       now()
FROM unnest(:ids::uuid[], :contents::text[], :kinds::text[], :answered::uuid[], :metadata::jsonb[],
            :moments::timestamptz[]) AS m (id, content, kind, answered, metadata, at)
WHERE EXISTS (SELECT FROM conversations WHERE id = :conversation_id AND user_id = :user_id)
ON CONFLICT DO NOTHING
RETURNING id;
