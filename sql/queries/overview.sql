-- name: list_message_days(user_id, bounds)
-- Messages, answers and token usage per day; of messages and answers those that are shown. Clients write the metadata
-- of messages of users, so it does not count, nor do values that no model can have reported.
SELECT count(*) FILTER (WHERE m.message_type = 'user' AND m.shown) AS messages,
       count(*) FILTER (WHERE m.message_type = 'kana' AND m.status = 'complete' AND m.shown) AS answers,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY
           jsonb_path_query_first(m.metadata, '$.durationMs ? (@ >= 0 && @ <= 1000000000)')::float8 / 1000)
           FILTER (WHERE m.message_type = 'kana') AS median_seconds,
       coalesce(sum(u.read), 0)::bigint AS input_tokens,
       coalesce(sum(u.cached), 0)::bigint AS cached_tokens,
       coalesce(sum(u.written), 0)::bigint AS output_tokens
FROM generate_series(1, cardinality(:bounds::timestamptz[]) - 1) AS days (number)
LEFT JOIN messages AS m ON width_bucket(m.created_at, :bounds::timestamptz[]) = days.number
      AND {in_scopes:m.scope_id} AND m.created_at >= (:bounds::timestamptz[])[1]
LEFT JOIN LATERAL (
    SELECT sum(value::numeric) FILTER (WHERE key IN ('input_tokens', 'cache_creation_input_tokens')) AS read,
           sum(value::numeric) FILTER (WHERE key = 'cache_read_input_tokens') AS cached,
           sum(value::numeric) FILTER (WHERE key = 'output_tokens') AS written
    FROM jsonb_each(jsonb_path_query_first(m.metadata, '$.usage ? (@.type() == "object")'))
    WHERE m.message_type <> 'user' AND jsonb_typeof(value) = 'number' AND value BETWEEN '0' AND '1000000000'
) AS u ON true
GROUP BY days.number ORDER BY days.number;

-- name: list_intent_days(user_id, bounds)
-- Intents that ended on each day, their duration and token usage. `result` may have any shape.
SELECT count(*) FILTER (WHERE i.status = 'completed') AS completed,
       count(*) FILTER (WHERE i.status = 'failed') AS failed,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.processed_at - t.began_at)) AS median_seconds,
       coalesce(sum(u.read), 0)::bigint AS input_tokens,
       coalesce(sum(u.cached), 0)::bigint AS cached_tokens,
       coalesce(sum(u.written), 0)::bigint AS output_tokens
FROM generate_series(1, cardinality(:bounds::timestamptz[]) - 1) AS days (number)
LEFT JOIN intents AS i ON width_bucket(i.processed_at, :bounds::timestamptz[]) = days.number
      AND {in_scopes:i.project_id} AND i.processed_at >= (:bounds::timestamptz[])[1]
LEFT JOIN LATERAL (
    SELECT max(at) AS began_at FROM intent_transitions
    WHERE intent_id = i.id AND to_status = 'processing' AND at <= i.processed_at
) AS t ON true
LEFT JOIN LATERAL (
    SELECT sum(value::numeric) FILTER (WHERE key IN ('input_tokens', 'cache_creation_input_tokens')) AS read,
           sum(value::numeric) FILTER (WHERE key = 'cache_read_input_tokens') AS cached,
           sum(value::numeric) FILTER (WHERE key = 'output_tokens') AS written
    FROM jsonb_each(jsonb_path_query_first(i.result, '$.usage ? (@.type() == "object")'))
    WHERE jsonb_typeof(value) = 'number' AND value BETWEEN '0' AND '1000000000'
) AS u ON true
GROUP BY days.number ORDER BY days.number;

-- name: list_status_counts(user_id, ends)
-- How many intents had each status at each of the times: a transition into a status adds one, a transition out of it
-- subtracts one. `position` is the index of the time, from 0.
WITH steps AS (
    SELECT width_bucket(t.at, :ends::timestamptz[]) AS position, t.from_status, t.to_status, count(*) AS count
    FROM intents AS i JOIN intent_transitions AS t ON t.intent_id = i.id
    WHERE {in_scopes:i.project_id} GROUP BY 1, 2, 3
), changes AS (
    SELECT position, to_status AS status, count FROM steps
    UNION ALL SELECT position, from_status, -count FROM steps WHERE from_status IS NOT NULL
)
SELECT times.position, changes.status, sum(changes.count)::bigint AS count
FROM generate_series(0, cardinality(:ends::timestamptz[]) - 1) AS times (position)
JOIN changes ON changes.position <= times.position
GROUP BY 1, 2 HAVING sum(changes.count) > 0 ORDER BY 1, 2;
