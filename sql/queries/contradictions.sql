-- name: insert_contradiction(user_id, intent_id, decision_id, kind, confidence, explanation, key, params, judge, other_intent_id, conflicts_with_decision_id, specification_id)^
INSERT INTO contradictions (user_id, intent_id, decision_id, kind, confidence, explanation, key, params, judge,
                            other_intent_id, conflicts_with_decision_id, specification_id)
VALUES (:user_id, :intent_id, :decision_id, :kind, :confidence, :explanation, :key, :params, :judge, :other_intent_id,
        :conflicts_with_decision_id, :specification_id)
RETURNING {columns:ContradictionRow};

-- name: find_contradictions(user_id, ids)
SELECT {columns:ContradictionRow} FROM contradictions WHERE {visible:project_id} AND id = ANY(:ids::uuid[]);

-- name: list_contradictions_of_intents(user_id, intent_ids)
-- Oldest first within each intent.
SELECT {columns:ContradictionRow} FROM contradictions WHERE {visible:project_id} AND intent_id = ANY(:intent_ids::uuid[])
ORDER BY intent_id, id;

-- name: list_contradictions_of_decisions(user_id, decision_ids)
-- Oldest first within each decision.
SELECT {columns:ContradictionRow} FROM contradictions
WHERE {visible:project_id} AND decision_id = ANY(:decision_ids::uuid[])
ORDER BY decision_id, id;

-- name: list_contradictions_of(subject_id)
-- Those of the intent or of the decision, for every member.
SELECT {columns:ContradictionRow} FROM contradictions WHERE intent_id = :subject_id
UNION ALL
SELECT {columns:ContradictionRow} FROM contradictions WHERE decision_id = :subject_id;

-- name: approve_contradiction(id, rationale, actor)!
UPDATE contradictions
SET status = 'approved', rationale = :rationale, resolved_by = :actor, resolved_at = now()
WHERE id = :id AND status = 'pending';

-- name: reopen_contradictions(intent_id, decision_id)!
-- Those that were resolved by a decision that is withdrawn now.
UPDATE contradictions
SET status = 'pending', resolved_by = NULL, resolved_at = NULL,
    (rationale, rationale_key, rationale_params) = (NULL, NULL, NULL)
WHERE intent_id = :intent_id AND conflicts_with_decision_id = :decision_id
  AND status = 'approved';

-- name: resolve_contradictions_of_decision(decision_id, status, rationale, actor)!
UPDATE contradictions
SET status = :status, rationale = :rationale, resolved_by = :actor, resolved_at = now()
WHERE decision_id = :decision_id AND status = 'pending';

-- name: count_open_contradictions_of_decision(decision_id)$
SELECT count(*) FROM contradictions WHERE decision_id = :decision_id AND status = 'pending';

-- name: count_open_contradictions(intent_id)$
SELECT count(*) FROM contradictions WHERE intent_id = :intent_id AND status = 'pending';

-- name: supersede_intent(id, superseded_by, actor, reason, reason_key, reason_params)!
-- An intent that waits is cancelled. One that has ended or is being processed is only ignored by later checks.
UPDATE intents
SET superseded_by = :superseded_by, updated_at = now(),
    status = CASE WHEN status IN ('pending', 'awaiting_confirmation') THEN 'cancelled' ELSE status END,
    next_attempt_at = CASE WHEN status IN ('pending', 'awaiting_confirmation') THEN NULL ELSE next_attempt_at END,
    processed_at = CASE WHEN status IN ('pending', 'awaiting_confirmation') THEN now() ELSE processed_at END,
    actor = :actor, (reason, reason_key, reason_params) = (:reason, :reason_key, :reason_params)
WHERE id = :id;

-- name: supersede_specification(id, superseded_by)!
UPDATE specifications SET superseded_by = :superseded_by, updated_at = now() WHERE id = :id;

-- name: delete_divided_contradictions(ids)
-- Deletes the pending contradictions of moved records whose two sides are in different projects now.
DELETE FROM contradictions AS c
WHERE c.status = 'pending'
  AND (c.intent_id = ANY(:ids::uuid[]) OR c.decision_id = ANY(:ids::uuid[]) OR c.other_intent_id = ANY(:ids::uuid[])
       OR c.conflicts_with_decision_id = ANY(:ids::uuid[]) OR c.specification_id = ANY(:ids::uuid[]))
  AND c.project_id <> coalesce((SELECT project_id FROM decisions WHERE id = c.conflicts_with_decision_id),
                               (SELECT project_id FROM intents WHERE id = c.other_intent_id),
                               (SELECT project_id FROM specifications WHERE id = c.specification_id))
RETURNING c.intent_id;
