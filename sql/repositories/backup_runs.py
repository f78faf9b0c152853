"""Which backups were made, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class BackupRunRow:
    """A backup that has ended; `error` says why it failed, and then it has no name and no size."""

    destination: str
    started_at: datetime
    finished_at: datetime
    name: str | None
    bytes: int | None
    error: str | None


async def insert_run(connection: Connection, destination: str) -> int:
    """Begin one; those that were killed are closed. The caller holds the lock on backups."""
    await statements.close_interrupted_backup_runs(connection)
    run: int = await statements.insert_backup_run(connection, destination=destination)
    return run


async def mark_finished(connection: Connection, run: int, name: str, size: int) -> None:
    await statements.finish_backup_run(connection, id=run, name=name, bytes=size)


async def mark_failed(connection: Connection, run: int, error: str) -> None:
    await statements.fail_backup_run(connection, id=run, error=error)


async def find_last(connection: Connection) -> BackupRunRow | None:
    """The one that ended last, whether it succeeded or not."""
    record = await statements.find_last_backup_run(connection)
    return BackupRunRow(**record) if record else None


async def find_last_finished(connection: Connection) -> BackupRunRow | None:
    record = await statements.find_last_finished_backup_run(connection)
    return BackupRunRow(**record) if record else None
