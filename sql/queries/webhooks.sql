-- name: list_webhooks(project_id)
-- Oldest first.
SELECT {columns:WebhookRow:w} FROM webhooks AS w WHERE w.project_id = :project_id ORDER BY w.id;

-- name: find_webhook(user_id, id)^
-- A webhook of a project that the user sees.
SELECT {columns:WebhookRow:w} FROM webhooks AS w WHERE {visible:w.project_id} AND w.id = :id;

-- name: count_webhooks(project_id)$
SELECT count(*) FROM webhooks WHERE project_id = :project_id;

-- name: insert_webhook(project_id, user_id, url, description, kinds, enabled)$
INSERT INTO webhooks (project_id, user_id, url, description, kinds, enabled)
VALUES (:project_id, :user_id, :url, :description, :kinds::text[], :enabled) RETURNING id;

-- name: update_webhook(id, url, description, kinds, enabled)!
-- A webhook that is enabled again sends at once what waits for an attempt.
WITH due AS (
    UPDATE webhook_deliveries AS d SET next_attempt_at = least(d.next_attempt_at, now())
    FROM webhooks AS w WHERE w.id = :id AND d.webhook_id = w.id AND d.status = 'pending' AND :enabled AND NOT w.enabled
)
UPDATE webhooks
SET url = :url, description = :description, kinds = :kinds::text[], enabled = :enabled,
    disabled_reason = CASE WHEN NOT :enabled THEN disabled_reason END,
    disabled_reason_key = CASE WHEN NOT :enabled THEN disabled_reason_key END, updated_at = now()
WHERE id = :id;

-- name: delete_webhook(id)!
DELETE FROM webhooks WHERE id = :id;

-- name: expire_webhook_secrets(webhook_id, seconds)!
-- The current secret signs for this time; an earlier one does not sign any more.
WITH earlier AS (DELETE FROM webhook_secrets WHERE webhook_id = :webhook_id AND expires_at IS NOT NULL)
UPDATE webhook_secrets SET expires_at = now() + make_interval(secs => :seconds)
WHERE webhook_id = :webhook_id AND expires_at IS NULL;

-- name: insert_webhook_secret(webhook_id, secret)!
INSERT INTO webhook_secrets (webhook_id, secret) VALUES (:webhook_id, :secret);

-- name: insert_test_delivery(webhook_id, kind)$
INSERT INTO webhook_deliveries (webhook_id, kind, subject_id, payload, occurred_at, next_attempt_at)
VALUES (:webhook_id, :kind, :webhook_id, '{}', now(), now()) RETURNING id;

-- name: list_deliveries_of_webhooks(user_id, webhook_ids, status, before, count)
-- Of each webhook of a project that the user administers, newest first, with an id below `before`, in this state unless it
-- is null.
SELECT {columns:WebhookDeliveryRow:d} FROM webhooks AS w
JOIN project_members AS m ON m.project_id = w.project_id AND m.user_id = :user_id AND m.role = 'admin'
CROSS JOIN LATERAL (
    SELECT * FROM webhook_deliveries
    WHERE webhook_id = w.id AND id < :before AND (:status::text IS NULL OR status = :status)
    ORDER BY id DESC LIMIT :count
) AS d
WHERE w.id = ANY(:webhook_ids::uuid[]) ORDER BY d.id DESC;

-- name: find_webhook_delivery(id)^
SELECT {columns:WebhookDeliveryRow:d} FROM webhook_deliveries AS d WHERE d.id = :id;

-- name: replay_deliveries(webhook_id, ids)$
-- Makes dead deliveries pending: those with the ids, or all when `ids` is null. Returns how many.
WITH replayed AS (
    UPDATE webhook_deliveries SET status = 'pending', attempts = 0, waited_seconds = 0, next_attempt_at = now(), ended_at = NULL
    WHERE webhook_id = :webhook_id AND status = 'dead' AND (:ids::uuid[] IS NULL OR id = ANY(:ids::uuid[]))
    RETURNING id
)
SELECT count(*) FROM replayed;
