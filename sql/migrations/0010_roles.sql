-- Roles for installations that give each service a login of its own, and row-level security in addition to the WHERE
-- clause of every statement.
--   resonant_owner   owns the schema and cannot log in; for `python -m app migrate`
--   resonant_api     the backend: cannot change the schema, sees the rows of the user that it works for
--   resonant_bridge  the bridges: cannot change the schema, cannot read credentials
-- With one login for everything, as in the embedded database, all of this has no effect: the owner of a table bypasses
-- its row-level security.

-- Whether the connection may see rows of the user: the pool sets resonant.user_id, to '*' for work of all users.
CREATE FUNCTION may_see(user_id text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('resonant.user_id', true) IN (user_id, '*');

-- The subjects of the visible entries that have one of the keys. With row-level security PostgreSQL uses no index on
-- keys before it has checked the user of every row, so that a query would read all entries of a user. This function
-- bypasses row-level security and applies the same condition itself.
CREATE FUNCTION subjects_with_keys(wanted bigint[]) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1000
BEGIN ATOMIC
    SELECT subject_id FROM search_entries WHERE keys && wanted AND may_see(user_id);
END;

CREATE FUNCTION create_roles() RETURNS void LANGUAGE plpgsql AS $$
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
            WHEN duplicate_object OR unique_violation THEN NULL; -- another process created it at the same time
            WHEN insufficient_privilege THEN NULL; -- one login for everything works too
        END;
    END LOOP;
    -- The creator of a role has the ADMIN option only; it needs membership to act as the role.
    owner := to_regrole('resonant_owner');
    IF pg_has_role(owner, 'MEMBER WITH ADMIN OPTION') AND NOT pg_has_role(owner, 'USAGE') THEN
        EXECUTE format('GRANT resonant_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
    END IF;
END $$;

-- Makes resonant_owner the owner of what this login owns, if the login can act as that role and so loses nothing.
-- Otherwise `python -m app migrate` prints what an administrator has to run.
CREATE FUNCTION transfer_ownership() RETURNS void LANGUAGE plpgsql AS $$
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
        -- Objects of an extension keep their owner.
        IF NOT EXISTS (SELECT FROM pg_depend WHERE objid = owned.oid AND deptype = 'e') THEN
            EXECUTE format('ALTER %s %s OWNER TO resonant_owner', owned.kind, owned.name);
        END IF;
    END LOOP;
END $$;

-- Enables row-level security on every table with a user_id, and grants the roles what they need on every table.
-- Runs again after each migration and restore.
CREATE FUNCTION grant_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    me constant oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    owned record;
    role_name text;
    -- Tables of authentication: the bridges have no access, and rows are read before the user is known.
    identity_tables constant text[] := ARRAY['credentials', 'setup_codes', 'sign_in_attempts', 'security_events'];
BEGIN
    PERFORM create_roles();
    PERFORM transfer_ownership();
    FOR owned IN
        SELECT c.oid, c.relname AS name, c.relrowsecurity AS secured,
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'user_id') AS personal
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r'
          AND c.relowner IN (me, to_regrole('resonant_owner')) AND pg_has_role(c.relowner, 'USAGE')
        ORDER BY c.relname
    LOOP
        IF owned.personal AND owned.name <> ALL (identity_tables) AND NOT owned.secured THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned.name);
            EXECUTE format('CREATE POLICY own_rows ON %I USING (may_see(user_id))', owned.name);
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
            IF owned.name <> ALL (identity_tables) THEN
                EXECUTE format('GRANT %s ON %I TO resonant_bridge', CASE owned.name
                    WHEN 'schema_migrations' THEN 'SELECT'
                    WHEN 'users' THEN 'SELECT (id, display_name, role, timezone, device_timezone)'
                    ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
            END IF;
        END IF;
    END LOOP;
    IF pg_has_role((SELECT proowner FROM pg_proc WHERE oid = 'create_model_index'::regproc), 'USAGE') THEN
        REVOKE EXECUTE ON FUNCTION create_model_index, drop_model_index, insert_default_project FROM PUBLIC;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            GRANT EXECUTE ON FUNCTION create_model_index, drop_model_index TO resonant_bridge;
        END IF;
    END IF;
    FOREACH role_name IN ARRAY ARRAY['resonant_api', 'resonant_bridge'] LOOP
        IF to_regrole(role_name) IS NOT NULL AND NOT has_schema_privilege(role_name, current_schema(), 'USAGE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
        END IF;
    END LOOP;
END $$;
