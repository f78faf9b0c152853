-- What is written beside changed intents is found by one comparison of the old rows with the new, not by one for each.
CREATE OR REPLACE FUNCTION tell_of_updated_intents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT n.id, n.user_id, o.status AS was, n.status, n.actor, n.reason, n.version, n.source_message_id,
               n.conversation_id, o.conversation_id AS left_conversation
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE (o.status, o.description, o.intent_type, o.classification, o.priority, o.result, o.error, o.progress,
               o.metadata, o.due_at, o.next_attempt_at, o.conversation_id)
              IS DISTINCT FROM
              (n.status, n.description, n.intent_type, n.classification, n.priority, n.result, n.error, n.progress,
               n.metadata, n.due_at, n.next_attempt_at, n.conversation_id)
    ), stepped AS (
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason)
        SELECT id, user_id, was, status, actor, reason FROM changed WHERE was <> status
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
DROP TRIGGER remember_done ON intents;
DROP FUNCTION leave_memory_work_of_intents();
