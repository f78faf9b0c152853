-- name: find_event_stream()^
SELECT id, trimmed_xid, trimmed_id FROM event_stream;

-- name: find_snapshot()$
-- What is committed now, as `xmin:xmax:xip,...` (see pg_current_snapshot).
SELECT pg_current_snapshot()::text;

-- name: list_events_after(xid, event_id, count)
-- Everybody's events in commit order. Only the settled may be used: before another, a transaction may still commit.
SELECT xid, id, user_id, kind, subject_id, caused_by, payload, created_at,
       xid < pg_snapshot_xmin(pg_current_snapshot()) AS settled
FROM events
WHERE (xid, id) > (:xid, :event_id)
ORDER BY xid, id LIMIT :count;

-- name: list_settled_events_of_user(user_id, xid, event_id, count)
-- One user's events in commit order, as far as they are settled.
SELECT xid, id, user_id, kind, subject_id, caused_by, payload, created_at
FROM events
WHERE user_id = :user_id AND (xid, id) > (:xid, :event_id) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, id LIMIT :count;
