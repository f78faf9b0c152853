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
