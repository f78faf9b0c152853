-- name: list_assistant_messages(user_id, ids)
SELECT id FROM messages WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]) AND message_type IN ('kana', 'yuno');

-- name: list_made_records(user_id, ids)
-- What was made from these records and says the same: the intents, decisions and memories of a message, and the memories
-- of a decision.
SELECT cause_id, effect_id FROM record_causes
WHERE cause_id = ANY(:ids::uuid[]) AND effect_kind IN ('intent', 'decision', 'memory')
  AND EXISTS (SELECT FROM search_entries AS e WHERE e.subject_id = effect_id AND {visible:e.scope_id})
  AND reason IN ('asked', 'source', 'acted');

-- name: list_replaced_records(user_id, ids)
-- Which of the decisions and memories were replaced by a newer one.
SELECT id AS earlier, superseded_by AS present FROM decisions
WHERE {visible:project_id} AND id = ANY(:ids::uuid[]) AND superseded_by IS NOT NULL
UNION ALL
SELECT id, superseded_by FROM memories
WHERE {visible:scope_id} AND id = ANY(:ids::uuid[]) AND superseded_by IS NOT NULL;
