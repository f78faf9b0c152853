-- name: record_heartbeat(bridge_id, kind)!
INSERT INTO bridge_heartbeats (bridge_id, kind) VALUES (:bridge_id, :kind)
ON CONFLICT (bridge_id) DO UPDATE SET seen_at = now();

-- name: delete_heartbeat(bridge_id)!
DELETE FROM bridge_heartbeats WHERE bridge_id = :bridge_id;

-- name: delete_old_heartbeats(seconds)!
-- Of bridges that were killed. Their claims end with the leases.
DELETE FROM bridge_heartbeats WHERE seen_at < now() - :seconds * interval '1 second';

-- name: list_heartbeat_ages()
-- Seconds since the latest heartbeat of each kind of bridge.
SELECT kind, extract(epoch FROM now() - max(seen_at))::float8 AS seconds FROM bridge_heartbeats GROUP BY kind;

-- name: insert_backup_run(destination)$
INSERT INTO backup_runs (destination) VALUES (:destination) RETURNING id;

-- name: fail_interrupted_backup_runs()!
-- Only the holder of the backup lock runs this, so every unfinished run was killed.
UPDATE backup_runs SET finished_at = now(), error = 'The process was killed before the backup was complete.'
WHERE finished_at IS NULL;

-- name: mark_backup_finished(id, name, bytes)!
UPDATE backup_runs SET finished_at = now(), name = :name, bytes = :bytes WHERE id = :id;

-- name: mark_backup_failed(id, error)!
UPDATE backup_runs SET finished_at = now(), error = :error WHERE id = :id;

-- name: find_last_backup()^
SELECT {columns:BackupRunRow} FROM backup_runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: find_last_successful_backup()^
SELECT {columns:BackupRunRow} FROM backup_runs
WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY id DESC LIMIT 1;

-- name: list_queue_depths()
-- Unfinished work by status. Work that waits for a time, or until its project is restored, is `postponed`; work that
-- waits for a bridge is `pending`.
-- Each branch reads a partial index, so that the cost does not grow with the finished work.
SELECT 'replies' AS queue, CASE WHEN next_attempt_at > now() OR EXISTS (
           SELECT FROM projects AS a WHERE a.id = project_id AND a.archived_at IS NOT NULL)
           THEN 'postponed' ELSE 'pending' END AS status,
       count(*) AS depth, extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds
FROM messages WHERE status = 'pending' GROUP BY 2
UNION ALL
SELECT 'replies', status, count(*), extract(epoch FROM now() - min(created_at))::float8
FROM messages WHERE claimed_by IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'intents', CASE WHEN status = 'pending' AND (next_attempt_at > now() OR withheld) THEN 'postponed' ELSE status END,
       count(*), extract(epoch FROM now() - min(created_at))::float8
FROM intents WHERE status IN ('pending', 'awaiting_confirmation', 'processing') AND assignee = 'assistant' GROUP BY 2
UNION ALL
SELECT 'webhooks', CASE WHEN next_attempt_at > now() THEN 'postponed' ELSE status END,
       count(*), extract(epoch FROM now() - min(created_at))::float8
FROM webhook_deliveries WHERE status = 'pending' GROUP BY 2;

-- name: get_system_totals()^
SELECT coalesce((SELECT extract(epoch FROM created_at) FROM events ORDER BY xid DESC, id DESC LIMIT 1), 0)::float8
           AS last_activity,
       pg_database_size(current_database()) AS database_bytes,
       (SELECT count(*) FROM search_entries WHERE embedded_with IS NULL) AS embedding_backlog,
       -- This scans all entries, so it runs only while a new model is being introduced.
       CASE WHEN EXISTS (SELECT FROM embedding_models WHERE NOT active)
            THEN (SELECT count(*) FROM search_entries WHERE embedded_with <> (SELECT max(id) FROM embedding_models))
            ELSE 0 END AS reembedding_left,
       coalesce((SELECT extract(epoch FROM max(finished_at)) FROM backup_runs WHERE error IS NULL), 0)::float8
           AS backup_succeeded_at,
       coalesce((SELECT error IS NOT NULL FROM backup_runs WHERE finished_at IS NOT NULL
                 ORDER BY id DESC LIMIT 1), false) AS backup_failed,
       (SELECT count(*) FROM object_deletions WHERE error IS NOT NULL) AS failed_object_deletions,
       coalesce((SELECT extract(epoch FROM min(applied_at)) FROM schema_migrations), 0)::float8 AS installed_at,
       coalesce(latest.bytes, 0) AS backup_bytes,
       coalesce(extract(epoch FROM latest.finished_at - latest.started_at), 0)::float8 AS backup_seconds
FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
    SELECT started_at, finished_at, bytes FROM backup_runs WHERE finished_at IS NOT NULL AND error IS NULL
    ORDER BY id DESC LIMIT 1) AS latest ON true;
