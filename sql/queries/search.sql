-- name: list_search_scopes(user_id, project_id, archived)
-- The scopes that a search reads: those of the project and of the profile, or all; `archived`: also those of archived
-- projects.
SELECT scope_id FROM user_scopes
WHERE user_id = :user_id AND (project_id IS NULL OR project_id = :project_id
                              OR (:project_id::uuid IS NULL AND (NOT archived OR :archived)));

-- name: describe_query(scopes, content)
-- The terms of a query, each with its keys in the scopes and the number of entries that contain it. The number is looked
-- up per key: for a join the planner would read the numbers of all terms.
SELECT word, array_agg(key) AS keys, sum(documents)::bigint AS documents, term FROM (
    SELECT word, term, key, coalesce((SELECT documents FROM term_statistics AS t
                                      WHERE t.scope_id = words.scope_id AND t.key = words.key), 0) AS documents
    FROM (SELECT word, term, scope_id, search_key(scope_id, term) AS key
          FROM (SELECT DISTINCT word, term FROM search_words(:content)) AS terms, unnest(:scopes::uuid[]) AS scope_id
    ) AS words
) AS counted GROUP BY word, term;

-- name: find_search_statistics(scopes)^
SELECT sum(documents)::bigint AS documents, sum(length)::bigint AS length,
       row_security_active('search_entries') AS row_security
FROM search_statistics WHERE scope_id = ANY(:scopes::uuid[]) AND documents > 0
HAVING sum(documents) > 0;

-- A generic plan would convert the text of a vector once per row; a subselect converts it once. IS TRUE prevents the
-- planner from scanning all entries of the scopes.

-- name: list_lexical(scopes, keys, weights, average, slope, kinds, conversation_id, since, until, count)
-- The best lexical matches among the entries that contain one of the keys. A key belongs to one scope; the scope is checked
-- in addition. BM25 length normalisation: (1 + k1) / (1 + k1 (1 - b + b length / average)) with k1 = 0.6 and b = slope.
SELECT subject_id
FROM search_entries
WHERE keys && :keys::bigint[] AND (scope_id = ANY(:scopes::uuid[])) IS TRUE
  AND (:kinds::text[] IS NULL OR kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR occurred_at < :until)
ORDER BY (weights <#> (SELECT :weights::text::sparsevec))
             / (1 + 0.6 * (1 - :slope::float8 + :slope::float8 * length / :average::float8)),
         subject_id DESC
LIMIT :count;

-- name: list_candidates(scopes, subject_ids, anchors, reach, weights, average, slope, model_id, vector, kinds, conversation_id, since, until)
-- The found entries and the messages at most `reach` places from an anchor in its conversation, each with its lexical
-- and its vector score. The ids are one array that is looked up in the primary key: the planner overestimates the
-- number of neighbours in a conversation, and would scan all entries instead of joining. The range of places is computed
-- first: with row-level security an index condition must not contain a subtraction, because an error of the subtraction
-- could reveal a row.
WITH reached AS MATERIALIZED (
    SELECT conversation_id, place - :reach AS first, place + :reach AS last FROM search_entries
    WHERE subject_id = ANY(:anchors::uuid[]) AND scope_id = ANY(:scopes::uuid[]) AND place IS NOT NULL
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
  AND (entry.scope_id = ANY(:scopes::uuid[])) IS TRUE
  AND (:kinds::text[] IS NULL OR entry.kind = ANY(:kinds))
  AND (:conversation_id::uuid IS NULL OR entry.conversation_id = :conversation_id)
  AND (:since::timestamptz IS NULL OR entry.occurred_at >= :since)
  AND (:until::timestamptz IS NULL OR entry.occurred_at < :until);

-- name: list_contents(user_id, subject_ids, characters)
-- The beginnings of the texts.
SELECT subject_id, left(content, :characters) AS content FROM search_entries WHERE {visible:scope_id} AND subject_id = ANY(:subject_ids::uuid[]);

-- name: find_content(user_id, subject_id, characters)^
SELECT left(content, :characters) AS content, project_id FROM search_entries WHERE {visible:scope_id} AND subject_id = :subject_id;
