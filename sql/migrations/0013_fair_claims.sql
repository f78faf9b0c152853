-- Bridges take up users in turn, and of each user the most urgent first. What waits for its time stands in an index of
-- its own, so that a hundred thousand reminders for next year cost a claim nothing.
DROP INDEX intents_claimable;
CREATE INDEX intents_claimable ON intents (user_id, priority DESC, id)
    WHERE status = 'pending' AND next_attempt_at IS NULL;
CREATE INDEX intents_waiting ON intents (next_attempt_at) WHERE status = 'pending' AND next_attempt_at IS NOT NULL;
