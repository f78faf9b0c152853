-- name: list_recollections(user_id, before, terms, least, count)
-- The user's own earlier words and intents that contain most of the terms, among the latest 2,000 of each. A message
-- and the intent that says the same are one, the earlier; of long ones the first 2,000 characters count.
WITH said AS MATERIALIZED (
    (SELECT 'message' AS kind, id, created_at, left(content, 2000) AS content,
            lower(left(content, 2000)) AS plain FROM messages
     WHERE user_id = :user_id AND id < :before AND message_type = 'user' ORDER BY id DESC LIMIT 2000)
    UNION ALL
    (SELECT 'intent', id, created_at, left(description, 2000), lower(left(description, 2000)) FROM intents
     WHERE user_id = :user_id AND id < :before ORDER BY id DESC LIMIT 2000)
), counted AS (
    SELECT kind, id, created_at, content,
           (SELECT count(*) FROM unnest(:terms::text[]) AS t (term) WHERE strpos(plain, term) > 0) AS shared
    FROM said
), distinct_words AS (
    SELECT DISTINCT ON (content) kind, id, created_at, content, shared
    FROM counted WHERE shared >= :least ORDER BY content, id
)
SELECT kind, id, created_at, content FROM distinct_words ORDER BY shared DESC, id DESC LIMIT :count;
