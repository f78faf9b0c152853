-- name: list_ratings(user_id, subject_ids, query, terms, model_id, vector, shared_terms, similarity)
-- The user's ratings of these records that apply to a query, the one that counts first of each record: that it is outdated
-- applies to every query, the others to queries that share terms or meaning; of those the latest counts. A query shares
-- terms when this part of the terms of both is in both (Jaccard index). Vectors of two models are not compared.
SELECT r.id, r.subject_id, r.rating FROM search_ratings AS r
CROSS JOIN LATERAL (
    SELECT count(*) AS shared FROM unnest(r.terms) AS term WHERE term = ANY(:terms::text[])
) AS t
WHERE r.user_id = :user_id AND r.subject_id = ANY(:subject_ids::uuid[])
  AND (r.rating = 'outdated' OR r.query = :query
       OR (t.shared > 0
           AND t.shared >= :shared_terms::float8 * (cardinality(r.terms) + cardinality(:terms::text[]) - t.shared))
       OR CASE WHEN r.model_id = :model_id::smallint AND :vector::text IS NOT NULL
               THEN 1 - (r.embedding <=> (SELECT :vector::text::halfvec)) >= :similarity::float8 END)
ORDER BY r.rating = 'outdated' DESC, r.id DESC;

-- name: insert_rating(user_id, subject_id, rating, query, terms, model_id, vector)!
INSERT INTO search_ratings (user_id, message_id, intent_id, specification_id, decision_id, memory_id, rating, query,
                            terms, model_id, embedding)
SELECT :user_id, CASE kind WHEN 'message' THEN subject_id END, CASE kind WHEN 'intent' THEN subject_id END,
       CASE kind WHEN 'specification' THEN subject_id END, CASE kind WHEN 'decision' THEN subject_id END,
       CASE kind WHEN 'memory' THEN subject_id END, :rating, :query, :terms, :model_id, :vector::text::halfvec
FROM search_entries WHERE {visible:scope_id} AND subject_id = :subject_id;

-- name: delete_ratings(user_id, ids)!
DELETE FROM search_ratings WHERE user_id = :user_id AND id = ANY(:ids::uuid[]);

-- name: delete_surplus_ratings(user_id, subject_id, most)!
-- Keeps the latest ones of the record.
DELETE FROM search_ratings WHERE id IN (
    SELECT id FROM search_ratings WHERE user_id = :user_id AND subject_id = :subject_id
    ORDER BY id DESC OFFSET :most);
