-- Moves between projects. What was made in a conversation moves with it, and a memory with the record that it was made
-- from. What was moved to another project on its own stays there.

CREATE TRIGGER reset_check_of_moved BEFORE UPDATE OF project_id ON intents FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION reset_intent_check();

-- Each decision gets its earlier number in the project back, or the next one. One whose topic is decided there is only
-- proposed. What the move changed is restored when it is moved back, unless a person changed the status meanwhile.
CREATE FUNCTION move_decisions(ids uuid[], target uuid, mover text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    moved decisions;
    taken decisions;
    earlier jsonb;
    new_number integer;
    new_status text;
    last integer;
BEGIN
    IF NOT EXISTS (SELECT FROM decisions WHERE id = ANY(ids) AND project_id <> target) THEN
        RETURN;
    END IF;
    INSERT INTO decision_counters AS c (project_id, user_id, last_number)
    SELECT id, user_id, 0 FROM projects WHERE id = target
    ON CONFLICT (project_id) DO UPDATE SET last_number = c.last_number RETURNING last_number INTO last;
    PERFORM set_config('resonant.moving', 'on', true);
    FOR moved IN
        SELECT * FROM decisions WHERE id = ANY(ids) AND project_id <> target ORDER BY number, id FOR UPDATE
    LOOP
        earlier := moved.left_projects->(target::text);
        new_number := (earlier->>'number')::integer;
        IF new_number IS NULL OR EXISTS (SELECT FROM decisions WHERE project_id = target AND number = new_number) THEN
            last := last + 1;
            new_number := last;
        END IF;
        new_status := CASE WHEN moved.status = 'proposed' AND earlier->>'status' = 'accepted' THEN 'accepted'
                           ELSE moved.status END;
        SELECT * INTO taken FROM decisions AS d
        WHERE d.project_id = target AND d.topic_key = moved.topic_key AND d.status = 'accepted'
          AND d.kind IN ('choice', 'value') AND new_status = 'accepted' AND moved.kind IN ('choice', 'value');
        UPDATE decisions
        SET project_id = target, number = new_number, actor = mover, updated_at = now(),
            status = CASE WHEN taken.id IS NULL THEN new_status ELSE 'proposed' END,
            left_projects = left_projects || jsonb_build_object(moved.project_id, jsonb_build_object(
                'number', moved.number, 'status', moved.status, 'decidedAt', moved.decided_at)),
            reason = CASE WHEN taken.id IS NULL THEN 'Moved from another project.'
                          ELSE 'The topic is decided already.' END,
            reason_key = CASE WHEN taken.id IS NULL THEN 'decision.moved' ELSE 'decision.proposed_only' END,
            reason_params = CASE WHEN taken.id IS NULL THEN jsonb_build_object('number', moved.number::text)
                                 ELSE jsonb_build_object('number', taken.number::text, 'title', taken.title) END
        WHERE id = moved.id;
    END LOOP;
    UPDATE decision_counters SET last_number = greatest(last_number, last) WHERE project_id = target;
END $$;

CREATE FUNCTION move_conversation_records() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[];
BEGIN
    WITH changed AS (
        UPDATE messages SET project_id = NEW.project_id WHERE conversation_id = NEW.id RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO moved FROM changed;
    UPDATE search_entries SET project_id = NEW.project_id WHERE subject_id = ANY(moved);
    UPDATE embeddings SET project_id = NEW.project_id WHERE subject_id = ANY(moved);
    UPDATE context_snapshots SET project_id = NEW.project_id WHERE subject_id = ANY(moved);
    UPDATE actions SET project_id = NEW.project_id WHERE message_id = ANY(moved);
    UPDATE notifications SET project_id = NEW.project_id WHERE source_message_id = ANY(moved) AND intent_id IS NULL;
    UPDATE memories SET project_id = NEW.project_id, updated_at = now()
    WHERE user_id = NEW.user_id AND source_id = ANY(moved) AND project_id = OLD.project_id;
    UPDATE intents SET project_id = NEW.project_id WHERE conversation_id = NEW.id AND project_id = OLD.project_id;
    PERFORM move_decisions(
        ARRAY(SELECT id FROM decisions WHERE conversation_id = NEW.id AND project_id = OLD.project_id),
        NEW.project_id, NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER move_records AFTER UPDATE OF project_id ON conversations FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION move_conversation_records();

CREATE FUNCTION move_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_entries SET project_id = NEW.project_id WHERE subject_id = NEW.id;
    UPDATE embeddings SET project_id = NEW.project_id WHERE subject_id = NEW.id;
    UPDATE memories SET project_id = NEW.project_id, updated_at = now()
    WHERE user_id = NEW.user_id AND source_id = NEW.id AND project_id = OLD.project_id AND NEW.project_id IS NOT NULL;
    IF TG_TABLE_NAME = 'intents' THEN
        UPDATE notifications SET project_id = NEW.project_id WHERE intent_id = NEW.id;
        UPDATE context_snapshots SET project_id = NEW.project_id WHERE subject_id = NEW.id;
        UPDATE contradictions SET project_id = NEW.project_id WHERE intent_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'decisions' THEN
        UPDATE contradictions SET project_id = NEW.project_id WHERE decision_id = NEW.id;
        UPDATE notifications AS n SET project_id = NEW.project_id FROM contradictions AS c
        WHERE c.decision_id = NEW.id AND n.user_id = c.user_id AND n.occurrence = 'contradiction:' || c.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER move_record AFTER UPDATE OF project_id ON intents FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION move_record();
CREATE TRIGGER move_record AFTER UPDATE OF project_id ON decisions FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION move_record();
CREATE TRIGGER move_record AFTER UPDATE OF project_id ON specifications FOR EACH ROW
    WHEN (OLD.project_id <> NEW.project_id) EXECUTE FUNCTION move_record();
-- A trigger may set the project of a memory, so this one does not depend on the columns of the statement.
CREATE TRIGGER move_record AFTER UPDATE ON memories FOR EACH ROW
    WHEN (OLD.project_id IS DISTINCT FROM NEW.project_id) EXECUTE FUNCTION move_record();
