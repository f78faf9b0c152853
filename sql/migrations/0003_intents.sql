-- Intents, the history of their statuses, and notifications.

-- Raises a violation of a named rule. DETAIL holds the key and the parameters of the message for sql/errors.py.
CREATE FUNCTION raise_rule(rule text, message text, key text, params jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = message,
        DETAIL = jsonb_build_object('key', key, 'params', params)::text;
END $$;

CREATE TABLE intents (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id           text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id        uuid NOT NULL REFERENCES projects ON DELETE CASCADE, -- see set_project
    conversation_id   uuid REFERENCES conversations ON DELETE SET NULL,
    source_message_id uuid REFERENCES messages ON DELETE SET NULL,
    description       text NOT NULL CHECK (description <> ''),
    withheld          boolean NOT NULL DEFAULT false, -- its project is archived: no worker claims it or notifies of it
    assignee          text NOT NULL DEFAULT 'assistant' CHECK (assignee IN ('person', 'assistant')),
    assignee_id       text, -- the user, when the assignee is a person
    labels            text[] NOT NULL DEFAULT '{}' CHECK (cardinality(labels) <= 10),
    recurrence        text, -- RRULE of RFC 5545; see sql/recurrence.py
    intent_type       text CHECK (intent_type IN
                      ('question', 'task', 'specification', 'remember', 'reminder', 'code_execution')),
    classification    jsonb,
    status            text NOT NULL DEFAULT 'pending' CHECK (status IN
                      ('pending', 'awaiting_confirmation', 'processing', 'completed', 'failed', 'cancelled')),
    priority          smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 10),
    result            jsonb,
    error             text,
    progress          double precision CHECK (progress BETWEEN 0 AND 1),
    metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    version           integer NOT NULL DEFAULT 1,
    attempts          integer NOT NULL DEFAULT 0,
    max_attempts      integer NOT NULL DEFAULT 5 CHECK (max_attempts > 0),
    next_attempt_at   timestamptz,
    due_at            timestamptz,
    occurs_at         timestamptz, -- when its rule says; null: due_at. A person may move due_at of this one only
    due_notified_at   timestamptz, -- when the user was notified that it is due
    overdue_at        timestamptz, -- when to notify that it is overdue; set when the user was notified that it is due
    idempotency_key   text,
    claimed_by        text,
    lease_until       timestamptz,
    fence             bigint NOT NULL DEFAULT 0,
    -- Who makes the current change, and why. A trigger copies both into intent_transitions.
    actor             text NOT NULL,
    reason            text,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    processed_at      timestamptz,
    checked_at        timestamptz, -- when it was checked for contradictions
    confirmed_at      timestamptz, -- when the user confirmed it
    superseded_by     uuid REFERENCES intents ON DELETE SET NULL, -- later checks ignore a superseded intent
    trace_parent      text DEFAULT nullif(current_setting('resonant.trace', true), ''),
    error_key         text,
    error_params      jsonb,
    reason_key        text,
    reason_params     jsonb,
    CHECK ((claimed_by IS NULL) = (lease_until IS NULL)),
    -- No worker claims a person's work.
    CHECK (claimed_by IS NULL OR (status = 'processing' AND assignee = 'assistant')),
    CHECK (status <> 'processing' OR assignee = 'person' OR claimed_by IS NOT NULL),
    CHECK (assignee = 'person' OR assignee_id IS NULL),
    UNIQUE (user_id, idempotency_key)
);
CREATE INDEX intents_status_priority ON intents (status, priority DESC);
CREATE INDEX intents_recent ON intents (user_id, created_at DESC);
CREATE INDEX intents_in_order ON intents (user_id, id);
CREATE INDEX intents_of_project ON intents (project_id, id);
CREATE INDEX intents_by_priority ON intents (user_id, priority, id);
-- Workers claim from one user after the other. Intents that wait for a time have an index of their own, so that a
-- hundred thousand reminders for next year do not slow a claim down.
CREATE INDEX intents_claimable ON intents (user_id, priority DESC, id)
    WHERE status = 'pending' AND next_attempt_at IS NULL AND assignee = 'assistant' AND NOT withheld;
CREATE INDEX intents_waiting ON intents (next_attempt_at)
    WHERE status = 'pending' AND next_attempt_at IS NOT NULL AND NOT withheld;
-- Whose time will come: see mark_due_intents.
CREATE INDEX intents_due ON intents (due_at) WHERE due_notified_at IS NULL AND due_at IS NOT NULL
    AND status IN ('pending', 'awaiting_confirmation', 'processing') AND NOT withheld;
CREATE INDEX intents_overdue ON intents (overdue_at) WHERE overdue_at IS NOT NULL
    AND status IN ('pending', 'awaiting_confirmation', 'processing') AND NOT withheld;
CREATE INDEX intents_by_due ON intents (user_id, coalesce(due_at, '9999-12-31 00:00+00'), id);
CREATE INDEX intents_leased ON intents (lease_until) WHERE claimed_by IS NOT NULL;
CREATE INDEX intents_of_message ON intents (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE INDEX intents_of_conversation ON intents (conversation_id, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX intents_superseded_by ON intents (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TRIGGER set_project BEFORE INSERT ON intents FOR EACH ROW EXECUTE FUNCTION set_project();
CREATE TRIGGER set_project_of_moved BEFORE UPDATE OF conversation_id ON intents FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION set_project();

-- The work of an archived project waits until the project is restored. The lock, which the foreign key takes anyway,
-- waits for a transaction that archives or restores it; without row-level security, because readers may not lock.
CREATE FUNCTION set_withheld() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    SELECT archived_at IS NOT NULL INTO NEW.withheld FROM projects WHERE id = NEW.project_id FOR KEY SHARE;
    NEW.withheld := coalesce(NEW.withheld, false); -- the foreign key refuses an unknown project
    RETURN NEW;
END $$;
-- Their names come after those of the triggers that set the project.
CREATE TRIGGER set_withheld BEFORE INSERT ON intents FOR EACH ROW EXECUTE FUNCTION set_withheld();
CREATE TRIGGER set_withheld_of_changed BEFORE UPDATE ON intents FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id OR (OLD.status IN ('completed', 'failed', 'cancelled')
          AND NEW.status NOT IN ('completed', 'failed', 'cancelled')))
    EXECUTE FUNCTION set_withheld();

CREATE FUNCTION withhold_intents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE intents SET withheld = NEW.archived_at IS NOT NULL
    WHERE project_id = NEW.id AND status IN ('pending', 'awaiting_confirmation', 'processing');
    RETURN NULL;
END $$;
CREATE TRIGGER withhold_intents AFTER UPDATE OF archived_at ON projects FOR EACH ROW
    WHEN ((OLD.archived_at IS NULL) <> (NEW.archived_at IS NULL)) EXECUTE FUNCTION withhold_intents();

-- One row per change of status. It has no foreign key, because only triggers on intents write it; the trigger
-- delete_transitions takes the place of ON DELETE CASCADE.
CREATE TABLE intent_transitions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intent_id   uuid NOT NULL,
    user_id     text NOT NULL,
    from_status text,
    to_status   text NOT NULL,
    actor       text NOT NULL,
    reason      text,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    key         text, -- of the reason
    params      jsonb
);
CREATE INDEX intent_transitions_of_intent ON intent_transitions (intent_id, id);

CREATE FUNCTION delete_transitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM intent_transitions USING old_rows WHERE intent_id = old_rows.id;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_transitions AFTER DELETE ON intents REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION delete_transitions();

CREATE FUNCTION check_intent_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.due_at IS DISTINCT FROM NEW.due_at THEN
        NEW.due_notified_at := NULL;
        NEW.overdue_at := NULL;
    END IF;
    IF OLD.status IS DISTINCT FROM NEW.status THEN
        -- An undo restores any status.
        IF current_setting('resonant.undo', true) IS DISTINCT FROM 'on' AND (OLD.status, NEW.status) NOT IN (
            ('pending', 'awaiting_confirmation'), ('pending', 'processing'), ('pending', 'cancelled'),
            ('awaiting_confirmation', 'pending'), ('awaiting_confirmation', 'cancelled'),
            ('processing', 'awaiting_confirmation'), ('processing', 'pending'), ('processing', 'completed'),
            ('processing', 'failed'), ('processing', 'cancelled'),
            ('completed', 'pending'), ('failed', 'pending'), ('cancelled', 'pending')
        ) AND NOT ((NEW.assignee = 'person' OR NEW.intent_type IS NOT DISTINCT FROM 'reminder')
                   AND (OLD.status, NEW.status) = ('pending', 'completed')) THEN
            PERFORM raise_rule('intent_transition',
                format('an intent cannot go from %s to %s', OLD.status, NEW.status),
                'intent.transition', jsonb_build_object('from', OLD.status, 'to', NEW.status));
        END IF;
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_transition BEFORE UPDATE ON intents
    FOR EACH ROW EXECUTE FUNCTION check_intent_transition();

-- A new description has to be checked and confirmed again.
CREATE FUNCTION reset_intent_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.checked_at := NULL;
    NEW.confirmed_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER reset_check BEFORE UPDATE OF description ON intents FOR EACH ROW
    WHEN (OLD.description IS DISTINCT FROM NEW.description) EXECUTE FUNCTION reset_intent_check();

CREATE TABLE notifications (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id           text NOT NULL, -- no foreign key: see delete_rows_of_users
    project_id        uuid NOT NULL, -- no foreign key: see delete_notifications_of_project
    title             text NOT NULL,
    message           text NOT NULL,
    notification_type text NOT NULL CHECK (notification_type IN ('info', 'success', 'warning', 'error')),
    is_read           boolean NOT NULL DEFAULT false,
    intent_id         uuid REFERENCES intents ON DELETE CASCADE,
    source_message_id uuid REFERENCES messages ON DELETE CASCADE,
    -- Makes the notification idempotent: a worker that repeats an attempt does not notify twice.
    occurrence        text,
    metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    key               text,
    params            jsonb,
    UNIQUE (user_id, occurrence)
);
CREATE INDEX notifications_recent ON notifications (user_id, created_at DESC);
CREATE INDEX notifications_in_order ON notifications (user_id, id);
CREATE INDEX notifications_of_project ON notifications (project_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE NOT is_read;
CREATE INDEX notifications_of_intent ON notifications (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX notifications_of_message ON notifications (source_message_id) WHERE source_message_id IS NOT NULL;

-- A failed reply that is written again needs no answer.
CREATE FUNCTION settle_notifications_of_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notifications SET is_read = true
    WHERE source_message_id = NEW.id AND occurrence LIKE 'reply-failed:%' AND NOT is_read;
    RETURN NULL;
END $$;
CREATE TRIGGER settle_notifications AFTER UPDATE OF status ON messages FOR EACH ROW
    WHEN (OLD.status = 'failed' AND NEW.status = 'pending') EXECUTE FUNCTION settle_notifications_of_reply();

CREATE FUNCTION set_project_of_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN NEW.intent_id IS NOT NULL THEN (SELECT project_id FROM intents WHERE id = NEW.intent_id)
             WHEN NEW.source_message_id IS NOT NULL
             THEN (SELECT project_id FROM messages WHERE id = NEW.source_message_id) END,
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON notifications
    FOR EACH ROW EXECUTE FUNCTION set_project_of_notification();

-- A foreign key would lock the row of the project for each notification.
CREATE FUNCTION delete_notifications_of_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications WHERE project_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_notifications AFTER DELETE ON projects
    FOR EACH ROW EXECUTE FUNCTION delete_notifications_of_project();
