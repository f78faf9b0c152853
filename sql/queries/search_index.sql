-- name: claim_entries_to_embed(count, size, lease_seconds)
-- Entries without a vector, and no more after `size` bytes of text. Other indexers skip them until the lease ends.
UPDATE search_entries SET claimed_until = now() + make_interval(secs => :lease_seconds)
WHERE subject_id IN (
    SELECT subject_id FROM (
        SELECT subject_id, sum(bytes) OVER (ORDER BY subject_id) - bytes AS before FROM (
            SELECT subject_id, octet_length(content) AS bytes FROM search_entries
            WHERE embedded_with IS NULL AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY subject_id LIMIT :count FOR UPDATE SKIP LOCKED) AS due) AS sized
    WHERE before < :size)
RETURNING {columns:SearchEntryRow};

-- name: claim_entries_of_other_models(model_id, after, count, size, lease_seconds)
-- The same for entries embedded with another model, in the order of ids after `after`.
UPDATE search_entries SET claimed_until = now() + make_interval(secs => :lease_seconds)
WHERE subject_id IN (
    SELECT subject_id FROM (
        SELECT subject_id, sum(bytes) OVER (ORDER BY subject_id) - bytes AS before FROM (
            SELECT subject_id, octet_length(content) AS bytes FROM search_entries
            WHERE subject_id > :after AND embedded_with <> :model_id
              AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY subject_id LIMIT :count FOR UPDATE SKIP LOCKED) AS due) AS sized
    WHERE before < :size)
RETURNING {columns:SearchEntryRow};

-- name: release_entries(subject_ids, wait_seconds)!
-- Returns claimed entries to the queue. They become claimable after the wait.
UPDATE search_entries SET claimed_until = now() + make_interval(secs => :wait_seconds)
WHERE subject_id = ANY(:subject_ids::uuid[]) AND embedded_with IS NULL;

-- name: mark_entries_embedded(model_id, subject_ids, revisions)
-- Only entries whose text is still the one that was embedded.
UPDATE search_entries AS entry SET embedded_with = :model_id, claimed_until = NULL
FROM unnest(:subject_ids::uuid[], :revisions::integer[]) AS done (subject_id, revision)
WHERE entry.subject_id = done.subject_id AND entry.revision = done.revision
RETURNING entry.subject_id;

-- name: delete_embeddings(model_id, subject_ids)!
DELETE FROM embeddings WHERE subject_id = ANY(:subject_ids::uuid[]) AND model_id = :model_id;

-- name: insert_embeddings(model_id, subject_ids, chunks, numbers, dimension, index_above)!
-- One vector per chunk, with the entry's columns to filter by. It is in the index when its scope has many entries. The
-- numbers of all vectors are one array: the driver writes it in half the time of a text per vector.
INSERT INTO embeddings (subject_id, model_id, chunk, user_id, scope_id, project_id, kind, conversation_id, occurred_at, embedding,
                        by_index)
SELECT entry.subject_id, :model_id, piece.chunk, entry.user_id, entry.scope_id, entry.project_id, entry.kind, entry.conversation_id,
       entry.occurred_at,
       ((:numbers::real[])[(piece.position - 1) * :dimension + 1 : piece.position * :dimension])::halfvec,
       coalesce((SELECT documents > :index_above FROM search_statistics WHERE scope_id = entry.scope_id), false)
FROM unnest(:subject_ids::uuid[], :chunks::integer[]) WITH ORDINALITY AS piece (subject_id, chunk, position)
JOIN search_entries AS entry USING (subject_id)
ON CONFLICT DO NOTHING;

-- name: move_to_index(model_id, index_above, count)$
-- Moves rows of scopes that now have many entries into the index; returns how many.
WITH many AS MATERIALIZED (
    SELECT scope_id FROM search_statistics WHERE documents > :index_above
), moving AS (
    SELECT embeddings.ctid FROM many JOIN embeddings USING (scope_id)
    WHERE embeddings.model_id = :model_id AND NOT embeddings.by_index LIMIT :count
), moved AS (
    UPDATE embeddings SET by_index = true WHERE ctid IN (SELECT ctid FROM moving) RETURNING 1
)
SELECT count(*) FROM moved;

-- name: fold_term_changes(count)$
-- Adds the changes to the statistics; returns how many.
WITH taken AS (
    DELETE FROM term_changes WHERE id IN (
        SELECT id FROM term_changes ORDER BY id LIMIT :count FOR UPDATE SKIP LOCKED)
    RETURNING scope_id, keys, length, documents
), scopes AS MATERIALIZED (
    SELECT id FROM (SELECT DISTINCT scope_id AS id FROM taken) AS named WHERE scope_exists(id)
), changed AS (
    SELECT taken.* FROM taken JOIN scopes ON scopes.id = taken.scope_id
), terms AS (
    INSERT INTO term_statistics AS counted (scope_id, key, documents)
    SELECT scope_id, key, sum(documents) FROM changed, unnest(keys) AS key
    GROUP BY scope_id, key HAVING sum(documents) <> 0 ORDER BY scope_id, key
    ON CONFLICT (scope_id, key) DO UPDATE SET documents = counted.documents + EXCLUDED.documents
), totals AS (
    INSERT INTO search_statistics AS counted (scope_id, documents, length)
    SELECT scope_id, sum(documents), sum(documents * length) FROM changed GROUP BY scope_id ORDER BY scope_id
    ON CONFLICT (scope_id) DO UPDATE SET documents = counted.documents + EXCLUDED.documents,
                                         length = counted.length + EXCLUDED.length
)
SELECT count(*) FROM taken;

-- name: count_index_work(model_id)^
-- How many entries there are, how many wait for their first vector, and how many have no vector of this model.
SELECT count(*) AS entries, count(*) FILTER (WHERE embedded_with IS NULL) AS waiting,
       count(*) FILTER (WHERE embedded_with IS DISTINCT FROM :model_id) AS left_over
FROM search_entries;
