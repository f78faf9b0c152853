-- Roles for those who give each service a login of its own, and a second wall behind the WHERE of every statement.
--   resonant_owner   makes and changes the schema: for `python -m app migrate`
--   resonant_api     for the backend: owns nothing, changes no schema, sees the rows of the user it works for
--   resonant_bridge  for the bridges: sees what they work on, and nothing of how people come in
-- One login for all, the embedded one's for example, goes on as it was: owners of tables stand before the wall.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['resonant_owner', 'resonant_api', 'resonant_bridge'] LOOP
        BEGIN
            IF to_regrole(role_name) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL; -- made for another database at this moment
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'the role % was not made: this login may not; one login for everything works too', role_name;
        END;
    END LOOP;
END $$;

-- For whom a connection works; '*' for work that is everybody's, such as reading events and claiming.
CREATE FUNCTION works_for(user_id text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('resonant.user_id', true) IN (user_id, '*');

-- Gives both roles what they need of every table there is, and no more; run again after migrations and restores.
CREATE FUNCTION grant_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owned record;
    -- How people come in, and what is the owner's alone.
    doors constant text[] := ARRAY['credentials', 'setup_codes', 'sign_in_attempts', 'security_events'];
BEGIN
    FOR owned IN
        SELECT c.oid, c.relname AS name, c.relrowsecurity AS walled,
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'user_id') AS personal
        FROM pg_class AS c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
          AND pg_has_role(c.relowner, 'USAGE')
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
    IF to_regrole('resonant_owner') IS NOT NULL THEN
        EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO resonant_owner', current_schema());
    END IF;
END $$;
