-- name: describe_query(user_id, content)
-- The terms of a query, each with its key and the number of the user's entries that contain it. The number is looked up
-- per term: for a join the planner would read the numbers of all terms.
SELECT word, key, coalesce((SELECT documents FROM term_statistics
                            WHERE user_id = :user_id AND term_statistics.key = words.key), 0) AS documents
FROM (SELECT word, search_key(:user_id, term) AS key FROM search_words(:content) GROUP BY word, term) AS words;

-- name: find_search_statistics(user_id)^
SELECT documents, length, row_security_active('search_entries') AS row_security
FROM search_statistics WHERE user_id = :user_id AND documents > 0;

-- A generic plan would convert the text of a vector once per row; a subselect converts it once. `user_id || ''` prevents
-- the planner from scanning all entries of the user.

-- name: list_lexical(user_id, project_id, keys, weights, average, slope, kinds, conversation_id, since, until, count)
-- The best lexical matches among the entries that contain one of the keys. A key belongs to one user; user_id is checked
-- in addition. Entries of the profile are found in each project, those of archived projects only in theirs. BM25 length normalisation: (1 + k1) / (1 + k1 (1 - b + b length / average)) with k1 = 0.6 and b = slope.
SELECT subject_id
FROM search_entries
WHERE keys && :keys::bigint[] AND user_id || '' = :user_id
  AND (project_id IS NULL OR project_id = :project_id OR (:project_id::uuid IS NULL AND (
      :conversation_id::uuid IS NOT NULL OR project_id <> ALL (ARRAY(
          SELECT a.id FROM projects AS a WHERE a.user_id = :user_id AND a.archived_at IS NOT NULL)))))
  AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR occurred_at < :until)
ORDER BY (weights <#> (SELECT :weights::text::sparsevec))
             / (1 + 0.6 * (1 - :slope::float8 + :slope::float8 * length / :average::float8)),
         subject_id DESC
LIMIT :count;

-- name: list_candidates(user_id, project_id, subject_ids, anchors, reach, weights, average, slope, model_id, vector, kinds, conversation_id, since, until)
-- The found entries and the messages at most `reach` places from an anchor in its conversation, each with its lexical
-- and its vector score. The ids are one array that is looked up in the primary key: the planner overestimates the
-- number of neighbours in a conversation, and would scan all entries instead of joining. The range of places is computed
-- first: with row-level security an index condition must not contain a subtraction, because an error of the subtraction
-- could reveal a row.
WITH reached AS MATERIALIZED (
    SELECT conversation_id, place - :reach AS first, place + :reach AS last FROM search_entries
    WHERE subject_id = ANY(:anchors::uuid[]) AND user_id = :user_id AND place IS NOT NULL
), neighbours AS (
    SELECT turn.subject_id FROM reached JOIN search_entries AS turn USING (conversation_id)
    WHERE turn.place BETWEEN reached.first AND reached.last
)
SELECT entry.subject_id, entry.project_id, entry.kind, entry.conversation_id, entry.place, entry.occurred_at,
       entry.length, left(entry.content, 400) ~ '[ぁ-ヿ㐀-鿿ｦ-ﾟ]' AS japanese,
       coalesce(- (entry.weights <#> (SELECT :weights::text::sparsevec)), 0)
           * 1.6 / (1 + 0.6 * (1 - :slope::float8 + :slope::float8 * entry.length / :average::float8)) AS lexical,
       (SELECT 1 - min(embedding <=> (SELECT :vector::text::halfvec)) FROM embeddings
        WHERE subject_id = entry.subject_id AND model_id = :model_id AND :vector IS NOT NULL) AS similarity
FROM search_entries AS entry
WHERE entry.subject_id = ANY(ARRAY(SELECT unnest(:subject_ids::uuid[]) UNION SELECT subject_id FROM neighbours))
  AND entry.user_id || '' = :user_id
  AND (entry.project_id IS NULL OR entry.project_id = :project_id OR (:project_id::uuid IS NULL AND (
      :conversation_id::uuid IS NOT NULL OR entry.project_id <> ALL (ARRAY(
          SELECT a.id FROM projects AS a WHERE a.user_id = :user_id AND a.archived_at IS NOT NULL)))))
  AND (:kinds::text[] IS NULL OR entry.kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR entry.conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR entry.occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR entry.occurred_at < :until);

-- name: list_contents(user_id, subject_ids, characters)
-- The beginnings of the texts.
SELECT subject_id, left(content, :characters) AS content FROM search_entries WHERE user_id = :user_id AND subject_id = ANY(:subject_ids::uuid[]);

-- name: find_content(user_id, subject_id, characters)^
SELECT left(content, :characters) AS content, project_id FROM search_entries WHERE user_id = :user_id AND subject_id = :subject_id;
