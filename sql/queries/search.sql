-- name: describe_query(user_id, content)
-- The words of a query, each with its key and how many of the user's entries have it, out of how many.
SELECT words.word, words.key, coalesce(term_statistics.documents, 0) AS documents
FROM (SELECT word, search_key(:user_id, term) AS key FROM search_words(:content) GROUP BY word, term) AS words
LEFT JOIN term_statistics ON term_statistics.user_id = :user_id AND term_statistics.key = words.key;

-- name: find_search_statistics(user_id)^
SELECT documents, length FROM search_statistics WHERE user_id = :user_id AND documents > 0;

-- A plan that is made once for all queries would turn a vector's text into a vector for each row: the sub-select has it
-- done once. Appending nothing to user_id keeps the planner from going through all entries of the user.

-- name: list_lexical(user_id, keys, weights, average, slope, kinds, conversation_id, since, until, count)
-- The best by words among the entries that hold one of the keys. A key belongs to one user; user_id is asked for all
-- the same. Longer entries count less: (1 + k1) / (1 + k1 (1 - b + b length / average)) with k1 = 0.6 and b = slope.
SELECT subject_id
FROM search_entries
WHERE keys && :keys::bigint[] AND user_id || '' = :user_id
  AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR occurred_at < :until)
ORDER BY (weights <#> (SELECT :weights::text::sparsevec))
             / (1 + 0.6 * (1 - :slope::float8 + :slope::float8 * length / :average::float8)),
         subject_id DESC
LIMIT :count;

-- name: list_candidates(user_id, subject_ids, anchors, reach, weights, average, slope, model_id, vector, kinds, conversation_id, since, until)
-- What was found by words or by meaning, and the turns that stand beside the anchors in their conversations; of each
-- how well its own words match, and its own meaning.
WITH beside AS (
    SELECT turn.subject_id FROM search_entries AS anchor
    JOIN search_entries AS turn ON turn.conversation_id = anchor.conversation_id
         AND turn.place BETWEEN anchor.place - :reach AND anchor.place + :reach
    WHERE anchor.subject_id = ANY(:anchors::uuid[]) AND anchor.user_id = :user_id AND anchor.place IS NOT NULL
), wanted AS (
    SELECT unnest(:subject_ids::uuid[]) AS subject_id UNION SELECT subject_id FROM beside
)
SELECT entry.subject_id, entry.kind, entry.conversation_id, entry.place, entry.occurred_at,
       coalesce(- (entry.weights <#> (SELECT :weights::text::sparsevec)), 0)
           * 1.6 / (1 + 0.6 * (1 - :slope::float8 + :slope::float8 * entry.length / :average::float8)) AS lexical,
       (SELECT 1 - min(embedding <=> (SELECT :vector::text::halfvec)) FROM embeddings
        WHERE subject_id = entry.subject_id AND model_id = :model_id AND :vector IS NOT NULL) AS similarity
FROM wanted JOIN search_entries AS entry USING (subject_id)
WHERE entry.user_id || '' = :user_id
  AND (:kinds::text[] IS NULL OR entry.kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR entry.conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR entry.occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR entry.occurred_at < :until);

-- name: list_contents(user_id, subject_ids)
SELECT subject_id, content FROM search_entries WHERE user_id = :user_id AND subject_id = ANY(:subject_ids::uuid[]);

-- name: find_content(user_id, subject_id)$
SELECT content FROM search_entries WHERE user_id = :user_id AND subject_id = :subject_id;
