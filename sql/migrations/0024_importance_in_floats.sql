-- The same in floating point: in numeric, the power alone took ten thousand memories 50 milliseconds.
CREATE OR REPLACE FUNCTION memory_importance(
    weight double precision, access_count integer, last_used timestamptz, now timestamptz
)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(1, greatest(0, weight * (1 + 0.1::float8 * access_count) * power(
    0.95::float8, greatest(0, extract(epoch FROM now - last_used)::float8) / 604800)));
