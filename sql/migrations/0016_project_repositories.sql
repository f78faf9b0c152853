-- The repositories of a project, in the form of resolvers/repositories.py, so that an agent's directory leads to it.
ALTER TABLE projects ADD COLUMN repositories text[] NOT NULL DEFAULT '{}';
UPDATE trash_rows SET content = content || '{"repositories": []}' WHERE table_name = 'projects' AND column_name = '';
