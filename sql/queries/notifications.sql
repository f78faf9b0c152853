-- name: insert_notifications(user_ids, project_id, title, message, key, params, notification_type, intent_id, source_message_id, occurrence, metadata)!
-- One for each of the users; nothing for who has one of the occurrence. Its project is that of the intent or of the
-- message, else the given one. A user may write notifications of others but not read them, so it returns nothing, and
-- ON CONFLICT names no columns.
INSERT INTO notifications (user_id, project_id, title, message, key, params, notification_type, intent_id, source_message_id,
                           occurrence, metadata)
SELECT u.id, :project_id::uuid, :title, :message, :key, :params::jsonb, :notification_type, :intent_id::uuid,
       :source_message_id::uuid, :occurrence, :metadata::jsonb
FROM unnest(:user_ids::text[]) AS u (id)
ON CONFLICT DO NOTHING;

-- name: list_notifications(user_id, before, count)
-- Newest first.
SELECT {columns:NotificationRow:n} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM notifications WHERE scope_id = scopes.id AND id < :before ORDER BY id DESC LIMIT :count
) AS n ORDER BY n.id DESC LIMIT :count;

-- name: list_unread_notifications(user_id, before, count)
-- Newest first.
SELECT {columns:NotificationRow:n} FROM {scopes} CROSS JOIN LATERAL (
    SELECT * FROM notifications WHERE scope_id = scopes.id AND id < :before AND NOT is_read ORDER BY id DESC LIMIT :count
) AS n ORDER BY n.id DESC LIMIT :count;

-- name: find_notifications(user_id, ids)
SELECT {columns:NotificationRow} FROM notifications WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]);

-- name: count_unread_notifications(user_id)$
-- Not those of archived projects.
SELECT count(*) FROM notifications
WHERE NOT is_read
  AND scope_id = ANY (ARRAY(SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = :user_id AND NOT s.archived));

-- name: mark_notifications_read(user_id, ids)$
-- All of them when `ids` is null; returns how many changed.
WITH changed AS (
    UPDATE notifications SET is_read = true
    WHERE {visible:scope_id} AND NOT is_read AND (:ids::uuid[] IS NULL OR id = ANY(:ids::uuid[]))
    RETURNING 1
)
SELECT count(*) FROM changed;
