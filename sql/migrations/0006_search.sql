-- What can be found: one entry for each message, intent, specification, choice point and memory. Triggers keep the
-- entries, so that a row is found by its words as soon as it is committed, whoever wrote it. Vectors follow behind.

-- The words of a text and the terms they are found by: English stems, single kanji and katakana, and pairs of
-- neighbouring CJK characters. Halfwidth, fullwidth, upper and lower case are the same; stop words are left out.
CREATE FUNCTION search_words(content text) RETURNS TABLE (word text, term text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH plain AS MATERIALIZED (
        SELECT lower(normalize(content, NFKC) COLLATE pg_c_utf8) COLLATE pg_c_utf8 AS text
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
$$;

-- A term of one user as a number. md5, because the database's own hashes may change with its version.
CREATE FUNCTION search_key(user_id text, term text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ('x' || left(md5(user_id || chr(31) || term), 16))::bit(64)::bigint;

-- The place of a key in a sparse vector.
CREATE FUNCTION search_dimension(key bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ((key & 536870911) + 1)::integer;

CREATE TABLE search_entries (
    subject_id      uuid PRIMARY KEY,
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind            text NOT NULL CHECK (kind IN ('message', 'intent', 'specification', 'choice_point', 'memory')),
    conversation_id uuid,
    place           integer, -- of a message among those of its conversation: neighbours are found by it
    occurred_at     timestamptz NOT NULL,
    content         text NOT NULL,
    keys            bigint[] NOT NULL,
    weights         sparsevec, -- how much each term counts, before idf and length; null without terms
    length          integer NOT NULL,
    revision        integer NOT NULL DEFAULT 1,
    embedded_with   smallint, -- the newest model that has a vector of this revision
    claimed_until   timestamptz
);
-- A key belongs to one user, so the posting list of a key holds that user's rows only.
CREATE INDEX search_entries_by_key ON search_entries USING gin (keys) WITH (fastupdate = off);
CREATE INDEX search_entries_in_time ON search_entries (user_id, occurred_at);
CREATE INDEX search_entries_in_place ON search_entries (conversation_id, place) WHERE place IS NOT NULL;
CREATE INDEX search_entries_to_embed ON search_entries (subject_id) WHERE embedded_with IS NULL;

-- How often each term and how many entries a user has, behind by no more than the indexer is; idf comes from it.
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
-- What the statistics have not counted yet. Counting at once would have writers wait for each other at every "you".
CREATE TABLE term_changes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id   text NOT NULL,
    keys      bigint[] NOT NULL,
    length    integer NOT NULL,
    documents smallint NOT NULL CHECK (documents IN (-1, 1))
);

CREATE FUNCTION note_term_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (OLD.user_id, OLD.keys, OLD.length, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO term_changes (user_id, keys, length, documents) VALUES (NEW.user_id, NEW.keys, NEW.length, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_created_deleted AFTER INSERT OR DELETE ON search_entries
    FOR EACH ROW EXECUTE FUNCTION note_term_changes();
CREATE TRIGGER note_updated AFTER UPDATE OF keys ON search_entries
    FOR EACH ROW WHEN (OLD.keys IS DISTINCT FROM NEW.keys) EXECUTE FUNCTION note_term_changes();

-- Frequent words count ever less: (k1 + 1) f / (k1 + f) with k1 = 0.6. Of very long texts the beginning is indexed.
CREATE FUNCTION index_entry(
    user_id text, kind text, subject_id uuid, conversation_id uuid, occurred_at timestamptz, content text
) RETURNS void LANGUAGE sql AS $$
    WITH used AS (
        SELECT search_key($1, term) AS key, count(*) AS uses FROM search_words(left($6, 50000)) GROUP BY term LIMIT 8000
    ), weighed AS (
        SELECT search_dimension(key) AS dimension, sum(1.6 * uses / (0.6 + uses)) AS weight FROM used GROUP BY 1
    ), counted AS (
        SELECT coalesce(array_agg(key), '{}') AS keys, coalesce(sum(uses), 0) AS length FROM used
    )
    INSERT INTO search_entries AS entry
        (subject_id, user_id, kind, conversation_id, place, occurred_at, content, keys, weights, length)
    SELECT $3, $1, $2, $4,
           CASE WHEN $2 = 'message' THEN coalesce((SELECT max(place) FROM search_entries AS other
                                                   WHERE other.conversation_id = $4 AND place IS NOT NULL), 0) + 1 END,
           $5, $6, keys,
           (SELECT ('{' || string_agg(dimension || ':' || weight::real, ',') || '}/536870912')::sparsevec FROM weighed),
           length
    FROM counted
    ON CONFLICT (subject_id) DO UPDATE
    SET content = EXCLUDED.content, keys = EXCLUDED.keys, weights = EXCLUDED.weights, length = EXCLUDED.length,
        conversation_id = EXCLUDED.conversation_id, revision = entry.revision + 1, embedded_with = NULL,
        claimed_until = NULL
    WHERE entry.content <> EXCLUDED.content
$$;

-- Which vectors there are: one row a model that was ever configured; queries go to the active one.
CREATE TABLE embedding_models (
    id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    dimension  integer NOT NULL CHECK (dimension BETWEEN 1 AND 4000),
    active     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX embedding_models_active ON embedding_models (active) WHERE active;

-- One vector a piece of an entry and model; the filters are repeated here, so that a search by meaning needs no join.
-- Each model has a partial HNSW index of its own, made when it is first configured.
CREATE TABLE embeddings (
    subject_id      uuid NOT NULL REFERENCES search_entries ON DELETE CASCADE,
    model_id        smallint NOT NULL REFERENCES embedding_models ON DELETE CASCADE,
    chunk           integer NOT NULL,
    user_id         text NOT NULL,
    kind            text NOT NULL,
    conversation_id uuid,
    occurred_at     timestamptz NOT NULL,
    embedding       halfvec NOT NULL,
    PRIMARY KEY (subject_id, model_id, chunk)
);
CREATE INDEX embeddings_of_user ON embeddings (user_id, model_id, occurred_at);

CREATE FUNCTION search_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_entries SET conversation_id = NEW.conversation_id WHERE subject_id = NEW.id;
    UPDATE embeddings SET conversation_id = NEW.conversation_id WHERE subject_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_entries WHERE subject_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A reply is found once it has ended; one that is begun anew is not found by its old words.
    IF NEW.status IN ('complete', 'stopped') AND NEW.content <> '' THEN
        PERFORM index_entry(NEW.user_id, 'message', NEW.id, NEW.conversation_id, NEW.created_at, NEW.content);
    ELSE
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_created AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.status IN ('complete', 'stopped')) EXECUTE FUNCTION search_message();
CREATE TRIGGER search_updated AFTER UPDATE ON messages FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status
          OR (NEW.status IN ('complete', 'stopped') AND OLD.content IS DISTINCT FROM NEW.content))
    EXECUTE FUNCTION search_message();
CREATE TRIGGER search_deleted AFTER DELETE ON messages FOR EACH ROW EXECUTE FUNCTION search_forget();

CREATE FUNCTION search_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, 'intent', NEW.id, NEW.conversation_id, NEW.created_at, NEW.description);
    RETURN NULL;
END $$;
CREATE TRIGGER search_created AFTER INSERT ON intents FOR EACH ROW EXECUTE FUNCTION search_intent();
CREATE TRIGGER search_updated AFTER UPDATE OF description ON intents FOR EACH ROW
    WHEN (OLD.description IS DISTINCT FROM NEW.description) EXECUTE FUNCTION search_intent();
CREATE TRIGGER search_moved AFTER UPDATE OF conversation_id ON intents FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION search_move();
CREATE TRIGGER search_deleted AFTER DELETE ON intents FOR EACH ROW EXECUTE FUNCTION search_forget();

CREATE FUNCTION search_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, 'specification', NEW.id, NULL, NEW.created_at,
                        concat_ws(E'\n', NEW.title, NEW.content, nullif(array_to_string(NEW.tags, ' '), '')));
    RETURN NULL;
END $$;
CREATE TRIGGER search_created AFTER INSERT ON specifications FOR EACH ROW EXECUTE FUNCTION search_specification();
CREATE TRIGGER search_updated AFTER UPDATE OF title, content, tags ON specifications FOR EACH ROW
    WHEN ((OLD.title, OLD.content, OLD.tags) IS DISTINCT FROM (NEW.title, NEW.content, NEW.tags))
    EXECUTE FUNCTION search_specification();
CREATE TRIGGER search_deleted AFTER DELETE ON specifications FOR EACH ROW EXECUTE FUNCTION search_forget();

-- The question with its options; once decided, with the choice and the reasons.
CREATE FUNCTION index_choice_point(choice_point_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT index_entry(
        choice.user_id, 'choice_point', choice.id, choice.conversation_id, choice.created_at,
        concat_ws(E'\n', choice.question,
                  (SELECT string_agg(CASE WHEN id = choice.chosen_option_id THEN '✓ ' ELSE '- ' END
                                     || label || coalesce(': ' || rejection_reason, ''), E'\n' ORDER BY place)
                   FROM choice_options WHERE choice_point_id = choice.id),
                  choice.rationale, nullif(array_to_string(choice.tags, ' '), '')))
    FROM choice_points AS choice WHERE choice.id = $1
$$;
CREATE FUNCTION search_choice_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_choice_point(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION search_choice_option() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_choice_point(NEW.choice_point_id);
    RETURN NULL;
END $$;
CREATE TRIGGER search_created AFTER INSERT ON choice_points FOR EACH ROW EXECUTE FUNCTION search_choice_point();
CREATE TRIGGER search_updated AFTER UPDATE OF question, tags, rationale, chosen_option_id ON choice_points
    FOR EACH ROW EXECUTE FUNCTION search_choice_point();
CREATE TRIGGER search_moved AFTER UPDATE OF conversation_id ON choice_points FOR EACH ROW
    WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION search_move();
CREATE TRIGGER search_deleted AFTER DELETE ON choice_points FOR EACH ROW EXECUTE FUNCTION search_forget();
CREATE TRIGGER search_written AFTER INSERT OR UPDATE ON choice_options
    FOR EACH ROW EXECUTE FUNCTION search_choice_option();

-- What was written before there was an index.
SELECT index_entry(user_id, 'message', id, conversation_id, created_at, content) FROM messages
WHERE status IN ('complete', 'stopped') AND content <> '' ORDER BY id;
SELECT index_entry(user_id, 'intent', id, conversation_id, created_at, description) FROM intents ORDER BY id;
SELECT index_entry(user_id, 'specification', id, NULL, created_at, concat_ws(E'\n', title, content)) FROM specifications;
SELECT index_choice_point(id) FROM choice_points ORDER BY id;
