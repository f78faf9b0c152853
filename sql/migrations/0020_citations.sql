-- What was retrieved for a context but not given, the numbers of what was given, and what the reply cites.

ALTER TABLE context_snapshots
    ADD COLUMN left_out jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(left_out) = 'array'),
    -- {number, kind, id} of each record that the model was given with a number.
    ADD COLUMN sources jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sources) = 'array'),
    -- The numbers that the text of the reply cites, in its order.
    ADD COLUMN cited integer[] NOT NULL DEFAULT '{}';
