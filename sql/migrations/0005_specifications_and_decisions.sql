-- Specifications with their revisions, decisions with their history, and contradictions.

CREATE TABLE specifications (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id       text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id    uuid NOT NULL REFERENCES projects ON DELETE CASCADE, -- see set_project_of_specification
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
CREATE INDEX specifications_of_project ON specifications (project_id, id);
CREATE INDEX specifications_of_intent ON specifications (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX specifications_superseded_by ON specifications (superseded_by) WHERE superseded_by IS NOT NULL;

-- A new specification has the project of the intent that it is written for.
CREATE FUNCTION set_project_of_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN keeps_project() THEN NEW.project_id END,
        (SELECT project_id FROM intents WHERE id = NEW.intent_id AND user_id = NEW.user_id),
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON specifications
    FOR EACH ROW EXECUTE FUNCTION set_project_of_specification();

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

-- A decision, as an architecture decision record keeps it.
CREATE TABLE decisions (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id       uuid NOT NULL REFERENCES projects ON DELETE CASCADE, -- see set_project
    number           integer NOT NULL CHECK (number > 0), -- "ADR 12"
    title            text NOT NULL CHECK (title <> ''),
    kind             text NOT NULL CHECK (kind IN ('choice', 'rule', 'value', 'scope')),
    topic            text NOT NULL CHECK (topic <> ''),
    topic_key        text NOT NULL CHECK (topic_key <> ''), -- the topic, the same in all languages and spellings
    context          text,
    chosen_option_id uuid,
    value            text,
    rationale        text,
    consequences     text,
    status           text NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected', 'superseded', 'withdrawn')),
    version          integer NOT NULL DEFAULT 1,
    tags             text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
    -- Deferred, because the earlier decision is superseded before the new one is inserted: only one may be accepted.
    superseded_by    uuid REFERENCES decisions ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    author           text NOT NULL,
    conversation_id  uuid REFERENCES conversations ON DELETE SET NULL,
    intent_id        uuid REFERENCES intents ON DELETE SET NULL,
    idempotency_key  text,
    -- Who makes the current change, and why. A trigger copies them into decision_changes.
    actor            text NOT NULL,
    reason           text,
    reason_key       text,
    reason_params    jsonb,
    decided_at       timestamptz, -- when it was accepted or rejected
    valid_until      timestamptz, -- when it was no longer accepted
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    -- By project that it left: its number there; its status and when it was decided, until a person changes the status.
    left_projects    jsonb NOT NULL DEFAULT '{}',
    CHECK (superseded_by IS NULL OR status = 'superseded'),
    UNIQUE (project_id, number),
    UNIQUE (user_id, idempotency_key)
);
CREATE INDEX decisions_in_order ON decisions (user_id, id);
CREATE INDEX decisions_accepted ON decisions (project_id, id) WHERE status = 'accepted';
CREATE INDEX decisions_of_topic ON decisions (user_id, topic_key);
CREATE INDEX decisions_of_project ON decisions (project_id, id);
CREATE UNIQUE INDEX decisions_one_per_topic ON decisions (project_id, topic_key)
    WHERE status = 'accepted' AND kind IN ('choice', 'value');
CREATE INDEX decisions_of_intent ON decisions (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX decisions_of_conversation ON decisions (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX decisions_superseded_by ON decisions (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE decision_options (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    decision_id      uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
    user_id          text NOT NULL,
    place            smallint NOT NULL, -- position in the list, from 1
    label            text NOT NULL CHECK (label <> ''),
    rejection_reason text,
    UNIQUE (decision_id, place),
    UNIQUE (decision_id, id)
);
CREATE UNIQUE INDEX decision_options_differ ON decision_options (decision_id, lower(label));
-- The chosen option must be one of the decision's own options.
ALTER TABLE decisions ADD FOREIGN KEY (id, chosen_option_id) REFERENCES decision_options (decision_id, id)
    DEFERRABLE INITIALLY DEFERRED;

-- The records that a decision was taken from. A record that is deleted is no longer shown.
CREATE TABLE decision_sources (
    decision_id uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
    user_id     text NOT NULL,
    source_kind text NOT NULL CHECK (source_kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    source_id   uuid NOT NULL,
    place       smallint NOT NULL,
    PRIMARY KEY (decision_id, source_id)
);
CREATE INDEX decision_sources_of_source ON decision_sources (source_id);

-- The changes of status, and the edits, which have the same status on both sides.
CREATE TABLE decision_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_id uuid NOT NULL REFERENCES decisions ON DELETE CASCADE,
    user_id     text NOT NULL,
    from_status text CHECK (from_status IN ('proposed', 'accepted', 'rejected', 'superseded', 'withdrawn')),
    to_status   text NOT NULL CHECK (to_status IN ('proposed', 'accepted', 'rejected', 'superseded', 'withdrawn')),
    actor       text NOT NULL,
    reason      text,
    at          timestamptz NOT NULL DEFAULT now(),
    key         text, -- of the reason
    params      jsonb
);
CREATE INDEX decision_changes_of_decision ON decision_changes (decision_id, id);

-- The last number that was given to a decision of a project; a deleted decision's number is not given again. Its row is
-- locked while a decision is recorded or accepted, so that these follow each other.
CREATE TABLE decision_counters (
    project_id  uuid PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
    user_id     text NOT NULL,
    last_number integer NOT NULL
);

-- An imported decision keeps its number unless it is taken.
CREATE FUNCTION number_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last integer;
BEGIN
    NEW.actor := coalesce(NEW.actor, NEW.author);
    IF EXISTS (SELECT FROM decisions WHERE id = NEW.id) THEN
        NEW.number := coalesce(NEW.number, 1);
        RETURN NEW; -- not inserted: ON CONFLICT DO NOTHING
    END IF;
    INSERT INTO decision_counters AS c (project_id, user_id, last_number) VALUES (NEW.project_id, NEW.user_id, 0)
    ON CONFLICT (project_id) DO UPDATE SET last_number = c.last_number RETURNING last_number INTO last;
    IF NEW.number IS NULL
       OR EXISTS (SELECT FROM decisions WHERE project_id = NEW.project_id AND number = NEW.number) THEN
        NEW.number := last + 1;
    END IF;
    UPDATE decision_counters SET last_number = greatest(last, NEW.number) WHERE project_id = NEW.project_id;
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION set_project();
-- After set_project: triggers run in the order of their names.
CREATE TRIGGER take_number BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION number_decision();

CREATE FUNCTION prepare_changed_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving constant boolean := current_setting('resonant.moving', true) IS NOT DISTINCT FROM 'on';
BEGIN
    IF OLD.status <> NEW.status THEN
        IF NOT moving THEN
            NEW.left_projects := (SELECT coalesce(jsonb_object_agg(key, value - 'status' - 'decidedAt'), '{}')
                                  FROM jsonb_each(NEW.left_projects));
        END IF;
        IF NEW.status <> 'superseded' THEN
            NEW.superseded_by := NULL;
        END IF;
        NEW.decided_at := CASE WHEN NEW.status IN ('accepted', 'rejected') THEN now()
                               WHEN NEW.status = 'proposed' THEN NULL ELSE OLD.decided_at END;
        NEW.valid_until := CASE WHEN NEW.status = 'accepted' THEN NULL
                                WHEN OLD.status = 'accepted' THEN now() ELSE OLD.valid_until END;
        IF moving AND NEW.status = 'accepted' THEN
            NEW.decided_at := coalesce((NEW.left_projects->(NEW.project_id::text)->>'decidedAt')::timestamptz, now());
        END IF;
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER prepare_changed BEFORE UPDATE ON decisions FOR EACH ROW
    WHEN ((OLD.status, OLD.title, OLD.topic, OLD.context, OLD.chosen_option_id, OLD.value, OLD.rationale,
           OLD.consequences, OLD.tags, OLD.project_id)
          IS DISTINCT FROM (NEW.status, NEW.title, NEW.topic, NEW.context, NEW.chosen_option_id, NEW.value,
                            NEW.rationale, NEW.consequences, NEW.tags, NEW.project_id))
    EXECUTE FUNCTION prepare_changed_decision();

CREATE TABLE contradictions (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id       uuid NOT NULL, -- that of the intent or the decision; see set_project_of_contradiction
    -- What contradicts: an intent or a new decision.
    intent_id        uuid REFERENCES intents ON DELETE CASCADE,
    decision_id      uuid REFERENCES decisions ON DELETE CASCADE,
    kind             text NOT NULL CHECK (kind IN ('tech_stack', 'policy_shift', 'duplicate', 'dogma')),
    confidence       double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    explanation      text NOT NULL,
    judge            text NOT NULL,
    -- What it contradicts: one of the three, or none for an absolute wording (dogma).
    other_intent_id  uuid REFERENCES intents ON DELETE SET NULL,
    conflicts_with_decision_id uuid REFERENCES decisions ON DELETE SET NULL,
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
    CHECK (num_nonnulls(intent_id, decision_id) = 1),
    CHECK (num_nonnulls(other_intent_id, conflicts_with_decision_id, specification_id) <= 1),
    CHECK (status = 'pending' OR num_nulls(rationale, resolved_by, resolved_at) = 0)
);
CREATE INDEX contradictions_of_intent ON contradictions (intent_id, id);
CREATE INDEX contradictions_with_intent ON contradictions (other_intent_id) WHERE other_intent_id IS NOT NULL;
CREATE INDEX contradictions_of_decision ON contradictions (decision_id, id) WHERE decision_id IS NOT NULL;
CREATE INDEX contradictions_with_decision ON contradictions (conflicts_with_decision_id)
    WHERE conflicts_with_decision_id IS NOT NULL;
CREATE INDEX contradictions_with_specification ON contradictions (specification_id)
    WHERE specification_id IS NOT NULL;

CREATE FUNCTION set_project_of_contradiction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN NEW.intent_id IS NULL THEN (SELECT project_id FROM decisions WHERE id = NEW.decision_id)
             ELSE (SELECT project_id FROM intents WHERE id = NEW.intent_id) END,
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON contradictions
    FOR EACH ROW EXECUTE FUNCTION set_project_of_contradiction();

-- What was settled, or is gone because a record was moved, needs no answer. What the notification is about is deleted with
-- an intent or a project.
CREATE FUNCTION settle_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notifications SET is_read = true
    WHERE user_id = OLD.user_id AND NOT is_read
      AND (occurrence = 'contradiction:' || OLD.id
           OR (intent_id = OLD.intent_id AND metadata->>'contradictionId' = OLD.id::text))
      AND (TG_OP = 'UPDATE' OR (EXISTS (SELECT FROM projects WHERE id = OLD.project_id)
           AND (OLD.intent_id IS NULL OR EXISTS (SELECT FROM intents WHERE id = OLD.intent_id))));
    RETURN NULL;
END $$;
CREATE TRIGGER settle_notifications AFTER UPDATE OF status ON contradictions FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status <> 'pending') EXECUTE FUNCTION settle_notifications();
CREATE TRIGGER settle_notifications_of_deleted AFTER DELETE ON contradictions FOR EACH ROW
    WHEN (OLD.status = 'pending') EXECUTE FUNCTION settle_notifications();

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

-- A new decision that is rejected, withdrawn or superseded has no pending contradictions.
CREATE FUNCTION resolve_contradictions_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said boolean := coalesce(char_length(NEW.reason) >= 10, false);
BEGIN
    UPDATE contradictions
    SET status = CASE NEW.status WHEN 'superseded' THEN 'modified' ELSE 'rejected' END,
        rationale = CASE WHEN said THEN NEW.reason ELSE 'The decision is no longer proposed.' END,
        rationale_key = CASE WHEN said THEN NEW.reason_key ELSE 'contradiction.decision_closed' END,
        rationale_params = CASE WHEN said THEN NEW.reason_params ELSE '{}' END,
        resolved_by = NEW.actor, resolved_at = now()
    WHERE decision_id = NEW.id AND status = 'pending';
    RETURN NULL;
END $$;
CREATE TRIGGER resolve_contradictions AFTER UPDATE ON decisions FOR EACH ROW
    WHEN (OLD.status = 'proposed' AND NEW.status IN ('rejected', 'withdrawn', 'superseded'))
    EXECUTE FUNCTION resolve_contradictions_of_decision();
