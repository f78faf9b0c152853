-- name: find_imported_conversation(user_id, source, source_id)^
-- What a conversation of another program was imported as, unless the user has left its project since. `continued`:
-- messages that were not imported are in it.
SELECT i.conversation_id, i.shown, EXISTS (
    SELECT FROM messages AS m WHERE m.conversation_id = i.conversation_id AND NOT m.metadata ? 'sourceId'
) AS continued
FROM imported_conversations AS i JOIN conversations AS c ON c.id = i.conversation_id
WHERE i.user_id = :user_id AND i.source = :source AND i.source_id = :source_id AND {writable:c.scope_id}
FOR UPDATE OF i;

-- name: list_imported_messages(user_id, conversation_id)
-- `edited`: its text was changed after the import.
SELECT id, metadata ->> 'sourceId' AS source_id, content, updated_at <> created_at AS edited, version_of, branch
FROM messages WHERE user_id = :user_id AND conversation_id = :conversation_id AND metadata ? 'sourceId';

-- name: list_continuations(user_id, conversation_id)
-- The first of the messages that were written here after an imported one, with the id of that one in the other program.
-- Versions of one message do not follow each other.
SELECT DISTINCT ON (previous.source_id) previous.source_id, own.id, own.version_of
FROM messages AS own CROSS JOIN LATERAL (
    SELECT before.metadata ->> 'sourceId' AS source_id FROM messages AS before
    WHERE before.conversation_id = own.conversation_id AND before.id < own.id
      AND (before.id = own.branch
           OR (before.branch IS NOT DISTINCT FROM own.branch AND before.version_of IS NULL))
    ORDER BY before.id DESC LIMIT 1
) AS previous
WHERE own.user_id = :user_id AND own.conversation_id = :conversation_id AND NOT own.metadata ? 'sourceId'
  AND previous.source_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM messages AS other
      WHERE other.version_of = own.version_of AND other.metadata ? 'sourceId')
ORDER BY previous.source_id, own.id;

-- name: insert_imported_conversation(user_id, id, title, archived, created_at, updated_at)!
INSERT INTO conversations (id, user_id, title, archived, created_at, updated_at)
VALUES (:id, :user_id, :title, :archived, :created_at, :updated_at) ON CONFLICT DO NOTHING;

-- name: upsert_conversation_source(user_id, conversation_id, source, source_id, shown, title)!
-- Does nothing unless the conversation belongs to the user.
INSERT INTO imported_conversations (conversation_id, user_id, source, source_id, shown, title)
SELECT id, user_id, :source, :source_id, :shown, :title
FROM conversations WHERE id = :conversation_id AND user_id = :user_id
ON CONFLICT (conversation_id) DO UPDATE SET shown = excluded.shown;

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

-- name: insert_imported_messages(user_id, conversation_id, messages)
-- They count as read, so that no intents are extracted from them.
INSERT INTO messages (id, user_id, conversation_id, content, message_type, reply_to, metadata, created_at, updated_at,
                      intents_extracted_at, version_of, branch, selected, shown)
SELECT m.id, :user_id, :conversation_id, m.content, m.kind, m.answered, m.metadata, m.at, m.at,
       now(), m.version_of, m.branch, m.selected, m.shown
FROM jsonb_to_recordset(:messages::jsonb) AS m (
    id uuid, content text, kind text, answered uuid, metadata jsonb, at timestamptz, version_of uuid, branch uuid,
    selected boolean, shown boolean)
WHERE EXISTS (SELECT FROM conversations
              WHERE id = :conversation_id AND user_id = :user_id AND {writable:scope_id})
ON CONFLICT DO NOTHING
RETURNING id;

-- name: begin_versions_of(user_id, conversation_id, id)!
-- Makes a message the first of several versions: what follows it is its branch from now on.
UPDATE messages AS m
SET version_of = CASE WHEN m.id = first.id THEN m.id ELSE m.version_of END,
    branch = CASE WHEN m.id = first.id THEN m.branch ELSE first.id END
FROM messages AS first
WHERE first.user_id = :user_id AND first.id = :id AND first.version_of IS NULL AND m.user_id = :user_id
  AND m.conversation_id = :conversation_id AND m.id >= first.id AND m.branch IS NOT DISTINCT FROM first.branch;

-- name: place_imported_messages(user_id, messages)!
-- Where imported messages are among versions and branches.
UPDATE messages AS m SET version_of = p.version_of, branch = p.branch
FROM jsonb_to_recordset(:messages::jsonb) AS p (id uuid, version_of uuid, branch uuid)
WHERE m.user_id = :user_id AND m.id = p.id AND (m.version_of, m.branch) IS DISTINCT FROM (p.version_of, p.branch);

-- name: select_imported_versions(user_id, ids)!
UPDATE messages AS m SET selected = m.id = chosen.id
FROM messages AS chosen
WHERE chosen.user_id = :user_id AND chosen.id = ANY(:ids::uuid[]) AND m.user_id = :user_id
  AND m.version_of = chosen.version_of AND m.selected <> (m.id = chosen.id);

-- name: update_imported_message(user_id, id, content)$
-- Unless it was edited here.
UPDATE messages SET content = :content
WHERE user_id = :user_id AND id = :id AND updated_at = created_at AND content <> :content RETURNING id;
