-- When a user's message was read for what it asks for: intents are raised from it once, whoever dies meanwhile.
ALTER TABLE messages ADD COLUMN read_at timestamptz;
