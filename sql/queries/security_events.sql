-- name: insert_security_event(kind, user_id, actor, address, detail)!
INSERT INTO security_events (kind, user_id, actor, address, detail)
VALUES (:kind, :user_id, :actor, :address, :detail);

-- name: list_security_events(kinds, before, count)
-- Everybody's, newest first, older than `before`: the resolver lets owners only ask. Null `kinds` keeps all.
SELECT id, kind, user_id, actor, address, detail, created_at FROM security_events
WHERE id < :before AND (:kinds::text[] IS NULL OR kind = ANY(:kinds::text[]))
ORDER BY id DESC LIMIT :count;
