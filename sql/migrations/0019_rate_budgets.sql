-- How much each viewer may still ask for, shared by all processes. Not logged: after a crash everybody starts afresh.
CREATE UNLOGGED TABLE rate_budgets (
    user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('points', 'scarce')),
    points double precision NOT NULL,
    granted double precision NOT NULL,
    refilled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (user_id, kind)
);
COMMENT ON TABLE rate_budgets IS 'What is left of a viewer''s points, and how much the latest draw was given.';
