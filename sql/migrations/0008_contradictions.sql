-- What a new wish must not run into unseen: a decision that it reverses, a wish that it repeats.

-- When the intent was compared with what stands, and when the user confirmed it; new words need both anew.
ALTER TABLE intents ADD COLUMN checked_at timestamptz;
ALTER TABLE intents ADD COLUMN confirmed_at timestamptz;
-- What gave way to a later intent no longer stands against new ones.
ALTER TABLE intents ADD COLUMN superseded_by uuid REFERENCES intents ON DELETE SET NULL;
ALTER TABLE choice_points ADD COLUMN superseded_by uuid REFERENCES intents ON DELETE SET NULL;
ALTER TABLE specifications ADD COLUMN superseded_by uuid REFERENCES intents ON DELETE SET NULL;
CREATE INDEX intents_superseded_by ON intents (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX choice_points_superseded_by ON choice_points (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX specifications_superseded_by ON specifications (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE contradictions (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    intent_id        uuid NOT NULL REFERENCES intents ON DELETE CASCADE,
    kind             text NOT NULL CHECK (kind IN ('tech_stack', 'policy_shift', 'duplicate', 'dogma')),
    confidence       double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    explanation      text NOT NULL,
    judge            text NOT NULL,
    -- What it clashes with: one of the three, or nothing when it is absolute in itself.
    other_intent_id  uuid REFERENCES intents ON DELETE SET NULL,
    choice_point_id  uuid REFERENCES choice_points ON DELETE SET NULL,
    specification_id uuid REFERENCES specifications ON DELETE SET NULL,
    status           text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected', 'modified')),
    rationale        text CHECK (char_length(rationale) >= 10),
    resolved_by      text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    resolved_at      timestamptz,
    CHECK (num_nonnulls(other_intent_id, choice_point_id, specification_id) <= 1),
    CHECK (status = 'pending' OR num_nulls(rationale, resolved_by, resolved_at) = 0)
);
CREATE INDEX contradictions_of_intent ON contradictions (intent_id, id);
CREATE INDEX contradictions_with_intent ON contradictions (other_intent_id) WHERE other_intent_id IS NOT NULL;
CREATE INDEX contradictions_with_choice ON contradictions (choice_point_id) WHERE choice_point_id IS NOT NULL;
CREATE INDEX contradictions_with_specification ON contradictions (specification_id)
    WHERE specification_id IS NOT NULL;

CREATE FUNCTION forget_check_of_old_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.checked_at := NULL;
    NEW.confirmed_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER forget_check BEFORE UPDATE OF description ON intents FOR EACH ROW
    WHEN (OLD.description IS DISTINCT FROM NEW.description) EXECUTE FUNCTION forget_check_of_old_words();

-- With the intent called off, or worded anew, its open contradictions are settled, whoever did so and how.
CREATE FUNCTION settle_contradictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contradictions
    SET status = CASE NEW.status WHEN 'cancelled' THEN 'rejected' ELSE 'modified' END,
        rationale = CASE WHEN char_length(NEW.reason) >= 10 THEN NEW.reason
                         WHEN NEW.status = 'cancelled' THEN 'The intent was cancelled.'
                         ELSE 'The intent was worded anew.' END,
        resolved_by = NEW.actor, resolved_at = now()
    WHERE intent_id = NEW.id AND status = 'pending';
    RETURN NULL;
END $$;
CREATE TRIGGER settle_contradictions AFTER UPDATE ON intents FOR EACH ROW
    WHEN (OLD.status <> 'cancelled' AND NEW.status = 'cancelled' OR OLD.description IS DISTINCT FROM NEW.description)
    EXECUTE FUNCTION settle_contradictions();

CREATE FUNCTION tell_of_contradiction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'contradiction_found' ELSE 'contradiction_resolved' END,
        NEW.id, NEW.intent_id,
        jsonb_build_object('intentId', NEW.intent_id, 'kind', NEW.kind, 'status', NEW.status,
                           'conflictsWith', coalesce(NEW.other_intent_id, NEW.choice_point_id, NEW.specification_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_found AFTER INSERT ON contradictions FOR EACH ROW EXECUTE FUNCTION tell_of_contradiction();
CREATE TRIGGER tell_resolved AFTER UPDATE ON contradictions FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status <> 'pending') EXECUTE FUNCTION tell_of_contradiction();
