-- name: upsert_agents(user_ids, names, project_ids, token_ids, first_used, last_used, calls)!
-- In the order of their keys, so that concurrent processes wait for each other without a deadlock.
INSERT INTO agents (user_id, name, project_id, token_id, first_used_at, last_used_at, calls)
SELECT a.user_id, a.name, a.project_id, a.token_id, a.first_used_at, a.last_used_at, a.calls
FROM unnest(:user_ids::text[], :names::text[], :project_ids::uuid[], :token_ids::uuid[], :first_used::timestamptz[],
            :last_used::timestamptz[], :calls::bigint[])
    AS a (user_id, name, project_id, token_id, first_used_at, last_used_at, calls)
JOIN users AS u ON u.id = a.user_id
ORDER BY a.user_id, a.name, a.project_id, a.token_id
ON CONFLICT (user_id, name, project_id, token_id) DO UPDATE
SET last_used_at = greatest(agents.last_used_at, EXCLUDED.last_used_at), calls = agents.calls + EXCLUDED.calls;

-- name: delete_oldest_agents(user_ids, kept)!
-- All but the `kept` of each user that were used last.
DELETE FROM agents WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY last_used_at DESC, id DESC) AS place
        FROM agents WHERE user_id = ANY(:user_ids::text[])
    ) AS numbered WHERE place > :kept
);

-- name: list_agents(user_id, before_time, before_id, count)
-- Those used last first.
SELECT {columns:AgentRow:a} FROM agents AS a
WHERE a.user_id = :user_id AND (a.last_used_at, a.id) < (:before_time::timestamptz, :before_id::uuid)
ORDER BY a.last_used_at DESC, a.id DESC LIMIT :count;

-- name: find_agent(user_id, id)^
SELECT name, project_id FROM agents WHERE user_id = :user_id AND id = :id;

-- name: list_actions_of_agent(user_id, name, agent_project_id, project_id, statuses, actor, before, count)
-- What the agents of this name have done or proposed for the user, newest first, with an id below `before`. A null
-- project includes all.
SELECT {columns:ActionRow} FROM actions
WHERE user_id = :user_id AND actor LIKE 'agent:%' AND actor = 'agent:' || :name::text AND {visible:scope_id}
  AND (:agent_project_id::uuid IS NULL OR project_id = :agent_project_id)
  AND (:project_id::uuid IS NULL OR project_id = :project_id)
  AND (:actor::text IS NULL OR actor = :actor)
  AND status = ANY(:statuses::text[]) AND id < :before
ORDER BY id DESC LIMIT :count;
