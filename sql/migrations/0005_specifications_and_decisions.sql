-- Specifications with their revisions, choice points (decisions), and contradictions of intents with them.

CREATE TABLE specifications (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id       text NOT NULL REFERENCES users ON DELETE CASCADE,
    title         text NOT NULL CHECK (title <> ''),
    content       text NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    status        text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'review', 'approved')),
    tags          text[] NOT NULL DEFAULT '{}',
    metadata      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    -- Who makes the current change, and for which intent. A trigger copies both into the revision.
    author        text NOT NULL,
    intent_id     uuid REFERENCES intents ON DELETE SET NULL,
    superseded_by uuid REFERENCES intents ON DELETE SET NULL -- later checks ignore a superseded specification
);
CREATE INDEX specifications_in_order ON specifications (user_id, id);
CREATE INDEX specifications_of_intent ON specifications (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX specifications_superseded_by ON specifications (superseded_by) WHERE superseded_by IS NOT NULL;

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
    text_changed boolean := (OLD.title, OLD.content) IS DISTINCT FROM (NEW.title, NEW.content);
BEGIN
    NEW.version := OLD.version + 1;
    IF current_setting('resonant.undo', true) = 'on' THEN
        RETURN NEW; -- an undo restores what was approved
    END IF;
    IF NEW.status = 'approved' AND OLD.status = 'draft' THEN
        PERFORM raise_rule('specification_workflow',
            'a draft is approved only after its review; save it for REVIEW first', 'specification.not_reviewed');
    END IF;
    IF NEW.status = 'approved' AND text_changed THEN
        PERFORM raise_rule('specification_workflow',
            'what is approved is the text that was reviewed; save the new text as DRAFT or for REVIEW',
            'specification.text_not_reviewed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_workflow BEFORE UPDATE OF title, content, status, tags ON specifications
    FOR EACH ROW WHEN ((OLD.title, OLD.content, OLD.status, OLD.tags)
                       IS DISTINCT FROM (NEW.title, NEW.content, NEW.status, NEW.tags))
    EXECUTE FUNCTION check_specification();

-- A decision: a question, its options, the chosen one, and why the others were rejected.
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
    superseded_by    uuid REFERENCES intents ON DELETE SET NULL, -- later checks ignore a superseded decision
    CHECK ((chosen_option_id IS NULL) = (decided_at IS NULL)),
    CHECK ((chosen_option_id IS NULL) = (rationale IS NULL))
);
CREATE INDEX choice_points_in_order ON choice_points (user_id, id);
CREATE INDEX choice_points_of_intent ON choice_points (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX choice_points_of_conversation ON choice_points (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX choice_points_superseded_by ON choice_points (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE choice_options (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    choice_point_id  uuid NOT NULL REFERENCES choice_points ON DELETE CASCADE,
    user_id          text NOT NULL,
    place            smallint NOT NULL, -- position in the list, from 1
    label            text NOT NULL CHECK (label <> ''),
    rejection_reason text,
    UNIQUE (choice_point_id, place),
    UNIQUE (choice_point_id, id)
);
CREATE UNIQUE INDEX choice_options_differ ON choice_options (choice_point_id, lower(label));
-- The chosen option must be one of the choice point's own options.
ALTER TABLE choice_points ADD FOREIGN KEY (id, chosen_option_id) REFERENCES choice_options (choice_point_id, id)
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION check_choice_options() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM choice_options WHERE choice_point_id = NEW.id) < 2 THEN
        PERFORM raise_rule('choice_options', 'a choice needs at least two options', 'choice_point.too_few_options');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_options AFTER INSERT ON choice_points DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_choice_options();

CREATE FUNCTION check_choice_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_rule('choice_decided', 'this choice was made already; lay out a new one to decide otherwise',
                       'choice_point.already_decided');
    RETURN NULL;
END $$;
CREATE TRIGGER check_decided_once BEFORE UPDATE ON choice_points FOR EACH ROW
    WHEN (OLD.decided_at IS NOT NULL AND (OLD.chosen_option_id, OLD.rationale, OLD.decided_at, OLD.question)
          IS DISTINCT FROM (NEW.chosen_option_id, NEW.rationale, NEW.decided_at, NEW.question))
    EXECUTE FUNCTION check_choice_decided_once();

CREATE TABLE contradictions (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    intent_id        uuid NOT NULL REFERENCES intents ON DELETE CASCADE,
    kind             text NOT NULL CHECK (kind IN ('tech_stack', 'policy_shift', 'duplicate', 'dogma')),
    confidence       double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    explanation      text NOT NULL,
    judge            text NOT NULL,
    -- The row that the intent contradicts: one of the three, or none for an absolute wording (dogma).
    other_intent_id  uuid REFERENCES intents ON DELETE SET NULL,
    choice_point_id  uuid REFERENCES choice_points ON DELETE SET NULL,
    specification_id uuid REFERENCES specifications ON DELETE SET NULL,
    status           text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected', 'modified')),
    rationale        text CHECK (char_length(rationale) >= 10),
    resolved_by      text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    resolved_at      timestamptz,
    key              text, -- of the explanation
    params           jsonb,
    rationale_key    text,
    rationale_params jsonb,
    CHECK (num_nonnulls(other_intent_id, choice_point_id, specification_id) <= 1),
    CHECK (status = 'pending' OR num_nulls(rationale, resolved_by, resolved_at) = 0)
);
CREATE INDEX contradictions_of_intent ON contradictions (intent_id, id);
CREATE INDEX contradictions_with_intent ON contradictions (other_intent_id) WHERE other_intent_id IS NOT NULL;
CREATE INDEX contradictions_with_choice ON contradictions (choice_point_id) WHERE choice_point_id IS NOT NULL;
CREATE INDEX contradictions_with_specification ON contradictions (specification_id)
    WHERE specification_id IS NOT NULL;

-- An intent that is cancelled or reworded has no pending contradictions. Its reason becomes their rationale if it is
-- long enough to be one.
CREATE FUNCTION resolve_contradictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF char_length(NEW.reason) >= 10 THEN
        UPDATE contradictions
        SET status = CASE NEW.status WHEN 'cancelled' THEN 'rejected' ELSE 'modified' END, rationale = NEW.reason,
            rationale_key = NEW.reason_key, rationale_params = NEW.reason_params,
            resolved_by = NEW.actor, resolved_at = now()
        WHERE intent_id = NEW.id AND status = 'pending';
    ELSIF NEW.status = 'cancelled' THEN
        UPDATE contradictions
        SET status = 'rejected', rationale = 'The intent was cancelled.', rationale_key = 'contradiction.intent_cancelled',
            rationale_params = '{}', resolved_by = NEW.actor, resolved_at = now()
        WHERE intent_id = NEW.id AND status = 'pending';
    ELSE
        UPDATE contradictions
        SET status = 'modified', rationale = 'The intent was reworded.', rationale_key = 'contradiction.intent_reworded',
            rationale_params = '{}', resolved_by = NEW.actor, resolved_at = now()
        WHERE intent_id = NEW.id AND status = 'pending';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER resolve_contradictions AFTER UPDATE ON intents FOR EACH ROW
    WHEN (OLD.status <> 'cancelled' AND NEW.status = 'cancelled' OR OLD.description IS DISTINCT FROM NEW.description)
    EXECUTE FUNCTION resolve_contradictions();
