-- name: claim_intents(bridge_id, actor, lease_seconds, after, count)
-- Claims from users in turn: those after the user `after` first, then from the beginning. Each user gets an equal
-- share, the most urgent intents first. Locked rows are skipped. `turn` is the user's position in this order.
-- The ORDER BY is that of the index intents_claimable and the UPDATE selects by id: with outdated statistics the planner
-- would scan all finished intents.
WITH RECURSIVE later AS (
    (SELECT user_id FROM intents
     WHERE status = 'pending' AND next_attempt_at IS NULL AND assignee = 'assistant' AND NOT withheld AND user_id > :after
     ORDER BY user_id, priority DESC, id LIMIT 1)
    UNION ALL
    SELECT (SELECT i.user_id FROM intents AS i
            WHERE i.status = 'pending' AND i.next_attempt_at IS NULL AND i.assignee = 'assistant' AND NOT i.withheld
              AND i.user_id > later.user_id
            ORDER BY i.user_id, i.priority DESC, i.id LIMIT 1)
    FROM later WHERE later.user_id IS NOT NULL
), earlier AS (
    (SELECT user_id FROM intents
     WHERE status = 'pending' AND next_attempt_at IS NULL AND assignee = 'assistant' AND NOT withheld AND user_id <= :after
     ORDER BY user_id, priority DESC, id LIMIT 1)
    UNION ALL
    SELECT (SELECT i.user_id FROM intents AS i
            WHERE i.status = 'pending' AND i.next_attempt_at IS NULL AND i.assignee = 'assistant' AND NOT i.withheld
              AND i.user_id > earlier.user_id AND i.user_id <= :after
            ORDER BY i.user_id, i.priority DESC, i.id LIMIT 1)
    FROM earlier WHERE earlier.user_id IS NOT NULL
), users_in_turn AS MATERIALIZED (
    SELECT user_id, row_number() OVER () AS turn FROM (
        (SELECT user_id FROM later WHERE user_id IS NOT NULL LIMIT :count)
        UNION ALL
        (SELECT user_id FROM earlier WHERE user_id IS NOT NULL LIMIT :count)
        LIMIT :count
    ) AS users
), due AS MATERIALIZED (
    SELECT own.id, users_in_turn.turn FROM users_in_turn CROSS JOIN LATERAL (
        SELECT id FROM intents
        WHERE status = 'pending' AND next_attempt_at IS NULL AND assignee = 'assistant' AND NOT withheld
          AND user_id = users_in_turn.user_id
        ORDER BY priority DESC, id LIMIT (SELECT ceil(:count::numeric / count(*)) FROM users_in_turn)
        FOR UPDATE SKIP LOCKED
    ) AS own LIMIT :count
)
UPDATE intents AS i
SET status = 'processing', claimed_by = :bridge_id, lease_until = now() + :lease_seconds * interval '1 second',
    fence = i.fence + 1, attempts = i.attempts + 1, (error, error_key, error_params) = (NULL, NULL, NULL),
    actor = :actor, (reason, reason_key, reason_params) = (NULL, NULL, NULL), updated_at = now()
FROM due WHERE i.id = due.id AND i.id = ANY(ARRAY(SELECT id FROM due))
RETURNING {columns:IntentRow:i}, i.fence,
          now() AS claimed_at, i.checked_at, i.confirmed_at IS NOT NULL AS confirmed, due.turn;

-- name: wake_due_intents(now)
-- Makes intents claimable when their `next_attempt_at` is reached, by the clock of the worker or of the database: a worker
-- whose clock is slow postpones nothing.
WITH due AS (
    SELECT id FROM intents WHERE status = 'pending' AND next_attempt_at <= greatest(:now, now()) AND NOT withheld
    LIMIT 1000 FOR UPDATE SKIP LOCKED
)
UPDATE intents AS i SET next_attempt_at = NULL, updated_at = now() FROM due WHERE i.id = due.id RETURNING i.user_id;

-- name: renew_intents(bridge_id, ids, lease_seconds)
-- Returns the claims that are still held. A lease is extended when a sixth of it is over, because a read is cheaper
-- than a write.
WITH held AS (
    SELECT id, fence, lease_until FROM intents WHERE claimed_by = :bridge_id AND id = ANY(:ids::uuid[])
), renewed AS (
    UPDATE intents AS i SET lease_until = now() + :lease_seconds * interval '1 second'
    FROM held WHERE i.id = held.id AND i.claimed_by = :bridge_id
      AND held.lease_until < now() + :lease_seconds * interval '1 second' * 5 / 6
)
SELECT id, fence FROM held;

-- name: set_intent_classification(id, fence, intent_type, classification, due_at)$
UPDATE intents
SET intent_type = :intent_type, classification = :classification, due_at = :due_at, confirmed_at = NULL,
    updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: mark_intent_checked(id, fence, checked_at)$
UPDATE intents SET checked_at = :checked_at WHERE id = :id AND fence = :fence AND status = 'processing' RETURNING id;

-- name: mark_intent_awaiting_confirmation(id, fence, actor, reason, reason_key, reason_params, metadata)$
-- Until the user confirms it or resolves its contradictions. It does not count as an attempt.
UPDATE intents
SET status = 'awaiting_confirmation', checked_at = now(), claimed_by = NULL, lease_until = NULL,
    metadata = metadata || :metadata::jsonb,
    attempts = attempts - 1, progress = NULL, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: hand_intent_to_person(id, fence, metadata, actor, reason, reason_key, reason_params)$
-- It becomes a to-do of its user, which no worker claims. It does not count as an attempt.
UPDATE intents
SET status = 'pending', assignee = 'person', assignee_id = user_id, claimed_by = NULL, lease_until = NULL,
    attempts = attempts - 1, next_attempt_at = NULL, progress = NULL, metadata = metadata || :metadata::jsonb,
    actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: set_intent_progress(id, fence, progress)$
UPDATE intents SET progress = :progress, updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: lock_claim(id, fence)$
-- Returns the id if the claim is still held, and locks the row until the transaction ends.
SELECT id FROM intents WHERE id = :id AND fence = :fence AND status = 'processing' FOR UPDATE;

-- name: finish_intent(id, fence, status, result, error, error_key, error_params, metadata, actor, reason, reason_key, reason_params)$
UPDATE intents
SET status = :status, result = :result, (error, error_key, error_params) = (:error, :error_key, :error_params),
    metadata = metadata || :metadata::jsonb, progress = CASE :status WHEN 'completed' THEN 1.0 END,
    claimed_by = NULL, lease_until = NULL, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now(),
    processed_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: complete_intents(ids, fences, results, metadata, titles, messages, keys, params, kinds, actor)
-- Stores results and notifies in one statement. Returns the intents whose claims were still held.
WITH done AS (
    SELECT * FROM unnest(:ids::uuid[], :fences::bigint[], :results::jsonb[], :metadata::jsonb[], :titles::text[],
                         :messages::text[], :keys::text[], :params::jsonb[], :kinds::text[])
                  AS d (id, fence, result, metadata, title, message, key, params, kind)
), completed AS (
    UPDATE intents AS i
    SET status = 'completed', result = done.result, (error, error_key, error_params) = (NULL, NULL, NULL),
        metadata = i.metadata || done.metadata, progress = 1.0,
        claimed_by = NULL, lease_until = NULL, actor = :actor,
        (reason, reason_key, reason_params) = (NULL, NULL, NULL), updated_at = now(), processed_at = now()
    -- By id, not by status: with outdated statistics the planner expects thousands of rows in processing.
    FROM done WHERE i.id = ANY(:ids::uuid[]) AND i.id = done.id AND i.fence = done.fence
                AND i.status || '' = 'processing'
    RETURNING i.id, i.user_id, i.assignee_id, i.source_message_id, i.fence, done.title, done.message, done.key, done.params,
              done.kind
), notified AS (
    INSERT INTO notifications (user_id, title, message, key, params, notification_type, intent_id, source_message_id,
                               occurrence)
    SELECT concerned.user_id, title, message, key, params, kind, id, source_message_id, 'intent:' || id || ':' || fence
    FROM completed CROSS JOIN LATERAL (
        SELECT completed.user_id UNION SELECT assignee_id WHERE assignee_id IS NOT NULL) AS concerned
    ON CONFLICT (user_id, occurrence) DO NOTHING
)
SELECT id FROM completed;

-- name: postpone_intent(id, fence, until, attempts, error, error_key, error_params, actor, reason, reason_key, reason_params)$
-- Back to the queue until a time. `attempts` is the number of counted attempts.
UPDATE intents
SET status = 'pending', claimed_by = NULL, lease_until = NULL, next_attempt_at = :until, attempts = :attempts,
    (error, error_key, error_params) = (:error, :error_key, :error_params), progress = NULL, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE id = :id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: release_intents(bridge_id, actor, reason, reason_key, reason_params)
-- A worker that stops returns its claims. The attempt does not count.
WITH interrupted AS (
    UPDATE claude_code_sessions AS s
    SET status = 'failed', (error_message, error_key, error_params) = (:reason, :reason_key, :reason_params),
        completed_at = now(), updated_at = now()
    FROM intents AS i WHERE i.claimed_by = :bridge_id AND s.intent_id = i.id AND s.status IN ('pending', 'running')
)
UPDATE intents
SET status = 'pending', claimed_by = NULL, lease_until = NULL, attempts = attempts - 1, progress = NULL,
    actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params), updated_at = now()
WHERE claimed_by = :bridge_id
RETURNING user_id;

-- name: release_expired_intents(actor, reason, reason_key, reason_params)
-- Claims of killed workers. Locked rows are skipped: another process releases or finishes them.
WITH expired AS (
    SELECT id FROM intents WHERE claimed_by IS NOT NULL AND lease_until < now() FOR UPDATE SKIP LOCKED
), interrupted AS (
    UPDATE claude_code_sessions AS s
    SET status = 'failed', (error_message, error_key, error_params) = (:reason, :reason_key, :reason_params),
        completed_at = now(), updated_at = now()
    FROM expired WHERE s.intent_id = expired.id AND s.status IN ('pending', 'running')
)
UPDATE intents AS i
SET status = 'pending', claimed_by = NULL, lease_until = NULL, progress = NULL, actor = :actor,
    (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params),
    updated_at = now()
FROM expired WHERE i.id = expired.id
RETURNING i.user_id;
