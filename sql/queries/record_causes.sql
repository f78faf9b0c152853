-- name: list_effects(cause_ids, known_ids, count)
-- What was made because of these records and is not known yet: of each record and kind the newest `count`, in the order of
-- the records; what has to be done comes before what was said.
SELECT {columns:EffectRow:e}
FROM unnest(:cause_ids::uuid[]) WITH ORDINALITY AS c (id, place)
CROSS JOIN unnest(ARRAY['intent', 'specification', 'decision', 'memory', 'message']) WITH ORDINALITY AS k (kind, place)
CROSS JOIN LATERAL (
    SELECT {columns:EffectRow} FROM record_causes
    WHERE cause_id = c.id AND effect_kind = k.kind AND effect_id <> ALL(:known_ids::uuid[])
    ORDER BY effect_id DESC LIMIT :count
) AS e
ORDER BY c.place, k.place, e.effect_id DESC;

-- name: list_named_records(user_id, ids)
-- The first 200 characters of the name of each record that exists, and its status. A message that is no reply, or has no
-- text yet, has none. `number` is that of a decision.
SELECT {columns:NamedRecordRow} FROM (
    SELECT id, left(description, 200) AS name, status, NULL::integer AS number
    FROM intents WHERE {visible:project_id} AND id = ANY(:ids::uuid[])
    UNION ALL
    SELECT id, left(title, 200), status, NULL FROM specifications WHERE {visible:project_id} AND id = ANY(:ids::uuid[])
    UNION ALL
    SELECT id, left(title, 200), status, number FROM decisions WHERE {visible:project_id} AND id = ANY(:ids::uuid[])
    UNION ALL
    SELECT id, left(content, 200), CASE WHEN archived THEN 'archived' ELSE 'current' END, NULL
    FROM memories WHERE {visible:scope_id} AND id = ANY(:ids::uuid[])
    UNION ALL
    SELECT id, left(content, 200), status, NULL FROM messages
    WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]) AND message_type = 'kana' AND content <> ''
) AS named;
