-- Texts that the program writes carry a key and its parameters, so that a client shows them in the reader's language.
-- A null key: the text was written by a model or a person.

ALTER TABLE messages ADD COLUMN error_key text, ADD COLUMN error_params jsonb;
ALTER TABLE intents ADD COLUMN error_key text, ADD COLUMN error_params jsonb,
                    ADD COLUMN reason_key text, ADD COLUMN reason_params jsonb;
ALTER TABLE intent_transitions ADD COLUMN key text, ADD COLUMN params jsonb;
ALTER TABLE notifications ADD COLUMN key text, ADD COLUMN params jsonb;
ALTER TABLE contradictions ADD COLUMN key text, ADD COLUMN params jsonb,
                           ADD COLUMN rationale_key text, ADD COLUMN rationale_params jsonb;
ALTER TABLE claude_code_sessions ADD COLUMN error_key text, ADD COLUMN error_params jsonb;
ALTER TABLE claude_code_executions ADD COLUMN error_key text, ADD COLUMN error_params jsonb;

CREATE OR REPLACE FUNCTION tell_of_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'intent_deleted', OLD.id, OLD.source_message_id,
            jsonb_build_object('conversationId', OLD.conversation_id, 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' OR OLD.status IS DISTINCT FROM NEW.status THEN
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        VALUES (NEW.id, NEW.user_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status, NEW.actor, NEW.reason,
                NEW.reason_key, NEW.reason_params);
    END IF;
    PERFORM append_event(
        NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'intent_created' ELSE 'intent_updated' END, NEW.id,
        CASE WHEN TG_OP = 'UPDATE' AND OLD.conversation_id IS NOT NULL AND NEW.conversation_id IS NULL
             THEN OLD.conversation_id ELSE NEW.source_message_id END,
        jsonb_build_object('conversationId', NEW.conversation_id, 'status', NEW.status, 'version', NEW.version,
                           'previousStatus', CASE TG_OP WHEN 'UPDATE' THEN OLD.status END));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tell_of_updated_intents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT n.id, n.user_id, o.status AS was, n.status, n.actor, n.reason, n.reason_key, n.reason_params, n.version,
               n.source_message_id, n.conversation_id, o.conversation_id AS left_conversation
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE (o.status, o.description, o.intent_type, o.classification, o.priority, o.result, o.error, o.progress,
               o.metadata, o.due_at, o.next_attempt_at, o.conversation_id)
              IS DISTINCT FROM
              (n.status, n.description, n.intent_type, n.classification, n.priority, n.result, n.error, n.progress,
               n.metadata, n.due_at, n.next_attempt_at, n.conversation_id)
    ), stepped AS (
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        SELECT id, user_id, was, status, actor, reason, reason_key, reason_params FROM changed WHERE was <> status
    ), to_remember AS (
        INSERT INTO memory_work (subject_id, user_id, kind)
        SELECT id, user_id, 'intent' FROM changed WHERE status = 'completed' AND was <> 'completed'
        ON CONFLICT (subject_id) DO UPDATE SET attempts = 0, claimed_until = NULL, created_at = now()
    )
    INSERT INTO events (user_id, kind, subject_id, caused_by, payload)
    SELECT user_id, 'intent_updated', id,
           -- An intent that loses its conversation is updated because of it.
           nullif(coalesce(cause, CASE WHEN left_conversation IS NOT NULL AND conversation_id IS NULL
                                       THEN left_conversation ELSE source_message_id END), id),
           jsonb_build_object('conversationId', conversation_id, 'status', status, 'version', version,
                              'previousStatus', was)
    FROM changed;
    RETURN NULL;
END $$;

-- The reason that the user gave is the rationale, when it is long enough to be one.
CREATE OR REPLACE FUNCTION settle_contradictions() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- A rule that a statement breaks: the detail is the key and the parameters of its message.
CREATE FUNCTION raise_rule(rule text, message text, key text, params jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = message,
        DETAIL = jsonb_build_object('key', key, 'params', params)::text;
END $$;

CREATE OR REPLACE FUNCTION check_intent_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IS DISTINCT FROM NEW.status THEN
        IF (OLD.status, NEW.status) NOT IN (
            ('pending', 'awaiting_confirmation'), ('pending', 'processing'), ('pending', 'cancelled'),
            ('awaiting_confirmation', 'pending'), ('awaiting_confirmation', 'cancelled'),
            ('processing', 'awaiting_confirmation'), ('processing', 'pending'), ('processing', 'completed'),
            ('processing', 'failed'), ('processing', 'cancelled'),
            ('failed', 'pending'), ('cancelled', 'pending')
        ) THEN
            PERFORM raise_rule('intent_transition',
                format('an intent cannot go from %s to %s', OLD.status, NEW.status),
                'intent.transition', jsonb_build_object('from', OLD.status, 'to', NEW.status));
        END IF;
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION check_specification() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    text_changed boolean := (OLD.title, OLD.content) IS DISTINCT FROM (NEW.title, NEW.content);
BEGIN
    IF NEW.status = 'approved' AND OLD.status = 'draft' THEN
        PERFORM raise_rule('specification_workflow',
            'a draft is approved only after its review; save it for REVIEW first', 'specification.not_reviewed');
    END IF;
    IF NEW.status = 'approved' AND text_changed THEN
        PERFORM raise_rule('specification_workflow',
            'what is approved is the text that was reviewed; save the new text as DRAFT or for REVIEW',
            'specification.text_not_reviewed');
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION check_choice_options() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM choice_options WHERE choice_point_id = NEW.id) < 2 THEN
        PERFORM raise_rule('choice_options', 'a choice needs at least two options', 'choice_point.too_few_options');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION check_choice_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM raise_rule('choice_decided', 'this choice was made already; lay out a new one to decide otherwise',
                       'choice_point.already_decided');
    RETURN NULL;
END $$;
