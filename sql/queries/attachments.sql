-- name: lock_uploads(user_id)!
-- Serializes the beginnings of uploads of one user until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('uploads' || chr(10) || :user_id, 0));

-- name: count_stored_bytes(user_id)$
-- The bytes of all files of the user; an unfinished upload counts with the most that it may have.
SELECT coalesce(sum(size), 0)::bigint FROM attachments WHERE user_id = :user_id;

-- name: insert_attachment(user_id, name, size)$
INSERT INTO attachments (user_id, name, size) VALUES (:user_id, :name, :size) RETURNING id;

-- name: insert_attachment_chunk(attachment_id, user_id, start, content)!
INSERT INTO attachment_chunks (attachment_id, user_id, start, content)
VALUES (:attachment_id, :user_id, :start, :content);

-- name: insert_object_pieces(attachment_id, user_id, starts, sizes, sha256s)!
-- The pieces of a file whose bytes are in the object store.
INSERT INTO attachment_chunks (attachment_id, user_id, start, size, sha256)
SELECT :attachment_id, :user_id, start, size, sha256
FROM unnest(:starts::bigint[], :sizes::integer[], :sha256s::text[]) AS given (start, size, sha256);

-- name: set_attachment_object(user_id, id, object)$
-- Says in which folder of the object store the bytes are; null for the database.
UPDATE attachments SET object = :object WHERE user_id = :user_id AND id = :id RETURNING id;

-- name: lock_attachment_in(user_id, id, object)$
-- The id of the file if its bytes are still there, locked until the transaction ends.
SELECT id FROM attachments
WHERE user_id = :user_id AND id = :id AND object IS NOT DISTINCT FROM :object::text FOR UPDATE;

-- name: delete_attachment_chunks(user_id, attachment_id)!
DELETE FROM attachment_chunks WHERE user_id = :user_id AND attachment_id = :attachment_id;

-- name: mark_attachment_complete(user_id, id, media_type, size, sha256, text, text_cut)$
UPDATE attachments
SET media_type = :media_type, size = :size, sha256 = :sha256, text = :text, text_cut = :text_cut
WHERE user_id = :user_id AND id = :id RETURNING id;

-- name: delete_attachment(user_id, id)!
DELETE FROM attachments WHERE user_id = :user_id AND id = :id;

-- name: find_attachments(user_id, ids)
-- The complete files with these ids.
SELECT {columns:AttachmentRow} FROM attachments
WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]) AND sha256 IS NOT NULL;

-- name: lock_unsent_attachments(user_id, ids)
-- The complete files with these ids that no message has, locked until the transaction ends.
SELECT {columns:AttachmentRow} FROM attachments
WHERE user_id = :user_id AND id = ANY(:ids::uuid[]) AND sha256 IS NOT NULL AND unused_since IS NOT NULL
ORDER BY id FOR UPDATE;

-- name: insert_message_attachments(user_id, message_id, ids)!
-- Gives the files to the message, in this order.
INSERT INTO message_attachments (message_id, attachment_id, user_id, place)
SELECT :message_id, id, :user_id, place FROM unnest(:ids::uuid[]) WITH ORDINALITY AS given (id, place);

-- name: list_attachments_of_messages(user_id, message_ids)
SELECT {columns:MessageAttachmentRow:m} FROM (
    SELECT l.message_id, l.place, a.* FROM message_attachments AS l JOIN attachments AS a ON a.id = l.attachment_id
    WHERE {visible:a.scope_id} AND l.message_id = ANY(:message_ids::uuid[])
) AS m ORDER BY m.message_id, m.place;

-- name: list_texts_of_messages(user_id, message_ids, characters)
-- The files of the messages with the beginnings of their texts.
SELECT l.message_id, a.id, a.name, a.media_type, a.size, left(a.text, :characters) AS text,
       a.text_cut OR length(a.text) > :characters AS text_cut
FROM message_attachments AS l JOIN attachments AS a ON a.id = l.attachment_id
WHERE {visible:a.scope_id} AND l.message_id = ANY(:message_ids::uuid[])
ORDER BY l.message_id, l.place;

-- name: find_attachment_text(user_id, id, characters)$
SELECT left(text, :characters) FROM attachments WHERE {visible:scope_id} AND id = :id;

-- name: find_attachment_piece(user_id, attachment_id, position)^
-- The piece that has the byte at this position, and where its bytes are.
SELECT c.start, c.content, c.size, c.sha256, a.object
FROM attachments AS a JOIN attachment_chunks AS c ON c.attachment_id = a.id
WHERE {visible:a.scope_id} AND a.id = :attachment_id AND c.start <= :position
ORDER BY c.start DESC LIMIT 1;

-- name: list_object_pieces(user_id, attachment_id, object)
-- The pieces in this folder of the object store.
SELECT c.start, c.size FROM attachment_chunks AS c JOIN attachments AS a ON a.id = c.attachment_id
WHERE a.user_id = :user_id AND c.user_id = :user_id AND a.id = :attachment_id AND a.object = :object AND c.content IS NULL
ORDER BY c.start;

-- name: delete_unused_attachments(hours, count)$
-- Deletes files that no message has had for this long, not even one in the trash; returns how many.
WITH old AS (
    SELECT id FROM attachments AS a WHERE unused_since < now() - make_interval(hours => :hours) AND NOT EXISTS (
        SELECT FROM trash_rows AS t WHERE t.table_name = 'message_attachments'
          AND t.content->>'attachment_id' = a.id::text)
    ORDER BY unused_since LIMIT :count FOR UPDATE SKIP LOCKED
), deleted AS (
    DELETE FROM attachments WHERE id IN (SELECT id FROM old) RETURNING id
)
SELECT count(*) FROM deleted;
