-- name: list_queues()
-- Work that is not done, by status; what waits for its time is told apart from what waits for a bridge.
-- Each branch has an index of its own, so that a scrape costs the same however much was done already.
SELECT 'replies' AS queue, CASE WHEN next_attempt_at > now() THEN 'postponed' ELSE 'pending' END AS status,
       count(*) AS depth, extract(epoch FROM now() - min(created_at))::float8 AS oldest_seconds
FROM messages WHERE status = 'pending' GROUP BY 2
UNION ALL
SELECT 'replies', status, count(*), extract(epoch FROM now() - min(created_at))::float8
FROM messages WHERE claimed_by IS NOT NULL GROUP BY 2
UNION ALL
SELECT 'intents', CASE WHEN status = 'pending' AND next_attempt_at > now() THEN 'postponed' ELSE status END,
       count(*), extract(epoch FROM now() - min(created_at))::float8
FROM intents WHERE status IN ('pending', 'awaiting_confirmation', 'processing') GROUP BY 2;

-- name: get_vital_sums()^
SELECT coalesce((SELECT extract(epoch FROM created_at) FROM events ORDER BY xid DESC, id DESC LIMIT 1), 0)::float8
           AS last_activity,
       pg_database_size(current_database()) AS database_bytes,
       (SELECT count(*) FROM search_entries WHERE embedded_with IS NULL) AS embedding_backlog,
       -- All entries are looked through only while a newer model is being brought in.
       CASE WHEN EXISTS (SELECT FROM embedding_models WHERE NOT active)
            THEN (SELECT count(*) FROM search_entries WHERE embedded_with <> (SELECT max(id) FROM embedding_models))
            ELSE 0 END AS reembedding_left,
       coalesce((SELECT extract(epoch FROM max(finished_at)) FROM backup_runs WHERE error IS NULL), 0)::float8
           AS backup_succeeded_at,
       coalesce((SELECT error IS NOT NULL FROM backup_runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1), false)
           AS backup_failed;
