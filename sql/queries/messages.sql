-- name: insert_message(user_id, conversation_id, content, message_type, status, reply_to, metadata, idempotency_key, branch)^
INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, metadata, idempotency_key, branch)
VALUES (:user_id, :conversation_id, :content, :message_type, :status, :reply_to, :metadata, :idempotency_key, :branch)
RETURNING {columns:MessageRow};

-- name: insert_exchange(user_id, project_id, conversation_id, title, content, metadata, idempotency_key)
-- A message and its empty reply, in a new conversation of the project with the title or in the conversation with the id, which becomes
-- the most recently active and is locked against deletion. Returns nothing when the user has no such conversation, or its
-- project is archived.
WITH begun AS (
    INSERT INTO conversations (user_id, project_id, title)
    SELECT :user_id, :project_id::uuid, :title WHERE :conversation_id::uuid IS NULL RETURNING id
), touched AS (
    UPDATE conversations SET updated_at = now()
    WHERE {writable:scope_id} AND id = :conversation_id::uuid
      AND NOT EXISTS (SELECT FROM projects AS a WHERE a.id = project_id AND a.archived_at IS NOT NULL)
    RETURNING id
), sent AS (
    INSERT INTO messages (user_id, conversation_id, content, message_type, status, metadata, idempotency_key, branch)
    SELECT :user_id, id, :content, 'user', 'complete', :metadata::jsonb, :idempotency_key, last_branch(id)
    FROM (SELECT id FROM begun UNION ALL SELECT id FROM touched) AS conversation
    RETURNING {columns:MessageRow}
), reply AS (
    INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, branch)
    SELECT user_id, conversation_id, '', 'kana', 'pending', id, branch FROM sent
    RETURNING {columns:MessageRow}
)
SELECT {columns:MessageRow} FROM sent
UNION ALL
SELECT {columns:MessageRow} FROM reply;

-- name: lock_message_key(user_id, idempotency_key)!
-- Serializes requests with the same idempotency key until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(:user_id || chr(10) || :idempotency_key, 0));

-- name: find_message_by_key(user_id, idempotency_key)^
SELECT {columns:MessageRow} FROM messages WHERE user_id = :user_id AND idempotency_key = :idempotency_key;

-- name: find_last_reply(user_id, reply_to)^
SELECT {columns:MessageRow} FROM messages WHERE {visible:scope_id} AND reply_to = :reply_to ORDER BY id DESC LIMIT 1;

-- name: list_messages(user_id, message_types, after, before, count)
-- Those that are shown, oldest first, between the two ids; not those of archived projects.
SELECT {columns:MessageRow:m} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM messages
    WHERE scope_id = scopes.id AND shown AND id > :after AND id < :before AND message_type = ANY(:message_types::text[])
    ORDER BY id LIMIT :count
) AS m ORDER BY m.id LIMIT :count;

-- name: list_last_messages(user_id, message_types, after, before, count)
-- Those that are shown, newest first, between the two ids; not those of archived projects.
SELECT {columns:MessageRow:m} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM messages
    WHERE scope_id = scopes.id AND shown AND id > :after AND id < :before AND message_type = ANY(:message_types::text[])
    ORDER BY id DESC LIMIT :count
) AS m ORDER BY m.id DESC LIMIT :count;

-- name: list_messages_of_conversations(user_id, conversation_ids, message_types, all_versions, after, before, count)
-- For each conversation its oldest messages between the two ids, oldest first: those that are shown, or all versions.
SELECT {columns:MessageRow:m} FROM unnest(:conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT * FROM messages
    WHERE conversation_id = c.id AND {visible:scope_id} AND (shown OR :all_versions) AND id > :after AND id < :before
      AND message_type = ANY(:message_types::text[])
    ORDER BY id LIMIT :count
) AS m;

-- name: list_last_messages_of_conversations(user_id, conversation_ids, message_types, all_versions, after, before, count)
-- For each conversation its newest messages between the two ids, newest first.
SELECT {columns:MessageRow:m} FROM unnest(:conversation_ids::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT * FROM messages
    WHERE conversation_id = c.id AND {visible:scope_id} AND (shown OR :all_versions) AND id > :after AND id < :before
      AND message_type = ANY(:message_types::text[])
    ORDER BY id DESC LIMIT :count
) AS m;

-- name: find_messages(user_id, ids)
SELECT {columns:MessageRow} FROM messages WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: lock_message(user_id, id)^
-- Locked until the transaction ends.
SELECT {columns:MessageRow} FROM messages WHERE {writable:scope_id} AND id = :id FOR UPDATE;

-- name: mark_reply_stopped(user_id, id)^
-- A worker that holds the reply sees the status, stores what it has streamed and releases it.
UPDATE messages SET status = 'stopped', updated_at = now()
WHERE {writable:scope_id} AND id = :id AND status IN ('pending', 'streaming')
RETURNING {columns:MessageRow};

-- name: mark_reply_pending(user_id, id)^
-- Starts a reply again that failed without a text. The new fence invalidates the claim of a worker that still holds it.
UPDATE messages
SET status = 'pending', content = '', kept_length = 0, rounds = '[]', metadata = '{}',
    (error, error_key, error_params) = (NULL, NULL, NULL),
    attempts = 0, next_attempt_at = NULL,
    claimed_by = NULL, lease_until = NULL, fence = fence + 1, updated_at = now()
WHERE {writable:scope_id} AND id = :id AND status = 'failed' AND content = ''
RETURNING {columns:MessageRow};

-- name: mark_reply_continued(user_id, id)^
-- Continues a reply that was cut off: the text so far is kept. The new fence invalidates an earlier claim.
UPDATE messages
SET status = 'pending', kept_length = char_length(content), (error, error_key, error_params) = (NULL, NULL, NULL),
    attempts = 0, next_attempt_at = NULL,
    claimed_by = NULL, lease_until = NULL, fence = fence + 1, updated_at = now()
WHERE {writable:scope_id} AND id = :id AND status = 'failed' AND content <> ''
RETURNING {columns:MessageRow};

-- name: list_turns_before(user_id, conversation_id, path, before, count)
-- The messages of the conversation before the reply or the intent, newest first: those on the way to the message `path`,
-- shown or not, or those that are shown when it is null. A reply that was cut off counts, with its text; one that the
-- model declined does not, because it would decline again.
SELECT {columns:MessageRow} FROM messages
WHERE {visible:scope_id} AND conversation_id = :conversation_id AND id < :before
  AND ((:path::uuid IS NULL AND shown)
       OR (:path IS NOT NULL AND (branch IS NULL OR branch = ANY((SELECT versions_above(:path))::uuid[]))
           AND (version_of IS NULL OR id = ANY((SELECT versions_above(:path))::uuid[]))))
  AND (status IN ('complete', 'stopped') OR (status = 'failed' AND error_key IS DISTINCT FROM 'model.declined'))
  AND message_type <> 'system' AND content <> ''
ORDER BY id DESC LIMIT :count;
