-- Projects, conversations and their messages.

CREATE TABLE projects (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id     text NOT NULL REFERENCES users ON DELETE CASCADE, -- the owner
    name        text NOT NULL CHECK (name <> ''),
    slug        text NOT NULL UNIQUE CHECK (length(slug) <= 60 AND slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    description text,
    is_default  boolean NOT NULL DEFAULT false, -- the project of records that are created without naming one
    archived_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (NOT is_default OR archived_at IS NULL)
);
CREATE INDEX projects_in_order ON projects (user_id, id);
CREATE UNIQUE INDEX projects_default ON projects (user_id) WHERE is_default;
CREATE INDEX projects_archived ON projects (user_id) WHERE archived_at IS NOT NULL;

-- The slug itself when no project has it, else with the next number, as in general-2. Other users' projects count too.
CREATE FUNCTION free_slug(wanted text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    taken integer := 1;
    free integer := 2;
    middle integer;
BEGIN
    IF NOT EXISTS (SELECT FROM projects WHERE slug = wanted) THEN
        RETURN wanted;
    END IF;
    WHILE EXISTS (SELECT FROM projects WHERE slug = wanted || '-' || free) LOOP
        taken := free;
        free := free * 2;
    END LOOP;
    WHILE free - taken > 1 LOOP
        middle := (taken + free) / 2;
        IF EXISTS (SELECT FROM projects WHERE slug = wanted || '-' || middle) THEN
            taken := middle;
        ELSE
            free := middle;
        END IF;
    END LOOP;
    RETURN wanted || '-' || free;
END $$;

-- Users are inserted before the connection is set to one of them, so row-level security would refuse the project.
CREATE FUNCTION insert_default_project() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    LOOP -- until no other transaction takes the same slug
        INSERT INTO projects (user_id, name, slug, is_default) VALUES (NEW.id, 'General', free_slug('general'), true)
        ON CONFLICT (slug) DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER insert_default_project AFTER INSERT ON users
    FOR EACH ROW EXECUTE FUNCTION insert_default_project();

CREATE FUNCTION default_project(owner text) RETURNS uuid LANGUAGE sql STABLE
    RETURN (SELECT id FROM projects WHERE user_id = owner AND is_default);

-- Whether this transaction restores records from the trash: triggers then add nothing to what is restored with them.
CREATE FUNCTION restoring() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('resonant.restore', true) IS NOT DISTINCT FROM 'on';

-- Whether a new record keeps the project that is given, although it belongs to a record of another one.
CREATE FUNCTION keeps_project() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN restoring() OR current_setting('resonant.import', true) IS NOT DISTINCT FROM 'on';

CREATE TABLE conversations (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id    text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    title      text NOT NULL,
    archived   boolean NOT NULL DEFAULT false,
    summary    text,
    model      text, -- which of the configured models answers; null: the default
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conversations_recent ON conversations (user_id, updated_at DESC, id DESC);
CREATE INDEX conversations_of_project ON conversations (project_id, updated_at DESC, id DESC);

CREATE FUNCTION set_default_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := default_project(NEW.user_id);
    RETURN NEW;
END $$;
CREATE TRIGGER set_project BEFORE INSERT ON conversations
    FOR EACH ROW WHEN (NEW.project_id IS NULL) EXECUTE FUNCTION set_default_project();

-- For tables with a conversation: a new record has the project of its conversation. What is restored from the trash
-- or imported keeps its own, except a message.
CREATE FUNCTION set_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := coalesce(
        CASE WHEN TG_TABLE_NAME <> 'messages' AND keeps_project() THEN NEW.project_id END,
        (SELECT project_id FROM conversations WHERE id = NEW.conversation_id AND user_id = NEW.user_id),
        NEW.project_id, default_project(NEW.user_id));
    RETURN NEW;
END $$;

-- A reply is inserted as a pending message. The columns attempts to fence are the message bridge's claim on it.
CREATE TABLE messages (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id         text NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id      uuid NOT NULL, -- that of its conversation; see set_project
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
    kept_length     integer NOT NULL DEFAULT 0, -- characters that stay when the reply is claimed; 0 unless it is continued
    rounds          jsonb NOT NULL DEFAULT '[]', -- of a reply that calls tools; another worker continues it with them
    intents_extracted_at timestamptz, -- null until the message bridge has extracted intents from it
    idempotency_key text,
    trace_parent    text DEFAULT nullif(current_setting('resonant.trace', true), ''), -- W3C Trace Context
    -- The error as a translatable text; null when a model or a person wrote it. The same holds for all *_key columns.
    error_key       text,
    error_params    jsonb,
    -- Versions: an edited message, or a reply that was written again, gets another row after the first one. Each version
    -- has a branch: what follows it. Messages that follow no version have none.
    version_of      uuid, -- the id of the first version; null while there is only one
    branch          uuid REFERENCES messages ON DELETE CASCADE, -- the nearest message above it that has versions
    selected        boolean NOT NULL DEFAULT true, -- among its versions
    shown           boolean NOT NULL DEFAULT true, -- selected, and so are all versions above it; see show_selected
    CHECK (selected OR version_of IS NOT NULL),
    CHECK (message_type = 'kana' OR status = 'complete'),
    CHECK ((claimed_by IS NULL) = (lease_until IS NULL))
);
CREATE INDEX messages_recent ON messages (user_id, created_at DESC);
CREATE INDEX messages_in_order ON messages (user_id, id);
CREATE INDEX messages_of_conversation ON messages (conversation_id, id);
CREATE INDEX messages_reply_to ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_versions ON messages (version_of) WHERE version_of IS NOT NULL;
CREATE INDEX messages_of_branch ON messages (branch) WHERE branch IS NOT NULL;
CREATE INDEX messages_pending ON messages (id) WHERE status = 'pending';
CREATE INDEX messages_leased ON messages (lease_until) WHERE claimed_by IS NOT NULL;
-- A client that did not receive the answer sends the message again with the same key.
CREATE UNIQUE INDEX messages_by_key ON messages (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TRIGGER set_project BEFORE INSERT OR UPDATE OF conversation_id ON messages
    FOR EACH ROW EXECUTE FUNCTION set_project();

-- Files that a user uploaded, in pieces that are read one at a time. An upload that no message has is deleted later.
CREATE TABLE attachments (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    media_type   text CHECK (media_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf',
                                            'text/plain')), -- of the content, whatever the name says
    size         bigint NOT NULL CHECK (size > 0), -- while it is uploaded, at most this many bytes
    sha256       text CHECK (sha256 ~ '^[0-9a-f]{64}$'), -- null while it is uploaded
    text         text, -- of a text file or a PDF: its beginning, which is searched and given to the model
    text_cut     boolean NOT NULL DEFAULT false, -- the text goes on in the file
    object       text CHECK (object LIKE 's3://%'), -- the folder of its pieces in the object store; null in the database
    unused_since timestamptz DEFAULT now(), -- null while a message has it
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attachments_of_user ON attachments (user_id);
CREATE INDEX attachments_unused ON attachments (unused_since) WHERE unused_since IS NOT NULL;

-- A piece is either here or the object `start` in the folder of its file.
CREATE TABLE attachment_chunks (
    attachment_id uuid NOT NULL REFERENCES attachments ON DELETE CASCADE,
    user_id       text NOT NULL,
    start         bigint NOT NULL CHECK (start >= 0), -- the place of its first byte in the file
    content       bytea CHECK (octet_length(content) BETWEEN 1 AND 262144),
    size          integer CHECK (size BETWEEN 1 AND 1048576), -- of the object
    sha256        text CHECK (sha256 ~ '^[0-9a-f]{64}$'), -- of the object
    PRIMARY KEY (attachment_id, start),
    CHECK ((content IS NULL) = (size IS NOT NULL) AND (content IS NULL) = (sha256 IS NOT NULL))
);
ALTER TABLE attachment_chunks ALTER content SET STORAGE EXTERNAL; -- images and PDF are compressed already

-- Folders of the object store that have to be deleted. A folder is here before its first object is written and leaves
-- in the transaction that gives it to a file, so a process that is killed in between leaves nothing for ever.
CREATE TABLE object_deletions (
    object     text PRIMARY KEY CHECK (object LIKE 's3://%'),
    due_at     timestamptz NOT NULL DEFAULT now(),
    attempts   integer NOT NULL DEFAULT 0,
    error      text, -- of the last attempt
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX object_deletions_due ON object_deletions (due_at);

CREATE FUNCTION delete_object_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.object IS DISTINCT FROM OLD.object THEN
        INSERT INTO object_deletions (object) VALUES (OLD.object) ON CONFLICT (object) DO UPDATE SET due_at = now();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER delete_object_later AFTER DELETE OR UPDATE OF object ON attachments
    FOR EACH ROW WHEN (OLD.object IS NOT NULL) EXECUTE FUNCTION delete_object_later();

CREATE TABLE message_attachments (
    message_id    uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    attachment_id uuid NOT NULL REFERENCES attachments ON DELETE CASCADE,
    user_id       text NOT NULL,
    place         integer NOT NULL CHECK (place >= 0),
    PRIMARY KEY (message_id, attachment_id)
);
CREATE INDEX message_attachments_of_attachment ON message_attachments (attachment_id);

CREATE FUNCTION record_attachment_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE attachments SET unused_since = NULL WHERE id = NEW.attachment_id;
    ELSE
        UPDATE attachments SET unused_since = now()
        WHERE id = OLD.attachment_id
          AND NOT EXISTS (SELECT FROM message_attachments WHERE attachment_id = OLD.attachment_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_use AFTER INSERT OR DELETE ON message_attachments
    FOR EACH ROW EXECUTE FUNCTION record_attachment_use();

-- The message and all versions above it. A message is on the way to another one when each version among the two is here.
CREATE FUNCTION versions_above(message_id uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above AS (
        SELECT id, branch FROM messages WHERE id = message_id
        UNION
        SELECT m.id, m.branch FROM above JOIN messages AS m ON m.id = above.branch
    )
    SELECT coalesce(array_agg(id), '{}') FROM above
$$;

-- The branch of a message that is added to the conversation. It is volatile, so that it sees a branch that was committed
-- while the statement waited for the lock of the conversation.
CREATE FUNCTION last_branch(conversation uuid) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN m.version_of IS NULL THEN m.branch ELSE m.id END FROM messages AS m
    WHERE m.conversation_id = conversation AND m.shown ORDER BY m.id DESC LIMIT 1
$$;

-- Shows the selected versions and what follows them, and hides all others. Where no version or several are selected,
-- the newest one is. Messages are shown in their order, because the search index numbers them.
CREATE FUNCTION show_selected(conversation uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    opened uuid[];
    hidden uuid;
BEGIN
    WITH RECURSIVE chosen AS (
        SELECT DISTINCT ON (version_of) id, branch FROM messages
        WHERE conversation_id = conversation AND version_of IS NOT NULL ORDER BY version_of, selected DESC, id DESC
    ), open AS (
        SELECT id FROM chosen WHERE branch IS NULL
        UNION
        SELECT chosen.id FROM open JOIN chosen ON chosen.branch = open.id
    )
    SELECT coalesce(array_agg(id), '{}') INTO opened FROM open;
    UPDATE messages SET shown = false
    WHERE conversation_id = conversation AND shown
      AND (branch <> ALL(opened) OR (version_of IS NOT NULL AND id <> ALL(opened)));
    FOR hidden IN
        SELECT id FROM messages
        WHERE conversation_id = conversation AND NOT shown AND (branch IS NULL OR branch = ANY(opened))
          AND (version_of IS NULL OR id = ANY(opened))
        ORDER BY id
    LOOP
        UPDATE messages SET shown = true WHERE id = hidden;
    END LOOP;
END $$;

-- Conversations that were imported from other programs, so that a repeated import finds them. A conversation in which
-- messages were edited has several versions; `branch` is the first message of another version than the one shown there.
CREATE TABLE imported_conversations (
    conversation_id uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    user_id         text NOT NULL,
    source          text NOT NULL CHECK (source IN ('chatgpt', 'claude')),
    source_id       text NOT NULL,
    shown           text NOT NULL DEFAULT '', -- the id there of the last message of the versions that were shown
    title           text NOT NULL, -- the title that was imported; another title here was chosen by the user
    UNIQUE (user_id, source, source_id)
);
