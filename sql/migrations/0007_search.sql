-- The search index: one entry for each message, intent, specification, decision and memory. Triggers write the
-- entries in the transaction of the change; workers add the embeddings later.

-- The patterns of words that are not letters only: each emoji and arrow alone, sequences of emoji that are shown as one
-- (👩‍💻 is found by 👩, by 💻 and by itself), and names such as C++, C# and .NET.
CREATE FUNCTION symbol_patterns() RETURNS TABLE (pattern text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT unnest(ARRAY[
        '[\U0001f1e6-\U0001f1ff]{2}|[' || emoji || ']|[0-9#*]\u20e3',
        '[' || emoji || '](?:(?:\u200d[' || emoji || '])+|[\U000e0020-\U000e007f]+)',
        '(?<![a-z0-9.+#])(?:[a-z][a-z0-9]*(?:\+\+|#)|\.[a-z][a-z0-9]*)(?![a-z0-9+#])'])
    FROM (VALUES ('\u2190-\u21ff\u231a-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2712\u2714-\u27bf'
        '\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff')) AS characters (emoji)
$$;

-- The words of a text and their search terms: English stems, single kanji and katakana, pairs of neighbouring CJK
-- characters, emoji, arrows, sequences of emoji that are shown as one, and names such as C++. Width and case are folded; English stop words are left
-- out, and so are characters that only change how others look: soft hyphens, variation selectors, skin tones.
-- app/language/words.py has the same patterns. NFKC makes a text up to 18 times as long, so it is cut again.
CREATE FUNCTION search_words(content text) RETURNS TABLE (word text, term text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH plain AS MATERIALIZED (
        SELECT left(lower(normalize(regexp_replace(
            content, '[\u00ad\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]', '', 'g'),
            NFKC) COLLATE pg_c_utf8) COLLATE pg_c_utf8, 100000) AS text
    ), letters AS MATERIALIZED (
        SELECT letter, letter || lead(letter) OVER (PARTITION BY run ORDER BY place) AS pair
        FROM plain, regexp_matches(plain.text, '[ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿々〆가-힣]+', 'g')
                    WITH ORDINALITY AS runs (m, run),
             unnest(string_to_array(m[1], NULL)) WITH ORDINALITY AS l (letter, place)
    )
    SELECT m[1], lexeme FROM plain,
        regexp_matches(regexp_replace(plain.text, '[ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿々〆가-힣]+', ' ', 'g'),
                       '[[:alnum:]]+', 'g') AS m,
        LATERAL (SELECT left((ts_lexize('english_stem', m[1]))[1], 64) AS lexeme) AS stemmed
    WHERE lexeme IS NOT NULL
    UNION ALL
    SELECT letter, letter FROM letters WHERE letter !~ '[ぁ-ゖゝ-ゟ]'
    UNION ALL
    SELECT pair, pair FROM letters WHERE pair IS NOT NULL
    UNION ALL
    SELECT m[1], left(m[1], 64) FROM plain, symbol_patterns(), regexp_matches(plain.text, pattern, 'g') AS m
$$;

-- A term of one user as a number. It uses md5, because PostgreSQL's own hash functions may change between versions.
CREATE FUNCTION search_key(user_id text, term text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ('x' || left(md5(user_id || chr(31) || term), 16))::bit(64)::bigint;

-- The dimension of a key in a sparse vector.
CREATE FUNCTION search_dimension(key bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ((key & 536870911) + 1)::integer;

CREATE TABLE search_entries (
    subject_id      uuid PRIMARY KEY,
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id      uuid, -- null for a profile memory
    kind            text NOT NULL CHECK (kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    conversation_id uuid,
    place           integer, -- position of a message in its conversation, to find the messages next to it
    occurred_at     timestamptz NOT NULL,
    content         text NOT NULL,
    keys            bigint[] NOT NULL,
    weights         sparsevec, -- weight of each term, before idf and length; null without terms
    length          integer NOT NULL,
    revision        integer NOT NULL DEFAULT 1,
    embedded_with   smallint, -- the newest model that has a vector of this revision
    claimed_until   timestamptz
);
-- A key contains the user, so the posting list of a key holds only that user's rows.
CREATE INDEX search_entries_by_key ON search_entries USING gin (keys) WITH (fastupdate = off);
CREATE INDEX search_entries_in_time ON search_entries (user_id, occurred_at);
CREATE INDEX search_entries_in_place ON search_entries (conversation_id, place) WHERE place IS NOT NULL;
CREATE INDEX search_entries_to_embed ON search_entries (subject_id) WHERE embedded_with IS NULL;

-- In how many of a user's entries each term occurs, for idf. The indexer adds term_changes to it in batches.
CREATE TABLE term_statistics (
    user_id   text NOT NULL REFERENCES users ON DELETE CASCADE,
    key       bigint NOT NULL,
    documents integer NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE TABLE search_statistics (
    user_id   text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    documents bigint NOT NULL,
    length    bigint NOT NULL
);
-- Changes that the statistics do not include yet. If triggers updated the statistics, writers would wait for each other
-- at every frequent term.
CREATE TABLE term_changes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id   text NOT NULL REFERENCES users ON DELETE CASCADE,
    keys      bigint[] NOT NULL,
    length    integer NOT NULL,
    documents smallint NOT NULL CHECK (documents IN (-1, 1))
);

CREATE FUNCTION record_term_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM users WHERE id = OLD.user_id) THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (OLD.user_id, OLD.keys, OLD.length, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (NEW.user_id, NEW.keys, NEW.length, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_created_deleted AFTER INSERT OR DELETE ON search_entries
    FOR EACH ROW EXECUTE FUNCTION record_term_changes();
CREATE TRIGGER record_updated AFTER UPDATE OF keys ON search_entries
    FOR EACH ROW WHEN (OLD.keys IS DISTINCT FROM NEW.keys) EXECUTE FUNCTION record_term_changes();

-- The weight of a term that occurs f times is (k1 + 1) f / (k1 + f) with k1 = 0.6 (BM25). Only the first 50,000
-- characters of a text are indexed.
CREATE FUNCTION index_entry(
    user_id text, project_id uuid, kind text, subject_id uuid, conversation_id uuid, occurred_at timestamptz,
    content text
) RETURNS void LANGUAGE sql AS $$
    WITH used AS (
        SELECT search_key($1, term) AS key, count(*) AS uses FROM search_words(left($7, 50000)) GROUP BY term LIMIT 8000
    ), weighed AS (
        SELECT search_dimension(key) AS dimension, sum(1.6 * uses / (0.6 + uses)) AS weight FROM used GROUP BY 1
    ), counted AS (
        SELECT coalesce(array_agg(key), '{}') AS keys, coalesce(sum(uses), 0) AS length FROM used
    )
    INSERT INTO search_entries AS entry
        (subject_id, user_id, project_id, kind, conversation_id, place, occurred_at, content, keys, weights, length)
    SELECT $4, $1, $2, $3, $5,
           CASE WHEN $3 = 'message' THEN coalesce((SELECT max(place) FROM search_entries AS other
                                                   WHERE other.conversation_id = $5 AND place IS NOT NULL), 0) + 1 END,
           $6, $7, keys,
           (SELECT ('{' || string_agg(dimension || ':' || weight::real, ',') || '}/536870912')::sparsevec FROM weighed),
           length
    FROM counted
    ON CONFLICT (subject_id) DO UPDATE
    SET content = EXCLUDED.content, keys = EXCLUDED.keys, weights = EXCLUDED.weights, length = EXCLUDED.length,
        conversation_id = EXCLUDED.conversation_id, project_id = EXCLUDED.project_id, revision = entry.revision + 1, embedded_with = NULL,
        claimed_until = NULL
    WHERE entry.content <> EXCLUDED.content
$$;

-- Every embedding model that was configured. Queries use the active one.
CREATE TABLE embedding_models (
    id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    dimension  integer NOT NULL CHECK (dimension BETWEEN 1 AND 4000),
    active     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX embedding_models_active ON embedding_models (active) WHERE active;

-- One vector per chunk of an entry and model. The columns to filter by are copied from the entry, so that vector search
-- needs no join.
CREATE TABLE embeddings (
    subject_id      uuid NOT NULL REFERENCES search_entries ON DELETE CASCADE,
    model_id        smallint NOT NULL REFERENCES embedding_models ON DELETE CASCADE,
    chunk           integer NOT NULL,
    user_id         text NOT NULL,
    project_id      uuid,
    kind            text NOT NULL,
    conversation_id uuid,
    occurred_at     timestamptz NOT NULL,
    embedding       halfvec NOT NULL,
    -- In the model's HNSW index? Only rows of users who have too many for an exact search are: other rows would only
    -- make its scans longer.
    by_index        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject_id, model_id, chunk)
);
-- Counts and compares the rows that a filter keeps, without reading the others.
CREATE INDEX embeddings_by_filter ON embeddings (user_id, model_id, by_index, kind, occurred_at)
    INCLUDE (conversation_id, project_id);
CREATE INDEX embeddings_of_project ON embeddings (project_id, model_id, kind, occurred_at) INCLUDE (conversation_id);

-- Each model has a partial HNSW index. A bridge owns no table, so these two run as the owner. They create an empty
-- index before there are rows; only an owner can build one concurrently for existing rows.
CREATE FUNCTION create_model_index(model smallint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    dimension integer;
BEGIN
    SELECT m.dimension INTO STRICT dimension FROM embedding_models AS m WHERE m.id = model;
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS %I ON embeddings USING hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops) '
        'WHERE model_id = %s AND by_index', 'embeddings_of_model_' || model, dimension, model);
END $$;

CREATE FUNCTION drop_model_index(model smallint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    EXECUTE format('DROP INDEX IF EXISTS %I', 'embeddings_of_model_' || model);
END $$;

-- Functions that run as the owner must not find objects of their callers: fix their search_path.
DO $$
DECLARE
    path constant text := (
        SELECT string_agg(DISTINCT quote_ident(place), ', ')
        FROM (SELECT current_schema()::text UNION
              SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector') AS places (place));
BEGIN
    EXECUTE format('ALTER FUNCTION create_model_index SET search_path = %s, pg_temp', path);
    EXECUTE format('ALTER FUNCTION drop_model_index SET search_path = %s, pg_temp', path);
    EXECUTE format('ALTER FUNCTION insert_default_project SET search_path = %s, pg_temp', path);
    EXECUTE format('ALTER FUNCTION free_slug SET search_path = %s, pg_temp', path);
    EXECUTE format('ALTER FUNCTION set_withheld SET search_path = %s, pg_temp', path);
END $$;

CREATE FUNCTION move_search_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_entries AS entry
    SET conversation_id = NEW.conversation_id, project_id = NEW.project_id,
        place = CASE WHEN entry.place IS NOT NULL
                THEN coalesce((SELECT max(place) FROM search_entries AS other
                               WHERE other.conversation_id = NEW.conversation_id AND place IS NOT NULL), 0) + 1 END
    WHERE subject_id = NEW.id;
    UPDATE embeddings SET conversation_id = NEW.conversation_id, project_id = NEW.project_id WHERE subject_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION delete_search_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_entries WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;

-- The text of a message with the names and the texts of its files, which share the characters that are indexed.
CREATE FUNCTION message_text(message_id uuid, content text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\n', $2, string_agg(concat_ws(E'\n', name, left(text, 50000 / files::integer)), E'\n' ORDER BY place))
    FROM (SELECT a.name, a.text, l.place, count(*) OVER () AS files
          FROM message_attachments AS l JOIN attachments AS a ON a.id = l.attachment_id
          WHERE l.message_id = $1) AS attached
$$;

-- A reply is indexed when it is finished, or cut off with some text. A reply that no model wrote is not indexed: it repeats what was found.
-- Versions that are not shown, and what follows them, are not indexed.
CREATE FUNCTION index_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.shown AND NEW.status IN ('complete', 'stopped', 'failed') AND NEW.content <> ''
       AND NOT (NEW.message_type = 'kana' AND NEW.metadata ? 'assistant' AND NEW.metadata ->> 'model' IS NULL) THEN
        PERFORM index_entry(NEW.user_id, NEW.project_id, 'message', NEW.id, NEW.conversation_id, NEW.created_at,
                            message_text(NEW.id, NEW.content));
    ELSE
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER index_created AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.status IN ('complete', 'stopped') AND NOT restoring()) EXECUTE FUNCTION index_message();
CREATE TRIGGER index_updated AFTER UPDATE ON messages FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.shown <> NEW.shown
          OR (NEW.status IN ('complete', 'stopped', 'failed') AND OLD.content IS DISTINCT FROM NEW.content))
    EXECUTE FUNCTION index_message();
CREATE TRIGGER index_moved AFTER UPDATE OF conversation_id ON messages FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION move_search_entry();
CREATE TRIGGER index_deleted AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION delete_search_entry();

CREATE FUNCTION index_attached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(m.user_id, m.project_id, 'message', m.id, m.conversation_id, m.created_at,
                        message_text(m.id, m.content))
    FROM messages AS m JOIN search_entries AS e ON e.subject_id = m.id
    WHERE m.id IN (SELECT message_id FROM new_rows);
    RETURN NULL;
END $$;
CREATE TRIGGER index_attached AFTER INSERT ON message_attachments REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION index_attached();

CREATE FUNCTION index_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, NEW.project_id, 'intent', NEW.id, NEW.conversation_id, NEW.created_at,
                        NEW.description);
    RETURN NULL;
END $$;
CREATE TRIGGER index_created AFTER INSERT ON intents FOR EACH ROW WHEN (NOT restoring()) EXECUTE FUNCTION index_intent();
CREATE TRIGGER index_updated AFTER UPDATE OF description ON intents FOR EACH ROW
    WHEN (OLD.description IS DISTINCT FROM NEW.description) EXECUTE FUNCTION index_intent();
CREATE TRIGGER index_moved AFTER UPDATE OF conversation_id ON intents FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION move_search_entry();
CREATE TRIGGER index_deleted AFTER DELETE ON intents FOR EACH ROW EXECUTE FUNCTION delete_search_entry();

CREATE FUNCTION index_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, NEW.project_id, 'specification', NEW.id, NULL, NEW.created_at,
                        concat_ws(E'\n', NEW.title, NEW.content, nullif(array_to_string(NEW.tags, ' '), '')));
    RETURN NULL;
END $$;
CREATE TRIGGER index_created AFTER INSERT ON specifications FOR EACH ROW WHEN (NOT restoring())
    EXECUTE FUNCTION index_specification();
CREATE TRIGGER index_updated AFTER UPDATE OF title, content, tags ON specifications FOR EACH ROW
    WHEN ((OLD.title, OLD.content, OLD.tags) IS DISTINCT FROM (NEW.title, NEW.content, NEW.tags))
    EXECUTE FUNCTION index_specification();
CREATE TRIGGER index_deleted AFTER DELETE ON specifications FOR EACH ROW EXECUTE FUNCTION delete_search_entry();

-- The text of a decision: what was decided, its options with the reasons for rejecting them, and its reasons. The chosen
-- option is marked.
CREATE FUNCTION index_decision(decision_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT index_entry(
        decision.user_id, decision.project_id, 'decision', decision.id, decision.conversation_id, decision.created_at,
        concat_ws(E'\n', decision.title,
                  CASE WHEN position(lower(decision.topic) IN lower(decision.title)) = 0 THEN decision.topic END,
                  decision.value, decision.context,
                  (SELECT string_agg(CASE WHEN id = decision.chosen_option_id THEN '✓ ' ELSE '- ' END
                                     || label || coalesce(': ' || rejection_reason, ''), E'\n' ORDER BY place)
                   FROM decision_options WHERE decision_id = decision.id),
                  decision.rationale, decision.consequences, nullif(array_to_string(decision.tags, ' '), '')))
    FROM decisions AS decision WHERE decision.id = $1
$$;
CREATE FUNCTION index_changed_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_decision(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION index_changed_option() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_decision(NEW.decision_id);
    RETURN NULL;
END $$;
CREATE TRIGGER index_created AFTER INSERT ON decisions FOR EACH ROW WHEN (NOT restoring())
    EXECUTE FUNCTION index_changed_decision();
CREATE TRIGGER index_updated AFTER UPDATE ON decisions FOR EACH ROW
    WHEN ((OLD.title, OLD.topic, OLD.value, OLD.context, OLD.chosen_option_id, OLD.rationale, OLD.consequences,
           OLD.tags)
          IS DISTINCT FROM (NEW.title, NEW.topic, NEW.value, NEW.context, NEW.chosen_option_id, NEW.rationale,
                            NEW.consequences, NEW.tags))
    EXECUTE FUNCTION index_changed_decision();
CREATE TRIGGER index_moved AFTER UPDATE OF conversation_id ON decisions FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION move_search_entry();
CREATE TRIGGER index_deleted AFTER DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION delete_search_entry();
CREATE TRIGGER index_written AFTER INSERT OR UPDATE ON decision_options
    FOR EACH ROW WHEN (NOT restoring()) EXECUTE FUNCTION index_changed_option();

-- Tags are not part of the text: a search result would show them as if the user had written them.
CREATE FUNCTION index_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.archived THEN
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    ELSE
        PERFORM index_entry(NEW.user_id, NEW.project_id, 'memory', NEW.id, NULL, NEW.created_at, NEW.content);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER index_created AFTER INSERT ON memories FOR EACH ROW
    WHEN (NOT NEW.archived AND NOT restoring()) EXECUTE FUNCTION index_memory();
CREATE TRIGGER index_updated AFTER UPDATE OF content, tags, archived ON memories FOR EACH ROW
    WHEN ((OLD.content, OLD.tags, OLD.archived) IS DISTINCT FROM (NEW.content, NEW.tags, NEW.archived))
    EXECUTE FUNCTION index_memory();
CREATE TRIGGER index_deleted AFTER DELETE ON memories FOR EACH ROW EXECUTE FUNCTION delete_search_entry();
