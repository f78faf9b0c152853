-- A client that lost the answer sends again under the same key, and nothing is said twice.
ALTER TABLE messages ADD COLUMN idempotency_key text;
CREATE UNIQUE INDEX messages_by_key ON messages (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
