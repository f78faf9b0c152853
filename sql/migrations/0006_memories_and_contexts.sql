-- Memories, the queues that they and conversation summaries are made from, the contexts given to models, the actions
-- that were done or proposed because of a message, and which records were made because of which.

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

-- Which records were made because of which, so that what depends on a decision can be found. Events name causes too, but
-- old events are deleted; these rows stay. They have no foreign keys to records: a walk passes through deleted ones.
CREATE TABLE record_causes (
    user_id     text NOT NULL, -- no foreign key: see delete_rows_of_users
    cause_id    uuid NOT NULL,
    effect_kind text NOT NULL CHECK (effect_kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    effect_id   uuid NOT NULL,
    cause_kind  text NOT NULL CHECK (cause_kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    reason      text NOT NULL CHECK (reason IN (
        'answered',  -- the cause is the message that the reply answers
        'asked',     -- the message raised the intent
        'acted',     -- a tool that was called for the reply made or wrote the record
        'given',     -- the cause was in the context of the reply or of the intent
        'source',    -- the record was taken from the cause
        'written',   -- the intent wrote the specification
        'allowed',   -- the decision settled a contradiction in favour of the intent
        'reworded',  -- the intent or decision was changed, because it contradicted the cause
        'refused')), -- it was abandoned, because it contradicted the cause
    project_id  uuid, -- of the effect when it was made; null when it belongs to none
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- The order in which a walk reads: the effects of a record by kind, the newest last.
    PRIMARY KEY (user_id, cause_id, effect_kind, effect_id),
    CHECK (cause_id <> effect_id)
);

CREATE FUNCTION add_cause(
    user_id text, cause_kind text, cause_id uuid, effect_kind text, effect_id uuid, reason text, project_id uuid,
    at timestamptz
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id, created_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $3 <> $5 ON CONFLICT DO NOTHING
$$;

-- Once per statement, because an import inserts thousands of replies.
CREATE FUNCTION add_causes_of_replies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id, created_at)
    SELECT user_id, 'message', reply_to, 'message', id, 'answered', project_id, created_at FROM added
    WHERE reply_to <> id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER add_causes AFTER INSERT ON messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION add_causes_of_replies();

-- The metadata of a to-do names the records that were found for it. Clients can write it, so it may be anything.
CREATE FUNCTION add_causes_of_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM add_cause(NEW.user_id, 'message', NEW.source_message_id, 'intent', NEW.id, 'asked', NEW.project_id,
                          NEW.created_at);
    END IF;
    PERFORM add_cause(NEW.user_id, r.kind, r.id, 'intent', NEW.id, 'given', NEW.project_id, now())
    FROM (SELECT each->>'kind' AS kind, CASE WHEN pg_input_is_valid(each->>'id', 'uuid') THEN (each->>'id')::uuid END AS id
          FROM jsonb_path_query(NEW.metadata, 'lax $.related[0 to 19]') AS each) AS r
    WHERE (r.kind = 'decision' AND EXISTS (SELECT FROM decisions AS d WHERE d.id = r.id AND d.user_id = NEW.user_id
                                           AND d.status = 'accepted'))
       OR (r.kind = 'specification' AND EXISTS (SELECT FROM specifications AS s
                                                WHERE s.id = r.id AND s.user_id = NEW.user_id))
       OR (r.kind = 'memory' AND EXISTS (SELECT FROM memories AS m WHERE m.id = r.id AND m.user_id = NEW.user_id));
    RETURN NULL;
END $$;
CREATE TRIGGER add_causes AFTER INSERT OR UPDATE OF metadata ON intents FOR EACH ROW
    WHEN (NEW.source_message_id IS NOT NULL OR NEW.metadata ? 'related') EXECUTE FUNCTION add_causes_of_intent();

CREATE FUNCTION add_cause_of_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_cause(NEW.user_id, 'intent', NEW.intent_id, 'specification', NEW.id, 'written', NEW.project_id,
                      NEW.updated_at);
    RETURN NULL;
END $$;
CREATE TRIGGER add_cause AFTER INSERT OR UPDATE OF intent_id ON specifications FOR EACH ROW
    WHEN (NEW.intent_id IS NOT NULL) EXECUTE FUNCTION add_cause_of_specification();

-- A decision with an intent settled a contradiction of that intent, and the intent goes on because of it.
CREATE FUNCTION add_causes_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_cause(NEW.user_id, 'intent', NEW.intent_id, 'decision', NEW.id, 'source', NEW.project_id,
                      NEW.created_at);
    PERFORM add_cause(NEW.user_id, 'decision', NEW.id, 'intent', NEW.intent_id, 'allowed', NEW.project_id,
                      NEW.created_at);
    RETURN NULL;
END $$;
CREATE TRIGGER add_causes AFTER INSERT ON decisions FOR EACH ROW
    WHEN (NEW.intent_id IS NOT NULL) EXECUTE FUNCTION add_causes_of_decision();

CREATE FUNCTION add_cause_of_decision_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_cause(NEW.user_id, NEW.source_kind, NEW.source_id, 'decision', id, 'source', project_id, created_at)
    FROM decisions WHERE id = NEW.decision_id;
    RETURN NULL;
END $$;
CREATE TRIGGER add_cause AFTER INSERT ON decision_sources FOR EACH ROW EXECUTE FUNCTION add_cause_of_decision_source();

CREATE FUNCTION add_cause_of_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_cause(NEW.user_id, NEW.source_kind, NEW.source_id, 'memory', NEW.id, 'source', NEW.project_id,
                      NEW.created_at);
    RETURN NULL;
END $$;
CREATE TRIGGER add_cause AFTER INSERT OR UPDATE OF source_id ON memories FOR EACH ROW
    WHEN (NEW.source_id IS NOT NULL) EXECUTE FUNCTION add_cause_of_memory();

-- The records that were found for a context. Left out are the profile, which every reply gets, and decisions that are
-- not in force, which are given as history.
CREATE FUNCTION causes_in_context(items jsonb) RETURNS TABLE (kind text, id uuid) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT item->>'kind', (item->>'source_id')::uuid
    FROM jsonb_array_elements(items) AS item
    WHERE item->>'layer' IN ('decision', 'semantic') AND item->>'kind' IN ('decision', 'specification', 'memory')
      AND item->>'source_id' IS NOT NULL
$$;

CREATE FUNCTION add_causes_of_context() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_intent constant boolean := EXISTS (SELECT FROM intents WHERE id = NEW.subject_id);
BEGIN
    IF TG_OP = 'UPDATE' THEN -- a new attempt has another context
        DELETE FROM record_causes
        WHERE user_id = OLD.user_id AND cause_id IN (SELECT id FROM causes_in_context(OLD.items))
          AND effect_kind = CASE WHEN of_intent THEN 'intent' ELSE 'message' END AND effect_id = OLD.subject_id
          AND reason = 'given';
    END IF;
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id)
    SELECT NEW.user_id, c.kind, c.id, CASE WHEN of_intent THEN 'intent' ELSE 'message' END, NEW.subject_id, 'given',
           NEW.project_id
    FROM causes_in_context(NEW.items) AS c
    WHERE c.id <> NEW.subject_id
      AND (c.kind <> 'decision' OR EXISTS (SELECT FROM decisions WHERE id = c.id AND status = 'accepted'))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER add_causes AFTER INSERT OR UPDATE OF items ON context_snapshots
    FOR EACH ROW EXECUTE FUNCTION add_causes_of_context();

-- What the tools of a reply made: the records that its action created, and the specifications that it wrote.
CREATE FUNCTION add_causes_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id)
    SELECT NEW.user_id, 'message', reply.id, made->>'kind', (made->>'id')::uuid, 'acted', NEW.project_id
    FROM jsonb_array_elements(NEW.undo->'changes') AS made, LATERAL (
        SELECT id FROM messages
        WHERE reply_to = NEW.message_id AND user_id = NEW.user_id AND message_type = 'kana' ORDER BY id DESC LIMIT 1
    ) AS reply
    WHERE made->>'before' IS NULL OR made->>'kind' = 'specification'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER add_causes_of_new AFTER INSERT ON actions FOR EACH ROW
    WHEN (NEW.status = 'done' AND NEW.undo IS NOT NULL AND NEW.message_id IS NOT NULL)
    EXECUTE FUNCTION add_causes_of_action();
CREATE TRIGGER add_causes_of_accepted AFTER UPDATE OF status ON actions FOR EACH ROW
    WHEN (OLD.status <> 'done' AND NEW.status = 'done' AND NEW.undo IS NOT NULL AND NEW.message_id IS NOT NULL)
    EXECUTE FUNCTION add_causes_of_action();

-- What was changed or abandoned because it contradicted a decision or a specification.
CREATE FUNCTION add_cause_of_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_cause(
        NEW.user_id,
        CASE WHEN NEW.conflicts_with_decision_id IS NULL THEN 'specification' ELSE 'decision' END,
        coalesce(NEW.conflicts_with_decision_id, NEW.specification_id),
        CASE WHEN NEW.intent_id IS NULL THEN 'decision' ELSE 'intent' END,
        coalesce(NEW.intent_id, NEW.decision_id),
        CASE NEW.status WHEN 'modified' THEN 'reworded' ELSE 'refused' END, NEW.project_id, now());
    RETURN NULL;
END $$;
CREATE TRIGGER add_cause AFTER UPDATE OF status ON contradictions FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status IN ('modified', 'rejected')
          AND num_nonnulls(NEW.conflicts_with_decision_id, NEW.specification_id) > 0)
    EXECUTE FUNCTION add_cause_of_settlement();
