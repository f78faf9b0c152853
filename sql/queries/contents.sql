-- The contents of records, so that an action can be undone. `content` is what a person sees: an undo restores it, and is
-- refused when it changed since. `kept` is restored with it, but not compared.

-- name: list_intent_contents(user_id, ids)
-- `attempts` shows that a worker has begun, so it is compared; it is not restored.
SELECT i.id, jsonb_build_object(
           'description', i.description, 'intent_type', i.intent_type, 'status', i.status, 'priority', i.priority,
           'assignee', i.assignee, 'assignee_id', i.assignee_id, 'labels', i.labels, 'recurrence', i.recurrence,
           'due_at', i.due_at, 'occurs_at', i.occurs_at, 'metadata', i.metadata, 'result', i.result, 'error', i.error, 'attempts', i.attempts,
           'contradictions', (SELECT coalesce(jsonb_agg(c.id ORDER BY c.id), '[]') FROM contradictions AS c
                              WHERE c.intent_id = i.id AND c.status = 'pending')) AS content,
       jsonb_build_object(
           'classification', i.classification, 'error_key', i.error_key, 'error_params', i.error_params,
           'next_attempt_at', i.next_attempt_at, 'processed_at', i.processed_at, 'checked_at', i.checked_at,
           'confirmed_at', i.confirmed_at, 'superseded_by', i.superseded_by) AS kept
FROM intents AS i WHERE {visible:i.project_id} AND i.id = ANY(:ids::uuid[]);

-- name: restore_intent(user_id, id, content, actor, reason, reason_key, reason_params)!
-- The work of a worker cannot be resumed: what it was PROCESSING waits for a worker again. A person's is in progress.
UPDATE intents AS i
SET description = r.description, intent_type = r.intent_type, priority = r.priority, due_at = r.due_at,
    occurs_at = r.occurs_at, assignee = r.assignee, assignee_id = r.assignee_id, labels = r.labels,
    recurrence = r.recurrence,
    status = CASE WHEN r.status = 'processing' AND r.assignee = 'assistant' THEN 'pending' ELSE r.status END,
    metadata = r.metadata, result = r.result, error = r.error, classification = r.classification,
    error_key = r.error_key, error_params = r.error_params, next_attempt_at = r.next_attempt_at,
    processed_at = r.processed_at, version = i.version + 1, actor = :actor,
    superseded_by = (SELECT o.id FROM intents AS o WHERE o.id = r.superseded_by),
    (reason, reason_key, reason_params) = (:reason::text, :reason_key::text, :reason_params::jsonb), updated_at = now()
FROM jsonb_to_record(:content::jsonb) AS r (
    description text, assignee text, assignee_id text, labels text[], recurrence text, intent_type text, status text,
    priority smallint, due_at timestamptz, occurs_at timestamptz, metadata jsonb, result jsonb, error text, classification jsonb,
    error_key text, error_params jsonb, next_attempt_at timestamptz, processed_at timestamptz, superseded_by uuid)
WHERE {writable:i.project_id} AND i.id = :id;

-- name: restore_intent_checks(user_id, id, checked_at, confirmed_at)!
-- After the description, because a new description resets them.
UPDATE intents SET checked_at = :checked_at::text::timestamptz, confirmed_at = :confirmed_at::text::timestamptz
WHERE {writable:project_id} AND id = :id;

-- name: restore_contradictions(user_id, intent_id, ids)!
-- Pending again, as they were before the change resolved them; those that the change raised are deleted.
WITH raised AS (
    DELETE FROM contradictions
    WHERE {writable:project_id} AND intent_id = :intent_id AND status = 'pending' AND id <> ALL(:ids::uuid[])
)
UPDATE contradictions
SET status = 'pending', resolved_by = NULL, resolved_at = NULL,
    (rationale, rationale_key, rationale_params) = (NULL, NULL, NULL)
WHERE {writable:project_id} AND intent_id = :intent_id AND id = ANY(:ids::uuid[]);

-- name: list_memory_contents(user_id, ids)
SELECT m.id, jsonb_build_object(
           'content', m.content, 'kind', m.kind, 'archived', m.archived, 'tags', m.tags,
           'expires_at', m.expires_at) AS content,
       jsonb_build_object('superseded_by', m.superseded_by, 'weight', m.weight) AS kept
FROM memories AS m WHERE {visible:m.scope_id} AND m.id = ANY(:ids::uuid[]);

-- name: restore_memory(user_id, id, content)!
UPDATE memories AS m
SET content = r.content, kind = r.kind, archived = r.archived, tags = r.tags, expires_at = r.expires_at,
    weight = r.weight, updated_at = now(),
    superseded_by = (SELECT o.id FROM memories AS o WHERE o.id = r.superseded_by AND r.archived)
FROM jsonb_to_record(:content::jsonb) AS r (
    content text, kind text, archived boolean, tags text[], expires_at timestamptz, superseded_by uuid,
    weight double precision)
WHERE {writable:m.scope_id} AND m.id = :id;

-- name: list_specification_contents(user_id, ids)
SELECT s.id, jsonb_build_object('title', s.title, 'content', s.content, 'status', s.status, 'tags', s.tags) AS content,
       '{}'::jsonb AS kept
FROM specifications AS s WHERE {visible:s.project_id} AND s.id = ANY(:ids::uuid[]);

-- name: restore_specification(user_id, id, content, author)!
-- As a new revision.
UPDATE specifications AS s
SET title = r.title, content = r.content, status = r.status, tags = r.tags, author = :author, intent_id = NULL,
    updated_at = now()
FROM jsonb_to_record(:content::jsonb) AS r (title text, content text, status text, tags text[])
WHERE {writable:s.project_id} AND s.id = :id;

-- name: list_decision_contents(user_id, ids)
SELECT d.id, jsonb_build_object(
           'title', d.title, 'kind', d.kind, 'topic', d.topic, 'topic_key', d.topic_key, 'context', d.context,
           'chosen_option_id', d.chosen_option_id, 'value', d.value, 'rationale', d.rationale,
           'consequences', d.consequences, 'status', d.status, 'tags', d.tags, 'superseded_by', d.superseded_by)
           AS content,
       '{}'::jsonb AS kept
FROM decisions AS d WHERE {visible:d.project_id} AND d.id = ANY(:ids::uuid[]);

-- name: restore_decision(user_id, id, content, actor, reason, reason_key, reason_params)!
UPDATE decisions AS d
SET title = r.title, topic = r.topic, topic_key = r.topic_key, context = r.context, value = r.value,
    rationale = r.rationale, consequences = r.consequences, status = r.status, tags = r.tags,
    chosen_option_id = r.chosen_option_id, actor = :actor,
    superseded_by = (SELECT o.id FROM decisions AS o WHERE o.id = r.superseded_by),
    (reason, reason_key, reason_params) = (:reason::text, :reason_key::text, :reason_params::jsonb), updated_at = now()
FROM jsonb_to_record(:content::jsonb) AS r (
    title text, topic text, topic_key text, context text, value text, rationale text, consequences text, status text,
    tags text[], chosen_option_id uuid, superseded_by uuid)
WHERE {writable:d.project_id} AND d.id = :id;
