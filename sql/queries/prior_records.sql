-- name: list_prior_specifications(project_id, near, count)
-- Approved specifications that are not superseded: those in `near` first, then the latest. Only their first 20,000
-- characters.
SELECT id, title, left(content, 20000) AS content FROM specifications
WHERE project_id = :project_id AND status = 'approved' AND superseded_by IS NULL
ORDER BY id = ANY(:near::uuid[]) DESC, id DESC LIMIT :count;

-- name: list_prior_intents(project_id, before, words, count)
-- Earlier intents that share terms with the text, those that share most first. Uses the search index.
WITH wanted AS MATERIALIZED (
    SELECT array_agg(DISTINCT search_key(:project_id::uuid, term)) AS keys FROM search_words(:words)
), matching AS (
    SELECT e.subject_id, (SELECT count(*) FROM unnest(e.keys) AS k (key) WHERE k.key = ANY(wanted.keys)) AS shared
    FROM wanted JOIN search_entries AS e ON e.keys && wanted.keys
    WHERE e.scope_id = :project_id AND e.kind = 'intent' AND e.subject_id < :before
    ORDER BY shared DESC, e.subject_id DESC LIMIT :count * 3
)
SELECT {columns:PriorIntentRow:i} FROM matching AS s JOIN intents AS i ON i.id = s.subject_id
WHERE i.status NOT IN ('failed', 'cancelled') AND i.superseded_by IS NULL
ORDER BY s.shared DESC, i.id DESC LIMIT :count;

-- name: find_prior_intents(project_id, before, ids)
-- Those of the ids that are earlier intents and were neither superseded, nor failed or cancelled.
SELECT {columns:PriorIntentRow:i} FROM intents AS i
WHERE i.project_id = :project_id AND i.id = ANY(:ids::uuid[]) AND i.id < :before
  AND i.status NOT IN ('failed', 'cancelled') AND i.superseded_by IS NULL;
