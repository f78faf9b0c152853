-- What is remembered: facts, preferences and decisions, made by themselves or by hand, few and good.
CREATE TABLE memories (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    content          text NOT NULL CHECK (content <> ''),
    kind             text NOT NULL CHECK (kind IN ('working', 'longterm')),
    -- The row it was made from; both null when it was written by hand.
    source_kind      text CHECK (source_kind IN ('message', 'intent', 'specification', 'choice_point', 'memory')),
    source_id        uuid,
    -- Importance when it was made; it fades with idle weeks and grows with use, see memory_importance.
    weight           double precision NOT NULL DEFAULT 0.5 CHECK (weight BETWEEN 0 AND 1),
    access_count     integer NOT NULL DEFAULT 0,
    last_accessed_at timestamptz,
    expires_at       timestamptz,
    archived         boolean NOT NULL DEFAULT false,
    superseded_by    uuid REFERENCES memories ON DELETE SET NULL,
    tags             text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CHECK ((source_kind IS NULL) = (source_id IS NULL)),
    CHECK (superseded_by IS NULL OR archived)
);
CREATE INDEX memories_in_order ON memories (user_id, id);
CREATE INDEX memories_expiring ON memories (expires_at) WHERE expires_at IS NOT NULL AND NOT archived;
CREATE INDEX memories_superseded ON memories (superseded_by) WHERE superseded_by IS NOT NULL;
-- The same words of the same row are remembered once, however often a process dies and another begins again.
CREATE UNIQUE INDEX memories_once ON memories (user_id, source_id, md5(content)) WHERE source_id IS NOT NULL;

-- clip(weight * 0.95^weeks * (1 + 0.1 * accesses)) over 0..1; the weeks count from the last use.
CREATE FUNCTION memory_importance(weight double precision, access_count integer, last_used timestamptz, now timestamptz)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(1, greatest(0, weight * power(0.95, greatest(0, extract(epoch FROM now - last_used)) / 604800)
                            * (1 + 0.1 * access_count)));

CREATE FUNCTION tell_of_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, 'memory_deleted', OLD.id, OLD.source_id, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, CASE TG_OP WHEN 'INSERT' THEN 'memory_created' ELSE 'memory_updated' END,
            NEW.id, CASE WHEN NEW.superseded_by IS NOT NULL THEN NEW.superseded_by ELSE NEW.source_id END,
            jsonb_build_object('content', left(NEW.content, 200), 'kind', NEW.kind, 'archived', NEW.archived));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_created_deleted AFTER INSERT OR DELETE ON memories
    FOR EACH ROW EXECUTE FUNCTION tell_of_memory();
-- That a memory was used is nobody's news.
CREATE TRIGGER tell_updated AFTER UPDATE ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.kind, OLD.archived, OLD.superseded_by, OLD.expires_at, OLD.weight, OLD.tags)
          IS DISTINCT FROM (NEW.content, NEW.kind, NEW.archived, NEW.superseded_by, NEW.expires_at, NEW.weight, NEW.tags))
    EXECUTE FUNCTION tell_of_memory();

CREATE FUNCTION search_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.archived THEN
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    ELSE
        PERFORM index_entry(NEW.user_id, 'memory', NEW.id, NULL, NEW.created_at,
                            concat_ws(E'\n', NEW.content, nullif(array_to_string(NEW.tags, ' '), '')));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_created AFTER INSERT ON memories FOR EACH ROW
    WHEN (NOT NEW.archived) EXECUTE FUNCTION search_memory();
CREATE TRIGGER search_updated AFTER UPDATE OF content, tags, archived ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.tags, OLD.archived) IS DISTINCT FROM (NEW.content, NEW.tags, NEW.archived))
    EXECUTE FUNCTION search_memory();
CREATE TRIGGER search_deleted AFTER DELETE ON memories FOR EACH ROW EXECUTE FUNCTION search_forget();

-- What a deleted user left uncounted goes too, so that one who comes back with the same id begins at nothing.
DELETE FROM term_changes WHERE user_id NOT IN (SELECT id FROM users);
ALTER TABLE term_changes ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;
CREATE OR REPLACE FUNCTION note_term_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM users WHERE id = OLD.user_id) THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (OLD.user_id, OLD.keys, OLD.length, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (NEW.user_id, NEW.keys, NEW.length, 1);
    END IF;
    RETURN NULL;
END $$;
