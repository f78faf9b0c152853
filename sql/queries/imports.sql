-- name: insert_imported_conversation(user_id, id, title, created_at, updated_at)!
INSERT INTO conversations (id, user_id, title, created_at, updated_at)
VALUES (:id, :user_id, :title, :created_at, :updated_at) ON CONFLICT DO NOTHING;

-- name: insert_imported_messages(user_id, conversation_id, ids, contents, kinds, answered, metadata, moments)
-- They were answered elsewhere, and nothing is raised from them: they count as read.
INSERT INTO messages (id, user_id, conversation_id, content, message_type, reply_to, metadata, created_at, updated_at,
                      read_at)
SELECT said.id, :user_id, :conversation_id, said.content, said.kind, said.answered, said.metadata, said.at, said.at,
       now()
FROM unnest(:ids::uuid[], :contents::text[], :kinds::text[], :answered::uuid[], :metadata::jsonb[],
            :moments::timestamptz[]) AS said (id, content, kind, answered, metadata, at)
WHERE EXISTS (SELECT FROM conversations WHERE id = :conversation_id AND user_id = :user_id)
ON CONFLICT DO NOTHING
RETURNING id;
