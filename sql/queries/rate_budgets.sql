-- name: draw_points(user_id, kind, needed, wanted, capacity, per_second)^
-- Takes up to `wanted` points, but none if fewer than `needed` are left. The bucket refills by `per_second` to
-- `capacity`.
INSERT INTO rate_budgets AS budget (user_id, kind, points, granted)
VALUES (:user_id, :kind, :capacity::float8 - least(:capacity, :wanted::float8), least(:capacity, :wanted::float8))
ON CONFLICT (user_id, kind) DO UPDATE SET (points, granted, refilled_at) = (
    SELECT available - taken, taken, clock_timestamp()
    FROM least(:capacity::float8, budget.points
         + :per_second::float8 * extract(epoch FROM clock_timestamp() - budget.refilled_at)) AS available,
         LATERAL (SELECT CASE WHEN available >= :needed::float8 THEN least(available, :wanted::float8) ELSE 0 END)
         AS draw (taken))
RETURNING points, granted;
