-- name: list_imported_conversations(user_id, source, source_id)
-- The conversations that a conversation of another program was imported as. `continued`: messages that were not imported
-- are in it.
SELECT i.conversation_id, i.branch, i.title AS imported_title, c.title, EXISTS (
    SELECT FROM messages AS m WHERE m.conversation_id = c.id AND NOT m.metadata ? 'sourceId'
) AS continued
FROM imported_conversations AS i JOIN conversations AS c ON c.id = i.conversation_id
WHERE i.user_id = :user_id AND i.source = :source AND i.source_id = :source_id
ORDER BY i.branch FOR UPDATE OF i;

-- name: list_imported_messages(user_id, conversation_ids)
-- `edited`: its text was changed after the import.
SELECT id, conversation_id, metadata ->> 'sourceId' AS source_id, content, updated_at <> created_at AS edited
FROM messages
WHERE user_id = :user_id AND conversation_id = ANY(:conversation_ids::uuid[]) AND metadata ? 'sourceId';

-- name: insert_imported_conversation(user_id, id, title, archived, created_at, updated_at)!
INSERT INTO conversations (id, user_id, title, archived, created_at, updated_at)
VALUES (:id, :user_id, :title, :archived, :created_at, :updated_at) ON CONFLICT DO NOTHING;

-- name: insert_conversation_source(user_id, conversation_id, source, source_id, branch, title)!
-- Does nothing unless the conversation belongs to the user.
INSERT INTO imported_conversations (conversation_id, user_id, source, source_id, branch, title)
SELECT id, user_id, :source, :source_id, :branch, :title
FROM conversations WHERE id = :conversation_id AND user_id = :user_id
ON CONFLICT DO NOTHING;

-- name: rename_imported_conversation(user_id, conversation_id, title)$
-- Takes the new title of the other program, unless the conversation was renamed here. Returns its id if it was renamed.
WITH known AS (
    UPDATE imported_conversations AS i SET title = :title FROM imported_conversations AS before
    WHERE i.conversation_id = :conversation_id AND i.user_id = :user_id
      AND before.conversation_id = i.conversation_id
    RETURNING i.conversation_id, before.title AS imported_title
)
UPDATE conversations AS c SET title = :title FROM known
WHERE c.id = known.conversation_id AND c.title = known.imported_title AND c.title <> :title
RETURNING c.id;

-- name: touch_imported_conversation(user_id, id, updated_at)!
UPDATE conversations SET updated_at = :updated_at
WHERE user_id = :user_id AND id = :id AND updated_at < :updated_at;

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

-- name: move_imported_messages(user_id, conversation_id, ids)
-- Into another conversation of the user. A message answers only a message of its own conversation.
UPDATE messages AS m SET conversation_id = :conversation_id, reply_to = (
    SELECT q.id FROM messages AS q
    WHERE q.user_id = :user_id AND q.id < m.id AND q.message_type = 'user' AND m.message_type = 'kana'
      AND (q.id = ANY(:ids::uuid[]) OR q.conversation_id = :conversation_id)
    ORDER BY q.id DESC LIMIT 1)
WHERE m.user_id = :user_id AND m.id = ANY(:ids::uuid[]) AND m.conversation_id <> :conversation_id
  AND EXISTS (SELECT FROM conversations WHERE id = :conversation_id AND user_id = :user_id)
RETURNING m.id;

-- name: update_imported_message(user_id, id, content)$
-- Unless it was edited here.
UPDATE messages SET content = :content
WHERE user_id = :user_id AND id = :id AND updated_at = created_at AND content <> :content RETURNING id;

-- name: delete_empty_imports(user_id, source, source_id)!
-- Conversations for other versions whose messages were all moved.
DELETE FROM conversations AS c USING imported_conversations AS i
WHERE i.conversation_id = c.id AND i.user_id = :user_id AND i.source = :source AND i.source_id = :source_id
  AND i.branch <> '' AND NOT EXISTS (SELECT FROM messages WHERE conversation_id = c.id);
