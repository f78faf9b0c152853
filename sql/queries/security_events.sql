-- name: insert_security_event(kind, user_id, actor, address, detail)!
INSERT INTO security_events (kind, user_id, actor, address, detail)
VALUES (:kind, :user_id, :actor, :address, :detail);

-- name: list_security_events(kinds, before, count)
-- Of all users, newest first, with an id below `before`: the resolver allows it for owners only. Null `kinds` keeps
-- all.
SELECT e.id, e.kind, e.user_id, e.actor, e.address, e.detail, e.created_at,
       account.display_name AS user_name, actor.display_name AS actor_name
FROM security_events AS e
LEFT JOIN users AS account ON account.id = e.user_id
LEFT JOIN users AS actor ON actor.id = e.actor
WHERE e.id < :before AND (:kinds::text[] IS NULL OR e.kind = ANY(:kinds::text[]))
ORDER BY e.id DESC LIMIT :count;
