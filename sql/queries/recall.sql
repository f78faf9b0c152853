-- name: list_recollections(user_id, before, terms, least, count)
-- The user's own earlier words and intents that share most of the terms, among the latest 2,000 of each.
WITH said AS (
    (SELECT 'message' AS kind, id, created_at, content FROM messages
     WHERE user_id = :user_id AND id < :before AND message_type = 'user' ORDER BY id DESC LIMIT 2000)
    UNION ALL
    (SELECT 'intent', id, created_at, description FROM intents
     WHERE user_id = :user_id AND id < :before ORDER BY id DESC LIMIT 2000)
), scored AS (
    SELECT kind, id, created_at, content,
           (SELECT count(*) FROM unnest(:terms::text[]) AS t (term) WHERE strpos(lower(content), term) > 0) AS shared
    FROM said
)
SELECT DISTINCT ON (shared, content) kind, id, created_at, left(content, 2000) AS content
FROM scored WHERE shared >= :least
ORDER BY shared DESC, content, created_at LIMIT :count;
