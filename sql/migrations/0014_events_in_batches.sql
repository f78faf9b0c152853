-- Bridges claim and finish intents by the dozen, and telling of each row by itself took most of the time of it. What is
-- written stays the same; it is written once a statement.

CREATE FUNCTION tell_of_updated_intents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason)
    SELECT n.id, n.user_id, o.status, n.status, n.actor, n.reason
    FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id WHERE o.status <> n.status;

    INSERT INTO events (user_id, kind, subject_id, caused_by, payload)
    SELECT n.user_id, 'intent_updated', n.id,
           -- An intent that loses its conversation is updated because of it.
           nullif(coalesce(cause, CASE WHEN o.conversation_id IS NOT NULL AND n.conversation_id IS NULL
                                       THEN o.conversation_id ELSE n.source_message_id END), n.id),
           jsonb_build_object('conversationId', n.conversation_id, 'status', n.status, 'version', n.version,
                              'previousStatus', o.status)
    FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
    WHERE (o.status, o.description, o.intent_type, o.classification, o.priority, o.result, o.error, o.progress,
           o.metadata, o.due_at, o.next_attempt_at, o.conversation_id)
          IS DISTINCT FROM
          (n.status, n.description, n.intent_type, n.classification, n.priority, n.result, n.error, n.progress,
           n.metadata, n.due_at, n.next_attempt_at, n.conversation_id);
    RETURN NULL;
END $$;
DROP TRIGGER tell_updated ON intents;
CREATE TRIGGER tell_updated AFTER UPDATE ON intents REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_updated_intents();

CREATE FUNCTION tell_of_new_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    INSERT INTO events (user_id, kind, subject_id, caused_by, payload)
    SELECT user_id, 'notification_created', id, nullif(coalesce(cause, intent_id, source_message_id), id),
           jsonb_build_object('notificationType', notification_type)
    FROM new_rows;
    RETURN NULL;
END $$;
DROP TRIGGER tell_created ON notifications;
CREATE TRIGGER tell_created AFTER INSERT ON notifications REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_new_notifications();
