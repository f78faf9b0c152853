-- name: lock_conversation_of_message(user_id, id)$
-- Serializes changes of branches with each other and with new messages, until the transaction ends. A worker that has
-- locked a message may still insert records that refer to the conversation.
SELECT id FROM conversations
WHERE {writable:scope_id} AND id = (SELECT conversation_id FROM messages WHERE messages.id = :id)
FOR NO KEY UPDATE;

-- name: lock_branches(conversation_id, from_id)!
-- All messages that a change of branches from this message on may change, in the order in which a worker locks them.
SELECT id FROM messages
WHERE conversation_id = :conversation_id
  AND (id >= :from_id OR version_of IS NOT NULL OR branch IS NOT NULL)
ORDER BY id FOR UPDATE;

-- name: stop_shown_replies_after(conversation_id, id)!
-- Their workers store what they have streamed and release them.
UPDATE messages SET status = 'stopped', updated_at = now()
WHERE conversation_id = :conversation_id AND messages.id > :id AND shown
  AND status IN ('pending', 'streaming');

-- name: begin_versions(conversation_id, id, branch)!
-- Makes a message the first of several versions: what follows it is its branch from now on.
UPDATE messages
SET version_of = CASE WHEN messages.id = :id THEN messages.id ELSE version_of END,
    branch = CASE WHEN messages.id = :id THEN branch ELSE :id END
WHERE conversation_id = :conversation_id AND messages.id >= :id
  AND branch IS NOT DISTINCT FROM :branch::uuid;

-- name: insert_version(id, content, status, metadata)^
-- A further version of a message.
INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, metadata, version_of, branch)
SELECT user_id, conversation_id, :content, message_type, :status, reply_to, :metadata, version_of, branch
FROM messages WHERE messages.id = :id
RETURNING {columns:MessageRow};

-- name: copy_attachments(from_id, to_id)!
-- Two versions of a message have the same files.
INSERT INTO message_attachments (message_id, attachment_id, user_id, place)
SELECT :to_id, attachment_id, user_id, place FROM message_attachments
WHERE message_id = :from_id;

-- name: select_path(id)!
-- Selects the message among its versions, and so all versions above it.
WITH path AS (
    SELECT m.id, m.version_of FROM messages AS m
    WHERE m.id = ANY(versions_above(:id)) AND m.version_of IS NOT NULL
)
UPDATE messages AS m SET selected = m.id = path.id FROM path
WHERE m.version_of = path.version_of AND m.selected <> (m.id = path.id);

-- name: show_selected(conversation_id)!
SELECT show_selected(:conversation_id);

-- name: select_other_version(id)!
-- When the message is selected, selects the newest of its other versions instead.
UPDATE messages AS m SET selected = m.id = (
    SELECT other.id FROM messages AS other
    WHERE other.version_of = gone.version_of AND other.id <> gone.id
    ORDER BY other.id DESC LIMIT 1)
FROM messages AS gone
WHERE gone.id = :id AND gone.selected AND m.version_of = gone.version_of;

-- name: keep_following(id, branch)!
-- What follows a message without other versions, and the reply of it that is shown, no longer belongs to their branches.
UPDATE messages SET branch = :branch
WHERE branch IN (
    SELECT gone.id FROM messages AS gone
    WHERE (gone.id = :id OR gone.reply_to = :id) AND gone.version_of IS NOT NULL
      AND gone.selected);

-- name: follow_restored(id)!
-- Undoes keep_following: what comes after the versions of a restored message, or of its reply, is a branch again.
UPDATE messages AS m SET branch = version.id FROM messages AS version
WHERE (version.id = :id OR version.reply_to = :id)
  AND version.version_of IS NOT NULL AND version.selected
  AND m.conversation_id = version.conversation_id AND m.id > version.id
  AND m.branch IS NOT DISTINCT FROM version.branch AND m.version_of IS DISTINCT FROM version.version_of;

-- name: list_versions(user_id, firsts)
-- All versions of the messages with these first versions, oldest first.
SELECT {columns:MessageRow} FROM messages WHERE {visible:scope_id} AND version_of = ANY(:firsts::uuid[])
ORDER BY version_of, id;

-- name: list_actions_of_other_versions(user_id, ids)
-- For each message the ids of the actions that can be undone, of its other versions and of what follows those, oldest
-- first.
WITH RECURSIVE below AS (
    SELECT one.id AS message, other.id FROM messages AS one
    JOIN messages AS other ON other.version_of = one.version_of AND other.id <> one.id
    WHERE {visible:one.scope_id} AND one.id = ANY(:ids::uuid[])
    UNION
    SELECT below.message, m.id FROM below JOIN messages AS m ON m.branch = below.id
)
SELECT below.message, a.id FROM below JOIN actions AS a ON a.message_id = below.id
WHERE a.status = 'done' AND a.undo IS NOT NULL
ORDER BY below.message, a.id;
