-- Who may come in: people with a password or an identity provider, the secrets that let them in, and what happened at
-- the door. The local owner needs none of it.

ALTER TABLE users
    ADD COLUMN name          text UNIQUE CHECK (name <> '' AND length(name) <= 64), -- what they sign in with, case-folded
    ADD COLUMN password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    ADD COLUMN issuer        text, -- the identity provider that knows them as `subject`
    ADD COLUMN subject       text,
    ADD COLUMN disabled_at   timestamptz,
    ADD UNIQUE (issuer, subject),
    ADD CHECK ((issuer IS NULL) = (subject IS NULL)),
    ADD CHECK (password_hash IS NULL OR name IS NOT NULL);

-- A secret that lets its holder in as a user: a browser's session, or a program's token. Only its SHA-256 is kept.
CREATE TABLE credentials (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('session', 'token')),
    secret_hash  bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    name         text CHECK (name <> ''),
    hint         text, -- how a token begins, so that its owner knows it again
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at   timestamptz, -- of a session, moved on by use, up to ends_at
    ends_at      timestamptz,
    CHECK (kind = 'session' OR (name IS NOT NULL AND hint IS NOT NULL AND ends_at IS NULL)),
    CHECK (kind = 'token' OR (expires_at IS NOT NULL AND ends_at IS NOT NULL))
);
CREATE INDEX credentials_of_user ON credentials (user_id, kind, id);

-- How often somebody tried in vain, by account and by address; the next try is judged from `blocked_until` on.
CREATE TABLE sign_in_attempts (
    key           text PRIMARY KEY,
    failures      integer NOT NULL DEFAULT 0,
    last_at       timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempts_old ON sign_in_attempts (last_at);

-- Codes of the one-time links that make the first owner; all are gone once there is one.
CREATE TABLE setup_codes (
    secret_hash bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    expires_at  timestamptz NOT NULL
);

-- What happened at the door. Rows outlive the users they tell of, and nobody changes them.
CREATE TABLE security_events (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    kind       text NOT NULL CHECK (kind IN (
        'signed_in', 'sign_in_failed', 'sign_in_blocked', 'signed_out', 'password_changed', 'token_created',
        'token_revoked', 'user_added', 'user_disabled', 'user_enabled', 'role_changed', 'setup_link_made')),
    user_id    text,          -- whose account it is about; null for a name that nobody has
    actor      text NOT NULL, -- a user's id, `command line`, or `nobody` before anybody has signed in
    address    text,
    detail     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION keep_security_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'security events are kept as they were written';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON security_events
    FOR EACH STATEMENT EXECUTE FUNCTION keep_security_events();
