-- What memories are still to be made from, and which conversations are to be summed up.
CREATE TABLE memory_work (
    subject_id    uuid PRIMARY KEY,
    user_id       text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind          text NOT NULL CHECK (kind IN ('message', 'intent', 'specification', 'choice_point')),
    attempts      integer NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX memory_work_in_order ON memory_work (created_at);

CREATE FUNCTION leave_memory_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memory_work (subject_id, user_id, kind) VALUES (NEW.id, NEW.user_id, TG_ARGV[0])
    ON CONFLICT (subject_id) DO UPDATE SET attempts = 0, claimed_until = NULL, created_at = now();
    RETURN NULL;
END $$;
-- Only what the user said, never what was answered: an answer repeats what was retrieved.
CREATE TRIGGER remember_said AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.message_type = 'user') EXECUTE FUNCTION leave_memory_work('message');
CREATE TRIGGER remember_edited AFTER UPDATE OF content ON messages FOR EACH ROW
    WHEN (NEW.message_type = 'user' AND OLD.content IS DISTINCT FROM NEW.content)
    EXECUTE FUNCTION leave_memory_work('message');
CREATE TRIGGER remember_done AFTER UPDATE OF status ON intents FOR EACH ROW
    WHEN (NEW.status = 'completed' AND OLD.status <> 'completed') EXECUTE FUNCTION leave_memory_work('intent');
CREATE TRIGGER remember_decided AFTER UPDATE OF decided_at ON choice_points FOR EACH ROW
    WHEN (OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL) EXECUTE FUNCTION leave_memory_work('choice_point');
CREATE TRIGGER remember_approved AFTER UPDATE OF status ON specifications FOR EACH ROW
    WHEN (NEW.status = 'approved' AND OLD.status <> 'approved') EXECUTE FUNCTION leave_memory_work('specification');

-- How much was said in a conversation since it was summed up, and when last.
CREATE TABLE summary_work (
    conversation_id uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    user_id         text NOT NULL,
    messages        integer NOT NULL,
    last_said_at    timestamptz NOT NULL,
    summed_up_to    uuid,
    claimed_until   timestamptz
);
CREATE INDEX summary_work_due ON summary_work (last_said_at) WHERE messages > 0;

CREATE FUNCTION leave_summary_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO summary_work AS work (conversation_id, user_id, messages, last_said_at)
    VALUES (NEW.conversation_id, NEW.user_id, 1, now())
    ON CONFLICT (conversation_id) DO UPDATE SET messages = work.messages + 1, last_said_at = now();
    RETURN NULL;
END $$;
CREATE TRIGGER sum_up_said AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.status = 'complete') EXECUTE FUNCTION leave_summary_work();
CREATE TRIGGER sum_up_answered AFTER UPDATE OF status ON messages FOR EACH ROW
    WHEN (NEW.status IN ('complete', 'stopped') AND OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION leave_summary_work();

-- Tags are for filtering; in the text they would be shown as the user's words.
CREATE OR REPLACE FUNCTION search_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.archived THEN
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    ELSE
        PERFORM index_entry(NEW.user_id, 'memory', NEW.id, NULL, NEW.created_at, NEW.content);
    END IF;
    RETURN NULL;
END $$;
