-- name: find_event_stream()^
-- The id of the stream, its last trimmed event, and the first transaction id that is not assigned.
SELECT id, trimmed_xid, trimmed_id, pg_snapshot_xmax(pg_current_snapshot()) AS next_xid FROM event_stream;

-- name: find_last_event()^
-- The last settled event of all users, or the last trimmed one when there is none.
SELECT coalesce(e.xid, s.trimmed_xid) AS xid, coalesce(e.id, s.trimmed_id) AS id
FROM event_stream AS s LEFT JOIN LATERAL (
    SELECT xid, id FROM events WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid DESC, id DESC LIMIT 1
) AS e ON true;

-- name: list_latest_events_of_user(user_id)
-- The end of a user's stream: the last settled event, and all that are committed but not settled.
SELECT trimmed_xid AS xid, trimmed_id AS id, true AS settled FROM event_stream
UNION ALL
(SELECT e.xid, e.id, true AS settled FROM user_scopes AS s CROSS JOIN LATERAL (
     SELECT xid, id FROM events WHERE scope_id = s.scope_id AND xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY xid DESC, id DESC LIMIT 1
 ) AS e WHERE s.user_id = :user_id ORDER BY e.xid DESC, e.id DESC LIMIT 1)
UNION ALL
SELECT xid, id, false FROM events WHERE {visible:scope_id} AND xid >= pg_snapshot_xmin(pg_current_snapshot());

-- name: list_events_after(xid, event_id, count)
-- Events of all users in commit order, next to their stream; one row without an event when there are none. Only settled
-- events may be used: a transaction may still commit an event before an unsettled one.
SELECT s.id AS stream, s.trimmed_xid, s.trimmed_id, {columns:EventRow:e},
       e.xid < pg_snapshot_xmin(pg_current_snapshot()) AS settled
FROM event_stream AS s LEFT JOIN LATERAL (
    SELECT {columns:EventRow}
    FROM events WHERE (xid, id) > (:xid, :event_id) ORDER BY xid, id LIMIT :count
) AS e ON true ORDER BY e.xid, e.id;

-- name: list_events_of_user_after(user_id, xid, event_id, count)
-- The settled events that one user may see in commit order, next to their stream as above. An event of a record that
-- moved to a scope that the user sees is left out: there is one in that scope. Who joins a project gets its events from
-- then on.
SELECT s.id AS stream, s.trimmed_xid, s.trimmed_id, {columns:EventRow:e}, true AS settled
FROM event_stream AS s LEFT JOIN LATERAL (
    SELECT o.* FROM user_scopes AS s CROSS JOIN LATERAL (
        SELECT {columns:EventRow} FROM events
        WHERE scope_id = s.scope_id AND (xid, id) > (:xid, :event_id) AND xid < pg_snapshot_xmin(pg_current_snapshot())
          AND created_at >= s.since
          AND NOT (payload ? 'toScope' AND (payload->>'toScope')::uuid = ANY (ARRAY(
              SELECT v.scope_id FROM user_scopes AS v WHERE v.user_id = :user_id)))
        ORDER BY xid, id LIMIT :count
    ) AS o
    WHERE s.user_id = :user_id ORDER BY o.xid, o.id LIMIT :count
) AS e ON true ORDER BY e.xid, e.id;

-- name: list_events_of_chain(user_id, subject_id, count)
-- The events of the subject, of all subjects that led to it, and of all that it led to, oldest first.
WITH RECURSIVE led_here (subject) AS (
    SELECT :subject_id::uuid
    UNION
    SELECT e.caused_by FROM led_here JOIN events AS e ON e.subject_id = led_here.subject
    WHERE {visible:e.scope_id} AND e.caused_by IS NOT NULL
), led_to (subject) AS (
    SELECT :subject_id::uuid
    UNION
    SELECT e.subject_id FROM led_to JOIN events AS e ON e.caused_by = led_to.subject WHERE {visible:e.scope_id}
)
SELECT {columns:EventRow} FROM events
WHERE {visible:scope_id} AND subject_id IN (SELECT subject FROM led_here UNION SELECT subject FROM led_to)
ORDER BY xid, id LIMIT :count;

-- name: list_audiences(scopes)
-- Who sees each of the scopes.
SELECT scope_id, array_agg(user_id) AS users FROM user_scopes WHERE scope_id = ANY(:scopes::uuid[]) GROUP BY scope_id;

-- name: set_cause(id)$
-- The cause of all further events of the transaction; see append_event.
SELECT set_config('resonant.cause', :id, true);

-- name: try_lock_trimming()$
-- Whether this transaction may trim: one process does at a time. The number is "events" in ASCII.
SELECT pg_try_advisory_xact_lock(111559182283891);

-- name: trim_events(age, count)$
-- Deletes the oldest events up to the first one that is younger or not settled; returns how many. The trimmed position
-- moves in the same transaction, so a reader notices that it has missed events.
WITH page AS (
    SELECT e.xid, e.id,
           bool_or(e.created_at >= now() - :age::interval OR e.xid >= pg_snapshot_xmin(pg_current_snapshot()))
               OVER (ORDER BY e.xid, e.id) AS is_kept
    FROM event_stream AS s CROSS JOIN LATERAL (
        SELECT xid, id, created_at FROM events
        WHERE (xid, id) > (s.trimmed_xid, s.trimmed_id) ORDER BY xid, id LIMIT :count
    ) AS e
), deleted AS (
    DELETE FROM events USING page WHERE NOT page.is_kept AND events.xid = page.xid AND events.id = page.id
    RETURNING events.xid, events.id
), moved AS (
    UPDATE event_stream SET (trimmed_xid, trimmed_id) = (SELECT xid, id FROM deleted ORDER BY xid DESC, id DESC LIMIT 1)
    WHERE EXISTS (SELECT FROM deleted)
)
SELECT count(*) FROM deleted;

-- name: may_share_rows(user_id, subjects, scopes)$
-- Whether the user sees all these scopes, and each of the messages and intents is in its scope or deleted.
SELECT NOT EXISTS (
    SELECT FROM unnest(:subjects::uuid[], :scopes::uuid[]) AS e (subject_id, scope_id)
    LEFT JOIN messages AS m ON m.id = e.subject_id LEFT JOIN intents AS i ON i.id = e.subject_id
    WHERE coalesce(m.scope_id, i.project_id) <> e.scope_id
       OR NOT EXISTS (SELECT FROM user_scopes AS s WHERE s.user_id = :user_id AND s.scope_id = e.scope_id)
);
