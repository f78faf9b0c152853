-- The append-only record of what happened. Triggers write it in the transaction of the change itself,
-- so no code path can change a row and forget to tell of it.

CREATE TABLE events (
    -- An identity is not commit order. Readers take rows with xid below the snapshot horizon, in order of (xid, id).
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id         bigint GENERATED ALWAYS AS IDENTITY,
    user_id    text NOT NULL,
    kind       text NOT NULL CHECK (kind IN (
        'conversation_created', 'conversation_updated', 'conversation_deleted',
        'message_created', 'message_updated', 'message_deleted',
        'intent_created', 'intent_updated', 'intent_deleted',
        'notification_created', 'notification_read',
        'specification_created', 'specification_updated', 'specification_deleted',
        'memory_created', 'memory_updated', 'memory_deleted',
        'choice_point_created', 'choice_point_decided',
        'contradiction_found', 'contradiction_resolved')),
    subject_id uuid NOT NULL,
    caused_by  uuid,
    payload    jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (xid, id)
);
CREATE INDEX events_of_user ON events (user_id, xid, id);
CREATE INDEX events_of_subject ON events (subject_id);

-- One row: which stream the cursors belong to (a restored database starts another), and up to where it was trimmed.
CREATE TABLE event_stream (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    trimmed_xid xid8 NOT NULL DEFAULT '0',
    trimmed_id  bigint NOT NULL DEFAULT 0
);
INSERT INTO event_stream DEFAULT VALUES;

CREATE FUNCTION append_event(user_id text, kind text, subject_id uuid, caused_by uuid, payload jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO events (user_id, kind, subject_id, caused_by, payload) VALUES ($1, $2, $3, $4, $5)
$$;

CREATE FUNCTION tell_of_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'conversation_deleted', OLD.id, NULL, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'conversation_created' ELSE 'conversation_updated' END,
            NEW.id, NULL, jsonb_build_object('title', NEW.title, 'archived', NEW.archived));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created_deleted AFTER INSERT OR DELETE ON conversations
    FOR EACH ROW EXECUTE FUNCTION tell_of_conversation();
CREATE TRIGGER tell_updated AFTER UPDATE ON conversations FOR EACH ROW
    WHEN ((OLD.title, OLD.archived, OLD.summary) IS DISTINCT FROM (NEW.title, NEW.archived, NEW.summary))
    EXECUTE FUNCTION tell_of_conversation();

CREATE FUNCTION tell_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'message_deleted', OLD.id, OLD.reply_to,
            jsonb_build_object('conversationId', OLD.conversation_id));
    ELSE
        PERFORM append_event(
            NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'message_created' ELSE 'message_updated' END,
            NEW.id, NEW.reply_to,
            jsonb_build_object('conversationId', NEW.conversation_id, 'messageType', NEW.message_type,
                               'status', NEW.status));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created_deleted AFTER INSERT OR DELETE ON messages
    FOR EACH ROW EXECUTE FUNCTION tell_of_message();
-- The growing text of a reply is a stream of its own, and leases are nobody's news.
CREATE TRIGGER tell_updated AFTER UPDATE ON messages FOR EACH ROW
    WHEN ((OLD.status, OLD.error, OLD.message_type) IS DISTINCT FROM (NEW.status, NEW.error, NEW.message_type)
          OR (NEW.status <> 'streaming' AND (OLD.content, OLD.metadata) IS DISTINCT FROM (NEW.content, NEW.metadata)))
    EXECUTE FUNCTION tell_of_message();

CREATE FUNCTION check_intent_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IS DISTINCT FROM NEW.status THEN
        IF (OLD.status, NEW.status) NOT IN (
            ('pending', 'awaiting_confirmation'), ('pending', 'processing'), ('pending', 'cancelled'),
            ('awaiting_confirmation', 'pending'), ('awaiting_confirmation', 'cancelled'),
            ('processing', 'awaiting_confirmation'), ('processing', 'pending'), ('processing', 'completed'),
            ('processing', 'failed'), ('processing', 'cancelled'),
            ('failed', 'pending'), ('cancelled', 'pending')
        ) THEN
            RAISE EXCEPTION 'an intent cannot go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'intent_transition';
        END IF;
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_transition BEFORE UPDATE ON intents
    FOR EACH ROW EXECUTE FUNCTION check_intent_transition();

CREATE FUNCTION tell_of_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'intent_deleted', OLD.id, OLD.source_message_id,
            jsonb_build_object('conversationId', OLD.conversation_id, 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' OR OLD.status IS DISTINCT FROM NEW.status THEN
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason)
        VALUES (NEW.id, NEW.user_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status, NEW.actor, NEW.reason);
    END IF;
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'intent_created' ELSE 'intent_updated' END,
        NEW.id, NEW.source_message_id,
        jsonb_build_object('conversationId', NEW.conversation_id, 'status', NEW.status, 'version', NEW.version,
                           'previousStatus', CASE TG_OP WHEN 'UPDATE' THEN OLD.status END));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created_deleted AFTER INSERT OR DELETE ON intents
    FOR EACH ROW EXECUTE FUNCTION tell_of_intent();
CREATE TRIGGER tell_updated AFTER UPDATE ON intents FOR EACH ROW
    WHEN ((OLD.status, OLD.description, OLD.intent_type, OLD.classification, OLD.priority, OLD.result, OLD.error,
           OLD.progress, OLD.metadata, OLD.due_at, OLD.next_attempt_at, OLD.conversation_id)
          IS DISTINCT FROM
          (NEW.status, NEW.description, NEW.intent_type, NEW.classification, NEW.priority, NEW.result, NEW.error,
           NEW.progress, NEW.metadata, NEW.due_at, NEW.next_attempt_at, NEW.conversation_id))
    EXECUTE FUNCTION tell_of_intent();

CREATE FUNCTION tell_of_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'notification_created' ELSE 'notification_read' END,
        NEW.id, coalesce(NEW.intent_id, NEW.source_message_id),
        jsonb_build_object('notificationType', NEW.notification_type));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created AFTER INSERT ON notifications
    FOR EACH ROW EXECUTE FUNCTION tell_of_notification();
CREATE TRIGGER tell_read AFTER UPDATE ON notifications FOR EACH ROW
    WHEN (NOT OLD.is_read AND NEW.is_read) EXECUTE FUNCTION tell_of_notification();
