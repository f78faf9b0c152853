-- name: is_indexed(user_id, model_id, most)$
-- Whether the user has more entries than `most` and all their vectors are in the model's HNSW index.
SELECT coalesce((SELECT documents > :most FROM search_statistics WHERE user_id = :user_id), false)
       AND NOT EXISTS (SELECT FROM embeddings WHERE user_id = :user_id AND model_id = :model_id AND NOT by_index);

-- An open side of a filter is written as the full range: in a generic plan, kinds and times are looked up in the index
-- only if they are always compared.

-- name: count_embeddings(user_id, model_id, kinds, conversation_id, since, until, most)$
-- How many rows match the filter, counted up to `most`.
SELECT count(*) FROM (
    SELECT FROM embeddings WHERE user_id = :user_id AND model_id = :model_id
      AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
    LIMIT :most) AS matching;

-- name: count_embeddings_of_project(user_id, project_id, model_id, kinds, conversation_id, since, until, most)$
SELECT count(*) FROM (
    SELECT FROM embeddings WHERE user_id = :user_id AND project_id = :project_id AND model_id = :model_id
      AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
    LIMIT :most) AS matching;

-- name: list_nearest_exactly(user_id, model_id, kinds, conversation_id, since, until, vector, count)
-- The subselect converts the text to a vector once, not per row. The ORDER BY uses the column and not the expression of
-- the HNSW index, so that the planner does not use the index.
SELECT subject_id, 1 - min(embedding <=> (SELECT :vector::text::halfvec)) AS similarity
FROM embeddings WHERE user_id = :user_id AND model_id = :model_id
  AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
  AND occurred_at < coalesce(:until::timestamptz, 'infinity')
  AND (project_id IS NULL OR :conversation_id::uuid IS NOT NULL OR project_id <> ALL (ARRAY(
      SELECT a.id FROM projects AS a WHERE a.user_id = :user_id AND a.archived_at IS NOT NULL)))
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: list_nearest_of_project_exactly(user_id, project_id, model_id, kinds, conversation_id, since, until, vector, count)
-- The same for one project and the profile.
SELECT subject_id, 1 - min(embedding <=> (SELECT :vector::text::halfvec)) AS similarity
FROM (
    SELECT subject_id, embedding FROM embeddings
    WHERE user_id = :user_id AND project_id = :project_id AND model_id = :model_id
      AND kind = ANY(coalesce(:kinds::text[], '{message,intent,specification,decision,memory}'))
      AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
    UNION ALL
    SELECT subject_id, embedding FROM embeddings
    WHERE user_id = :user_id AND project_id IS NULL AND model_id = :model_id AND kind = 'memory'
      AND kind = ANY(coalesce(:kinds::text[], '{memory}')) AND :conversation_id::uuid IS NULL
      AND occurred_at >= coalesce(:since::timestamptz, '-infinity')
      AND occurred_at < coalesce(:until::timestamptz, 'infinity')
) AS near
GROUP BY subject_id ORDER BY similarity DESC, subject_id LIMIT :count;

-- name: list_nearest_by_index(user_id, project_id, kinds, conversation_id, since, until, vector, count)
-- Scans the model's HNSW index until enough rows pass the filter. It takes more rows than requested, because the index
-- finds them in approximate order and one entry may have several chunks. A parameter cannot match a partial index, so
-- sql/repositories/nearest.py replaces 0 and 1 by the model's id and dimension.
WITH found AS MATERIALIZED (
    SELECT subject_id, embedding::halfvec(1) <=> :vector::text::halfvec AS distance
    FROM embeddings WHERE user_id = :user_id AND model_id = 0 AND by_index
      AND (project_id IS NULL OR project_id = :project_id OR (:project_id::uuid IS NULL AND (
          :conversation_id::uuid IS NOT NULL OR project_id <> ALL (ARRAY(
              SELECT a.id FROM projects AS a WHERE a.user_id = :user_id AND a.archived_at IS NOT NULL)))))
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
