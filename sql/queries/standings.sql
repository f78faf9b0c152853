-- name: list_standing_choices(user_id, count)
-- What was decided and has not given way since, the latest first.
SELECT c.id, c.question, chosen.label AS chosen,
       array(SELECT label FROM choice_options WHERE choice_point_id = c.id AND id <> c.chosen_option_id) AS rejected
FROM choice_points AS c JOIN choice_options AS chosen ON chosen.id = c.chosen_option_id
WHERE c.user_id = :user_id AND c.superseded_by IS NULL
ORDER BY c.id DESC LIMIT :count;

-- name: list_standing_specifications(user_id, count)
-- What is approved and has not given way since, the latest first; of long ones the first 20,000 characters.
SELECT id, title, left(content, 20000) AS content FROM specifications
WHERE user_id = :user_id AND status = 'approved' AND superseded_by IS NULL
ORDER BY id DESC LIMIT :count;

-- name: list_standing_intents(user_id, before, plain, terms, least, names, count)
-- Earlier intents that say the same, share terms, or name one of the technologies, among the latest 10,000; the most
-- alike first.
WITH earlier AS MATERIALIZED (
    SELECT id, status, left(description, 2000) AS description, lower(left(description, 2000)) AS plain FROM intents
    WHERE user_id = :user_id AND id < :before AND status NOT IN ('failed', 'cancelled') AND superseded_by IS NULL
    ORDER BY id DESC LIMIT 10000
), counted AS (
    SELECT id, status, description,
           (SELECT count(*) FROM unnest(:terms::text[]) AS t (term) WHERE strpos(plain, term) > 0) AS shared,
           EXISTS (SELECT FROM unnest(:names::text[]) AS n (name) WHERE strpos(plain, name) > 0) AS named,
           plain = :plain AS same
    FROM earlier
)
SELECT id, status, description FROM counted WHERE shared >= :least OR named OR same
ORDER BY same DESC, shared DESC, id DESC LIMIT :count;

-- name: find_standing_intents(user_id, before, ids)
-- Those of the ids that are earlier intents and still stand.
SELECT id, status, left(description, 2000) AS description FROM intents
WHERE user_id = :user_id AND id = ANY(:ids::uuid[]) AND id < :before AND status NOT IN ('failed', 'cancelled')
  AND superseded_by IS NULL;
