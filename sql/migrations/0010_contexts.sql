-- What a reply or an intent was given to work with, kept so that it can be asked afterwards.
CREATE TABLE context_snapshots (
    subject_id     uuid PRIMARY KEY,
    user_id        text NOT NULL REFERENCES users ON DELETE CASCADE,
    items          jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array'),
    token_count    integer NOT NULL,
    token_budget   integer NOT NULL,
    dropped_layers text[] NOT NULL DEFAULT '{}',
    failed_layers  text[] NOT NULL DEFAULT '{}',
    assembled_ms   double precision NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX context_snapshots_of_user ON context_snapshots (user_id);

CREATE FUNCTION forget_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM context_snapshots WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_context AFTER DELETE ON messages
    FOR EACH ROW WHEN (OLD.message_type = 'kana') EXECUTE FUNCTION forget_context();
CREATE TRIGGER forget_context AFTER DELETE ON intents FOR EACH ROW EXECUTE FUNCTION forget_context();

-- A reply that no model wrote only repeats what was found: finding it again would find everything twice.
CREATE OR REPLACE FUNCTION search_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('complete', 'stopped') AND NEW.content <> ''
       AND NOT (NEW.message_type = 'kana' AND NEW.metadata ? 'assistant' AND NEW.metadata ->> 'model' IS NULL) THEN
        PERFORM index_entry(NEW.user_id, 'message', NEW.id, NEW.conversation_id, NEW.created_at, NEW.content);
    ELSE
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
