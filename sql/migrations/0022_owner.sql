-- The tables belong to resonant_owner, who does not log in: a login that works with them, were it the one that migrates,
-- owns none of them. A login that may neither make the roles nor act as the owner keeps what it made, and
-- `python -m app migrate` says what an administrator has to run.

CREATE FUNCTION make_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    role_name text;
    owner regrole;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['resonant_owner', 'resonant_api', 'resonant_bridge'] LOOP
        BEGIN
            IF to_regrole(role_name) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL; -- made for another database at this moment
            WHEN insufficient_privilege THEN NULL; -- one login for everything works too
        END;
    END LOOP;
    -- Whoever makes a role administers it, and has to let itself act as it.
    owner := to_regrole('resonant_owner');
    IF pg_has_role(owner, 'MEMBER WITH ADMIN OPTION') AND NOT pg_has_role(owner, 'USAGE') THEN
        EXECUTE format('GRANT resonant_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
    END IF;
END $$;

-- Gives what this login owns to resonant_owner, if the login may act as that role and so loses nothing.
CREATE FUNCTION hand_over() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owner constant regrole := to_regrole('resonant_owner');
    me constant oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    here constant text := current_schema();
    owned record;
BEGIN
    IF owner IS NULL OR NOT (pg_has_role(owner, 'SET') AND pg_has_role(owner, 'USAGE')) THEN
        RETURN;
    END IF;
    BEGIN
        EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO resonant_owner', here);
    EXCEPTION
        WHEN insufficient_privilege THEN NULL;
    END;
    IF NOT has_schema_privilege(owner, here, 'CREATE') THEN
        RETURN;
    END IF;
    FOR owned IN
        SELECT 'TABLE' AS kind, oid::regclass::text AS name, oid FROM pg_class
        WHERE relnamespace = quote_ident(here)::regnamespace AND relkind = 'r' AND relowner = me
        UNION ALL
        SELECT 'FUNCTION', oid::regprocedure::text, oid FROM pg_proc
        WHERE pronamespace = quote_ident(here)::regnamespace AND proowner = me
    LOOP
        -- What an extension brought stays its own.
        IF NOT EXISTS (SELECT FROM pg_depend WHERE objid = owned.oid AND deptype = 'e') THEN
            EXECUTE format('ALTER %s %s OWNER TO resonant_owner', owned.kind, owned.name);
        END IF;
    END LOOP;
END $$;

-- A bridge owns no table, so it has the owner make and drop the index of a model: an empty one, before the rows come
-- that it is to hold. Only an owner builds it around rows that are there, beside running writes.
CREATE FUNCTION make_model_index(model smallint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
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

-- What runs as the owner looks nowhere that its caller could put something.
DO $$
DECLARE
    path constant text := (
        SELECT string_agg(DISTINCT quote_ident(place), ', ')
        FROM (SELECT current_schema()::text UNION
              SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector') AS places (place));
BEGIN
    EXECUTE format('ALTER FUNCTION make_model_index SET search_path = %s, pg_temp', path);
    EXECUTE format('ALTER FUNCTION drop_model_index SET search_path = %s, pg_temp', path);
END $$;

CREATE OR REPLACE FUNCTION grant_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    me constant oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    owned record;
    role_name text;
    -- How people come in, and what is the owner's alone.
    doors constant text[] := ARRAY['credentials', 'setup_codes', 'sign_in_attempts', 'security_events'];
BEGIN
    PERFORM make_roles();
    PERFORM hand_over();
    FOR owned IN
        SELECT c.oid, c.relname AS name, c.relrowsecurity AS walled,
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'user_id') AS personal
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r'
          AND c.relowner IN (me, to_regrole('resonant_owner')) AND pg_has_role(c.relowner, 'USAGE')
        ORDER BY c.relname
    LOOP
        IF owned.personal AND owned.name <> ALL (doors) AND NOT owned.walled THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned.name);
            EXECUTE format('CREATE POLICY own_rows ON %I USING (works_for(user_id))', owned.name);
        END IF;
        IF to_regrole('resonant_api') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_api', owned.name);
            EXECUTE format('GRANT %s ON %I TO resonant_api', CASE owned.name
                WHEN 'schema_migrations' THEN 'SELECT' WHEN 'bridge_heartbeats' THEN 'SELECT'
                WHEN 'security_events' THEN 'SELECT, INSERT' WHEN 'users' THEN 'SELECT, INSERT, UPDATE'
                ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
        END IF;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_bridge', owned.name);
            IF owned.name <> ALL (doors) THEN
                EXECUTE format('GRANT %s ON %I TO resonant_bridge', CASE owned.name
                    WHEN 'schema_migrations' THEN 'SELECT' WHEN 'users' THEN 'SELECT (id, display_name, role)'
                    ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
            END IF;
        END IF;
    END LOOP;
    IF pg_has_role((SELECT proowner FROM pg_proc WHERE oid = 'make_model_index'::regproc), 'USAGE') THEN
        REVOKE EXECUTE ON FUNCTION make_model_index, drop_model_index FROM PUBLIC;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            GRANT EXECUTE ON FUNCTION make_model_index, drop_model_index TO resonant_bridge;
        END IF;
    END IF;
    FOREACH role_name IN ARRAY ARRAY['resonant_api', 'resonant_bridge'] LOOP
        IF to_regrole(role_name) IS NOT NULL AND NOT has_schema_privilege(role_name, current_schema(), 'USAGE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
        END IF;
    END LOOP;
END $$;
