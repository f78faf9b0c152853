-- Projects with several members: who sees which rows, and who may change them.
--
-- Every row that people see has a scope. It is the id of the project when all members see the row, the id of a row of
-- project_members when one member sees it, and users.scope_id when it belongs to a user and to no project. Intents,
-- specifications, decisions and contradictions are always the project's, so their project_id is their scope; other
-- tables have a column scope_id. user_scopes lists the scopes of each user. Each statement filters by it (`{visible:…}`
-- and `{writable:…}` in sql/statements.py), and row-level security repeats it.

ALTER TABLE users ADD COLUMN scope_id uuid NOT NULL DEFAULT uuidv7() UNIQUE;

CREATE TABLE project_members (
    id         uuid PRIMARY KEY DEFAULT uuidv7(), -- the scope of what only this member sees in the project
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    role       text CHECK (role IN ('admin', 'member', 'reader')), -- null: has left, and may be invited again
    muted      boolean NOT NULL DEFAULT false, -- gets no notifications of the project
    joined_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, user_id)
);
CREATE INDEX project_members_of_user ON project_members (user_id);

-- Derived from users, projects and project_members by triggers, so that a statement finds all scopes of its user in one
-- range of the primary key.
CREATE TABLE user_scopes (
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    scope_id   uuid NOT NULL,
    project_id uuid REFERENCES projects ON DELETE CASCADE, -- null for users.scope_id
    writable   boolean NOT NULL, -- false for a reader
    archived   boolean NOT NULL DEFAULT false, -- the project is
    since      timestamptz NOT NULL DEFAULT '-infinity', -- earlier events of the scope are not replayed
    PRIMARY KEY (user_id, scope_id)
);
CREATE INDEX user_scopes_of_scope ON user_scopes (scope_id, user_id);
CREATE INDEX user_scopes_of_project ON user_scopes (project_id) WHERE project_id IS NOT NULL;

-- Links that make a user a member. Only the SHA-256 of the code is stored; the row is deleted when it is used.
CREATE TABLE invitations (
    secret_hash bytea PRIMARY KEY CHECK (length(secret_hash) = 32),
    project_id  uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    user_id     text NOT NULL REFERENCES users ON DELETE CASCADE, -- who invites
    role        text NOT NULL CHECK (role IN ('admin', 'member', 'reader')),
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invitations_of_project ON invitations (project_id);

-- The scope of what only this member sees in the project; also of one who has left.
CREATE FUNCTION member_scope(project uuid, member text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT id FROM project_members WHERE project_id = project AND user_id = member);

CREATE FUNCTION insert_scope_of_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO user_scopes (user_id, scope_id, writable) VALUES (NEW.id, NEW.scope_id, true);
    RETURN NULL;
END $$;
CREATE TRIGGER insert_scope AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION insert_scope_of_user();

CREATE FUNCTION write_scopes_of_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM user_scopes WHERE user_id = OLD.user_id AND scope_id IN (OLD.id, OLD.project_id);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.role IS NOT NULL THEN
        INSERT INTO user_scopes (user_id, scope_id, project_id, writable, archived, since)
        SELECT NEW.user_id, scope.id, p.id, NEW.role <> 'reader', p.archived_at IS NOT NULL,
               CASE WHEN scope.id = NEW.id OR p.user_id = NEW.user_id THEN '-infinity' ELSE NEW.joined_at END
        FROM projects AS p, unnest(ARRAY[NEW.id, NEW.project_id]) AS scope (id) WHERE p.id = NEW.project_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER write_scopes AFTER INSERT OR UPDATE OF role OR DELETE ON project_members
    FOR EACH ROW EXECUTE FUNCTION write_scopes_of_member();

CREATE FUNCTION archive_scopes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE user_scopes SET archived = NEW.archived_at IS NOT NULL WHERE project_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER archive_scopes AFTER UPDATE OF archived_at ON projects FOR EACH ROW
    WHEN ((OLD.archived_at IS NULL) <> (NEW.archived_at IS NULL)) EXECUTE FUNCTION archive_scopes();

-- Who creates a project is its first admin. A project from the trash comes with its members.
CREATE FUNCTION insert_first_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO project_members (project_id, user_id, role) VALUES (NEW.id, NEW.user_id, 'admin')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER insert_first_member AFTER INSERT ON projects FOR EACH ROW
    WHEN (NOT restoring()) EXECUTE FUNCTION insert_first_member();

-- Only an admin manages members; a member may leave. These run as the owner, because the row that is written may not be
-- writable for the user: that of a reader who leaves, or of a user who is no member yet.
CREATE FUNCTION set_member_role(project uuid, member text, new_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    me constant text := coalesce(nullif(current_setting('resonant.user_id', true), ''), '*');
BEGIN
    IF me <> '*' AND NOT (me = member AND new_role IS NULL) AND NOT EXISTS (
        SELECT FROM project_members WHERE project_id = project AND user_id = me AND role = 'admin') THEN
        RAISE EXCEPTION 'only an admin sets the role of a member';
    END IF;
    INSERT INTO project_members AS m (project_id, user_id, role) VALUES (project, member, new_role)
    ON CONFLICT (project_id, user_id) DO UPDATE
    SET role = EXCLUDED.role, joined_at = CASE WHEN m.role IS NULL THEN now() ELSE m.joined_at END;
    IF new_role IS DISTINCT FROM 'admin' THEN
        DELETE FROM invitations WHERE project_id = project AND user_id = member;
    END IF;
END $$;

-- The project of the invitation, and whether it made the user a member. A member uses up no invitation.
CREATE FUNCTION accept_invitation(hash bytea, member text, OUT project uuid, OUT joined boolean)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    new_role text;
BEGIN
    SELECT project_id, role INTO project, new_role FROM invitations
    WHERE secret_hash = hash AND expires_at > now() FOR UPDATE;
    joined := project IS NOT NULL AND NOT EXISTS (
        SELECT FROM project_members WHERE project_id = project AND user_id = member AND role IS NOT NULL);
    IF joined THEN
        DELETE FROM invitations WHERE secret_hash = hash;
        INSERT INTO project_members (project_id, user_id, role) VALUES (project, member, new_role)
        ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role, joined_at = now();
    END IF;
END $$;

CREATE FUNCTION mute_project(project uuid, member text, mute boolean) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    UPDATE project_members SET muted = mute WHERE project_id = project AND user_id = member
$$;

INSERT INTO user_scopes (user_id, scope_id, writable) SELECT id, scope_id, true FROM users;
INSERT INTO project_members (project_id, user_id, role, joined_at) SELECT id, user_id, 'admin', created_at FROM projects;
-- Projects in the trash get their member too.
INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content)
SELECT t.entry_id, t.user_id, 'project_members', m.id, jsonb_build_object(
    'id', m.id, 'project_id', t.record_id, 'user_id', t.user_id, 'role', 'admin', 'muted', false,
    'joined_at', t.content->'created_at')
FROM trash_rows AS t CROSS JOIN LATERAL (SELECT uuidv7() AS id, t.record_id) AS m
WHERE t.table_name = 'projects' AND t.column_name = '';

-- The columns. Until now every row was seen by its user alone: conversations and what comes from them stay private.
-- Triggers would take the changes below for changes of records.

ALTER TABLE memories ADD COLUMN private boolean NOT NULL DEFAULT false; -- made from memories that only its user sees
ALTER TABLE conversations ADD COLUMN visibility text NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'project'));
ALTER TABLE conversations ADD COLUMN scope_id uuid;
ALTER TABLE messages ADD COLUMN scope_id uuid;
ALTER TABLE attachments ADD COLUMN scope_id uuid;
ALTER TABLE memories ADD COLUMN scope_id uuid;
ALTER TABLE actions ADD COLUMN scope_id uuid;
ALTER TABLE context_snapshots ADD COLUMN scope_id uuid;
ALTER TABLE notifications ADD COLUMN scope_id uuid;
ALTER TABLE search_entries ADD COLUMN scope_id uuid;
ALTER TABLE embeddings ADD COLUMN scope_id uuid;
ALTER TABLE trash ADD COLUMN scope_id uuid;
ALTER TABLE events ADD COLUMN scope_id uuid;
ALTER TABLE conversations DISABLE TRIGGER USER;
ALTER TABLE messages DISABLE TRIGGER USER;
ALTER TABLE attachments DISABLE TRIGGER USER;
ALTER TABLE memories DISABLE TRIGGER USER;
ALTER TABLE actions DISABLE TRIGGER USER;
ALTER TABLE context_snapshots DISABLE TRIGGER USER;
ALTER TABLE notifications DISABLE TRIGGER USER;
ALTER TABLE search_entries DISABLE TRIGGER USER;

UPDATE conversations AS r SET scope_id = member_scope(project_id, user_id);
UPDATE messages AS r SET scope_id = member_scope(project_id, user_id);
UPDATE attachments AS r SET scope_id = coalesce(
    (SELECT m.scope_id FROM message_attachments AS l JOIN messages AS m ON m.id = l.message_id
     WHERE l.attachment_id = r.id ORDER BY m.id DESC LIMIT 1), (SELECT u.scope_id FROM users AS u WHERE u.id = r.user_id));
UPDATE memories AS r SET scope_id = CASE
    WHEN profile THEN (SELECT u.scope_id FROM users AS u WHERE u.id = r.user_id)
    WHEN source_kind = 'message' THEN member_scope(project_id, user_id) ELSE project_id END;
UPDATE actions AS r SET scope_id = member_scope(project_id, user_id); -- also of messages that were deleted
UPDATE context_snapshots AS r SET scope_id = coalesce(member_scope(project_id, user_id), (SELECT u.scope_id FROM users AS u WHERE u.id = r.user_id));
DELETE FROM notifications AS r WHERE member_scope(project_id, user_id) IS NULL; -- their project is gone
UPDATE notifications AS r SET scope_id = member_scope(project_id, user_id);
UPDATE trash AS r SET scope_id = coalesce(
    CASE WHEN kind IN ('conversation', 'message', 'memory') THEN member_scope(project_id, user_id)
         WHEN kind <> 'project' THEN (SELECT p.id FROM projects AS p WHERE p.id = r.project_id) END, (SELECT u.scope_id FROM users AS u WHERE u.id = r.user_id));
UPDATE events AS r SET scope_id = coalesce(
    CASE WHEN kind IN ('conversation_created', 'conversation_updated', 'conversation_deleted',
                       'message_created', 'message_updated', 'message_deleted',
                       'memory_created', 'memory_updated', 'memory_deleted',
                       'action_created', 'action_updated', 'notification_created', 'notification_read')
         THEN member_scope(project_id, user_id)
         ELSE (SELECT p.id FROM projects AS p WHERE p.id = r.project_id) END, (SELECT u.scope_id FROM users AS u WHERE u.id = r.user_id));
UPDATE search_entries AS r SET scope_id = CASE kind
    WHEN 'message' THEN (SELECT m.scope_id FROM messages AS m WHERE m.id = r.subject_id)
    WHEN 'memory' THEN (SELECT m.scope_id FROM memories AS m WHERE m.id = r.subject_id) ELSE project_id END;
DELETE FROM search_entries WHERE scope_id IS NULL; -- their record is gone
UPDATE embeddings AS r SET scope_id = e.scope_id FROM search_entries AS e WHERE e.subject_id = r.subject_id;
ALTER TABLE conversations ALTER scope_id SET NOT NULL;
ALTER TABLE messages ALTER scope_id SET NOT NULL;
ALTER TABLE attachments ALTER scope_id SET NOT NULL;
ALTER TABLE memories ALTER scope_id SET NOT NULL;
ALTER TABLE actions ALTER scope_id SET NOT NULL;
ALTER TABLE context_snapshots ALTER scope_id SET NOT NULL;
ALTER TABLE notifications ALTER scope_id SET NOT NULL;
ALTER TABLE search_entries ALTER scope_id SET NOT NULL;
ALTER TABLE embeddings ALTER scope_id SET NOT NULL;
ALTER TABLE trash ALTER scope_id SET NOT NULL;
ALTER TABLE events ALTER scope_id SET NOT NULL;
ALTER TABLE conversations ENABLE TRIGGER USER;
ALTER TABLE messages ENABLE TRIGGER USER;
ALTER TABLE attachments ENABLE TRIGGER USER;
ALTER TABLE memories ENABLE TRIGGER USER;
ALTER TABLE actions ENABLE TRIGGER USER;
ALTER TABLE context_snapshots ENABLE TRIGGER USER;
ALTER TABLE notifications ENABLE TRIGGER USER;
ALTER TABLE search_entries ENABLE TRIGGER USER;

-- Indexes: each list of a person reads one range for each of their scopes.
DROP INDEX conversations_recent, messages_in_order, intents_in_order, intents_by_priority, intents_by_due, actions_in_order,
    decisions_in_order, decisions_of_topic, specifications_in_order, memories_in_order, memories_of_profile,
    notifications_in_order, notifications_unread, events_of_user, trash_in_order, search_entries_in_time,
    embeddings_by_filter, embeddings_of_project;
CREATE INDEX conversations_recent ON conversations (scope_id, updated_at DESC, id DESC);
CREATE INDEX messages_in_order ON messages (scope_id, id);
CREATE INDEX intents_by_priority ON intents (project_id, priority, id);
CREATE INDEX intents_by_due ON intents (project_id, coalesce(due_at, '9999-12-31 00:00+00'), id);
CREATE INDEX actions_in_order ON actions (scope_id, id);
CREATE INDEX decisions_of_topic ON decisions (project_id, topic_key);
CREATE INDEX memories_in_order ON memories (scope_id, id);
CREATE INDEX notifications_in_order ON notifications (scope_id, id);
CREATE INDEX notifications_unread ON notifications (scope_id, id) WHERE NOT is_read;
CREATE INDEX events_of_scope ON events (scope_id, xid, id);
CREATE INDEX trash_in_order ON trash (scope_id, id);
CREATE INDEX search_entries_in_time ON search_entries (scope_id, occurred_at);
CREATE INDEX embeddings_by_filter ON embeddings (scope_id, model_id, by_index, kind, occurred_at)
    INCLUDE (conversation_id, project_id);

-- A list must read the range of each scope, also of one without rows. When nearly all rows have one scope, the planner
-- would expect to find rows of any scope soon in the order of the primary key, and read the whole table. So it is told
-- that a scope has one row in a hundred.
ALTER TABLE conversations ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE messages ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE memories ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE actions ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE notifications ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE events ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE trash ALTER scope_id SET (n_distinct = -0.01);
ALTER TABLE intents ALTER project_id SET (n_distinct = -0.01);
ALTER TABLE decisions ALTER project_id SET (n_distinct = -0.01);
ALTER TABLE specifications ALTER project_id SET (n_distinct = -0.01);

-- The project and the scope of new and of changed rows.

DROP TRIGGER set_project ON conversations;
DROP FUNCTION set_default_project;
CREATE FUNCTION set_project_of_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(NEW.project_id, default_project(NEW.user_id));
    NEW.scope_id := CASE NEW.visibility WHEN 'project' THEN NEW.project_id
                    ELSE member_scope(NEW.project_id, NEW.user_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT OR UPDATE OF project_id, visibility, user_id ON conversations
    FOR EACH ROW EXECUTE FUNCTION set_project_of_conversation();

CREATE FUNCTION set_project_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT project_id, scope_id INTO NEW.project_id, NEW.scope_id FROM conversations WHERE id = NEW.conversation_id;
    RETURN NEW; -- the foreign key refuses an unknown conversation
END $$;
DROP TRIGGER set_project ON messages;
CREATE TRIGGER set_project BEFORE INSERT OR UPDATE OF conversation_id ON messages
    FOR EACH ROW EXECUTE FUNCTION set_project_of_message();

-- For tables with a conversation: a new record has the project of its conversation. What is restored from the trash
-- or imported keeps its own.
CREATE OR REPLACE FUNCTION set_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN keeps_project() THEN NEW.project_id END,
        (SELECT project_id FROM conversations WHERE id = NEW.conversation_id),
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION set_project_of_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN keeps_project() THEN NEW.project_id END,
        (SELECT project_id FROM intents WHERE id = NEW.intent_id),
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;

-- A file is seen by who uploaded it, and by those who see the message that has it.
CREATE FUNCTION set_scope_of_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.scope_id := coalesce(NEW.scope_id, (SELECT scope_id FROM users WHERE id = NEW.user_id));
    RETURN NEW;
END $$;
CREATE TRIGGER set_scope BEFORE INSERT ON attachments FOR EACH ROW EXECUTE FUNCTION set_scope_of_attachment();

CREATE OR REPLACE FUNCTION record_attachment_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE attachments SET unused_since = NULL,
            scope_id = coalesce((SELECT scope_id FROM messages WHERE id = NEW.message_id), scope_id)
        WHERE id = NEW.attachment_id;
    ELSE
        UPDATE attachments SET unused_since = now()
        WHERE id = OLD.attachment_id
          AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment_id = OLD.attachment_id);
    END IF;
    RETURN NULL;
END $$;

-- A memory from a private message is private too, also after the message is deleted. Any other memory of a project is
-- seen by its members.
CREATE OR REPLACE FUNCTION set_project_of_memory() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_private boolean := coalesce(NEW.source_kind = 'message', false);
    of_message uuid; -- its project
BEGIN
    IF NEW.source_kind = 'message' THEN
        SELECT project_id, scope_id <> project_id INTO of_message, is_private FROM messages WHERE id = NEW.source_id;
        IF NOT FOUND THEN
            is_private := true;
        END IF;
        IF of_message IS NULL AND TG_OP = 'UPDATE' AND OLD.project_id IS NOT NULL THEN
            is_private := OLD.scope_id <> OLD.project_id;
        END IF;
    END IF;
    IF NEW.profile THEN
        NEW.project_id := NULL;
        NEW.scope_id := (SELECT scope_id FROM users WHERE id = NEW.user_id);
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.project_id := coalesce(NEW.project_id, default_project(NEW.user_id));
    ELSE
        NEW.project_id := coalesce(
            CASE WHEN keeps_project() THEN NEW.project_id END,
            CASE NEW.source_kind
                WHEN 'message' THEN of_message
                WHEN 'intent' THEN (SELECT project_id FROM intents WHERE id = NEW.source_id)
                WHEN 'specification' THEN (SELECT project_id FROM specifications WHERE id = NEW.source_id)
                WHEN 'decision' THEN (SELECT project_id FROM decisions WHERE id = NEW.source_id) END,
            NEW.project_id, default_project(NEW.user_id));
    END IF;
    NEW.scope_id := CASE WHEN is_private OR NEW.private THEN member_scope(NEW.project_id, NEW.user_id)
                    ELSE NEW.project_id END;
    RETURN NEW;
END $$;

-- The context of a reply is seen with the reply. That of an intent has what its author may see, so only the author sees
-- it, unless the intent comes from a conversation that the members share.
CREATE OR REPLACE FUNCTION set_project_of_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT project_id, scope_id INTO NEW.project_id, NEW.scope_id FROM messages WHERE id = NEW.subject_id;
    IF NOT FOUND THEN
        SELECT i.project_id, CASE c.visibility WHEN 'project' THEN i.project_id
                                  ELSE member_scope(i.project_id, NEW.user_id) END
        INTO NEW.project_id, NEW.scope_id
        FROM intents AS i LEFT JOIN conversations AS c ON c.id = i.conversation_id WHERE i.id = NEW.subject_id;
    END IF;
    NEW.project_id := coalesce(NEW.project_id, default_project(NEW.user_id));
    NEW.scope_id := coalesce(NEW.scope_id, member_scope(NEW.project_id, NEW.user_id));
    RETURN NEW;
END $$;

-- An action is seen with its message; without one, by all members. When its message was deleted before it is imported,
-- nothing says who saw it, so only its user does.
CREATE OR REPLACE FUNCTION set_project_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_message record;
BEGIN
    SELECT project_id, scope_id INTO of_message FROM messages WHERE id = NEW.message_id;
    NEW.project_id := coalesce(of_message.project_id, NEW.project_id, default_project(NEW.user_id));
    NEW.scope_id := coalesce(
        of_message.scope_id,
        CASE WHEN keeps_project() THEN coalesce(NEW.scope_id, member_scope(NEW.project_id, NEW.user_id)) END,
        NEW.project_id);
    RETURN NEW;
END $$;

-- Who is no member, or has muted the project, gets no notification.
CREATE OR REPLACE FUNCTION set_project_of_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN NEW.intent_id IS NOT NULL THEN (SELECT project_id FROM intents WHERE id = NEW.intent_id)
             WHEN NEW.source_message_id IS NOT NULL
             THEN (SELECT project_id FROM messages WHERE id = NEW.source_message_id) END,
        NEW.project_id, default_project(NEW.user_id));
    NEW.scope_id := (SELECT id FROM project_members WHERE project_id = NEW.project_id AND user_id = NEW.user_id
                     AND role IS NOT NULL AND (NOT muted OR restoring()));
    RETURN CASE WHEN NEW.scope_id IS NULL THEN NULL ELSE NEW END;
END $$;

-- Moves and changes of visibility. What was made in a conversation moves with it; what it says is seen by those who see it.

DROP TRIGGER move_records ON conversations;
CREATE OR REPLACE FUNCTION move_conversation_records() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved uuid[];
BEGIN
    WITH changed AS (
        UPDATE messages SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE conversation_id = NEW.id
        RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO moved FROM changed;
    UPDATE search_entries SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE embeddings SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE context_snapshots SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE subject_id = ANY(moved);
    UPDATE actions SET project_id = NEW.project_id, scope_id = NEW.scope_id WHERE message_id = ANY(moved);
    UPDATE attachments SET scope_id = NEW.scope_id
    WHERE id IN (SELECT attachment_id FROM message_attachments WHERE message_id = ANY(moved));
    UPDATE memories SET project_id = NEW.project_id, updated_at = now()
    WHERE source_kind = 'message' AND source_id = ANY(moved) AND project_id = OLD.project_id;
    IF OLD.project_id <> NEW.project_id THEN
        PERFORM move_notifications(ARRAY(SELECT id FROM notifications
                                         WHERE source_message_id = ANY(moved) AND intent_id IS NULL), NEW.project_id);
        UPDATE intents SET project_id = NEW.project_id WHERE conversation_id = NEW.id AND project_id = OLD.project_id;
        PERFORM move_decisions(
            ARRAY(SELECT id FROM decisions WHERE conversation_id = NEW.id AND project_id = OLD.project_id),
            NEW.project_id, NEW.user_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER move_records AFTER UPDATE ON conversations FOR EACH ROW
    WHEN ((OLD.project_id, OLD.scope_id) IS DISTINCT FROM (NEW.project_id, NEW.scope_id))
    EXECUTE FUNCTION move_conversation_records();

-- Those of users who are no members of the new project are deleted. Runs as the owner: a user sees no notifications of
-- others.
CREATE FUNCTION move_notifications(ids uuid[], target uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    DELETE FROM notifications WHERE id = ANY($1) AND member_scope($2, user_id) IS NULL;
    UPDATE notifications SET project_id = $2, scope_id = member_scope($2, user_id) WHERE id = ANY($1)
$$;

CREATE OR REPLACE FUNCTION move_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- That of a memory; for the others the project is the scope.
    scope constant uuid := coalesce((to_jsonb(NEW)->>'scope_id')::uuid, NEW.project_id);
BEGIN
    UPDATE search_entries SET project_id = NEW.project_id, scope_id = scope WHERE subject_id = NEW.id;
    UPDATE embeddings SET project_id = NEW.project_id, scope_id = scope WHERE subject_id = NEW.id;
    UPDATE memories SET project_id = NEW.project_id, updated_at = now()
    WHERE source_id = NEW.id AND project_id = OLD.project_id AND NEW.project_id <> OLD.project_id;
    IF TG_TABLE_NAME = 'intents' THEN
        PERFORM move_notifications(ARRAY(SELECT id FROM notifications WHERE intent_id = NEW.id), NEW.project_id);
        UPDATE context_snapshots
        SET project_id = NEW.project_id,
            scope_id = CASE WHEN scope_id = OLD.project_id THEN NEW.project_id
                       ELSE coalesce(member_scope(NEW.project_id, user_id), scope_id) END
        WHERE subject_id = NEW.id;
        UPDATE contradictions SET project_id = NEW.project_id WHERE intent_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'decisions' THEN
        UPDATE contradictions SET project_id = NEW.project_id WHERE decision_id = NEW.id;
        PERFORM move_notifications(
            ARRAY(SELECT n.id FROM notifications AS n JOIN contradictions AS c ON n.occurrence = 'contradiction:' || c.id
                  WHERE c.decision_id = NEW.id), NEW.project_id);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER move_record ON memories;
CREATE TRIGGER move_record AFTER UPDATE ON memories FOR EACH ROW
    WHEN ((OLD.project_id, OLD.scope_id) IS DISTINCT FROM (NEW.project_id, NEW.scope_id)) EXECUTE FUNCTION move_record();

CREATE OR REPLACE FUNCTION settle_notifications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE notifications SET is_read = true
    WHERE NOT is_read
      AND (occurrence = 'contradiction:' || OLD.id
           OR (intent_id = OLD.intent_id AND metadata->>'contradictionId' = OLD.id::text))
      AND (TG_OP = 'UPDATE' OR (EXISTS (SELECT FROM projects WHERE id = OLD.project_id)
           AND (OLD.intent_id IS NULL OR EXISTS (SELECT FROM intents WHERE id = OLD.intent_id))));
    RETURN NULL;
END $$;

-- A conversation is summarised for its author, also when others write in it.
CREATE OR REPLACE FUNCTION enqueue_summary_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO summary_work AS work (conversation_id, user_id, messages, last_message_at)
    SELECT id, user_id, 1, now() FROM conversations WHERE id = NEW.conversation_id
    ON CONFLICT (conversation_id) DO UPDATE SET messages = work.messages + 1, last_message_at = now();
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION enqueue_summary_work_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO summary_work AS work (conversation_id, user_id, messages, last_message_at)
    SELECT c.id, c.user_id, added.messages, now()
    FROM (SELECT conversation_id, count(*) AS messages FROM added WHERE status = 'complete' GROUP BY 1) AS added
    JOIN conversations AS c ON c.id = added.conversation_id ORDER BY 1
    ON CONFLICT (conversation_id) DO UPDATE SET messages = work.messages + EXCLUDED.messages, last_message_at = now();
    RETURN NULL;
END $$;

-- Search: the key of a term contains the scope, so the posting list of a key holds the rows of one scope only, and
-- frequencies are counted for each scope.

DROP FUNCTION index_entry;
DROP FUNCTION search_key;
CREATE FUNCTION search_key(scope_id uuid, term text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ('x' || left(md5(scope_id::text || chr(31) || term), 16))::bit(64)::bigint;

-- The keys and the weights of a text in a scope. The weight of a term that occurs f times is (k1 + 1) f / (k1 + f) with
-- k1 = 0.6 (BM25). Only the first 50,000 characters are indexed.
CREATE FUNCTION index_terms(scope_id uuid, content text, OUT keys bigint[], OUT weights sparsevec, OUT length integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH used AS (
        SELECT search_key($1, term) AS key, count(*) AS uses FROM search_words(left($2, 50000)) GROUP BY term LIMIT 8000
    ), weighed AS (
        SELECT search_dimension(key) AS dimension, sum(1.6 * uses / (0.6 + uses)) AS weight FROM used GROUP BY 1
    )
    SELECT coalesce(array_agg(key), '{}'),
           (SELECT ('{' || string_agg(dimension || ':' || weight::real, ',') || '}/536870912')::sparsevec FROM weighed),
           coalesce(sum(uses), 0)::integer
    FROM used
$$;

CREATE FUNCTION index_entry(
    user_id text, scope_id uuid, project_id uuid, kind text, subject_id uuid, conversation_id uuid,
    occurred_at timestamptz, content text
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_entries AS entry
        (subject_id, user_id, scope_id, project_id, kind, conversation_id, place, occurred_at, content, keys, weights,
         length)
    SELECT $5, $1, $2, $3, $4, $6,
           CASE WHEN $4 = 'message' THEN coalesce((SELECT max(place) FROM search_entries AS other
                                                   WHERE other.conversation_id = $6 AND place IS NOT NULL), 0) + 1 END,
           $7, $8, terms.keys, terms.weights, terms.length
    FROM index_terms($2, $8) AS terms
    ON CONFLICT (subject_id) DO UPDATE
    SET content = EXCLUDED.content, keys = EXCLUDED.keys, weights = EXCLUDED.weights, length = EXCLUDED.length,
        conversation_id = EXCLUDED.conversation_id, project_id = EXCLUDED.project_id, scope_id = EXCLUDED.scope_id,
        revision = entry.revision + 1, embedded_with = NULL, claimed_until = NULL
    WHERE entry.content <> EXCLUDED.content
$$;

-- The statistics, by scope. They are counted anew, because all keys change.
DROP TABLE term_statistics, search_statistics, term_changes;
CREATE TABLE term_statistics (
    scope_id  uuid NOT NULL,
    key       bigint NOT NULL,
    documents integer NOT NULL,
    PRIMARY KEY (scope_id, key)
);
CREATE TABLE search_statistics (
    scope_id  uuid PRIMARY KEY,
    documents bigint NOT NULL,
    length    bigint NOT NULL
);
-- Changes that the statistics do not include yet. If triggers updated the statistics, writers would wait for each other
-- at every frequent term.
CREATE TABLE term_changes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id  uuid NOT NULL,
    keys      bigint[] NOT NULL,
    length    integer NOT NULL,
    documents smallint NOT NULL CHECK (documents IN (-1, 1))
);

CREATE FUNCTION scope_exists(scope uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT EXISTS (SELECT FROM projects WHERE id = scope) OR EXISTS (SELECT FROM project_members WHERE id = scope)
        OR EXISTS (SELECT FROM users WHERE scope_id = scope)
$$;

CREATE FUNCTION delete_search_statistics() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    DELETE FROM term_statistics WHERE scope_id = (to_jsonb(OLD)->>TG_ARGV[0])::uuid;
    DELETE FROM search_statistics WHERE scope_id = (to_jsonb(OLD)->>TG_ARGV[0])::uuid;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_search_statistics AFTER DELETE ON projects FOR EACH ROW
    EXECUTE FUNCTION delete_search_statistics('id');
CREATE TRIGGER delete_search_statistics AFTER DELETE ON project_members FOR EACH ROW
    EXECUTE FUNCTION delete_search_statistics('id');
CREATE TRIGGER delete_search_statistics AFTER DELETE ON users FOR EACH ROW
    EXECUTE FUNCTION delete_search_statistics('scope_id');

CREATE OR REPLACE FUNCTION record_term_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO term_changes (scope_id, keys, length, documents) VALUES (OLD.scope_id, OLD.keys, OLD.length, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO term_changes (scope_id, keys, length, documents) VALUES (NEW.scope_id, NEW.keys, NEW.length, 1);
    END IF;
    RETURN NULL;
END $$;

-- A text that gets another scope gets other keys.
CREATE FUNCTION index_terms_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT keys, weights, length INTO NEW.keys, NEW.weights, NEW.length FROM index_terms(NEW.scope_id, NEW.content);
    RETURN NEW;
END $$;
CREATE TRIGGER index_terms_again BEFORE UPDATE ON search_entries FOR EACH ROW
    WHEN (OLD.scope_id <> NEW.scope_id AND OLD.content = NEW.content) EXECUTE FUNCTION index_terms_again();
DROP TRIGGER record_updated ON search_entries;
CREATE TRIGGER record_updated AFTER UPDATE ON search_entries
    FOR EACH ROW WHEN (OLD.keys IS DISTINCT FROM NEW.keys) EXECUTE FUNCTION record_term_changes();

ALTER TABLE search_entries DISABLE TRIGGER USER;
UPDATE search_entries AS e SET (keys, weights, length) = (SELECT t.keys, t.weights, t.length FROM index_terms(e.scope_id, e.content) AS t);
ALTER TABLE search_entries ENABLE TRIGGER USER;
INSERT INTO term_changes (scope_id, keys, length, documents) SELECT scope_id, keys, length, 1 FROM search_entries;
-- Those in the trash are indexed when they are restored: then they get another scope.
UPDATE trash_rows SET content = content
    || '{"scope_id": "00000000-0000-0000-0000-000000000000", "keys": [], "weights": null, "length": 0}'
WHERE table_name = 'search_entries' AND column_name = '';

CREATE OR REPLACE FUNCTION index_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.shown AND NEW.status IN ('complete', 'stopped', 'failed') AND NEW.content <> ''
       AND NOT (NEW.message_type = 'kana' AND NEW.metadata ? 'assistant' AND NEW.metadata ->> 'model' IS NULL) THEN
        PERFORM index_entry(NEW.user_id, NEW.scope_id, NEW.project_id, 'message', NEW.id, NEW.conversation_id, NEW.created_at,
                            message_text(NEW.id, NEW.content));
    ELSE
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION index_attached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(m.user_id, m.scope_id, m.project_id, 'message', m.id, m.conversation_id, m.created_at,
                        message_text(m.id, m.content))
    FROM messages AS m JOIN search_entries AS e ON e.subject_id = m.id
    WHERE m.id IN (SELECT message_id FROM new_rows);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION index_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, NEW.project_id, NEW.project_id, 'intent', NEW.id, NEW.conversation_id, NEW.created_at,
                        NEW.description);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION index_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_entry(NEW.user_id, NEW.project_id, NEW.project_id, 'specification', NEW.id, NULL, NEW.created_at,
                        concat_ws(E'\n', NEW.title, NEW.content, nullif(array_to_string(NEW.tags, ' '), '')));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION index_decision(decision_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT index_entry(
        decision.user_id, decision.project_id, decision.project_id, 'decision', decision.id, decision.conversation_id, decision.created_at,
        concat_ws(E'\n', decision.title,
                  CASE WHEN position(lower(decision.topic) IN lower(decision.title)) = 0 THEN decision.topic END,
                  decision.value, decision.context,
                  (SELECT string_agg(CASE WHEN id = decision.chosen_option_id THEN '✓ ' ELSE '- ' END
                                     || label || coalesce(': ' || rejection_reason, ''), E'\n' ORDER BY place)
                   FROM decision_options WHERE decision_id = decision.id),
                  decision.rationale, decision.consequences, nullif(array_to_string(decision.tags, ' '), '')))
    FROM decisions AS decision WHERE decision.id = $1
$$;

CREATE OR REPLACE FUNCTION index_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.archived THEN
        DELETE FROM search_entries WHERE subject_id = NEW.id;
    ELSE
        PERFORM index_entry(NEW.user_id, NEW.scope_id, NEW.project_id, 'memory', NEW.id, NULL, NEW.created_at, NEW.content);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION move_search_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scope constant uuid := coalesce((to_jsonb(NEW)->>'scope_id')::uuid, NEW.project_id);
BEGIN
    UPDATE search_entries AS entry
    SET conversation_id = NEW.conversation_id, project_id = NEW.project_id, scope_id = scope,
        place = CASE WHEN entry.place IS NOT NULL
                THEN coalesce((SELECT max(place) FROM search_entries AS other
                               WHERE other.conversation_id = NEW.conversation_id AND place IS NOT NULL), 0) + 1 END
    WHERE subject_id = NEW.id;
    UPDATE embeddings SET conversation_id = NEW.conversation_id, project_id = NEW.project_id, scope_id = scope
    WHERE subject_id = NEW.id;
    RETURN NULL;
END $$;

-- Events: an event has the scope of its record. When a record gets another scope, those who no longer see it get the event
-- too: in the scope that it left, with the new one as `toScope`. Who sees both scopes gets only the first of the two.

DROP FUNCTION append_event;
CREATE FUNCTION append_event(
    user_id text, scope_id uuid, project_id uuid, kind text, subject_id uuid, caused_by uuid, payload jsonb,
    left_scope uuid DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cause constant uuid := nullif(coalesce(nullif(current_setting('resonant.cause', true), '')::uuid, $6), $5);
    content constant jsonb := CASE WHEN restoring() THEN $7 || '{"restored": true}' ELSE $7 END;
BEGIN
    INSERT INTO events (user_id, scope_id, project_id, kind, subject_id, caused_by, payload)
    VALUES ($1, $2, $3, $4, $5, cause, content);
    IF left_scope <> $2 THEN
        INSERT INTO events (user_id, scope_id, project_id, kind, subject_id, caused_by, payload)
        VALUES ($1, left_scope, $3, $4, $5, cause, content || jsonb_build_object('toScope', $2));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION record_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN -- its scopes are deleted with it
        PERFORM append_event(u.id, u.scope_id, OLD.id, 'project_deleted', OLD.id, NULL,
                             jsonb_build_object('name', OLD.name))
        FROM project_members AS m JOIN users AS u ON u.id = m.user_id
        WHERE m.project_id = OLD.id AND m.role IS NOT NULL;
        RETURN OLD;
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.id, NEW.id, CASE TG_OP WHEN 'INSERT' THEN 'project_created' ELSE 'project_updated' END, NEW.id,
        NULL, jsonb_build_object('name', NEW.name, 'slug', NEW.slug, 'archived', NEW.archived_at IS NOT NULL));
    RETURN NULL;
END $$;
DROP TRIGGER record_created_deleted ON projects;
CREATE TRIGGER record_created AFTER INSERT ON projects FOR EACH ROW EXECUTE FUNCTION record_project();
CREATE TRIGGER record_deleted BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION record_project();

-- The members get an event when one joins, leaves or gets another role; so does the one who leaves.
CREATE FUNCTION record_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    project projects;
BEGIN
    SELECT * INTO project FROM projects WHERE id = NEW.project_id;
    IF TG_OP = 'INSERT' AND project.user_id = NEW.user_id THEN
        RETURN NULL; -- the project was created
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, NEW.project_id, 'project_updated', NEW.project_id, NULL,
        jsonb_build_object('name', project.name, 'slug', project.slug, 'archived', project.archived_at IS NOT NULL,
                           'memberId', NEW.user_id, 'role', NEW.role));
    IF NEW.role IS NULL THEN
        PERFORM append_event(u.id, u.scope_id, NEW.project_id, 'project_deleted', NEW.project_id, NULL,
                             jsonb_build_object('name', project.name, 'left', true))
        FROM users AS u WHERE u.id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_member AFTER INSERT ON project_members FOR EACH ROW
    WHEN (NOT restoring()) EXECUTE FUNCTION record_member();
CREATE TRIGGER record_changed_member AFTER UPDATE ON project_members FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION record_member();

CREATE OR REPLACE FUNCTION record_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.scope_id, OLD.project_id, 'conversation_deleted', OLD.id, NULL, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.scope_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'conversation_created' ELSE 'conversation_updated' END,
            NEW.id, NULL, jsonb_build_object('title', NEW.title, 'archived', NEW.archived, 'visibility', NEW.visibility)
                || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END,
            CASE TG_OP WHEN 'UPDATE' THEN OLD.scope_id END);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER record_updated ON conversations;
CREATE TRIGGER record_updated AFTER UPDATE ON conversations FOR EACH ROW
    WHEN ((OLD.title, OLD.archived, OLD.summary, OLD.model, OLD.project_id, OLD.scope_id)
          IS DISTINCT FROM (NEW.title, NEW.archived, NEW.summary, NEW.model, NEW.project_id, NEW.scope_id))
    EXECUTE FUNCTION record_conversation();

CREATE OR REPLACE FUNCTION record_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.scope_id, OLD.project_id, 'message_deleted', OLD.id,
            CASE WHEN EXISTS (SELECT FROM conversations WHERE id = OLD.conversation_id)
                 THEN OLD.reply_to ELSE OLD.conversation_id END,
            jsonb_build_object('conversationId', OLD.conversation_id));
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.scope_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'message_created' ELSE 'message_updated' END,
            NEW.id, NEW.reply_to,
            jsonb_build_object('conversationId', NEW.conversation_id, 'messageType', NEW.message_type,
                               'status', NEW.status, 'shown', NEW.shown));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, OLD.project_id, 'intent_deleted', OLD.id, OLD.source_message_id,
            jsonb_build_object('conversationId', OLD.conversation_id, 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF NOT restoring() THEN
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        VALUES (NEW.id, NEW.user_id, NULL, NEW.status, NEW.actor, NEW.reason, NEW.reason_key, NEW.reason_params);
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, NEW.project_id, 'intent_created', NEW.id, NEW.source_message_id,
        jsonb_build_object('conversationId', NEW.conversation_id, 'status', NEW.status, 'version', NEW.version,
                           'previousStatus', NULL));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_updated_intents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    WITH changed AS MATERIALIZED (
        SELECT n.id, n.user_id, n.project_id, o.project_id AS previous_project_id, o.status AS previous_status, n.status, n.actor, n.reason, n.reason_key,
               n.reason_params, n.version, n.source_message_id, n.conversation_id,
               o.conversation_id AS previous_conversation_id
        FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id
        WHERE (o.status, o.description, o.intent_type, o.classification, o.priority, o.result, o.error, o.progress,
               o.metadata, o.due_at, o.next_attempt_at, o.conversation_id, o.project_id, o.assignee,
               o.assignee_id, o.labels, o.recurrence)
              IS DISTINCT FROM
              (n.status, n.description, n.intent_type, n.classification, n.priority, n.result, n.error, n.progress,
               n.metadata, n.due_at, n.next_attempt_at, n.conversation_id, n.project_id, n.assignee,
               n.assignee_id, n.labels, n.recurrence)
    ), transitions AS (
        INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, reason, key, params)
        SELECT id, user_id, previous_status, status, actor, reason, reason_key, reason_params
        FROM changed WHERE previous_status <> status
    ), memories AS (
        INSERT INTO memory_work (subject_id, user_id, kind)
        SELECT id, user_id, 'intent' FROM changed WHERE status = 'completed' AND previous_status <> 'completed'
        ON CONFLICT (subject_id) DO UPDATE SET attempts = 0, claimed_until = NULL, created_at = now()
    )
    INSERT INTO events (user_id, scope_id, project_id, kind, subject_id, caused_by, payload)
    SELECT user_id, scope.id, project_id, 'intent_updated', changed.id,
           -- The deletion of its conversation updates an intent.
           nullif(coalesce(cause, CASE WHEN previous_conversation_id IS NOT NULL AND conversation_id IS NULL
                                       THEN previous_conversation_id ELSE source_message_id END), changed.id),
           jsonb_build_object('conversationId', conversation_id, 'status', status, 'version', version,
                              'previousStatus', previous_status) || move_payload(previous_project_id, project_id)
               || CASE WHEN scope.id <> project_id THEN jsonb_build_object('toScope', project_id) ELSE '{}' END
    FROM changed CROSS JOIN LATERAL (
        SELECT project_id AS id UNION SELECT previous_project_id) AS scope;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_code_progress(intent_id uuid) RETURNS void LANGUAGE sql AS $$
    SELECT append_event(i.user_id, i.project_id, i.project_id, 'intent_updated', i.id, i.source_message_id,
                        jsonb_build_object('conversationId', i.conversation_id, 'status', i.status,
                                           'version', i.version, 'previousStatus', i.status))
    FROM intents AS i WHERE i.id = intent_id
$$;

CREATE OR REPLACE FUNCTION record_new_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cause uuid := nullif(current_setting('resonant.cause', true), '');
BEGIN
    INSERT INTO events (user_id, scope_id, project_id, kind, subject_id, caused_by, payload)
    SELECT user_id, scope_id, project_id, 'notification_created', id, nullif(coalesce(cause, intent_id, source_message_id), id),
           jsonb_build_object('notificationType', notification_type)
    FROM new_rows;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_read_notification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(NEW.user_id, NEW.scope_id, NEW.project_id, 'notification_read', NEW.id, coalesce(NEW.intent_id, NEW.source_message_id),
                         jsonb_build_object('notificationType', NEW.notification_type));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_specification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, OLD.project_id, 'specification_deleted', OLD.id, NULL, jsonb_build_object('title', OLD.title));
        RETURN NULL;
    END IF;
    IF NOT restoring() AND (TG_OP = 'INSERT' OR OLD.version IS DISTINCT FROM NEW.version) THEN
        INSERT INTO specification_revisions
            (specification_id, user_id, version, title, content, status, author, intent_id)
        VALUES (NEW.id, NEW.user_id, NEW.version, NEW.title, NEW.content, NEW.status, NEW.author, NEW.intent_id);
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'specification_created' ELSE 'specification_updated' END,
        NEW.id, NEW.intent_id,
        jsonb_build_object('title', NEW.title, 'status', NEW.status, 'version', NEW.version)
            || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END,
        CASE TG_OP WHEN 'UPDATE' THEN OLD.project_id END);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edited boolean := TG_OP = 'UPDATE' AND OLD.status = NEW.status AND OLD.project_id = NEW.project_id;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.project_id, OLD.project_id, 'decision_deleted', OLD.id, NULL,
            jsonb_build_object('number', OLD.number, 'title', left(OLD.title, 200), 'previousStatus', OLD.status));
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' AND NOT restoring() THEN
        INSERT INTO decision_changes (decision_id, user_id, from_status, to_status, actor, reason, key, params, at)
        VALUES (NEW.id, NEW.user_id, NULL, NEW.status, NEW.actor, NEW.reason, NEW.reason_key, NEW.reason_params,
                NEW.created_at);
    ELSIF TG_OP = 'UPDATE' AND OLD.version <> NEW.version THEN
        INSERT INTO decision_changes (decision_id, user_id, from_status, to_status, actor, reason, key, params, at)
        VALUES (NEW.id, NEW.user_id, OLD.status, NEW.status, NEW.actor,
                CASE WHEN edited THEN 'The text was edited.' ELSE NEW.reason END,
                CASE WHEN edited THEN 'decision.edited' ELSE NEW.reason_key END,
                CASE WHEN edited THEN '{}' ELSE NEW.reason_params END,
                greatest(now(), (SELECT max(at) FROM decision_changes WHERE decision_id = NEW.id)));
    END IF;
    PERFORM append_event(
        NEW.user_id, NEW.project_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'decision_created' ELSE 'decision_updated' END,
        NEW.id, coalesce(NEW.superseded_by, NEW.intent_id),
        jsonb_build_object('number', NEW.number, 'title', left(NEW.title, 200), 'status', NEW.status,
                           'version', NEW.version, 'conversationId', NEW.conversation_id,
                           'previousStatus', CASE TG_OP WHEN 'UPDATE' THEN OLD.status END)
            || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END,
        CASE TG_OP WHEN 'UPDATE' THEN OLD.project_id END);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_contradiction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, NEW.project_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'contradiction_found' ELSE 'contradiction_resolved' END,
        NEW.id, coalesce(NEW.intent_id, NEW.decision_id),
        jsonb_build_object('intentId', NEW.intent_id, 'decisionId', NEW.decision_id, 'kind', NEW.kind,
                           'status', NEW.status,
                           'conflictsWith', coalesce(NEW.other_intent_id, NEW.conflicts_with_decision_id,
                                                     NEW.specification_id)));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM append_event(OLD.user_id, OLD.scope_id, OLD.project_id, 'memory_deleted', OLD.id, OLD.source_id, '{}');
    ELSE
        PERFORM append_event(
            NEW.user_id, NEW.scope_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'memory_created' ELSE 'memory_updated' END,
            NEW.id, CASE WHEN NEW.superseded_by IS NOT NULL THEN NEW.superseded_by ELSE NEW.source_id END,
            jsonb_build_object('content', left(NEW.content, 200), 'kind', NEW.kind, 'archived', NEW.archived)
                || CASE TG_OP WHEN 'UPDATE' THEN move_payload(OLD.project_id, NEW.project_id) ELSE '{}' END,
            CASE TG_OP WHEN 'UPDATE' THEN OLD.scope_id END);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_event(
        NEW.user_id, NEW.scope_id, NEW.project_id, CASE TG_OP WHEN 'INSERT' THEN 'action_created' ELSE 'action_updated' END,
        NEW.id, NEW.message_id,
        jsonb_build_object('messageId', NEW.message_id, 'tool', NEW.tool, 'status', NEW.status,
                           'subjectId', NEW.subject_id));
    RETURN NULL;
END $$;

-- Causes: the records of a project have one graph, also those of several users.
ALTER TABLE record_causes DROP CONSTRAINT record_causes_pkey;
DELETE FROM record_causes AS r USING record_causes AS o
WHERE r.ctid > o.ctid AND (r.cause_id, r.effect_kind, r.effect_id) = (o.cause_id, o.effect_kind, o.effect_id);
-- The order in which a walk reads: the effects of a record by kind, the newest last.
ALTER TABLE record_causes ADD PRIMARY KEY (cause_id, effect_kind, effect_id);

CREATE OR REPLACE FUNCTION add_causes_of_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM add_cause(NEW.user_id, 'message', NEW.source_message_id, 'intent', NEW.id, 'asked', NEW.project_id,
                          NEW.created_at);
    END IF;
    PERFORM add_cause(NEW.user_id, r.kind, r.id, 'intent', NEW.id, 'given', NEW.project_id, now())
    FROM (SELECT each->>'kind' AS kind, CASE WHEN pg_input_is_valid(each->>'id', 'uuid') THEN (each->>'id')::uuid END AS id
          FROM jsonb_path_query(NEW.metadata, 'lax $.related[0 to 19]') AS each) AS r
    WHERE (r.kind = 'decision' AND EXISTS (SELECT FROM decisions AS d WHERE d.id = r.id AND d.project_id = NEW.project_id
                                           AND d.status = 'accepted'))
       OR (r.kind = 'specification' AND EXISTS (SELECT FROM specifications AS s
                                                WHERE s.id = r.id AND s.project_id = NEW.project_id))
       OR (r.kind = 'memory' AND EXISTS (SELECT FROM memories AS m WHERE m.id = r.id AND m.scope_id IN (
                                              SELECT scope_id FROM user_scopes WHERE user_id = NEW.user_id)));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION add_causes_of_context() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_intent constant boolean := EXISTS (SELECT FROM intents WHERE id = NEW.subject_id);
BEGIN
    IF TG_OP = 'UPDATE' THEN -- a new attempt has another context
        DELETE FROM record_causes
        WHERE cause_id IN (SELECT id FROM causes_in_context(OLD.items))
          AND effect_kind = CASE WHEN of_intent THEN 'intent' ELSE 'message' END AND effect_id = OLD.subject_id
          AND reason = 'given';
    END IF;
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id)
    SELECT NEW.user_id, c.kind, c.id, CASE WHEN of_intent THEN 'intent' ELSE 'message' END, NEW.subject_id, 'given',
           NEW.project_id
    FROM causes_in_context(NEW.items) AS c
    WHERE c.id <> NEW.subject_id
      AND (c.kind <> 'decision' OR EXISTS (SELECT FROM decisions WHERE id = c.id AND status = 'accepted'))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION add_causes_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id)
    SELECT NEW.user_id, 'message', reply.id, made->>'kind', (made->>'id')::uuid, 'acted', NEW.project_id
    FROM jsonb_array_elements(NEW.undo->'changes') AS made, LATERAL (
        SELECT id FROM messages
        WHERE reply_to = NEW.message_id AND message_type = 'kana' ORDER BY id DESC LIMIT 1
    ) AS reply
    WHERE made->>'before' IS NULL OR made->>'kind' = 'specification'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION restore_merged_memories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memories SET archived = false, updated_at = now()
    WHERE archived AND superseded_by IS NULL AND (expires_at IS NULL OR expires_at > now())
      AND id IN (SELECT source_id FROM decision_sources WHERE decision_id = OLD.id AND source_kind = 'memory');
    RETURN OLD;
END $$;

-- The trash: an entry is seen by those who saw the record; a project by who deleted it. What is deleted with a record is
-- all that belongs to it, also that of other users.

CREATE OR REPLACE FUNCTION collect_trash(entry uuid, owner text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    done bigint := 0;
    upto bigint;
    r record;
BEGIN
    LOOP
        SELECT max(place) INTO upto FROM trash_rows WHERE entry_id = entry;
        EXIT WHEN upto = done;
        FOR r IN SELECT * FROM row_references() WHERE on_delete = 'c' AND parent IN (
            SELECT table_name FROM trash_rows WHERE entry_id = entry AND place > done AND place <= upto
        ) LOOP
            EXECUTE format($sql$
                INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content)
                SELECT $1, $2, %1$L, trash_key(each.content), each.content FROM (
                    SELECT to_jsonb(c) AS content FROM %1$I AS c
                    WHERE c.%2$I IN (
                        SELECT (p.content->>%3$L)::%4$s FROM trash_rows AS p
                        WHERE p.entry_id = $1 AND p.table_name = %5$L AND p.place > $3 AND p.place <= $4)
                    FOR UPDATE
                ) AS each ORDER BY each.content->>'id' ON CONFLICT DO NOTHING
            $sql$, r.child, r.child_column, r.parent_column, r.child_type, r.parent) USING entry, owner, done, upto;
        END LOOP;
        done := upto;
    END LOOP;
    -- These belong to a record by its id, without a foreign key. Embeddings are computed again.
    FOR r IN SELECT * FROM (VALUES
        ('intent_transitions', 'intent_id', ''), ('context_snapshots', 'subject_id', ''), ('memory_work', 'subject_id', ''),
        ('notifications', 'project_id', ''),
        ('search_entries', 'subject_id', '{"embedded_with": null, "claimed_until": null}')
    ) AS t (child, child_column, changed) LOOP
        EXECUTE format($sql$
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content)
            SELECT $1, $2, %1$L, trash_key(each.content), each.content FROM (
                SELECT to_jsonb(c) %3$s AS content FROM %1$I AS c WHERE c.%2$I IN (
                    SELECT record_id FROM trash_rows WHERE entry_id = $1 AND column_name = '' AND table_name IN (
                        'projects', 'messages', 'intents', 'decisions', 'specifications', 'memories'))
            ) AS each ORDER BY each.content->'id' ON CONFLICT DO NOTHING
        $sql$, r.child, r.child_column, CASE WHEN r.changed <> '' THEN '|| ' || quote_literal(r.changed) || '::jsonb' END) USING entry, owner;
    END LOOP;
    FOR r IN SELECT * FROM row_references() WHERE on_delete = 'n' AND parent_column = 'id' AND parent IN (
        SELECT table_name FROM trash_rows WHERE entry_id = entry
    ) LOOP
        EXECUTE format($sql$
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
            SELECT $1, $2, %1$L, c.id, %2$L, jsonb_build_object(%2$L, c.%2$I) FROM %1$I AS c
            WHERE c.%2$I IN (
                SELECT record_id FROM trash_rows WHERE entry_id = $1 AND table_name = %3$L AND column_name = '')
              AND NOT EXISTS (SELECT FROM trash_rows
                              WHERE entry_id = $1 AND table_name = %1$L AND record_id = c.id AND column_name = '')
        $sql$, r.child, r.child_column, r.parent) USING entry, owner;
    END LOOP;
END $$;

-- Whether the connection may change rows of the scope, also in functions that run as the owner of the tables, where
-- row-level security does not apply.
CREATE FUNCTION may_write(scope uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'trash'::regclass), 'USAGE')
        OR current_setting('resonant.user_id', true) IS NOT DISTINCT FROM '*'
        OR EXISTS (SELECT FROM user_scopes
                   WHERE user_id = current_setting('resonant.user_id', true) AND scope_id = $1 AND writable)
$$;

DROP FUNCTION move_to_trash;
CREATE FUNCTION move_to_trash(deleted_by text, kind text, id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    of_table constant text := CASE kind WHEN 'memory' THEN 'memories' ELSE kind || 's' END;
    entry constant uuid := uuidv7();
    root jsonb;
    owner text; -- the author
    scope uuid;
BEGIN
    IF kind NOT IN ('project', 'conversation', 'message', 'intent', 'specification', 'decision', 'memory') THEN
        RAISE EXCEPTION 'a record of the kind % cannot be moved to the trash', kind;
    END IF;
    EXECUTE format('SELECT to_jsonb(r) FROM %I AS r WHERE id = $1 FOR UPDATE', of_table) INTO root USING $3;
    IF root IS NULL THEN
        RETURN false;
    END IF;
    owner := root->>'user_id';
    scope := CASE kind WHEN 'project' THEN $3 ELSE (coalesce(root->>'scope_id', root->>'project_id'))::uuid END;
    IF NOT may_write(scope) THEN
        RETURN false;
    END IF;
    IF kind = 'project' THEN
        scope := (SELECT scope_id FROM users WHERE users.id = $1);
    END IF;
    DELETE FROM trash WHERE record_id = $3; -- it was imported again meanwhile
    INSERT INTO trash (id, user_id, scope_id, kind, record_id, project_id, deleted_by)
    VALUES (entry, owner, scope, $2, $3, (root->>'project_id')::uuid, $1);
    INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, content) VALUES (entry, owner, of_table, $3, root);
    PERFORM collect_trash(entry, owner);
    IF kind = 'decision' THEN -- see restore_merged_memories
        INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
        SELECT entry, owner, 'memories', m.id, 'archived', '{}' FROM memories AS m
        JOIN decision_sources AS s ON s.decision_id = $3 AND s.source_kind = 'memory' AND s.source_id = m.id
        WHERE m.archived AND m.superseded_by IS NULL;
    END IF;
    EXECUTE format('DELETE FROM %I WHERE id = $1', of_table) USING $3;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION detach_trash(entry uuid, of_table text, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
    gone uuid[]; -- the rows whose reference is to nothing
BEGIN
    FOR r IN SELECT * FROM row_references() WHERE child = of_table LOOP
        -- NOT IN is one hashed pass over the entry, whose size no statistics tell.
        EXECUTE format($sql$
            SELECT array_agg(t.record_id) FROM trash_rows AS t
            WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' AND t.content->>%2$L IS NOT NULL
              AND t.content->>%2$L NOT IN (SELECT p.content->>%4$L FROM trash_rows AS p
                                           WHERE p.entry_id = $1 AND p.table_name = %3$L AND p.column_name = '')
              AND NOT EXISTS (SELECT FROM %3$I AS p WHERE p.%4$I = (t.content->>%2$L)::%5$s)
        $sql$, of_table, r.child_column, r.parent, r.parent_column, r.child_type) INTO gone USING entry;
        CONTINUE WHEN gone IS NULL;
        IF r.on_delete = 'c' AND r.parent <> 'projects' THEN
            UPDATE trash_rows AS t SET entry_id = o.entry_id, place = DEFAULT FROM trash_rows AS o
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone)
              AND o.table_name = r.parent AND o.column_name = '' AND o.entry_id <> entry
              AND o.content->>r.parent_column = t.content->>r.child_column;
            DELETE FROM trash_rows AS t
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone);
        ELSE
            INSERT INTO trash_rows (entry_id, user_id, table_name, record_id, column_name, content)
            SELECT o.entry_id, owner, of_table, t.record_id, r.child_column,
                   jsonb_build_object(r.child_column, t.content->r.child_column)
            FROM trash_rows AS t JOIN trash_rows AS o
              ON o.record_id = (t.content->>r.child_column)::uuid AND o.table_name = r.parent AND o.column_name = ''
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone)
              AND r.on_delete = 'n'
            ON CONFLICT DO NOTHING;
            UPDATE trash_rows AS t SET content = t.content || jsonb_build_object(
                r.child_column, CASE r.parent WHEN 'projects' THEN default_project(t.content->>'user_id') END)
            WHERE t.entry_id = entry AND t.table_name = of_table AND t.column_name = '' AND t.record_id = ANY(gone);
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION restore_owners(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    root trash_rows;
    r record;
    other uuid;
    is_there boolean;
BEGIN
    SELECT t.* INTO STRICT root FROM trash_rows AS t JOIN trash ON trash.id = t.entry_id
    WHERE t.entry_id = entry AND t.record_id = trash.record_id AND t.column_name = ''
    ORDER BY t.place LIMIT 1;
    FOR r IN SELECT * FROM row_references()
             WHERE child = root.table_name AND on_delete = 'c' AND parent <> 'projects' AND root.content->>child_column IS NOT NULL LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1::%s)', r.parent, r.parent_column, r.child_type)
        INTO is_there USING root.content->>r.child_column;
        IF NOT is_there THEN
            SELECT entry_id INTO other FROM trash_rows
            WHERE table_name = r.parent AND column_name = '' AND content->>r.parent_column = root.content->>r.child_column
              AND entry_id <> entry
              AND record_id = (root.content->>r.child_column)::uuid;
            IF other IS NULL THEN
                PERFORM raise_rule('trash', 'what it belongs to was deleted for good', 'trash.owner_gone');
            END IF;
            PERFORM FROM trash WHERE id = other FOR UPDATE;
            IF FOUND THEN -- otherwise it was restored meanwhile
                PERFORM restore_from_trash(other, owner);
            END IF;
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION restore_from_trash(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    root constant text := (SELECT table_name FROM trash_rows AS t JOIN trash ON trash.id = t.entry_id
                           WHERE t.entry_id = entry AND t.record_id = trash.record_id AND t.column_name = ''
                           ORDER BY t.place LIMIT 1);
    r record;
    columns text;
BEGIN
    IF NOT may_write((SELECT scope_id FROM trash WHERE id = entry)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the entry of the trash belongs to others';
    END IF;
    PERFORM restore_owners(entry, owner);
    PERFORM set_config('resonant.restore', 'on', true);
    FOR r IN SELECT table_name, (array_agg(content ORDER BY place))[1] AS first FROM trash_rows
             WHERE entry_id = entry AND column_name = '' GROUP BY table_name
             -- What others refer to comes first.
             ORDER BY array_position(ARRAY['projects', 'project_members', 'conversations', 'messages', 'intents', 'specifications',
                                           'decisions', 'memories'], table_name), min(place) LOOP
        PERFORM detach_trash(entry, r.table_name, owner);
        IF r.first ? 'idempotency_key' THEN
            EXECUTE format($sql$
                UPDATE trash_rows AS t SET content = t.content || '{"idempotency_key": null}'
                WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' AND EXISTS (
                    SELECT FROM %1$I AS o WHERE o.user_id = t.content->>'user_id' AND o.idempotency_key = t.content->>'idempotency_key')
            $sql$, r.table_name) USING entry;
        END IF;
        -- A column that was added since gets its default.
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = r.table_name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
          AND r.first ? attname;
        EXECUTE format($sql$
            INSERT INTO %1$I (%2$s) OVERRIDING SYSTEM VALUE
            SELECT %2$s FROM (
                SELECT n.* FROM trash_rows AS t, LATERAL jsonb_populate_record(NULL::%1$I, t.content) AS n
                WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = '' ORDER BY t.place) AS each %3$s
        $sql$, r.table_name, columns, CASE WHEN r.table_name <> root THEN 'ON CONFLICT DO NOTHING' END) USING entry;
    END LOOP;
    PERFORM restore_references(entry, owner);
    UPDATE search_entries AS e SET project_id = restored.project_id, scope_id = restored.scope_id
    FROM trash_rows AS t, LATERAL (
        SELECT project_id, scope_id FROM messages WHERE id = t.record_id UNION ALL
        SELECT project_id, project_id FROM intents WHERE id = t.record_id UNION ALL
        SELECT project_id, project_id FROM decisions WHERE id = t.record_id UNION ALL
        SELECT project_id, project_id FROM specifications WHERE id = t.record_id UNION ALL
        SELECT project_id, scope_id FROM memories WHERE id = t.record_id
    ) AS restored
    WHERE t.entry_id = entry AND t.column_name = '' AND e.subject_id = t.record_id
      AND (e.project_id, e.scope_id) IS DISTINCT FROM (restored.project_id, restored.scope_id);
    IF root IN ('intents', 'decisions') THEN -- its conversation may be gone, or restored
        EXECUTE format($sql$
            UPDATE search_entries AS e SET conversation_id = r.conversation_id FROM %I AS r, trash
            WHERE trash.id = $1 AND r.id = trash.record_id AND e.subject_id = trash.record_id
        $sql$, root) USING entry;
    END IF;
    DELETE FROM trash WHERE id = entry;
    PERFORM set_config('resonant.restore', '', true);
END $$;

CREATE OR REPLACE FUNCTION restore_references(entry uuid, owner text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    UPDATE memories AS m SET archived = true, updated_at = now() FROM trash_rows AS t
    WHERE t.entry_id = entry AND t.table_name = 'memories' AND t.column_name = 'archived'
      AND m.id = t.record_id;
    FOR r IN SELECT DISTINCT f.* FROM trash_rows AS t JOIN row_references() AS f
             ON f.child = t.table_name AND f.child_column = t.column_name WHERE t.entry_id = entry LOOP
        EXECUTE format($sql$
            UPDATE %1$I AS c SET %2$I = (t.content->>%2$L)::%3$s FROM trash_rows AS t
            WHERE t.entry_id = $1 AND t.table_name = %1$L AND t.column_name = %2$L AND c.id = t.record_id
              AND c.%2$I IS NULL %4$s
              AND EXISTS (SELECT FROM %5$I AS p WHERE p.id = (t.content->>%2$L)::uuid)
        $sql$, r.child, r.child_column, r.child_type,
            CASE r.child WHEN 'memories' THEN 'AND c.archived' WHEN 'decisions' THEN
                CASE r.child_column WHEN 'superseded_by' THEN $sql$AND c.status = 'superseded'$sql$ END END,
            r.parent) USING entry;
        -- The row that had the reference may be in the trash itself by now.
        UPDATE trash_rows AS o SET content = o.content || t.content FROM trash_rows AS t
        WHERE t.entry_id = entry AND t.table_name = r.child AND t.column_name = r.child_column
          AND o.table_name = r.child AND o.record_id = t.record_id AND o.column_name = ''
          AND o.content->>r.child_column IS NULL;
    END LOOP;
END $$;

-- What was in the trash when its project is deleted is seen by its author, until the project is restored.
CREATE FUNCTION keep_trash_of_project() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE trash SET scope_id = u.scope_id FROM users AS u WHERE trash.project_id = OLD.id AND u.id = trash.user_id;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_trash BEFORE DELETE ON projects FOR EACH ROW EXECUTE FUNCTION keep_trash_of_project();

CREATE FUNCTION return_trash_of_project() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    UPDATE trash SET scope_id = (coalesce(r.content->>'scope_id', r.content->>'project_id'))::uuid FROM trash_rows AS r
    WHERE trash.project_id = NEW.id AND r.entry_id = trash.id AND r.record_id = trash.record_id AND r.column_name = '';
    RETURN NULL;
END $$;
CREATE TRIGGER return_trash AFTER INSERT ON projects FOR EACH ROW
    WHEN (restoring()) EXECUTE FUNCTION return_trash_of_project();

-- Roles and row-level security; see 0010_roles.sql.

CREATE FUNCTION visible_scopes() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER AS $$
    SELECT coalesce(array_agg(scope_id), '{}') FROM user_scopes WHERE user_id = current_setting('resonant.user_id', true)
$$;

CREATE FUNCTION writable_scopes() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER AS $$
    SELECT coalesce(array_agg(scope_id), '{}') FROM user_scopes
    WHERE user_id = current_setting('resonant.user_id', true) AND writable
$$;

-- Whether the connection works for all users, as the bridges do.
CREATE FUNCTION sees_all() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('resonant.user_id', true) IS NOT DISTINCT FROM '*';

CREATE OR REPLACE FUNCTION subjects_with_keys(wanted bigint[]) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1000
BEGIN ATOMIC
    SELECT subject_id FROM search_entries
    WHERE keys && wanted AND (sees_all() OR scope_id = ANY((SELECT visible_scopes())::uuid[]));
END;

-- The condition of a table's rows that the connection may read. A table without a scope has that of the record that its
-- rows belong to, or of its user.
CREATE FUNCTION read_condition(name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    parent text;
    by_column text;
    of_parent text := 'id';
BEGIN
    IF name = 'projects' THEN
        -- A new project is read before its member exists.
        RETURN '(id = ANY((SELECT visible_scopes())::uuid[]) OR (may_see(user_id) AND NOT EXISTS ('
            || 'SELECT FROM project_members AS m WHERE m.project_id = projects.id AND m.user_id = projects.user_id)))';
    ELSIF name IN ('user_scopes', 'term_changes') THEN
        RETURN CASE name WHEN 'user_scopes' THEN 'may_see(user_id)' ELSE 'true' END;
    ELSIF name = 'record_causes' THEN
        RETURN '(may_see(user_id) OR project_id = ANY((SELECT visible_scopes())::uuid[]))';
    ELSIF name IN ('intents', 'specifications', 'decisions', 'contradictions', 'decision_counters', 'project_members') THEN
        RETURN 'project_id = ANY((SELECT visible_scopes())::uuid[])';
    ELSIF EXISTS (SELECT FROM pg_attribute WHERE attrelid = name::regclass AND attname = 'scope_id') THEN
        RETURN 'scope_id = ANY((SELECT visible_scopes())::uuid[])';
    END IF;
    SELECT p, c, o INTO parent, by_column, of_parent FROM (VALUES
        ('specification_revisions', 'specifications', 'specification_id', 'id'),
        ('decision_options', 'decisions', 'decision_id', 'id'), ('decision_sources', 'decisions', 'decision_id', 'id'),
        ('decision_changes', 'decisions', 'decision_id', 'id'), ('intent_transitions', 'intents', 'intent_id', 'id'),
        ('claude_code_sessions', 'intents', 'intent_id', 'id'),
        ('claude_code_executions', 'claude_code_sessions', 'session_id', 'session_id'),
        ('attachment_chunks', 'attachments', 'attachment_id', 'id'),
        ('message_attachments', 'messages', 'message_id', 'id'),
        ('imported_conversations', 'conversations', 'conversation_id', 'id'),
        ('summary_work', 'conversations', 'conversation_id', 'id'), ('trash_rows', 'trash', 'entry_id', 'id')
    ) AS t (child, p, c, o) WHERE child = name;
    IF parent IS NULL THEN
        RETURN 'may_see(user_id)';
    END IF;
    RETURN format('EXISTS (SELECT FROM %I AS p WHERE p.%I = %I.%I)', parent, of_parent, name, by_column);
END $$;

-- The condition of rows that it may write. Readers write nothing but what is about themselves. An event, and a
-- notification, may be about somebody else.
CREATE FUNCTION write_condition(name text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE name
        WHEN 'events' THEN 'true'
        WHEN 'notifications' THEN 'project_id = ANY((SELECT visible_scopes())::uuid[])'
        WHEN 'projects' THEN '(id = ANY((SELECT visible_scopes())::uuid[]) OR may_see(user_id))'
        ELSE replace(read_condition(name), 'visible_scopes', 'writable_scopes') END
$$;

-- The callers of these check that the user may change the record; what belongs to it may be of other users.
ALTER FUNCTION move_to_trash SECURITY DEFINER;
ALTER FUNCTION restore_from_trash SECURITY DEFINER;
-- These delete rows whose record, which says who sees them, is gone.
ALTER FUNCTION delete_transitions SECURITY DEFINER;
ALTER FUNCTION delete_context SECURITY DEFINER;
ALTER FUNCTION delete_search_entry SECURITY DEFINER;
ALTER FUNCTION delete_notifications_of_project SECURITY DEFINER;

-- Functions that run as the owner must not find objects of their callers: fix their search_path.
DO $$
DECLARE
    path constant text := (
        SELECT string_agg(DISTINCT quote_ident(place), ', ')
        FROM (SELECT current_schema()::text UNION
              SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector') AS places (place));
    name text;
BEGIN
    FOR name IN SELECT oid::regprocedure::text FROM pg_proc
                WHERE pronamespace = current_schema()::regnamespace AND prosecdef AND proconfig IS NULL
                  AND prosqlbody IS NULL -- otherwise its names were resolved at creation
                  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %s, pg_temp', name, path);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION grant_roles() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    me constant oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    owned record;
    role_name text;
    -- Tables of authentication: the bridges have no access, and rows are read before the user is known.
    identity_tables constant text[] := ARRAY['credentials', 'setup_codes', 'sign_in_attempts', 'security_events',
                                             'invitations'];
BEGIN
    PERFORM create_roles();
    PERFORM transfer_ownership();
    FOR owned IN
        SELECT c.oid, c.relname AS name, c.relrowsecurity AS secured,
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname IN ('user_id', 'scope_id')) AND c.relname <> 'users' AS personal
        FROM pg_class AS c
        WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'r'
          AND c.relowner IN (me, to_regrole('resonant_owner')) AND pg_has_role(c.relowner, 'USAGE')
        ORDER BY c.relname
    LOOP
        IF owned.personal AND owned.name <> ALL (identity_tables) THEN
            IF NOT owned.secured THEN
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned.name);
            END IF;
            EXECUTE format('DROP POLICY IF EXISTS own_rows ON %I', owned.name); -- before projects had members
            IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = owned.oid AND polname = 'visible_rows') THEN
                EXECUTE format('CREATE POLICY visible_rows ON %I USING (sees_all() OR %s) WITH CHECK (sees_all() OR %s)',
                               owned.name, read_condition(owned.name), write_condition(owned.name));
            END IF;
        END IF;
        IF to_regrole('resonant_api') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_api', owned.name);
            EXECUTE format('GRANT %s ON %I TO resonant_api', CASE owned.name
                WHEN 'schema_migrations' THEN 'SELECT' WHEN 'bridge_heartbeats' THEN 'SELECT'
                WHEN 'security_events' THEN 'SELECT, INSERT' WHEN 'users' THEN 'SELECT, INSERT, UPDATE'
                ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
        END IF;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            EXECUTE format('REVOKE ALL ON %I FROM resonant_bridge', owned.name);
            IF owned.name <> ALL (identity_tables) THEN
                EXECUTE format('GRANT %s ON %I TO resonant_bridge', CASE owned.name
                    WHEN 'schema_migrations' THEN 'SELECT'
                    WHEN 'users' THEN 'SELECT (id, name, display_name, role, timezone, device_timezone, scope_id)'
                    ELSE 'SELECT, INSERT, UPDATE, DELETE' END, owned.name);
            END IF;
        END IF;
    END LOOP;
    IF pg_has_role((SELECT proowner FROM pg_proc WHERE oid = 'create_model_index'::regproc), 'USAGE') THEN
        REVOKE EXECUTE ON FUNCTION create_model_index, drop_model_index, insert_default_project FROM PUBLIC;
        IF to_regrole('resonant_bridge') IS NOT NULL THEN
            GRANT EXECUTE ON FUNCTION create_model_index, drop_model_index TO resonant_bridge;
        END IF;
    END IF;
    FOREACH role_name IN ARRAY ARRAY['resonant_api', 'resonant_bridge'] LOOP
        IF to_regrole(role_name) IS NOT NULL AND NOT has_schema_privilege(role_name, current_schema(), 'USAGE') THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), role_name);
        END IF;
    END LOOP;
END $$;
