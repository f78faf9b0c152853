-- name: beat(bridge_id, kind)!
INSERT INTO bridge_heartbeats (bridge_id, kind) VALUES (:bridge_id, :kind)
ON CONFLICT (bridge_id) DO UPDATE SET seen_at = now();

-- name: forget_bridge(bridge_id)!
DELETE FROM bridge_heartbeats WHERE bridge_id = :bridge_id;

-- name: forget_silent_bridges(seconds)!
-- Bridges that were killed; what they held comes back with its lease.
DELETE FROM bridge_heartbeats WHERE seen_at < now() - :seconds * interval '1 second';

-- name: list_silences()
-- For each kind of bridge, how many seconds ago the one seen latest was seen.
SELECT kind, extract(epoch FROM now() - max(seen_at))::float8 AS seconds FROM bridge_heartbeats GROUP BY kind;
