-- name: insert_session(user_id, intent_id, fence, session_id)$
-- Returns nothing when the claim is lost, as do the statements for executions. A confirmation is valid for one session:
-- if this session is interrupted, the user has to confirm the next one.
WITH begun AS (
    UPDATE intents SET confirmed_at = NULL
    WHERE id = :intent_id AND user_id = :user_id AND fence = :fence AND status = 'processing'
    RETURNING id
)
INSERT INTO claude_code_sessions (user_id, intent_id, session_id, status, started_at)
SELECT :user_id, id, :session_id, 'running', now() FROM begun
RETURNING session_id;

-- name: fail_running_sessions(user_id, intent_id, error, error_key, error_params)!
UPDATE claude_code_sessions
SET status = 'failed', (error_message, error_key, error_params) = (:error, :error_key, :error_params),
    completed_at = now(), updated_at = now()
WHERE user_id = :user_id AND intent_id = :intent_id AND status IN ('pending', 'running');

-- name: finish_session(user_id, session_id, status, seconds, error, error_key, error_params)!
UPDATE claude_code_sessions
SET status = :status, total_duration_seconds = :seconds,
    (error_message, error_key, error_params) = (:error, :error_key, :error_params), completed_at = now(),
    updated_at = now()
WHERE user_id = :user_id AND session_id = :session_id AND status = 'running';

-- name: insert_execution(user_id, intent_id, fence, session_id, execution_order, tool_name, input, error, error_key, error_params)$
-- A call that is running is not a success yet.
INSERT INTO claude_code_executions (user_id, session_id, execution_order, tool_name, input, success, error_message,
                                    error_key, error_params)
SELECT :user_id, :session_id, :execution_order, :tool_name, :input, false, :error, :error_key, :error_params
FROM intents
WHERE id = :intent_id AND user_id = :user_id AND fence = :fence AND status = 'processing'
RETURNING id;

-- name: finish_execution(user_id, intent_id, fence, session_id, execution_order, output, error, error_key, error_params, duration_ms)$
UPDATE claude_code_executions AS e
SET output = :output, success = :error::text IS NULL,
    (error_message, error_key, error_params) = (:error, :error_key, :error_params), duration_ms = :duration_ms
FROM intents AS i
WHERE e.user_id = :user_id AND e.session_id = :session_id AND e.execution_order = :execution_order
  AND i.id = :intent_id AND i.fence = :fence AND i.status = 'processing'
RETURNING e.id;

-- name: find_sessions(user_id, ids)
SELECT {columns:CodeSessionRow} FROM claude_code_sessions AS s WHERE id = ANY(:ids::uuid[]) AND EXISTS (
    SELECT FROM intents AS i WHERE i.id = s.intent_id AND {visible:i.project_id});

-- name: list_sessions_of_intents(user_id, intent_ids)
-- Oldest first within each intent.
SELECT {columns:CodeSessionRow}
FROM claude_code_sessions AS s WHERE intent_id = ANY(:intent_ids::uuid[]) AND EXISTS (
    SELECT FROM intents AS i WHERE i.id = s.intent_id AND {visible:i.project_id})
ORDER BY intent_id, id;

-- name: list_executions_of_sessions(user_id, session_ids)
-- In the order of the calls.
SELECT s.id AS session, e.execution_order, e.tool_name, e.input, e.output, e.success, e.error_message,
       e.error_key, e.error_params, e.executed_at, e.duration_ms
FROM claude_code_executions AS e JOIN claude_code_sessions AS s ON s.session_id = e.session_id
WHERE s.id = ANY(:session_ids::uuid[]) AND EXISTS (
    SELECT FROM intents AS i WHERE i.id = s.intent_id AND {visible:i.project_id})
ORDER BY s.id, e.execution_order;
