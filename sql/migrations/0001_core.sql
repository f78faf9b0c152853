-- The rows that people and bridges work on. Every row carries user_id, so that every query can filter on it.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE users (
    id           text PRIMARY KEY DEFAULT uuidv7()::text,
    display_name text NOT NULL CHECK (display_name <> ''),
    role         text NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE conversations (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    title      text NOT NULL,
    archived   boolean NOT NULL DEFAULT false,
    summary    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_recent ON conversations (user_id, updated_at DESC, id DESC);

-- A reply is a row from the start: the columns from `attempts` on are the message bridge's claim on it.
CREATE TABLE messages (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    content         text NOT NULL,
    message_type    text NOT NULL CHECK (message_type IN ('user', 'kana', 'yuno', 'system')),
    status          text NOT NULL DEFAULT 'complete'
                    CHECK (status IN ('pending', 'streaming', 'complete', 'stopped', 'failed')),
    reply_to        uuid REFERENCES messages ON DELETE CASCADE,
    error           text,
    metadata        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    claimed_by      text,
    lease_until     timestamptz,
    fence           bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (message_type = 'kana' OR status = 'complete'),
    CHECK ((claimed_by IS NULL) = (lease_until IS NULL))
);
CREATE INDEX messages_recent ON messages (user_id, created_at DESC);
CREATE INDEX messages_in_order ON messages (user_id, id);
CREATE INDEX messages_of_conversation ON messages (conversation_id, id);
CREATE INDEX messages_reply_to ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_pending ON messages (id) WHERE status = 'pending';
CREATE INDEX messages_leased ON messages (lease_until) WHERE claimed_by IS NOT NULL;

CREATE TABLE intents (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id           text NOT NULL REFERENCES users ON DELETE CASCADE,
    conversation_id   uuid REFERENCES conversations ON DELETE SET NULL,
    source_message_id uuid REFERENCES messages ON DELETE SET NULL,
    description       text NOT NULL CHECK (description <> ''),
    intent_type       text CHECK (intent_type IN
                      ('question', 'task', 'specification', 'remember', 'reminder', 'code_execution')),
    classification    jsonb,
    status            text NOT NULL DEFAULT 'pending' CHECK (status IN
                      ('pending', 'awaiting_confirmation', 'processing', 'completed', 'failed', 'cancelled')),
    priority          smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 10),
    result            jsonb,
    error             text,
    progress          double precision CHECK (progress BETWEEN 0 AND 1),
    metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    version           integer NOT NULL DEFAULT 1,
    attempts          integer NOT NULL DEFAULT 0,
    max_attempts      integer NOT NULL DEFAULT 5 CHECK (max_attempts > 0),
    next_attempt_at   timestamptz,
    due_at            timestamptz,
    idempotency_key   text,
    claimed_by        text,
    lease_until       timestamptz,
    fence             bigint NOT NULL DEFAULT 0,
    -- Who makes the change being written, and why: the transition trigger copies both into the history.
    actor             text NOT NULL,
    reason            text,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    processed_at      timestamptz,
    CHECK ((claimed_by IS NULL) = (lease_until IS NULL)),
    CHECK ((status = 'processing') = (claimed_by IS NOT NULL)),
    UNIQUE (user_id, idempotency_key)
);
CREATE INDEX intents_status_priority ON intents (status, priority DESC);
CREATE INDEX intents_recent ON intents (user_id, created_at DESC);
CREATE INDEX intents_in_order ON intents (user_id, id);
CREATE INDEX intents_by_priority ON intents (user_id, priority, id);
CREATE INDEX intents_claimable ON intents (priority DESC, id) WHERE status = 'pending';
CREATE INDEX intents_leased ON intents (lease_until) WHERE claimed_by IS NOT NULL;
CREATE INDEX intents_of_message ON intents (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE INDEX intents_of_conversation ON intents (conversation_id, id) WHERE conversation_id IS NOT NULL;

CREATE TABLE intent_transitions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    intent_id   uuid NOT NULL REFERENCES intents ON DELETE CASCADE,
    user_id     text NOT NULL,
    from_status text,
    to_status   text NOT NULL,
    actor       text NOT NULL,
    reason      text,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX intent_transitions_of_intent ON intent_transitions (intent_id, id);

CREATE TABLE notifications (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id           text NOT NULL REFERENCES users ON DELETE CASCADE,
    title             text NOT NULL,
    message           text NOT NULL,
    notification_type text NOT NULL CHECK (notification_type IN ('info', 'success', 'warning', 'error')),
    is_read           boolean NOT NULL DEFAULT false,
    intent_id         uuid REFERENCES intents ON DELETE CASCADE,
    source_message_id uuid REFERENCES messages ON DELETE CASCADE,
    -- One occurrence notifies once, however often a bridge dies and another tells of it again.
    occurrence        text,
    metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, occurrence)
);
CREATE INDEX notifications_recent ON notifications (user_id, created_at DESC);
CREATE INDEX notifications_in_order ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE NOT is_read;
CREATE INDEX notifications_of_intent ON notifications (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX notifications_of_message ON notifications (source_message_id) WHERE source_message_id IS NOT NULL;

CREATE TABLE specifications (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    title      text NOT NULL CHECK (title <> ''),
    content    text NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    status     text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'review', 'approved')),
    tags       text[] NOT NULL DEFAULT '{}',
    metadata   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX specifications_in_order ON specifications (user_id, id);

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
    updated_at             timestamptz NOT NULL DEFAULT now()
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
    UNIQUE (session_id, execution_order)
);

-- When each bridge was last heard of; /ready and `doctor` read it.
CREATE TABLE bridge_heartbeats (
    bridge_id  text PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('intent', 'message')),
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);
