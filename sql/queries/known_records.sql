-- name: list_known_intents(user_id, project_id, open_count, ended_count)
-- The newest open intents, and those that ended last; the first 400 characters of each.
(SELECT id, left(description, 400) AS description, intent_type, status, assignee, due_at,
        recurrence, created_at, updated_at
 FROM intents WHERE {visible:project_id} AND project_id = :project_id
   AND status IN ('pending', 'processing', 'awaiting_confirmation')
 ORDER BY id DESC LIMIT :open_count)
UNION ALL
(SELECT id, left(description, 400), intent_type, status, assignee, due_at, recurrence, created_at, updated_at
 FROM intents WHERE {visible:project_id} AND project_id = :project_id AND status IN ('completed', 'failed', 'cancelled')
 ORDER BY id DESC LIMIT :ended_count);

-- name: list_known_decisions(user_id, project_id, count)
-- Accepted decisions first, then proposed and superseded ones; newest first.
SELECT d.id, d.number, left(d.title, 400) AS title, d.kind, d.topic, d.topic_key, d.status, d.decided_at,
       chosen.label AS chosen,
       array(SELECT o.label FROM decision_options AS o WHERE o.decision_id = d.id AND o.id <> d.chosen_option_id
             ORDER BY o.place) AS rejected,
       left(d.value, 400) AS value, left(d.rationale, 400) AS rationale, d.superseded_by
FROM decisions AS d LEFT JOIN decision_options AS chosen ON chosen.id = d.chosen_option_id
WHERE {visible:d.project_id} AND d.project_id = :project_id AND d.status IN ('accepted', 'proposed', 'superseded')
ORDER BY d.status = 'accepted' DESC, d.id DESC LIMIT :count;

-- name: list_known_memories(scopes, project_id, count)
-- The newest memories of the project and of the profile that are in use; the first 400 characters of each.
SELECT id, content, created_at FROM (
    (SELECT id, left(content, 400) AS content, created_at FROM memories
     WHERE scope_id = ANY(:scopes::uuid[]) AND project_id = :project_id AND NOT archived AND (expires_at IS NULL OR expires_at > now())
     ORDER BY id DESC LIMIT :count)
    UNION ALL
    (SELECT id, left(content, 400), created_at FROM memories
     WHERE scope_id = ANY(:scopes::uuid[]) AND profile AND NOT archived AND (expires_at IS NULL OR expires_at > now())
     ORDER BY id DESC LIMIT :count)
) AS known
ORDER BY id DESC LIMIT :count;

-- name: list_known_specifications(user_id, project_id, count)
-- The newest ones.
SELECT id, title, status, updated_at FROM specifications
WHERE {visible:project_id} AND project_id = :project_id
ORDER BY id DESC LIMIT :count;

-- name: list_past_actions(user_id, conversation_id, before, count)
-- What the messages on the way to the message `before` led to, newest first.
SELECT a.tool, a.status, a.subject_id, a.arguments, a.message_id
FROM actions AS a JOIN messages AS m ON m.id = a.message_id
WHERE {visible:a.scope_id} AND m.conversation_id = :conversation_id AND a.message_id < :before
  AND (m.branch IS NULL OR m.branch = ANY((SELECT versions_above(:before))::uuid[]))
  AND (m.version_of IS NULL OR m.id = ANY((SELECT versions_above(:before))::uuid[]))
ORDER BY a.id DESC LIMIT :count;

-- name: list_holds(user_id, ids)
-- Why intents and decisions wait: their pending contradictions, the latest first.
SELECT coalesce(decision_id, intent_id) AS subject_id, explanation, key, params FROM contradictions
WHERE {visible:project_id} AND status = 'pending' AND (intent_id = ANY(:ids::uuid[]) OR decision_id = ANY(:ids::uuid[]))
ORDER BY id DESC;
