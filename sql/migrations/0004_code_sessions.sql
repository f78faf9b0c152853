-- Sessions of Claude Code and their tool calls.

CREATE TABLE claude_code_sessions (
    id                     uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id                text NOT NULL REFERENCES users ON DELETE CASCADE,
    intent_id              uuid REFERENCES intents ON DELETE CASCADE,
    session_id             text NOT NULL UNIQUE,
    status                 text NOT NULL DEFAULT 'pending'
                           CHECK (status IN ('pending', 'running', 'completed', 'failed', 'timeout')),
    started_at             timestamptz,
    completed_at           timestamptz,
    total_duration_seconds double precision,
    error_message          text,
    metadata               jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    error_key              text,
    error_params           jsonb
);
CREATE INDEX claude_code_sessions_of_intent ON claude_code_sessions (intent_id);

CREATE TABLE claude_code_executions (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id      text NOT NULL REFERENCES claude_code_sessions (session_id) ON DELETE CASCADE,
    execution_order integer NOT NULL,
    tool_name       text NOT NULL,
    input           jsonb,
    output          jsonb,
    success         boolean NOT NULL,
    error_message   text,
    executed_at     timestamptz NOT NULL DEFAULT now(),
    duration_ms     integer,
    error_key       text,
    error_params    jsonb,
    UNIQUE (session_id, execution_order)
);
