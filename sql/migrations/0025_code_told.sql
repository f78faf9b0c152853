-- What a session of code does is news of its intent, so that whoever looks on sees each tool call as it happens.
CREATE FUNCTION tell_of_code(intent_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT append_event(i.user_id, 'intent_updated', i.id, i.source_message_id,
                        jsonb_build_object('conversationId', i.conversation_id, 'status', i.status,
                                           'version', i.version, 'previousStatus', i.status))
    FROM intents AS i WHERE i.id = intent_id
$$;

CREATE FUNCTION tell_of_code_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_of_code(NEW.intent_id);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created AFTER INSERT ON claude_code_sessions
    FOR EACH ROW EXECUTE FUNCTION tell_of_code_session();
CREATE TRIGGER tell_updated AFTER UPDATE ON claude_code_sessions FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tell_of_code_session();

CREATE FUNCTION tell_of_code_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_of_code(s.intent_id) FROM claude_code_sessions AS s WHERE s.session_id = NEW.session_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_written AFTER INSERT OR UPDATE ON claude_code_executions
    FOR EACH ROW EXECUTE FUNCTION tell_of_code_execution();
