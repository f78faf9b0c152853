-- name: reserve_object(location, seconds)$
-- A new folder below the location, deleted after this time unless a file gets it. All folders of this database are
-- below one, which is another one after a restore, so that two databases never share a folder.
INSERT INTO object_deletions (object, due_at)
SELECT rtrim(:location, '/') || '/' || s.id || '/' || gen_random_uuid(), now() + make_interval(secs => :seconds)
FROM event_stream AS s RETURNING object;

-- name: keep_object(object)$
-- A file has the folder now, so it is not deleted; null when it is deleted already.
DELETE FROM object_deletions WHERE object = :object RETURNING object;

-- name: delete_object_in(object, seconds)!
-- The folder is not needed. Until then a request that was cancelled may still write to it.
UPDATE object_deletions SET due_at = now() + make_interval(secs => :seconds) WHERE object = :object;

-- name: claim_object_deletions(count, seconds, lock_high, lock_low)
-- Folders to delete, each the next time after a pause that doubles. None while a backup reads the objects: what was
-- claimed before it took its lock is not in its snapshot.
UPDATE object_deletions AS d
SET attempts = d.attempts + 1,
    due_at = now() + make_interval(secs => least(:seconds * power(2, least(d.attempts, 20)), 86400))
FROM (
    SELECT object FROM object_deletions WHERE due_at <= now() AND NOT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = :lock_high::bigint::oid
          AND objid = :lock_low::bigint::oid
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY due_at LIMIT :count FOR UPDATE SKIP LOCKED
) AS due
WHERE d.object = due.object RETURNING d.object;

-- name: mark_object_deletion_failed(object, error)!
UPDATE object_deletions SET error = :error WHERE object = :object;

-- name: get_failed_object_deletions()^
-- How many folders could not be deleted, for how long, and why the last one could not.
SELECT count(*) AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds,
       coalesce((array_agg(error ORDER BY due_at DESC))[1], '') AS error
FROM object_deletions WHERE error IS NOT NULL;

-- name: count_files_by_store()
-- The complete files in the database and in the object store, and their bytes.
SELECT object IS NOT NULL AS in_objects, count(*) AS files, sum(size)::bigint AS bytes
FROM attachments WHERE sha256 IS NOT NULL GROUP BY object IS NOT NULL;

-- name: find_any_object()$
-- The folder of the file that was stored last.
SELECT object FROM attachments WHERE object IS NOT NULL AND sha256 IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: list_files_elsewhere(in_objects, after, count)
-- The complete files that are in the other store, in the order of their ids.
SELECT {columns:AttachmentRow} FROM attachments
WHERE sha256 IS NOT NULL AND (object IS NOT NULL) <> :in_objects AND id > :after ORDER BY id LIMIT :count;

-- name: list_object_files()
-- All complete files in the object store.
SELECT {columns:AttachmentRow} FROM attachments WHERE sha256 IS NOT NULL AND object IS NOT NULL ORDER BY id;

-- name: list_pieces_of_object_files()
-- The pieces of all of them.
SELECT c.attachment_id, c.start, c.size, c.sha256 FROM attachment_chunks AS c
JOIN attachments AS a ON a.id = c.attachment_id
WHERE a.sha256 IS NOT NULL AND a.object IS NOT NULL ORDER BY c.attachment_id, c.start;

-- name: list_files_without_bytes()
-- The complete files that have no pieces.
SELECT {columns:AttachmentRow:a} FROM attachments AS a
WHERE sha256 IS NOT NULL AND NOT EXISTS (SELECT FROM attachment_chunks AS c WHERE c.attachment_id = a.id) ORDER BY id;

-- name: detach_objects()!
-- For a restored database: the objects belong to the one that was backed up.
UPDATE attachments SET object = NULL WHERE object IS NOT NULL;

-- name: delete_object_pieces()!
DELETE FROM attachment_chunks WHERE content IS NULL;
