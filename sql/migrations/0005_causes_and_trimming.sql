-- What a change was made for, when the row itself does not say: the statement that begins a larger change names it
-- with `set_config('resonant.cause', id, true)`, and every event until the end of the transaction carries it.
CREATE OR REPLACE FUNCTION append_event(user_id text, kind text, subject_id uuid, caused_by uuid, payload jsonb)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO events (user_id, kind, subject_id, caused_by, payload)
    VALUES ($1, $2, $3, nullif(coalesce(nullif(current_setting('resonant.cause', true), '')::uuid, $4), $3), $5)
$$;

-- A message goes with its conversation, or with the message that it answers; the row that went first is the cause.
CREATE OR REPLACE FUNCTION tell_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'message_deleted', OLD.id,
            CASE WHEN EXISTS (SELECT FROM conversations WHERE id = OLD.conversation_id)
                 THEN OLD.reply_to ELSE OLD.conversation_id END,
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

-- An intent that loses its conversation is updated because of it.
CREATE OR REPLACE FUNCTION tell_of_intent() RETURNS trigger LANGUAGE plpgsql AS $$
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
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'intent_created' ELSE 'intent_updated' END, NEW.id,
        CASE WHEN TG_OP = 'UPDATE' AND OLD.conversation_id IS NOT NULL AND NEW.conversation_id IS NULL
             THEN OLD.conversation_id ELSE NEW.source_message_id END,
        jsonb_build_object('conversationId', NEW.conversation_id, 'status', NEW.status, 'version', NEW.version,
                           'previousStatus', CASE TG_OP WHEN 'UPDATE' THEN OLD.status END));
    RETURN NULL;
END $$;

-- `trace` walks both ways: to the subjects that led here, and to those that this led to.
CREATE INDEX events_of_cause ON events (caused_by) WHERE caused_by IS NOT NULL;
