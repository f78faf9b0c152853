-- A partial index is matched by no parameter: sql/repositories/nearest.py writes the model's number and dimension in
-- place of 0 and 1 below.

-- name: count_embeddings(user_id, kinds, conversation_id, since, until, most)
-- How many rows the filter keeps, counted no further than `most`, and whether all of these stand in the index.
SELECT count(*) AS rows, coalesce(bool_and(by_index), false) AS indexed FROM (
    SELECT by_index FROM embeddings WHERE user_id = :user_id AND model_id = 0
      AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND (:since::timestamptz IS NULL OR occurred_at >= :since)
      AND (:until::timestamptz IS NULL OR occurred_at < :until)
    LIMIT :most) AS kept;

-- name: list_nearest_exactly(user_id, kinds, conversation_id, since, until, vector, count)
-- The sub-select turns the text into a vector once, not for each row. Ordered by the column itself, not by the expression of the index: that keeps the planner from using it.
SELECT subject_id, 1 - min(embedding <=> (SELECT :vector::text::halfvec)) AS similarity
FROM embeddings WHERE user_id = :user_id AND model_id = 0
  AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR occurred_at < :until)
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: list_nearest_by_index(user_id, kinds, conversation_id, since, until, vector, count)
-- Walks the model's HNSW index until enough rows pass the filter: some more than are asked for, as it finds them only
-- nearly in order, and as several pieces of one entry are one.
WITH found AS MATERIALIZED (
    SELECT subject_id, embedding::halfvec(1) <=> :vector::text::halfvec AS distance
    FROM embeddings WHERE user_id = :user_id AND model_id = 0 AND by_index
      AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND (:since::timestamptz IS NULL OR occurred_at >= :since)
      AND (:until::timestamptz IS NULL OR occurred_at < :until)
    ORDER BY embedding::halfvec(1) <=> :vector::text::halfvec LIMIT greatest(60, :count::integer * 5 / 4))
SELECT subject_id, 1 - min(distance) AS similarity FROM found
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: walk_the_index(scanned)!
-- For this transaction. The planner would rather sort all rows of the user, and a plan made once for all users would
-- be wrong for most; `scanned` is how many rows the index is walked for before it gives up.
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '200', true),
       set_config('hnsw.max_scan_tuples', :scanned::text, true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
       set_config('plan_cache_mode', 'force_custom_plan', true);
