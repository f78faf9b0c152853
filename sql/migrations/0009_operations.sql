-- What operators look at: running bridges and backups. Health checks, metrics and `doctor` read both tables.

CREATE TABLE bridge_heartbeats (
    bridge_id  text PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('intent', 'message')),
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE backup_runs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    destination text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    name        text,
    bytes       bigint,
    error       text,
    CHECK (error IS NULL OR finished_at IS NOT NULL)
);
