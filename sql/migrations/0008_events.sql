-- The append-only table of events: the outbox of subscriptions, the audit trail and the source of `trace`. Triggers
-- write it in the transaction of the change, so no code can change a row without an event.

CREATE TABLE events (
    -- The order of an identity column is not commit order. Readers take the rows with an xid below the snapshot's xmin
    -- in order of (xid, id).
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id         bigint GENERATED ALWAYS AS IDENTITY,
    user_id    text NOT NULL,
    project_id uuid, -- of the record after the change; null for a profile memory
    kind       text NOT NULL CHECK (kind IN (
        'project_created', 'project_updated', 'project_deleted',
        'conversation_created', 'conversation_updated', 'conversation_deleted',
        'message_created', 'message_updated', 'message_deleted',
        'intent_created', 'intent_updated', 'intent_deleted',
        'notification_created', 'notification_read',
        'specification_created', 'specification_updated', 'specification_deleted',
        'memory_created', 'memory_updated', 'memory_deleted',
        'action_created', 'action_updated',
        'decision_created', 'decision_updated', 'decision_deleted',
        'contradiction_found', 'contradiction_resolved')),
    subject_id uuid NOT NULL,
    caused_by  uuid,
    payload    jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (xid, id)
);
CREATE INDEX events_of_user ON events (user_id, xid, id);
-- `trace` follows both: the events of a subject, and the events that it caused.
CREATE INDEX events_of_subject ON events (subject_id);
CREATE INDEX events_of_cause ON events (caused_by) WHERE caused_by IS NOT NULL;

-- One row: the id of the stream that cursors belong to (a restored database has a new one), and the last trimmed event.
CREATE TABLE event_stream (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    trimmed_xid xid8 NOT NULL DEFAULT '0',
    trimmed_id  bigint NOT NULL DEFAULT 0
);
INSERT INTO event_stream DEFAULT VALUES;

-- A transaction may name the cause of all its events with `set_config('resonant.cause', id, true)`; otherwise the
-- trigger's argument is the cause. An event of a record that is restored from the trash says so.
CREATE FUNCTION append_event(
    user_id text, project_id uuid, kind text, subject_id uuid, caused_by uuid, payload jsonb
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO events (user_id, project_id, kind, subject_id, caused_by, payload)
    VALUES ($1, $2, $3, $4, nullif(coalesce(nullif(current_setting('resonant.cause', true), '')::uuid, $5), $4),
            CASE WHEN restoring() THEN $6 || '{"restored": true}' ELSE $6 END)
$$;

-- Part of the payload of a record that was moved. Subscribers to the project that it left get the event too.
CREATE FUNCTION move_payload(from_project uuid, to_project uuid) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN CASE WHEN from_project IS DISTINCT FROM to_project
            THEN jsonb_build_object('fromProjectId', from_project, 'projectId', to_project) ELSE '{}' END;

CREATE FUNCTION record_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.id, 'project_deleted', OLD.id, NULL, jsonb_build_object('name', OLD.name));
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.id, CASE TG_OP WHEN 'INSERT' THEN 'project_created' ELSE 'project_updated' END, NEW.id, NULL,
            jsonb_build_object('name', NEW.name, 'slug', NEW.slug, 'archived', NEW.archived_at IS NOT NULL));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON projects
    FOR EACH ROW EXECUTE FUNCTION record_project();
-- The counter of decisions is not an event.
CREATE TRIGGER record_updated AFTER UPDATE ON projects FOR EACH ROW
    WHEN ((OLD.name, OLD.slug, OLD.description, OLD.archived_at, OLD.user_id)
          IS DISTINCT FROM (NEW.name, NEW.slug, NEW.description, NEW.archived_at, NEW.user_id))
    EXECUTE FUNCTION record_project();

CREATE FUNCTION record_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'conversation_deleted', OLD.id, NULL, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'conversation_created' ELSE 'conversation_updated' END,
            NEW.id, NULL, jsonb_build_object('title', NEW.title, 'archived', NEW.archived)
                || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON conversations
    FOR EACH ROW EXECUTE FUNCTION record_conversation();
CREATE TRIGGER record_updated AFTER UPDATE ON conversations FOR EACH ROW
    WHEN ((OLD.title, OLD.archived, OLD.summary, OLD.model, OLD.project_id)
          IS DISTINCT FROM (NEW.title, NEW.archived, NEW.summary, NEW.model, NEW.project_id))
    EXECUTE FUNCTION record_conversation();

-- A message is deleted with its conversation or with the message that it answers; the one that is gone is the cause.
CREATE FUNCTION record_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'message_deleted', OLD.id,
            CASE WHEN EXISTS (SELECT FROM conversations WHERE id = OLD.conversation_id)
                 THEN OLD.reply_to ELSE OLD.conversation_id END,
            jsonb_build_object('conversationId', OLD.conversation_id));
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'message_created' ELSE 'message_updated' END,
            NEW.id, NEW.reply_to,
            jsonb_build_object('conversationId', NEW.conversation_id, 'messageType', NEW.message_type,
                               'status', NEW.status, 'shown', NEW.shown));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON messages
    FOR EACH ROW EXECUTE FUNCTION record_message();
-- The text of a streaming reply and the leases of workers are not events. When another version is shown, the versions
-- have an event, and what follows them has none.
CREATE TRIGGER record_updated AFTER UPDATE ON messages FOR EACH ROW
    WHEN ((OLD.shown <> NEW.shown AND NEW.version_of IS NOT NULL)
          OR (OLD.status, OLD.error, OLD.message_type, OLD.conversation_id)
          IS DISTINCT FROM (NEW.status, NEW.error, NEW.message_type, NEW.conversation_id)
          OR (NEW.status <> 'streaming' AND (OLD.content, OLD.metadata) IS DISTINCT FROM (NEW.content, NEW.metadata)))
    EXECUTE FUNCTION record_message();

CREATE FUNCTION record_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'intent_deleted', OLD.id, OLD.source_message_id,
            jsonb_build_object('conversationId', OLD.conversation_id, 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF NOT restoring() THEN
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        VALUES (NEW.id, NEW.user_id, NULL, NEW.status, NEW.actor, NEW.reason, NEW.reason_key, NEW.reason_params);
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, 'intent_created', NEW.id, NEW.source_message_id,
        jsonb_build_object('conversationId', NEW.conversation_id, 'status', NEW.status, 'version', NEW.version,
                           'previousStatus', NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON intents
    FOR EACH ROW EXECUTE FUNCTION record_intent();

-- Runs once per statement, because workers update many intents in one statement. One comparison of the old rows with
-- the new ones finds what to write: transitions, work for memory extraction, and events.
CREATE FUNCTION record_updated_intents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT n.id, n.user_id, n.project_id, o.project_id AS previous_project_id, o.status AS previous_status, n.status, n.actor, n.reason, n.reason_key,
               n.reason_params, n.version, n.source_message_id, n.conversation_id,
               o.conversation_id AS previous_conversation_id
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE (o.status, o.description, o.intent_type, o.classification, o.priority, o.result, o.error, o.progress,
               o.metadata, o.due_at, o.next_attempt_at, o.conversation_id, o.project_id, o.assignee,
               o.assignee_id, o.labels, o.recurrence)
              IS DISTINCT FROM
              (n.status, n.description, n.intent_type, n.classification, n.priority, n.result, n.error, n.progress,
               n.metadata, n.due_at, n.next_attempt_at, n.conversation_id, n.project_id, n.assignee,
               n.assignee_id, n.labels, n.recurrence)
    ), transitions AS (
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        SELECT id, user_id, previous_status, status, actor, reason, reason_key, reason_params
        FROM changed WHERE previous_status <> status
    ), memories AS (
        INSERT INTO memory_work (subject_id, user_id, kind)
        SELECT id, user_id, 'intent' FROM changed WHERE status = 'completed' AND previous_status <> 'completed'
        ON CONFLICT (subject_id) DO UPDATE SET attempts = 0, claimed_until = NULL, created_at = now()
    )
    INSERT INTO events (user_id, project_id, kind, subject_id, caused_by, payload)
    SELECT user_id, project_id, 'intent_updated', id,
           -- The deletion of its conversation updates an intent.
           nullif(coalesce(cause, CASE WHEN previous_conversation_id IS NOT NULL AND conversation_id IS NULL
                                       THEN previous_conversation_id ELSE source_message_id END), id),
           jsonb_build_object('conversationId', conversation_id, 'status', status, 'version', version,
                              'previousStatus', previous_status) || move_payload(previous_project_id, project_id)
    FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER record_updated AFTER UPDATE ON intents REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION record_updated_intents();

-- The progress of a code session is an update of its intent, so that clients see each tool call when it happens.
CREATE FUNCTION record_code_progress(intent_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT append_event(i.user_id, i.project_id, 'intent_updated', i.id, i.source_message_id,
                        jsonb_build_object('conversationId', i.conversation_id, 'status', i.status,
                                           'version', i.version, 'previousStatus', i.status))
    FROM intents AS i WHERE i.id = intent_id
$$;

CREATE FUNCTION record_code_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_code_progress(NEW.intent_id);
    RETURN NULL;
END $$;
CREATE TRIGGER record_created AFTER INSERT ON claude_code_sessions
    FOR EACH ROW WHEN (NOT restoring()) EXECUTE FUNCTION record_code_session();
CREATE TRIGGER record_updated AFTER UPDATE ON claude_code_sessions FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION record_code_session();

CREATE FUNCTION record_code_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM record_code_progress(s.intent_id) FROM claude_code_sessions AS s WHERE s.session_id = NEW.session_id;
    RETURN NULL;
END $$;
CREATE TRIGGER record_written AFTER INSERT OR UPDATE ON claude_code_executions
    FOR EACH ROW WHEN (NOT restoring()) EXECUTE FUNCTION record_code_execution();

CREATE FUNCTION record_new_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    INSERT INTO events (user_id, project_id, kind, subject_id, caused_by, payload)
    SELECT user_id, project_id, 'notification_created', id, nullif(coalesce(cause, intent_id, source_message_id), id),
           jsonb_build_object('notificationType', notification_type)
    FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created AFTER INSERT ON notifications REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (NOT restoring()) EXECUTE FUNCTION record_new_notifications();

CREATE FUNCTION record_read_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(NEW.user_id, NEW.project_id, 'notification_read', NEW.id, coalesce(NEW.intent_id, NEW.source_message_id),
                         jsonb_build_object('notificationType', NEW.notification_type));
    RETURN NULL;
END $$;
CREATE TRIGGER record_read AFTER UPDATE ON notifications FOR EACH ROW
    WHEN (NOT OLD.is_read AND NEW.is_read) EXECUTE FUNCTION record_read_notification();

CREATE FUNCTION record_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'specification_deleted', OLD.id, NULL, jsonb_build_object('title', OLD.title));
        RETURN NULL;
    END IF;
    IF NOT restoring() AND (TG_OP = 'INSERT' OR OLD.version IS DISTINCT FROM NEW.version) THEN
        INSERT INTO specification_revisions
            (specification_id, user_id, version, title, content, status, author, intent_id)
        VALUES (NEW.id, NEW.user_id, NEW.version, NEW.title, NEW.content, NEW.status, NEW.author, NEW.intent_id);
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'specification_created' ELSE 'specification_updated' END,
        NEW.id, NEW.intent_id,
        jsonb_build_object('title', NEW.title, 'status', NEW.status, 'version', NEW.version)
            || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END);
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON specifications
    FOR EACH ROW EXECUTE FUNCTION record_specification();
CREATE TRIGGER record_updated AFTER UPDATE ON specifications
    FOR EACH ROW WHEN ((OLD.version, OLD.project_id) IS DISTINCT FROM (NEW.version, NEW.project_id))
    EXECUTE FUNCTION record_specification();

-- A change of status or an edit is written into the history. Changes of one decision never go back in time, although
-- a transaction that waited has an earlier now().
CREATE FUNCTION record_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edited boolean := TG_OP = 'UPDATE' AND OLD.status = NEW.status AND OLD.project_id = NEW.project_id;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'decision_deleted', OLD.id, NULL,
            jsonb_build_object('number', OLD.number, 'title', left(OLD.title, 200), 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' AND NOT restoring() THEN
        INSERT INTO decision_changes (decision_id, user_id, from_status, to_status, actor, reason, key, params, at)
        VALUES (NEW.id, NEW.user_id, NULL, NEW.status, NEW.actor, NEW.reason, NEW.reason_key, NEW.reason_params,
                NEW.created_at);
    ELSIF TG_OP = 'UPDATE' AND OLD.version <> NEW.version THEN
        INSERT INTO decision_changes (decision_id, user_id, from_status, to_status, actor, reason, key, params, at)
        VALUES (NEW.id, NEW.user_id, OLD.status, NEW.status, NEW.actor,
                CASE WHEN edited THEN 'The text was edited.' ELSE NEW.reason END,
                CASE WHEN edited THEN 'decision.edited' ELSE NEW.reason_key END,
                CASE WHEN edited THEN '{}' ELSE NEW.reason_params END,
                greatest(now(), (SELECT max(at) FROM decision_changes WHERE decision_id = NEW.id)));
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'decision_created' ELSE 'decision_updated' END,
        NEW.id, coalesce(NEW.superseded_by, NEW.intent_id),
        jsonb_build_object('number', NEW.number, 'title', left(NEW.title, 200), 'status', NEW.status,
                           'version', NEW.version, 'conversationId', NEW.conversation_id,
                           'previousStatus', CASE TG_OP WHEN 'UPDATE' THEN OLD.status END)
            || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END);
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION record_decision();
CREATE TRIGGER record_updated AFTER UPDATE ON decisions FOR EACH ROW
    WHEN ((OLD.version, OLD.superseded_by) IS DISTINCT FROM (NEW.version, NEW.superseded_by))
    EXECUTE FUNCTION record_decision();

CREATE FUNCTION record_contradiction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'contradiction_found' ELSE 'contradiction_resolved' END,
        NEW.id, coalesce(NEW.intent_id, NEW.decision_id),
        jsonb_build_object('intentId', NEW.intent_id, 'decisionId', NEW.decision_id, 'kind', NEW.kind,
                           'status', NEW.status,
                           'conflictsWith', coalesce(NEW.other_intent_id, NEW.conflicts_with_decision_id,
                                                     NEW.specification_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER record_found AFTER INSERT ON contradictions FOR EACH ROW EXECUTE FUNCTION record_contradiction();
CREATE TRIGGER record_resolved AFTER UPDATE ON contradictions FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status <> 'pending') EXECUTE FUNCTION record_contradiction();

CREATE FUNCTION record_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, 'memory_deleted', OLD.id, OLD.source_id, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'memory_created' ELSE 'memory_updated' END,
            NEW.id, CASE WHEN NEW.superseded_by IS NOT NULL THEN NEW.superseded_by ELSE NEW.source_id END,
            jsonb_build_object('content', left(NEW.content, 200), 'kind', NEW.kind, 'archived', NEW.archived)
                || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION record_memory();
-- An access to a memory is not an event.
CREATE TRIGGER record_updated AFTER UPDATE ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.kind, OLD.archived, OLD.superseded_by, OLD.expires_at, OLD.weight, OLD.tags, OLD.project_id)
          IS DISTINCT FROM (NEW.content, NEW.kind, NEW.archived, NEW.superseded_by, NEW.expires_at, NEW.weight, NEW.tags,
                            NEW.project_id))
    EXECUTE FUNCTION record_memory();

CREATE FUNCTION record_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'action_created' ELSE 'action_updated' END,
        NEW.id, NEW.message_id,
        jsonb_build_object('messageId', NEW.message_id, 'tool', NEW.tool, 'status', NEW.status,
                           'subjectId', NEW.subject_id));
    RETURN NULL;
END $$;
CREATE TRIGGER record_created AFTER INSERT ON actions FOR EACH ROW EXECUTE FUNCTION record_action();
CREATE TRIGGER record_updated AFTER UPDATE ON actions FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION record_action();
