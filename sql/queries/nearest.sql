-- name: list_indexed_scopes(scopes, model_id, most)
-- The scopes with more entries than `most` whose vectors are all in the model's HNSW index.
SELECT s.scope_id FROM search_statistics AS s
WHERE s.scope_id = ANY(:scopes::uuid[]) AND s.documents > :most
  AND NOT EXISTS (SELECT FROM embeddings AS e WHERE e.scope_id = s.scope_id AND e.model_id = :model_id AND NOT e.by_index);

-- An open side of a filter is written as the full range: in a generic plan, kinds and times are looked up in the index
-- only if they are always compared.

-- name: count_embeddings(scopes, model_id, kinds, conversation_id, since, until, most)$
-- How many rows match the filter, counted up to `most`.
SELECT count(*) FROM (
    SELECT FROM embeddings WHERE scope_id = ANY(:scopes::uuid[]) AND model_id = :model_id
      AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
    LIMIT :most) AS matching;

-- name: list_nearest_exactly(scopes, model_id, kinds, conversation_id, since, until, vector, count)
-- The subselect converts the text to a vector once, not per row. The ORDER BY uses the column and not the expression of
-- the HNSW index, so that the planner does not use the index.
SELECT subject_id, 1 - min(embedding <=> (SELECT :vector::text::halfvec)) AS similarity
FROM embeddings WHERE scope_id = ANY(:scopes::uuid[]) AND model_id = :model_id
  AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
  AND occurred_at < coalesce(:until::timestamptz, 'infinity')
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: list_nearest_by_index(scopes, kinds, conversation_id, since, until, vector, count)
-- Scans the model's HNSW index until enough rows pass the filter. It takes more rows than requested, because the index
-- finds them in approximate order and one entry may have several chunks. A parameter cannot match a partial index, so
-- sql/repositories/nearest.py replaces 0 and 1 by the model's id and dimension.
WITH found AS MATERIALIZED (
    SELECT subject_id, embedding::halfvec(1) <=> :vector::text::halfvec AS distance
    FROM embeddings WHERE scope_id = ANY(:scopes::uuid[]) AND model_id = 0 AND by_index
      AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND (:since::timestamptz IS NULL OR occurred_at >= :since)
      AND (:until::timestamptz IS NULL OR occurred_at < :until)
    ORDER BY embedding::halfvec(1) <=> :vector::text::halfvec LIMIT greatest(200, :count::integer * 5 / 4))
SELECT subject_id, 1 - min(distance) AS similarity FROM found
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: use_hnsw_index(scanned)!
-- Settings of this transaction that make the planner use the HNSW index; otherwise it sorts all rows of the user.
-- `scanned` limits how many tuples the index scan reads.
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '200', true),
       set_config('hnsw.max_scan_tuples', :scanned::text, true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
       set_config('plan_cache_mode', 'force_custom_plan', true);
