-- Users, their credentials and the audit trail. Every table with a user's rows has a column user_id.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE users (
    id            text PRIMARY KEY DEFAULT uuidv7()::text,
    display_name  text NOT NULL CHECK (display_name <> ''),
    role          text NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    name          text UNIQUE CHECK (name <> '' AND length(name) <= 64), -- login name, case-folded
    password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    issuer        text, -- the identity provider that knows the user as `subject`
    subject       text,
    disabled_at   timestamptz,
    timezone      text, -- IANA name that the user has chosen for their dates; null: that of the device
    device_timezone text, -- of the device that was used last; null: SERVER_TIMEZONE
    UNIQUE (issuer, subject),
    CHECK ((issuer IS NULL) = (subject IS NULL)),
    CHECK (password_hash IS NULL OR name IS NOT NULL)
);

-- These tables have no foreign key to users: its check would lock the user's row for every insert, so workers that
-- write for the same user would wait for each other.
CREATE FUNCTION delete_rows_of_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notifications USING old_rows WHERE user_id = old_rows.id;
    DELETE FROM memory_work USING old_rows WHERE user_id = old_rows.id;
    DELETE FROM record_causes USING old_rows WHERE user_id = old_rows.id;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_rows_of_users AFTER DELETE ON users REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION delete_rows_of_users();

-- A secret that authenticates its user: the session of a browser or the token of a program. Only its SHA-256 is stored.
CREATE TABLE credentials (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('session', 'token')),
    secret_hash  bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    name         text CHECK (name <> ''),
    hint         text, -- the first characters of a token, so that its owner recognizes it
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at   timestamptz, -- for a session: extended by use, never beyond ends_at
    ends_at      timestamptz,
    CHECK (kind = 'session' OR (name IS NOT NULL AND hint IS NOT NULL AND ends_at IS NULL)),
    CHECK (kind = 'token' OR (expires_at IS NOT NULL AND ends_at IS NOT NULL))
);
CREATE INDEX credentials_of_user ON credentials (user_id, kind, id);

-- Failed sign-ins by account name and by address. A new attempt is checked only after `blocked_until`.
CREATE TABLE sign_in_attempts (
    key           text PRIMARY KEY,
    failures      integer NOT NULL DEFAULT 0,
    last_at       timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempts_old ON sign_in_attempts (last_at);

-- Codes of the one-time links that create the first owner. All are deleted when one is used.
CREATE TABLE setup_codes (
    secret_hash bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    expires_at  timestamptz NOT NULL
);

-- The audit trail of sign-ins and accounts. Rows are never changed and stay when their user is deleted.
CREATE TABLE security_events (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    kind       text NOT NULL CHECK (kind IN (
        'signed_in', 'sign_in_failed', 'sign_in_blocked', 'signed_out', 'password_changed', 'token_created',
        'token_revoked', 'user_added', 'user_disabled', 'user_enabled', 'role_changed', 'setup_link_made')),
    user_id    text,          -- the account; null when no account has the name that was used
    actor      text NOT NULL, -- a user's id, `command line`, or `nobody` before sign-in
    address    text,
    detail     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION forbid_changes_of_security_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'security events are append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON security_events
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_changes_of_security_events();

-- Token buckets for rate limits, shared by all processes. Not logged: after a crash every bucket is full again.
CREATE UNLOGGED TABLE rate_budgets (
    user_id     text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('points', 'scarce')),
    points      double precision NOT NULL,
    granted     double precision NOT NULL,
    refilled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (user_id, kind)
);
COMMENT ON TABLE rate_budgets IS 'Points left in each user''s bucket, and how many the last request was granted.';
