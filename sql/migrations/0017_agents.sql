-- The scope of tokens, to list it, and the coding agents that used the MCP server.

-- The secret of a token decides what it permits; see app/identity/secrets.py. A project may be in the trash, from which
-- it returns with its id, so there is no foreign key.
ALTER TABLE credentials
    ADD COLUMN read_only boolean NOT NULL DEFAULT false,
    ADD COLUMN project_id uuid,
    ADD CONSTRAINT credentials_scope_check CHECK (kind = 'token' OR (NOT read_only AND project_id IS NULL));

-- The hint of a token with a scope is `ret_read.abcd…` or `ret_read.<project>.abcd…`; `write` likewise.
UPDATE credentials
SET read_only = hint ~ '^ret_read\.',
    project_id = CASE WHEN hint ~ '^ret_(read|write)\.[0-9a-f]{32}\.' THEN split_part(hint, '.', 2)::uuid END
WHERE kind = 'token' AND hint ~ '^ret_(read|write)\.';

-- One row for each name of a client, project (null: all) and token (null: none was used). The row of a revoked token
-- stays, so `token_id` is no foreign key either.
CREATE TABLE agents (
    id            uuid        PRIMARY KEY DEFAULT uuidv7(),
    user_id       text        NOT NULL REFERENCES users ON DELETE CASCADE,
    name          text        NOT NULL CHECK (name <> ''),
    project_id    uuid,
    token_id      uuid,
    first_used_at timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    calls         bigint      NOT NULL DEFAULT 0 CHECK (calls >= 0),
    UNIQUE NULLS NOT DISTINCT (user_id, name, project_id, token_id)
);
CREATE INDEX agents_of_user ON agents (user_id, last_used_at, id);

CREATE INDEX actions_of_agents ON actions (user_id, actor, id) WHERE actor LIKE 'agent:%';
