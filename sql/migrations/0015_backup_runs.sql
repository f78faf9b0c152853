-- Which backups were made, and what became of them; metrics and `doctor` read it.
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
