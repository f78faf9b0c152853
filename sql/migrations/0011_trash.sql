-- The trash: what a person deleted, until it is restored or its time is over. A deleted record leaves its table, so
-- nothing else has to leave it out: its row, the rows that are deleted with it and the references that are emptied are
-- stored here as JSON. Foreign keys say which rows these are, so a new table with foreign keys needs no change here.

CREATE TABLE trash (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN
               ('project', 'conversation', 'message', 'intent', 'specification', 'decision', 'memory')),
    record_id  uuid NOT NULL UNIQUE,
    project_id uuid, -- no foreign key: a record is restored into the default project when its own is gone
    deleted_by text NOT NULL,
    deleted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX trash_in_order ON trash (user_id, id);
CREATE INDEX trash_of_project ON trash (project_id, id);
CREATE INDEX trash_old ON trash (deleted_at);

-- With an empty `column_name` a row that was deleted, otherwise a reference that was emptied in a row that is still
-- there: {"conversation_id": ...}.
CREATE TABLE trash_rows (
    entry_id    uuid NOT NULL REFERENCES trash ON DELETE CASCADE,
    user_id     text NOT NULL,
    place       bigint GENERATED ALWAYS AS IDENTITY, -- rows are restored in this order
    table_name  text NOT NULL,
    record_id   uuid NOT NULL, -- the id of the row, or a digest of a row without one
    column_name text NOT NULL DEFAULT '',
    content     jsonb NOT NULL,
    PRIMARY KEY (entry_id, table_name, record_id, column_name)
);
CREATE INDEX trash_rows_in_order ON trash_rows (entry_id, place);
CREATE INDEX trash_rows_of_record ON trash_rows (record_id);

-- References of one column; `on_delete` is 'c' for CASCADE, 'n' for SET NULL and 'a' for none.
CREATE FUNCTION row_references() RETURNS TABLE (
    child text, child_column text, child_type text, parent text, parent_column text, on_delete "char"
) LANGUAGE sql STABLE AS $$
    SELECT child.relname, a.attname, format_type(a.atttypid, NULL), parent.relname, p.attname, c.confdeltype
    FROM pg_constraint AS c
    JOIN pg_class AS child ON child.oid = c.conrelid JOIN pg_class AS parent ON parent.oid = c.confrelid
    JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute AS p ON p.attrelid = c.confrelid AND p.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND c.connamespace = current_schema()::regnamespace
      AND parent.relname NOT IN ('users', 'trash')
$$;

CREATE FUNCTION trash_key(content jsonb) RETURNS uuid LANGUAGE sql STABLE RETURN CASE
    WHEN pg_input_is_valid(content->>'id', 'uuid') THEN (content->>'id')::uuid ELSE md5(content::text)::uuid END;

-- Adds to an entry what is deleted with its rows. The rows are locked, so that nothing is added to them meanwhile.
CREATE FUNCTION collect_trash(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    done bigint := 0;
    upto bigint;
    r record;
BEGIN
    LOOP
        SELECT max(place) INTO upto FROM trash_rows WHERE entry_id = entry;
        EXIT WHEN upto = done;
        FOR r IN SELECT * FROM row_references() WHERE on_delete = 'c' AND parent IN (
            SELECT table_name FROM trash_rows WHERE entry_id = entry AND place > done AND place <= upto
        ) LOOP
            EXECUTE format($sql$
                INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content)
                SELECT $1, $2, %1$L, trash_key(each.content), each.content FROM (
                    SELECT to_jsonb(c) AS content FROM %1$I AS c
                    WHERE c.user_id = $2 AND c.%2$I IN (
                        SELECT (p.content->>%3$L)::%4$s FROM trash_rows AS p
                        WHERE p.entry_id = $1 AND p.table_name = %5$L AND p.place > $3 AND p.place <= $4)
                    FOR UPDATE
                ) AS each ORDER BY each.content->>'id' ON CONFLICT DO NOTHING
            $sql$, r.child, r.child_column, r.parent_column, r.child_type, r.parent) USING entry, owner, done, upto;
        END LOOP;
        done := upto;
    END LOOP;
    -- These belong to a record by its id, without a foreign key. Embeddings are computed again.
    FOR r IN SELECT * FROM (VALUES
        ('intent_transitions', 'intent_id', ''), ('context_snapshots', 'subject_id', ''), ('memory_work', 'subject_id', ''),
        ('notifications', 'project_id', ''),
        ('search_entries', 'subject_id', '{"embedded_with": null, "claimed_until": null}')
    ) AS t (child, child_column, changed) LOOP
        EXECUTE format($sql$
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content)
            SELECT $1, $2, %1$L, trash_key(each.content), each.content FROM (
                SELECT to_jsonb(c) %3$s AS content FROM %1$I AS c WHERE c.user_id = $2 AND c.%2$I IN (
                    SELECT record_id FROM trash_rows WHERE entry_id = $1 AND column_name = '' AND table_name IN (
                        'projects', 'messages', 'intents', 'decisions', 'specifications', 'memories'))
            ) AS each ORDER BY each.content->'id' ON CONFLICT DO NOTHING
        $sql$, r.child, r.child_column, CASE WHEN r.changed <> '' THEN '|| ' || quote_literal(r.changed) || '::jsonb' END) USING entry, owner;
    END LOOP;
    FOR r IN SELECT * FROM row_references() WHERE on_delete = 'n' AND parent_column = 'id' AND parent IN (
        SELECT table_name FROM trash_rows WHERE entry_id = entry
    ) LOOP
        EXECUTE format($sql$
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
            SELECT $1, $2, %1$L, c.id, %2$L, jsonb_build_object(%2$L, c.%2$I) FROM %1$I AS c
            WHERE c.user_id = $2 AND c.%2$I IN (
                SELECT record_id FROM trash_rows WHERE entry_id = $1 AND table_name = %3$L AND column_name = '')
              AND NOT EXISTS (SELECT FROM trash_rows
                              WHERE entry_id = $1 AND table_name = %1$L AND record_id = c.id AND column_name = '')
        $sql$, r.child, r.child_column, r.parent) USING entry, owner;
    END LOOP;
END $$;

-- Deletes a record into the trash; whether there was one.
CREATE FUNCTION move_to_trash(owner text, kind text, id uuid, deleted_by text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    of_table constant text := CASE kind WHEN 'memory' THEN 'memories' ELSE kind || 's' END;
    entry constant uuid := uuidv7();
    root jsonb;
BEGIN
    IF kind NOT IN ('project', 'conversation', 'message', 'intent', 'specification', 'decision', 'memory') THEN
        RAISE EXCEPTION 'a record of the kind % cannot be moved to the trash', kind;
    END IF;
    EXECUTE format('SELECT to_jsonb(r) FROM %I AS r WHERE id = $1 AND user_id = $2 FOR UPDATE', of_table)
    INTO root USING $3, owner;
    IF root IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM trash WHERE record_id = $3 AND user_id = owner; -- it was imported again meanwhile
    INSERT INTO trash (id, user_id, kind, record_id, project_id, deleted_by)
    VALUES (entry, owner, $2, $3, (root->>'project_id')::uuid, $4);
    INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content) VALUES (entry, owner, of_table, $3, root);
    PERFORM collect_trash(entry, owner);
    IF kind = 'decision' THEN -- see restore_merged_memories
        INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
        SELECT entry, owner, 'memories', m.id, 'archived', '{}' FROM memories AS m
        JOIN decision_sources AS s ON s.decision_id = $3 AND s.source_kind = 'memory' AND s.source_id = m.id
        WHERE m.user_id = owner AND m.archived AND m.superseded_by IS NULL;
    END IF;
    EXECUTE format('DELETE FROM %I WHERE id = $1', of_table) USING $3;
    RETURN true;
END $$;

-- Takes the references to rows that are gone out of the rows of one table. What refers to a row in another entry of the
-- trash waits there: the reference, or the whole row when it cannot be without the other one.
CREATE FUNCTION detach_trash(entry uuid, of_table text, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
    gone uuid[]; -- the rows whose reference is to nothing
BEGIN
    FOR r IN SELECT * FROM row_references() WHERE child = of_table LOOP
        -- NOT IN is one hashed pass over the entry, whose size no statistics tell.
        EXECUTE format($sql$
            SELECT array_agg(t.record_id) FROM trash_rows AS t
            WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' AND t.content->>%2$L IS NOT NULL
              AND t.content->>%2$L NOT IN (SELECT p.content->>%4$L FROM trash_rows AS p
                                           WHERE p.entry_id = $1 AND p.table_name = %3$L AND p.column_name = '')
              AND NOT EXISTS (SELECT FROM %3$I AS p WHERE p.%4$I = (t.content->>%2$L)::%5$s)
        $sql$, of_table, r.child_column, r.parent, r.parent_column, r.child_type) INTO gone USING entry;
        CONTINUE WHEN gone IS NULL;
        IF r.on_delete = 'c' AND r.parent <> 'projects' THEN
            UPDATE trash_rows AS t SET entry_id = o.entry_id, place = DEFAULT FROM trash_rows AS o
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone)
              AND o.table_name = r.parent AND o.column_name = '' AND o.entry_id <> entry AND o.user_id = owner
              AND o.content->>r.parent_column = t.content->>r.child_column;
            DELETE FROM trash_rows AS t
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone);
        ELSE
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
            SELECT o.entry_id, owner, of_table, t.record_id, r.child_column,
                   jsonb_build_object(r.child_column, t.content->r.child_column)
            FROM trash_rows AS t JOIN trash_rows AS o
              ON o.record_id = (t.content->>r.child_column)::uuid AND o.table_name = r.parent AND o.column_name = ''
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone)
              AND o.user_id = owner AND r.on_delete = 'n'
            ON CONFLICT DO NOTHING;
            UPDATE trash_rows AS t SET content = t.content || jsonb_build_object(
                r.child_column, CASE r.parent WHEN 'projects' THEN default_project(owner) END)
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone);
        END IF;
    END LOOP;
END $$;

-- Restores the records that a record cannot be without: the conversation of a message, the message that a reply answers.
CREATE FUNCTION restore_owners(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    root trash_rows;
    r record;
    other uuid;
    is_there boolean;
BEGIN
    SELECT t.* INTO STRICT root FROM trash_rows AS t JOIN trash ON trash.id = t.entry_id
    WHERE t.entry_id = entry AND t.record_id = trash.record_id AND t.column_name = ''
    ORDER BY t.place LIMIT 1;
    FOR r IN SELECT * FROM row_references()
             WHERE child = root.table_name AND on_delete = 'c' AND parent <> 'projects' AND root.content->>child_column IS NOT NULL LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1::%s)', r.parent, r.parent_column, r.child_type)
        INTO is_there USING root.content->>r.child_column;
        IF NOT is_there THEN
            SELECT entry_id INTO other FROM trash_rows
            WHERE table_name = r.parent AND column_name = '' AND content->>r.parent_column = root.content->>r.child_column
              AND entry_id <> entry AND user_id = owner
              AND record_id = (root.content->>r.child_column)::uuid;
            IF other IS NULL THEN
                PERFORM raise_rule('trash', 'what it belongs to was deleted for good', 'trash.owner_gone');
            END IF;
            PERFORM FROM trash WHERE id = other FOR UPDATE;
            IF FOUND THEN -- otherwise it was restored meanwhile
                PERFORM restore_from_trash(other, owner);
            END IF;
        END IF;
    END LOOP;
END $$;

-- Brings an entry back: its rows, then the references to them. What was given to another record meanwhile is left out:
-- idempotency keys, imports of the same conversation.
CREATE FUNCTION restore_from_trash(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    root constant text := (SELECT table_name FROM trash_rows AS t JOIN trash ON trash.id = t.entry_id
                           WHERE t.entry_id = entry AND t.record_id = trash.record_id AND t.column_name = ''
                           ORDER BY t.place LIMIT 1);
    r record;
    columns text;
BEGIN
    PERFORM restore_owners(entry, owner);
    PERFORM set_config('resonant.restore', 'on', true);
    FOR r IN SELECT table_name, (array_agg(content ORDER BY place))[1] AS first FROM trash_rows
             WHERE entry_id = entry AND column_name = '' GROUP BY table_name
             -- What others refer to comes first.
             ORDER BY array_position(ARRAY['projects', 'conversations', 'messages', 'intents', 'specifications',
                                           'decisions', 'memories'], table_name), min(place) LOOP
        PERFORM detach_trash(entry, r.table_name, owner);
        IF r.first ? 'idempotency_key' THEN
            EXECUTE format($sql$
                UPDATE trash_rows AS t SET content = t.content || '{"idempotency_key": null}'
                WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' AND EXISTS (
                    SELECT FROM %1$I AS o WHERE o.user_id = $2 AND o.idempotency_key = t.content->>'idempotency_key')
            $sql$, r.table_name) USING entry, owner;
        END IF;
        -- A column that was added since gets its default.
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = r.table_name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
          AND r.first ? attname;
        EXECUTE format($sql$
            INSERT INTO %1$I (%2$s) OVERRIDING SYSTEM VALUE
            SELECT %2$s FROM (
                SELECT n.* FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::%1$I, t.content) AS n
                WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' ORDER BY t.place) AS each %3$s
        $sql$, r.table_name, columns, CASE WHEN r.table_name <> root THEN 'ON CONFLICT DO NOTHING' END) USING entry;
    END LOOP;
    PERFORM restore_references(entry, owner);
    UPDATE search_entries AS e SET project_id = restored.project_id
    FROM trash_rows AS t, LATERAL (
        SELECT project_id FROM messages WHERE id = t.record_id UNION ALL
        SELECT project_id FROM intents WHERE id = t.record_id UNION ALL
        SELECT project_id FROM decisions WHERE id = t.record_id UNION ALL
        SELECT project_id FROM specifications WHERE id = t.record_id UNION ALL
        SELECT project_id FROM memories WHERE id = t.record_id
    ) AS restored
    WHERE t.entry_id = entry AND t.column_name = '' AND e.subject_id = t.record_id
      AND e.project_id IS DISTINCT FROM restored.project_id;
    IF root IN ('intents', 'decisions') THEN -- its conversation may be gone, or restored
        EXECUTE format($sql$
            UPDATE search_entries AS e SET conversation_id = r.conversation_id FROM %I AS r, trash
            WHERE trash.id = $1 AND r.id = trash.record_id AND e.subject_id = trash.record_id
        $sql$, root) USING entry;
    END IF;
    DELETE FROM trash WHERE id = entry;
    PERFORM set_config('resonant.restore', '', true);
END $$;

-- Sets the references that were emptied, unless they refer to something else now.
CREATE FUNCTION restore_references(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    UPDATE memories AS m SET archived = true, updated_at = now() FROM trash_rows AS t
    WHERE t.entry_id = entry AND t.table_name = 'memories' AND t.column_name = 'archived'
      AND m.id = t.record_id AND m.user_id = owner;
    FOR r IN SELECT DISTINCT f.* FROM trash_rows AS t JOIN row_references() AS f
             ON f.child = t.table_name AND f.child_column = t.column_name WHERE t.entry_id = entry LOOP
        EXECUTE format($sql$
            UPDATE %1$I AS c SET %2$I = (t.content->>%2$L)::%3$s FROM trash_rows AS t
            WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = %2$L AND c.id = t.record_id
              AND c.user_id = $2 AND c.%2$I IS NULL %4$s
              AND EXISTS (SELECT FROM %5$I AS p WHERE p.id = (t.content->>%2$L)::uuid)
        $sql$, r.child, r.child_column, r.child_type,
            CASE r.child WHEN 'memories' THEN 'AND c.archived' WHEN 'decisions' THEN
                CASE r.child_column WHEN 'superseded_by' THEN $sql$AND c.status = 'superseded'$sql$ END END,
            r.parent) USING entry, owner;
        -- The row that had the reference may be in the trash itself by now.
        UPDATE trash_rows AS o SET content = o.content || t.content FROM trash_rows AS t
        WHERE t.entry_id = entry AND t.table_name = r.child AND t.column_name = r.child_column
          AND o.table_name = r.child AND o.record_id = t.record_id AND o.column_name = ''
          AND o.content->>r.child_column IS NULL;
    END LOOP;
END $$;
