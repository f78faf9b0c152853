-- Secrets of webhooks in the trash, and webhooks that send nothing of a record that became private.

-- A project that is deleted takes the secrets of its webhooks to the trash. The owner of the tables restores and deletes
-- them; no login of a service reads or changes them there. The policy names no role, because a backup may be restored on a
-- server that has none.
CREATE POLICY no_secrets ON trash_rows AS RESTRICTIVE
    USING (table_name <> 'webhook_secrets') WITH CHECK (table_name <> 'webhook_secrets');

DROP TRIGGER record_updated ON memories;
-- An access to a memory is not an event. Another scope is one: those who no longer see the memory are told.
CREATE TRIGGER record_updated AFTER UPDATE ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.kind, OLD.archived, OLD.superseded_by, OLD.expires_at, OLD.weight, OLD.tags, OLD.project_id,
           OLD.scope_id, OLD.reviewed_at)
          IS DISTINCT FROM (NEW.content, NEW.kind, NEW.archived, NEW.superseded_by, NEW.expires_at, NEW.weight, NEW.tags,
                            NEW.project_id, NEW.scope_id, NEW.reviewed_at))
    EXECUTE FUNCTION record_memory();

-- The scope of the row that an event of this kind is about; null when the row is gone.
CREATE FUNCTION scope_of_subject(kind text, subject uuid) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT CASE split_part(kind, '_', 1)
    WHEN 'project' THEN (SELECT id FROM projects WHERE id = subject)
    WHEN 'conversation' THEN (SELECT scope_id FROM conversations WHERE id = subject)
    WHEN 'message' THEN (SELECT scope_id FROM messages WHERE id = subject)
    WHEN 'intent' THEN (SELECT project_id FROM intents WHERE id = subject)
    WHEN 'specification' THEN (SELECT project_id FROM specifications WHERE id = subject)
    WHEN 'memory' THEN (SELECT scope_id FROM memories WHERE id = subject)
    WHEN 'action' THEN (SELECT scope_id FROM actions WHERE id = subject)
    WHEN 'decision' THEN (SELECT project_id FROM decisions WHERE id = subject)
    WHEN 'contradiction' THEN (SELECT project_id FROM contradictions WHERE id = subject) END
$$;
