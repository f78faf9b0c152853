-- What was retrieved for a context but not given, the numbers of what was given, and what replies cite.

ALTER TABLE context_snapshots
    ADD COLUMN left_out jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(left_out) = 'array'),
    -- {number, kind, id} of each record that the model was given with a number.
    ADD COLUMN sources jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sources) = 'array');

-- The records that the text of a reply cites, by number. They stay when the context is not there, as after an import.
CREATE TABLE message_citations (
    message_id  uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    user_id     text NOT NULL,
    number      smallint NOT NULL CHECK (number BETWEEN 1 AND 999),
    place       smallint NOT NULL, -- in the order of the text
    record_kind text NOT NULL CHECK (record_kind IN ('message', 'intent', 'specification', 'decision', 'memory')),
    record_id   uuid NOT NULL,
    PRIMARY KEY (message_id, number)
);
ALTER TABLE message_citations ENABLE ROW LEVEL SECURITY; -- see 0010_roles.sql
CREATE POLICY visible_rows ON message_citations
    USING (sees_all() OR EXISTS (SELECT FROM messages AS m WHERE m.id = message_id))
    WITH CHECK (sees_all() OR EXISTS (SELECT FROM messages AS m WHERE m.id = message_id));
