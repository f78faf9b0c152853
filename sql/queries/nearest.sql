-- name: is_indexed(user_id, model_id, most)$
-- Whether the user has more entries than `most`, and the vectors of all of them stand in the model's HNSW index.
SELECT coalesce((SELECT documents > :most FROM search_statistics WHERE user_id = :user_id), false)
       AND NOT EXISTS (SELECT FROM embeddings WHERE user_id = :user_id AND model_id = :model_id AND NOT by_index);

-- An open side of the filter is written as everything there is: a plan that is made once for all filters looks up kinds
-- and times in an index only if they are compared in any case.

-- name: count_embeddings(user_id, model_id, kinds, conversation_id, since, until, most)$
-- How many rows the filter keeps, counted no further than `most`.
SELECT count(*) FROM (
    SELECT FROM embeddings WHERE user_id = :user_id AND model_id = :model_id
      AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,choice_point,memory}'))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
    LIMIT :most) AS kept;

-- name: list_nearest_exactly(user_id, model_id, kinds, conversation_id, since, until, vector, count)
-- The sub-select turns the text into a vector once, not for each row. Ordered by the column itself, not by the
-- expression of the HNSW index: that keeps the planner from using it.
SELECT subject_id, 1 - min(embedding <=> (SELECT :vector::text::halfvec)) AS similarity
FROM embeddings WHERE user_id = :user_id AND model_id = :model_id
  AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,choice_point,memory}'))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
  AND occurred_at < coalesce(:until::timestamptz, 'infinity')
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: list_nearest_by_index(user_id, kinds, conversation_id, since, until, vector, count)
-- Walks the model's HNSW index until enough rows pass the filter: more than are asked for, as it finds them only nearly
-- in order, and as several pieces of one entry are one. A partial index is matched by no parameter:
-- sql/repositories/nearest.py writes the model's number and dimension in place of 0 and 1.
WITH found AS MATERIALIZED (
    SELECT subject_id, embedding::halfvec(1) <=> :vector::text::halfvec AS distance
    FROM embeddings WHERE user_id = :user_id AND model_id = 0 AND by_index
      AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND (:since::timestamptz IS NULL OR occurred_at >= :since)
      AND (:until::timestamptz IS NULL OR occurred_at < :until)
    ORDER BY embedding::halfvec(1) <=> :vector::text::halfvec LIMIT greatest(200, :count::integer * 5 / 4))
SELECT subject_id, 1 - min(distance) AS similarity FROM found
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: walk_the_index(scanned)!
-- For this transaction. The planner would rather sort all rows of the user, and a plan made once for all users would
-- be wrong for most; `scanned` is how many rows the index is walked for before it gives up.
SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '200', true),
       set_config('hnsw.max_scan_tuples', :scanned::text, true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
       set_config('plan_cache_mode', 'force_custom_plan', true);
