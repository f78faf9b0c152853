-- Memories, the queues that they and conversation summaries are made from, the contexts given to models, and the actions
-- that were done or proposed because of a message.

CREATE TABLE memories (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id       uuid REFERENCES projects ON DELETE CASCADE, -- see set_project_of_memory
    profile          boolean NOT NULL DEFAULT false, -- a fact about the person, which applies in all projects
    content          text NOT NULL CHECK (content <> ''),
    kind             text NOT NULL CHECK (kind IN ('working', 'longterm')),
    -- The row that it was extracted from; both are null when a person wrote it.
    source_kind      text CHECK (source_kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    source_id        uuid,
    weight           double precision NOT NULL DEFAULT 0.5 CHECK (weight BETWEEN 0 AND 1), -- see memory_importance
    access_count     integer NOT NULL DEFAULT 0,
    last_accessed_at timestamptz,
    expires_at       timestamptz,
    archived         boolean NOT NULL DEFAULT false,
    superseded_by    uuid REFERENCES memories ON DELETE SET NULL,
    tags             text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CHECK ((source_kind IS NULL) = (source_id IS NULL)),
    CHECK (superseded_by IS NULL OR archived),
    CHECK (profile = (project_id IS NULL))
);
CREATE INDEX memories_in_order ON memories (user_id, id);
CREATE INDEX memories_of_project ON memories (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX memories_of_profile ON memories (user_id, id) WHERE profile;
CREATE INDEX memories_expiring ON memories (expires_at) WHERE expires_at IS NOT NULL AND NOT archived;
CREATE INDEX memories_superseded ON memories (superseded_by) WHERE superseded_by IS NOT NULL;
-- Extraction that is repeated after a crash does not store the same memory twice.
CREATE UNIQUE INDEX memories_once ON memories (user_id, source_id, md5(content)) WHERE source_id IS NOT NULL;

-- A new memory has the project of the record that it was made from.
CREATE FUNCTION set_project_of_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.profile THEN
        NEW.project_id := NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        NEW.project_id := coalesce(NEW.project_id, default_project(NEW.user_id));
    ELSE
        NEW.project_id := coalesce(
            CASE WHEN keeps_project() THEN NEW.project_id END,
            CASE NEW.source_kind
                WHEN 'message' THEN (SELECT project_id FROM messages WHERE id = NEW.source_id)
                WHEN 'intent' THEN (SELECT project_id FROM intents WHERE id = NEW.source_id)
                WHEN 'specification' THEN (SELECT project_id FROM specifications WHERE id = NEW.source_id)
                WHEN 'decision' THEN (SELECT project_id FROM decisions WHERE id = NEW.source_id) END,
            NEW.project_id, default_project(NEW.user_id));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT OR UPDATE OF profile, project_id ON memories
    FOR EACH ROW EXECUTE FUNCTION set_project_of_memory();

-- Importance in 0..1: weight * (1 + 0.1 * accesses) * 0.95^weeks, in weeks since the last access. In float8, because
-- power() of numeric took 50 ms for ten thousand memories.
CREATE FUNCTION memory_importance(
    weight double precision, access_count integer, last_used timestamptz, now timestamptz
)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(1, greatest(0, weight * (1 + 0.1::float8 * access_count) * power(
    0.95::float8, greatest(0, extract(epoch FROM now - last_used)::float8) / 604800)));

-- Rows that memories may be extracted from.
CREATE TABLE memory_work (
    subject_id    uuid PRIMARY KEY,
    user_id       text NOT NULL, -- no foreign key: see delete_rows_of_users
    kind          text NOT NULL CHECK (kind IN ('message', 'intent', 'specification', 'decision')),
    attempts      integer NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX memory_work_in_order ON memory_work (created_at);

CREATE FUNCTION enqueue_memory_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memory_work (subject_id, user_id, kind) VALUES (NEW.id, NEW.user_id, TG_ARGV[0])
    ON CONFLICT (subject_id) DO UPDATE SET attempts = 0, claimed_until = NULL, created_at = now();
    RETURN NULL;
END $$;
-- Memories are extracted from the user's messages only: a reply repeats what was retrieved.
CREATE TRIGGER enqueue_memory_of_new AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.message_type = 'user' AND NOT restoring()) EXECUTE FUNCTION enqueue_memory_work('message');
CREATE TRIGGER enqueue_memory_of_edited AFTER UPDATE OF content ON messages FOR EACH ROW
    WHEN (NEW.message_type = 'user' AND OLD.content IS DISTINCT FROM NEW.content)
    EXECUTE FUNCTION enqueue_memory_work('message');
-- Memories that restate an accepted decision are merged into it.
CREATE TRIGGER enqueue_memory_of_recorded AFTER INSERT ON decisions FOR EACH ROW
    WHEN (NEW.status = 'accepted' AND NOT restoring()) EXECUTE FUNCTION enqueue_memory_work('decision');
CREATE TRIGGER enqueue_memory_of_accepted AFTER UPDATE OF status ON decisions FOR EACH ROW
    WHEN (NEW.status = 'accepted' AND OLD.status <> 'accepted') EXECUTE FUNCTION enqueue_memory_work('decision');
-- A deleted decision returns the memories that were merged into it.
CREATE FUNCTION restore_merged_memories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memories SET archived = false, updated_at = now()
    WHERE user_id = OLD.user_id AND archived AND superseded_by IS NULL AND (expires_at IS NULL OR expires_at > now())
      AND id IN (SELECT source_id FROM decision_sources WHERE decision_id = OLD.id AND source_kind = 'memory');
    RETURN OLD;
END $$;
CREATE TRIGGER restore_merged_memories BEFORE DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION restore_merged_memories();
CREATE TRIGGER enqueue_memory_of_approved AFTER UPDATE OF status ON specifications FOR EACH ROW
    WHEN (NEW.status = 'approved' AND OLD.status <> 'approved') EXECUTE FUNCTION enqueue_memory_work('specification');

-- Conversations to summarize: how many messages were added since the last summary, and when the last one was added.
CREATE TABLE summary_work (
    conversation_id uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    user_id         text NOT NULL,
    messages        integer NOT NULL,
    last_message_at timestamptz NOT NULL,
    summarized_up_to uuid, -- id of the last message in the summary
    claimed_until   timestamptz
);
CREATE INDEX summary_work_due ON summary_work (last_message_at) WHERE messages > 0;

CREATE FUNCTION enqueue_summary_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO summary_work AS work (conversation_id, user_id, messages, last_message_at)
    VALUES (NEW.conversation_id, NEW.user_id, 1, now())
    ON CONFLICT (conversation_id) DO UPDATE SET messages = work.messages + 1, last_message_at = now();
    RETURN NULL;
END $$;
-- Once per statement: an import inserts thousands of messages of one conversation, and each change of a row makes the
-- next one slower until the transaction ends.
CREATE FUNCTION enqueue_summary_work_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO summary_work AS work (conversation_id, user_id, messages, last_message_at)
    SELECT conversation_id, user_id, count(*), now() FROM added WHERE status = 'complete' GROUP BY 1, 2 ORDER BY 1
    ON CONFLICT (conversation_id) DO UPDATE SET messages = work.messages + EXCLUDED.messages, last_message_at = now();
    RETURN NULL;
END $$;
CREATE TRIGGER enqueue_summary_of_new AFTER INSERT ON messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT WHEN (NOT restoring()) EXECUTE FUNCTION enqueue_summary_work_of_new();
CREATE TRIGGER enqueue_summary_of_answered AFTER UPDATE OF status ON messages FOR EACH ROW
    WHEN (NEW.status IN ('complete', 'stopped') AND OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION enqueue_summary_work();

-- A summary with a message that is hidden, or without one that is shown, is written again from the branch that is shown.
CREATE FUNCTION forget_summary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE summary_work SET claimed_until = NULL WHERE conversation_id = NEW.conversation_id AND claimed_until IS NOT NULL;
    UPDATE summary_work
    SET summarized_up_to = NULL,
        messages = (SELECT count(*) FROM messages WHERE conversation_id = NEW.conversation_id)
    WHERE conversation_id = NEW.conversation_id AND summarized_up_to >= NEW.id;
    IF FOUND THEN
        UPDATE conversations SET summary = NULL WHERE id = NEW.conversation_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_summary AFTER UPDATE OF shown ON messages FOR EACH ROW
    WHEN (OLD.shown <> NEW.shown) EXECUTE FUNCTION forget_summary();

-- The context that a reply or an intent was processed with.
CREATE TABLE context_snapshots (
    subject_id     uuid PRIMARY KEY,
    user_id        text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id     uuid NOT NULL, -- that of the reply or the intent; see set_project_of_context
    items          jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array'),
    token_count    integer NOT NULL,
    token_budget   integer NOT NULL,
    dropped_layers text[] NOT NULL DEFAULT '{}',
    failed_layers  text[] NOT NULL DEFAULT '{}',
    assembled_ms   double precision NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX context_snapshots_of_user ON context_snapshots (user_id);

CREATE FUNCTION set_project_of_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        (SELECT project_id FROM messages WHERE id = NEW.subject_id),
        (SELECT project_id FROM intents WHERE id = NEW.subject_id), NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON context_snapshots FOR EACH ROW EXECUTE FUNCTION set_project_of_context();

CREATE FUNCTION delete_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM context_snapshots WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_context AFTER DELETE ON messages
    FOR EACH ROW WHEN (OLD.message_type = 'kana') EXECUTE FUNCTION delete_context();
CREATE TRIGGER delete_context AFTER DELETE ON intents FOR EACH ROW EXECUTE FUNCTION delete_context();

-- One call of a tool, by the assistant, by an offline rule or by a program. A person's own mutation is no action.
CREATE TABLE actions (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id        text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id     uuid NOT NULL REFERENCES projects ON DELETE CASCADE, -- that of the message
    message_id     uuid REFERENCES messages ON DELETE SET NULL,
    tool           text NOT NULL,
    arguments      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(arguments) = 'object'),
    -- One line for a person, in the language of the message; key and params are those of the summary.
    summary        text NOT NULL,
    key            text,
    params         jsonb,
    status         text NOT NULL CHECK (status IN ('done', 'proposed', 'dismissed', 'undone', 'failed')),
    subject_kind   text CHECK (subject_kind IN ('intent', 'specification', 'decision', 'memory')),
    subject_id     uuid, -- no foreign key: an action stays when its subject is deleted
    actor          text NOT NULL,
    -- Why it was done, why it only proposes, or why it failed.
    reason         text,
    reason_key     text,
    reason_params  jsonb,
    confidence     double precision CHECK (confidence BETWEEN 0 AND 1),
    candidates     uuid[] NOT NULL DEFAULT '{}', -- the records of which one has to be chosen
    language       text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ja')),
    undo           jsonb, -- the contents before and after each change; null when nothing can be undone
    call_id        text, -- makes the call idempotent within its message
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    UNIQUE (message_id, call_id)
);
CREATE INDEX actions_in_order ON actions (user_id, id);
CREATE INDEX actions_of_project ON actions (project_id, id);

CREATE FUNCTION set_project_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        (SELECT project_id FROM messages WHERE id = NEW.message_id AND user_id = NEW.user_id),
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON actions FOR EACH ROW EXECUTE FUNCTION set_project_of_action();
