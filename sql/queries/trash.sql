-- name: allow_long_statement()$
-- A conversation may have thousands of messages. The deadline of the request still holds.
SELECT set_config('statement_timeout', '15s', true);

-- name: lock_messages(conversation_id)!
-- All messages of the conversation, in the order in which a worker locks them. It then may still insert records that
-- refer to the conversation.
SELECT id FROM messages WHERE conversation_id = :conversation_id ORDER BY id FOR NO KEY UPDATE;

-- name: move_to_trash(kind, id, deleted_by)$
-- Whether there was such a record.
SELECT move_to_trash(:deleted_by, :kind, :id);

-- name: list_trash(user_id, before, count)
-- The latest deleted first, with an entry id below `before`. A profile memory and a project are in no project.
SELECT {columns:TrashRow:t} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM trash WHERE scope_id = scopes.id AND id < :before ORDER BY id DESC LIMIT :count
) AS t ORDER BY t.id DESC LIMIT :count;

-- name: lock_trash(user_id, record_id)^
SELECT {columns:TrashRow} FROM trash WHERE {writable:scope_id} AND record_id = :record_id FOR UPDATE;

-- name: restore_from_trash(user_id, entry_id)$
SELECT restore_from_trash(:entry_id, :user_id);

-- name: is_memory_stored_again(id)$
-- Whether the same memory was extracted again from the same record.
SELECT EXISTS (
    SELECT FROM trash_rows AS t JOIN memories AS m
      ON m.source_id = (t.content->>'source_id')::uuid
         AND md5(m.content) = md5(t.content->>'content')
    WHERE t.record_id = :id AND t.table_name = 'memories' AND t.column_name = '');

-- name: delete_old_trash(days, count)$
-- Deletes the oldest entries for good; returns how many.
WITH old AS (
    SELECT id FROM trash WHERE deleted_at < now() - :days * interval '1 day'
    ORDER BY deleted_at LIMIT :count FOR UPDATE SKIP LOCKED
), deleted AS (
    DELETE FROM trash WHERE id IN (SELECT id FROM old) RETURNING id
)
SELECT count(*) FROM deleted;

-- name: find_deleted_conversations(user_id, ids)
-- An admin who deleted a project does not see the private conversations of other members in it.
SELECT {columns:ConversationRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::conversations, t.content) AS r
WHERE (r.user_id = :user_id OR r.visibility = 'project') AND EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('conversations', '');

-- name: find_deleted_messages(user_id, ids)
SELECT {columns:MessageRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::messages, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('messages', '');

-- name: find_deleted_intents(user_id, ids)
SELECT {columns:IntentRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::intents, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('intents', '');

-- name: find_deleted_specifications(user_id, ids)
SELECT {columns:SpecificationRow:r}
FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::specifications, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('specifications', '');

-- name: find_deleted_decisions(user_id, ids)
-- The columns of a decision read its options from decision_options, which are in the trash as well.
WITH decision_options AS MATERIALIZED (
    SELECT o.* FROM trash JOIN trash_rows AS t ON t.entry_id = trash.id,
        LATERAL jsonb_populate_record(NULL::decision_options, t.content) AS o
    WHERE {visible:trash.scope_id} AND trash.record_id = ANY(:ids::uuid[])
      AND (t.table_name, t.column_name) = ('decision_options', '')
)
SELECT {columns:DecisionRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::decisions, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('decisions', '');

-- name: find_deleted_memories(user_id, ids)
SELECT {columns:MemoryRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::memories, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('memories', '');

-- name: find_deleted_projects(user_id, ids)
-- The role is read from project_members, which is in the trash as well.
WITH project_members AS MATERIALIZED (
    SELECT m.* FROM trash JOIN trash_rows AS t ON t.entry_id = trash.id,
        LATERAL jsonb_populate_record(NULL::project_members, t.content) AS m
    WHERE {visible:trash.scope_id} AND trash.record_id = ANY(:ids::uuid[])
      AND (t.table_name, t.column_name) = ('project_members', '')
)
SELECT {columns:ProjectRow:r} FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::projects, t.content) AS r
WHERE EXISTS (SELECT FROM trash AS e WHERE e.id = t.entry_id AND {visible:e.scope_id})
  AND t.record_id = ANY(:ids::uuid[]) AND (t.table_name, t.column_name) = ('projects', '');

-- name: rename_deleted_project(id, suffix)!
-- Gives a project in the trash another slug when an existing one has its slug.
UPDATE trash_rows AS t
SET content = t.content || jsonb_build_object('slug', rtrim(left(t.content->>'slug', 40), '-') || :suffix::text)
WHERE t.record_id = :id AND (t.table_name, t.column_name) = ('projects', '')
  AND EXISTS (SELECT FROM projects WHERE slug = t.content->>'slug');
