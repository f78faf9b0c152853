-- name: has_webhooks()$
-- Whether any project has an enabled webhook.
SELECT EXISTS (SELECT FROM webhooks WHERE enabled);

-- name: collect_deliveries(now, count, most)$
-- Inserts deliveries of the next settled events of each webhook and moves its cursor; returns the highest number of events
-- of one webhook, which is `count` when there may be more. A webhook with `most` pending deliveries waits. An event of a
-- record that leaves the project says only that, because the record may be private now.
WITH chosen AS MATERIALIZED (
    SELECT w.id, w.project_id, w.kinds, w.after_xid, w.after_id
    FROM webhooks AS w JOIN projects AS p ON p.id = w.project_id
    WHERE w.enabled AND p.archived_at IS NULL AND :most > (SELECT count(*) FROM (
        SELECT FROM webhook_deliveries AS d WHERE d.webhook_id = w.id AND d.status = 'pending' LIMIT :most) AS waiting)
    FOR NO KEY UPDATE OF w SKIP LOCKED
), found AS MATERIALIZED (
    SELECT c.id AS webhook_id, c.kinds, e.* FROM chosen AS c CROSS JOIN LATERAL (
        SELECT xid, id AS event_id, kind, subject_id, caused_by, payload, created_at FROM events
        WHERE scope_id = c.project_id AND (xid, id) > (c.after_xid, c.after_id)
          AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid, id LIMIT :count
    ) AS e
), moved AS (
    UPDATE webhooks AS w SET (after_xid, after_id) = (
        SELECT xid, event_id FROM found WHERE webhook_id = w.id ORDER BY xid DESC, event_id DESC LIMIT 1)
    WHERE w.id IN (SELECT webhook_id FROM found)
), inserted AS (
    INSERT INTO webhook_deliveries
        (webhook_id, xid, event_id, kind, subject_id, caused_by, payload, occurred_at, next_attempt_at)
    SELECT webhook_id, xid, event_id, kind, subject_id, caused_by,
           CASE WHEN payload ? 'toScope' THEN '{"left": true}' ELSE payload END, created_at, :now
    FROM found WHERE kinds = '{}' OR kind = ANY(kinds) ORDER BY xid, event_id
    ON CONFLICT DO NOTHING
)
SELECT coalesce(max(events), 0) FROM (SELECT count(*) AS events FROM found GROUP BY webhook_id) AS found;

-- name: lock_webhooks_with_work(now)
-- The webhooks that have a delivery whose time has come, locked until the transaction ends; locked ones are skipped.
SELECT w.id FROM webhooks AS w JOIN projects AS p ON p.id = w.project_id
WHERE w.enabled AND p.archived_at IS NULL AND EXISTS (
    SELECT FROM webhook_deliveries AS d WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.next_attempt_at <= :now
      AND (d.claimed_until IS NULL OR d.claimed_until <= now()))
FOR NO KEY UPDATE OF w SKIP LOCKED;

-- name: claim_deliveries(webhook_ids, now, lease_seconds, count_of_each, count)
-- Claims the oldest deliveries of locked webhooks in turn. Of each subject only the first delivery that is not done can be
-- claimed, and of each webhook at most `count_of_each` are claimed at a time. The payload of a record that left the project
-- since its event says only that: its row has another scope now; or a later event says that the record, or the conversation
-- of a message, left; or the row is gone and its events are trimmed, so that nothing says whether it left. After a burst of
-- events the planner does not know how many there are, so no part of this compares deliveries with each other.
WITH due AS MATERIALIZED (
    SELECT d.id FROM unnest(:webhook_ids::uuid[]) AS w (id) CROSS JOIN LATERAL (
        SELECT own.id, row_number() OVER (ORDER BY own.xid NULLS FIRST, own.event_id) AS turn FROM (
            SELECT id, xid, event_id, next_attempt_at, claimed_until,
                   row_number() OVER (PARTITION BY subject_id ORDER BY xid, event_id) AS place
            FROM webhook_deliveries WHERE webhook_id = w.id AND status = 'pending'
        ) AS own
        WHERE (own.place = 1 OR own.event_id IS NULL) AND own.next_attempt_at <= :now
          AND (own.claimed_until IS NULL OR own.claimed_until <= now())
        ORDER BY own.xid NULLS FIRST, own.event_id LIMIT greatest(0, :count_of_each - (
            SELECT count(*) FROM webhook_deliveries AS running
            WHERE running.webhook_id = w.id AND running.status = 'pending' AND running.claimed_until > now()))
    ) AS d ORDER BY d.turn LIMIT :count
), left_project AS MATERIALIZED (
    SELECT d.id FROM due JOIN webhook_deliveries AS d ON d.id = due.id JOIN webhooks AS w ON w.id = d.webhook_id
    CROSS JOIN LATERAL (SELECT scope_of_subject(d.kind, d.subject_id) AS id) AS scope
    WHERE d.event_id IS NOT NULL AND (
        scope.id <> w.project_id
        OR EXISTS (
            SELECT FROM (
                SELECT e.scope_id, e.id, e.payload FROM events AS e WHERE e.subject_id IN (
                    d.subject_id, CASE WHEN d.kind ^@ 'message_' THEN (d.payload->>'conversationId')::uuid END)
                OFFSET 0
            ) AS e WHERE e.scope_id = w.project_id AND e.id > d.event_id AND e.payload ? 'toScope')
        OR (scope.id IS NULL AND NOT EXISTS (SELECT FROM events AS e WHERE (e.xid, e.id) = (d.xid, d.event_id))))
)
UPDATE webhook_deliveries AS d
SET claimed_until = now() + make_interval(secs => :lease_seconds), fence = d.fence + 1, attempts = d.attempts + 1,
    last_attempt_at = :now,
    payload = CASE WHEN d.id IN (SELECT id FROM left_project) THEN '{"left": true}' ELSE d.payload END
FROM due, webhooks AS w, event_stream AS s
WHERE d.id = due.id AND w.id = d.webhook_id
RETURNING d.id, d.webhook_id, w.project_id, w.url, d.fence, d.attempts, d.waited_seconds, d.kind, d.subject_id, d.caused_by,
          d.payload, d.occurred_at, d.xid, d.event_id, s.id AS stream,
          ARRAY(SELECT secret FROM webhook_secrets AS k
                WHERE k.webhook_id = w.id AND (k.expires_at IS NULL OR k.expires_at > :now)
                ORDER BY k.expires_at DESC NULLS FIRST) AS secrets;

-- name: mark_delivery_succeeded(id, fence, http_status, now)!
WITH done AS (
    UPDATE webhook_deliveries
    SET status = 'succeeded', claimed_until = NULL, http_status = :http_status, (error, error_key, error_params) = (NULL, NULL, NULL), ended_at = :now
    WHERE id = :id AND fence = :fence AND status = 'pending' RETURNING webhook_id
)
UPDATE webhooks AS w SET failing_since = NULL FROM done WHERE w.id = done.webhook_id AND w.failing_since IS NOT NULL;

-- name: mark_delivery_failed(id, fence, http_status, error, error_key, error_params, next_attempt_at, pause, dead, gone, gone_key, now)!
-- Tried again after the pause in seconds, or dead. `gone` is the reason to disable the webhook, or null.
WITH failed AS (
    UPDATE webhook_deliveries
    SET status = CASE WHEN :dead THEN 'dead' ELSE 'pending' END, claimed_until = NULL, http_status = :http_status,
        error = :error, error_key = :error_key, error_params = :error_params, next_attempt_at = :next_attempt_at,
        waited_seconds = waited_seconds + :pause, ended_at = CASE WHEN :dead THEN :now::timestamptz END
    WHERE id = :id AND fence = :fence AND status = 'pending' RETURNING webhook_id
)
UPDATE webhooks AS w
SET failing_since = coalesce(w.failing_since, :now), enabled = w.enabled AND :gone::text IS NULL,
    disabled_reason = CASE WHEN w.enabled THEN :gone::text ELSE w.disabled_reason END,
    disabled_reason_key = CASE WHEN w.enabled THEN :gone_key::text ELSE w.disabled_reason_key END
FROM failed WHERE w.id = failed.webhook_id;

-- name: release_deliveries(ids, fences)!
-- Gives claims back, so that they need not wait for the end of their lease. The attempt does not count.
UPDATE webhook_deliveries AS d SET claimed_until = NULL, attempts = d.attempts - 1
FROM unnest(:ids::uuid[], :fences::int[]) AS c (id, fence) WHERE d.id = c.id AND d.fence = c.fence AND d.status = 'pending'
  AND d.claimed_until IS NOT NULL;

-- name: delete_old_deliveries(succeeded_days, dead_days, count)$
-- Deletes at most `count` deliveries that ended before these periods; returns how many.
WITH deleted AS (
    DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries
        WHERE status <> 'pending' AND ended_at < now() - make_interval(days => :succeeded_days)
          AND (status = 'succeeded' OR ended_at < now() - make_interval(days => :dead_days))
        LIMIT :count FOR UPDATE SKIP LOCKED)
    RETURNING id
)
SELECT count(*) FROM deleted;

-- name: adapt_webhooks_to_server()!
-- For a restored database, before its events get the transaction number 0, with which only their ids order them. A webhook
-- continues after the highest id that it has read, or that is older than itself; unread events with lower ids, of
-- transactions that ended later, become deliveries now. A webhook in the trash continues before the first of these instead.
WITH positions AS MATERIALIZED (
    SELECT w.id, w.project_id, w.kinds, w.after_xid, w.after_id, NULL::uuid AS entry_id FROM webhooks AS w
    UNION ALL
    SELECT w.id, w.project_id, w.kinds, w.after_xid, w.after_id, t.entry_id
    FROM trash_rows AS t CROSS JOIN LATERAL jsonb_populate_record(NULL::webhooks, t.content) AS w
    WHERE (t.table_name, t.column_name) = ('webhooks', '')
), last_read AS MATERIALIZED (
    SELECT p.*, (SELECT coalesce(max(id), 0) FROM events
                 WHERE scope_id = p.project_id AND (xid, id) <= (p.after_xid, p.after_id)) AS last_id
    FROM positions AS p
), passed AS MATERIALIZED (
    SELECT l.id AS webhook_id, l.entry_id, l.kinds, e.id AS event_id, e.kind, e.subject_id, e.caused_by, e.payload, e.created_at
    FROM last_read AS l JOIN events AS e
      ON e.scope_id = l.project_id AND (e.xid, e.id) > (l.after_xid, l.after_id) AND e.id < l.last_id
), inserted AS (
    INSERT INTO webhook_deliveries
        (webhook_id, xid, event_id, kind, subject_id, caused_by, payload, occurred_at, next_attempt_at)
    SELECT webhook_id, '0', event_id, kind, subject_id, caused_by,
           CASE WHEN payload ? 'toScope' THEN '{"left": true}' ELSE payload END, created_at, now()
    FROM passed WHERE entry_id IS NULL AND (kinds = '{}' OR kind = ANY(kinds))
    ON CONFLICT DO NOTHING
), deliveries AS (
    UPDATE webhook_deliveries SET xid = '0', claimed_until = NULL WHERE xid IS NOT NULL
), trashed_deliveries AS (
    UPDATE trash_rows SET content = content || '{"xid": "0", "claimed_until": null}'
    WHERE (table_name, column_name) = ('webhook_deliveries', '') AND content->>'xid' IS NOT NULL
), trashed AS (
    UPDATE trash_rows AS t SET content = t.content || jsonb_build_object('after_xid', '0', 'after_id', coalesce(
        (SELECT min(event_id) - 1 FROM passed WHERE webhook_id = l.id AND passed.entry_id = l.entry_id), l.last_id))
    FROM last_read AS l
    WHERE t.entry_id = l.entry_id AND (t.table_name, t.record_id, t.column_name) = ('webhooks', l.id, '')
)
UPDATE webhooks AS w SET (after_xid, after_id) = ('0', l.last_id) FROM last_read AS l WHERE w.id = l.id AND l.entry_id IS NULL;
