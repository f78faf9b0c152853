-- name: name_trace(trace_parent)!
-- Rows that the transaction inserts carry it.
SELECT set_config('resonant.trace', :trace_parent, true);

-- name: find_trace_parent(id)$
SELECT coalesce((SELECT trace_parent FROM messages WHERE id = :id),
                (SELECT trace_parent FROM intents WHERE id = :id));
