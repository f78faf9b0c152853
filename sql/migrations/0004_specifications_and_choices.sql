-- What was laid down, with every revision, and what was decided, with why the rest was not.

-- Who makes the change being written, and for which intent: the trigger copies both into the revision.
ALTER TABLE specifications ADD COLUMN author text NOT NULL DEFAULT '';
ALTER TABLE specifications ALTER COLUMN author DROP DEFAULT;
ALTER TABLE specifications ADD COLUMN intent_id uuid REFERENCES intents ON DELETE SET NULL;
CREATE INDEX specifications_of_intent ON specifications (intent_id) WHERE intent_id IS NOT NULL;

CREATE TABLE specification_revisions (
    specification_id uuid NOT NULL REFERENCES specifications ON DELETE CASCADE,
    user_id          text NOT NULL,
    version          integer NOT NULL,
    title            text NOT NULL,
    content          text NOT NULL,
    status           text NOT NULL,
    author           text NOT NULL,
    intent_id        uuid,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (specification_id, version)
);

CREATE FUNCTION check_specification() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reworded boolean := (OLD.title, OLD.content) IS DISTINCT FROM (NEW.title, NEW.content);
BEGIN
    IF NEW.status = 'approved' AND OLD.status = 'draft' THEN
        RAISE EXCEPTION 'a draft is approved only after its review; save it for REVIEW first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'specification_workflow';
    END IF;
    IF NEW.status = 'approved' AND reworded THEN
        RAISE EXCEPTION 'what is approved is the text that was reviewed; save the new text as DRAFT or for REVIEW'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'specification_workflow';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER check_workflow BEFORE UPDATE OF title, content, status, tags ON specifications
    FOR EACH ROW WHEN ((OLD.title, OLD.content, OLD.status, OLD.tags)
                       IS DISTINCT FROM (NEW.title, NEW.content, NEW.status, NEW.tags))
    EXECUTE FUNCTION check_specification();

CREATE FUNCTION tell_of_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'specification_deleted', OLD.id, NULL, jsonb_build_object('title', OLD.title));
        RETURN NULL;
    END IF;
    INSERT INTO specification_revisions (specification_id, user_id, version, title, content, status, author, intent_id)
    VALUES (NEW.id, NEW.user_id, NEW.version, NEW.title, NEW.content, NEW.status, NEW.author, NEW.intent_id);
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'specification_created' ELSE 'specification_updated' END,
        NEW.id, NEW.intent_id,
        jsonb_build_object('title', NEW.title, 'status', NEW.status, 'version', NEW.version));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created_deleted AFTER INSERT OR DELETE ON specifications
    FOR EACH ROW EXECUTE FUNCTION tell_of_specification();
CREATE TRIGGER tell_updated AFTER UPDATE ON specifications
    FOR EACH ROW WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION tell_of_specification();

-- A decision: a question, its options, the one chosen and why the others were not.
CREATE TABLE choice_points (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    conversation_id  uuid REFERENCES conversations ON DELETE SET NULL,
    intent_id        uuid REFERENCES intents ON DELETE SET NULL,
    question         text NOT NULL CHECK (question <> ''),
    chosen_option_id uuid,
    rationale        text,
    tags             text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
    decided_at       timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CHECK ((chosen_option_id IS NULL) = (decided_at IS NULL)),
    CHECK ((chosen_option_id IS NULL) = (rationale IS NULL))
);
CREATE INDEX choice_points_in_order ON choice_points (user_id, id);
CREATE INDEX choice_points_of_intent ON choice_points (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX choice_points_of_conversation ON choice_points (conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE choice_options (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    choice_point_id  uuid NOT NULL REFERENCES choice_points ON DELETE CASCADE,
    user_id          text NOT NULL,
    place            smallint NOT NULL,
    label            text NOT NULL CHECK (label <> ''),
    rejection_reason text,
    UNIQUE (choice_point_id, place),
    UNIQUE (choice_point_id, id)
);
CREATE UNIQUE INDEX choice_options_differ ON choice_options (choice_point_id, lower(label));
-- The chosen option is one of the choice's own.
ALTER TABLE choice_points ADD FOREIGN KEY (id, chosen_option_id) REFERENCES choice_options (choice_point_id, id)
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION check_choice_options() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM choice_options WHERE choice_point_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'a choice needs at least two options'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'choice_options';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_options AFTER INSERT ON choice_points DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_choice_options();

CREATE FUNCTION check_choice_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this choice was made already; lay out a new one to decide otherwise'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'choice_decided';
END $$;
CREATE TRIGGER check_decided_once BEFORE UPDATE ON choice_points FOR EACH ROW
    WHEN (OLD.decided_at IS NOT NULL AND (OLD.chosen_option_id, OLD.rationale, OLD.decided_at, OLD.question)
          IS DISTINCT FROM (NEW.chosen_option_id, NEW.rationale, NEW.decided_at, NEW.question))
    EXECUTE FUNCTION check_choice_decided_once();

CREATE FUNCTION tell_of_choice_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'choice_point_created' ELSE 'choice_point_decided' END,
        NEW.id, NEW.intent_id,
        jsonb_build_object('question', left(NEW.question, 200), 'conversationId', NEW.conversation_id));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created AFTER INSERT ON choice_points FOR EACH ROW EXECUTE FUNCTION tell_of_choice_point();
CREATE TRIGGER tell_decided AFTER UPDATE ON choice_points FOR EACH ROW
    WHEN (OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL) EXECUTE FUNCTION tell_of_choice_point();
