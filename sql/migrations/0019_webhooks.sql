-- Webhooks of projects: addresses that get the events of a project over HTTP, and the deliveries to them.

CREATE TABLE webhooks (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    project_id      uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE, -- who created it
    url             text NOT NULL,
    description     text,
    kinds           text[] NOT NULL DEFAULT '{}', -- of events; empty: all
    enabled         boolean NOT NULL DEFAULT true,
    disabled_reason text, -- null: a person disabled it, or it is enabled
    disabled_reason_key text,
    -- The last event for which a delivery was considered. A new webhook begins with the first transaction that was not
    -- settled when it was created.
    after_xid       xid8 NOT NULL DEFAULT pg_snapshot_xmin(pg_current_snapshot()),
    after_id        bigint NOT NULL DEFAULT 0,
    failing_since   timestamptz, -- the first failure after the last success
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhooks_of_project ON webhooks (project_id, id);

-- The keys that sign deliveries, as text: the worker needs them. The login of the backend cannot read them.
CREATE TABLE webhook_secrets (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    webhook_id uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    secret     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz -- null for the current one; that of an earlier one is set by the rotation
);
CREATE UNIQUE INDEX webhook_secrets_current ON webhook_secrets (webhook_id) WHERE expires_at IS NULL;
CREATE INDEX webhook_secrets_of_webhook ON webhook_secrets (webhook_id);

-- What an event was is copied, because events are trimmed. The id is the `webhook-id` of all attempts.
CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    webhook_id      uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    xid             xid8, -- the position of the event; null for a test
    event_id        bigint,
    kind            text NOT NULL,
    subject_id      uuid NOT NULL,
    caused_by       uuid,
    payload         jsonb NOT NULL,
    occurred_at     timestamptz NOT NULL,
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'dead')),
    attempts        integer NOT NULL DEFAULT 0,
    waited_seconds  double precision NOT NULL DEFAULT 0, -- the pauses between the attempts so far
    next_attempt_at timestamptz NOT NULL,
    claimed_until   timestamptz,
    fence           integer NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    http_status     integer, -- of the last attempt
    error           text,
    error_key       text,
    error_params    jsonb,
    ended_at        timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_of_subject ON webhook_deliveries (webhook_id, subject_id, xid, event_id)
    WHERE status = 'pending';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE status <> 'pending';

-- Row-level security; see 0010_roles.sql. Members see that a webhook exists, so that they are refused and not told that
-- there is none; only admins change webhooks and read their deliveries.
CREATE FUNCTION administers(project uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE RETURN EXISTS (
    SELECT FROM project_members WHERE project_id = project AND user_id = current_setting('resonant.user_id', true)
        AND role = 'admin');
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible_rows ON webhooks USING (sees_all() OR project_id = ANY((SELECT visible_scopes())::uuid[]))
    WITH CHECK (sees_all() OR administers(project_id));
ALTER TABLE webhook_secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible_rows ON webhook_secrets USING (sees_all() OR EXISTS (
    SELECT FROM webhooks AS w WHERE w.id = webhook_id AND administers(w.project_id)));
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible_rows ON webhook_deliveries USING (sees_all() OR EXISTS (
    SELECT FROM webhooks AS w WHERE w.id = webhook_id AND administers(w.project_id)));

-- The same as before, and without the right of the backend to read secrets.
CREATE OR REPLACE FUNCTION grant_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    me constant oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    owned record;
    role_name text;
    -- Tables of authentication: the bridges have no access, and rows are read before the user is known.
    identity_tables constant text[] := ARRAY['credentials', 'setup_codes', 'sign_in_attempts', 'security_events',
                                             'invitations'];
BEGIN
    PERFORM create_roles();
    PERFORM transfer_ownership();
    FOR owned IN
        SELECT c.oid, c.relname AS name, c.relrowsecurity AS secured,
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname IN ('user_id', 'scope_id')) AND c.relname <> 'users' AS personal
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r'
          AND c.relowner IN (me, to_regrole('resonant_owner')) AND pg_has_role(c.relowner, 'USAGE')
        ORDER BY c.relname
    LOOP
        IF owned.personal AND owned.name <> ALL (identity_tables) THEN
            IF NOT owned.secured THEN
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned.name);
            END IF;
            EXECUTE format('DROP POLICY IF EXISTS own_rows ON %I', owned.name); -- before projects had members
            IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = owned.oid AND polname = 'visible_rows') THEN
                EXECUTE format('CREATE POLICY visible_rows ON %I USING (sees_all() OR %s) WITH CHECK (sees_all() OR %s)',
                               owned.name, read_condition(owned.name), write_condition(owned.name));
            END IF;
        END IF;
        IF to_regrole('resonant_api') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_api', owned.name);
            EXECUTE format('GRANT %s ON %I TO resonant_api', CASE owned.name
                WHEN 'schema_migrations' THEN 'SELECT' WHEN 'bridge_heartbeats' THEN 'SELECT'
                WHEN 'security_events' THEN 'SELECT, INSERT' WHEN 'users' THEN 'SELECT, INSERT, UPDATE'
                WHEN 'webhook_secrets' THEN 'SELECT (id, webhook_id, created_at, expires_at), INSERT, UPDATE, DELETE'
                ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
        END IF;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_bridge', owned.name);
            IF owned.name <> ALL (identity_tables) THEN
                EXECUTE format('GRANT %s ON %I TO resonant_bridge', CASE owned.name
                    WHEN 'schema_migrations' THEN 'SELECT'
                    WHEN 'users' THEN 'SELECT (id, name, display_name, role, timezone, device_timezone, scope_id)'
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
