-- name: insert_backup_run(destination)$
INSERT INTO backup_runs (destination) VALUES (:destination) RETURNING id;

-- name: close_interrupted_backup_runs()!
-- Whoever holds the lock on backups is the only one that makes one: what is open was killed.
UPDATE backup_runs SET finished_at = now(), error = 'It was killed before it had ended.' WHERE finished_at IS NULL;

-- name: finish_backup_run(id, name, bytes)!
UPDATE backup_runs SET finished_at = now(), name = :name, bytes = :bytes WHERE id = :id;

-- name: fail_backup_run(id, error)!
UPDATE backup_runs SET finished_at = now(), error = :error WHERE id = :id;

-- name: find_last_backup_run()^
SELECT destination, started_at, finished_at, name, bytes, error FROM backup_runs
WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: find_last_finished_backup_run()^
SELECT destination, started_at, finished_at, name, bytes, error FROM backup_runs
WHERE finished_at IS NOT NULL AND error IS NULL ORDER BY id DESC LIMIT 1;
