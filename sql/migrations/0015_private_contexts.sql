-- A conversation that becomes private takes the contexts of its intents with it.

CREATE OR REPLACE FUNCTION move_conversation_records() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[];
BEGIN
    WITH changed AS (
        UPDATE messages SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE conversation_id = NEW.id
        RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO moved FROM changed;
    UPDATE search_entries SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE embeddings SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE context_snapshots SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE actions SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE message_id = ANY(moved);
    UPDATE attachments SET scope_id = NEW.scope_id
    WHERE id IN (SELECT attachment_id FROM message_attachments WHERE message_id = ANY(moved));
    UPDATE memories SET project_id = NEW.project_id, updated_at = now()
    WHERE source_kind = 'message' AND source_id = ANY(moved) AND project_id = OLD.project_id;
    IF OLD.project_id <> NEW.project_id THEN
        PERFORM move_notifications(ARRAY(SELECT id FROM notifications
                                         WHERE source_message_id = ANY(moved) AND intent_id IS NULL), NEW.project_id);
        UPDATE intents SET project_id = NEW.project_id WHERE conversation_id = NEW.id AND project_id = OLD.project_id;
        PERFORM move_decisions(
            ARRAY(SELECT id FROM decisions WHERE conversation_id = NEW.id AND project_id = OLD.project_id),
            NEW.project_id, NEW.user_id);
    END IF;
    -- Not the other way: what only its user could see has been given to the work.
    IF NEW.visibility = 'private' THEN
        UPDATE context_snapshots SET scope_id = NEW.scope_id
        WHERE subject_id IN (SELECT id FROM intents WHERE conversation_id = NEW.id) AND scope_id = project_id;
    END IF;
    RETURN NULL;
END $$;
