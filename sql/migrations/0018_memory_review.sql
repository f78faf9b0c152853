-- The review of extracted memories, and ratings of search hits (relevance feedback).

-- When a person kept, changed, entered or confirmed the memory; null until then. Of the existing ones, those that were
-- extracted in the last seven days are to be reviewed.
ALTER TABLE memories ADD COLUMN reviewed_at timestamptz;
ALTER TABLE memories DISABLE TRIGGER USER;
UPDATE memories SET reviewed_at = created_at WHERE source_id IS NULL OR created_at <= now() - interval '7 days';
ALTER TABLE memories ENABLE TRIGGER USER;
-- Each row has the key, because a restore takes the columns of an entry from its first row.
UPDATE trash_rows SET content = content || jsonb_build_object('reviewed_at', CASE
    WHEN content->>'source_id' IS NULL OR (content->>'created_at')::timestamptz <= now() - interval '7 days'
    THEN content->'created_at' END)
WHERE table_name = 'memories' AND column_name = '';
CREATE INDEX memories_to_review ON memories (scope_id, id) WHERE reviewed_at IS NULL AND kind = 'longterm' AND NOT archived;

DROP TRIGGER record_updated ON memories;
-- An access to a memory is not an event.
CREATE TRIGGER record_updated AFTER UPDATE ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.kind, OLD.archived, OLD.superseded_by, OLD.expires_at, OLD.weight, OLD.tags, OLD.project_id,
           OLD.reviewed_at)
          IS DISTINCT FROM (NEW.content, NEW.kind, NEW.archived, NEW.superseded_by, NEW.expires_at, NEW.weight, NEW.tags,
                            NEW.project_id, NEW.reviewed_at))
    EXECUTE FUNCTION record_memory();

-- What a user says about a record that a query found. Only this user sees it, and only their searches are ranked by it,
-- so it has no scope. The references delete it with the record, and take it to the trash with the record.
CREATE TABLE search_ratings (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id          text NOT NULL REFERENCES users ON DELETE CASCADE,
    message_id       uuid REFERENCES messages ON DELETE CASCADE,
    intent_id        uuid REFERENCES intents ON DELETE CASCADE,
    specification_id uuid REFERENCES specifications ON DELETE CASCADE,
    decision_id      uuid REFERENCES decisions ON DELETE CASCADE,
    memory_id        uuid REFERENCES memories ON DELETE CASCADE,
    subject_id       uuid NOT NULL
        GENERATED ALWAYS AS (coalesce(message_id, intent_id, specification_id, decision_id, memory_id)) STORED,
    rating           text NOT NULL CHECK (rating IN ('useful', 'wrong', 'outdated')),
    query            text NOT NULL CHECK (query <> ''),
    terms            text[] NOT NULL DEFAULT '{}', -- of the query, see search_words
    -- The vector of the query; null without a model, or after an import. Ids of models are not used again.
    model_id         smallint,
    embedding        halfvec,
    created_at       timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(message_id, intent_id, specification_id, decision_id, memory_id) = 1)
);
-- Each search looks up the ratings of its candidates.
CREATE INDEX search_ratings_of_subject ON search_ratings (subject_id, user_id);
CREATE INDEX search_ratings_of_user ON search_ratings (user_id);
CREATE INDEX search_ratings_of_message ON search_ratings (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX search_ratings_of_intent ON search_ratings (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX search_ratings_of_specification ON search_ratings (specification_id) WHERE specification_id IS NOT NULL;
CREATE INDEX search_ratings_of_decision ON search_ratings (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX search_ratings_of_memory ON search_ratings (memory_id) WHERE memory_id IS NOT NULL;

-- A text that was changed is not outdated any more. Runs as the owner: the ratings of all users are meant.
CREATE FUNCTION delete_outdated_ratings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    DELETE FROM search_ratings WHERE subject_id = NEW.subject_id AND rating = 'outdated';
    RETURN NULL;
END $$;
CREATE TRIGGER delete_outdated_ratings AFTER UPDATE OF content ON search_entries FOR EACH ROW
    WHEN (OLD.content <> NEW.content) EXECUTE FUNCTION delete_outdated_ratings();

-- Functions that run as the owner must not find objects of their callers: fix their search_path.
DO $$
DECLARE
    path constant text := (
        SELECT string_agg(DISTINCT quote_ident(place), ', ')
        FROM (SELECT current_schema()::text UNION
              SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector') AS places (place));
BEGIN
    EXECUTE format('ALTER FUNCTION delete_outdated_ratings SET search_path = %s, pg_temp', path);
END $$;
