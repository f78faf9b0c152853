"""Data for operators: heartbeats of the bridges, backup runs, and system metrics over all users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sql.service_rows import BackupRunRow
from sql.statements import Connection, statements

HEARTBEAT_RETENTION_SECONDS = 3600.0
BACKUP_LOCK = 0x6261636B7570  # "backup"; the advisory lock of a running backup


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """Number and age of the jobs of one queue in one status."""

    queue: str
    status: str
    depth: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class SystemMetrics:
    """`heartbeat_ages` are seconds by kind of bridge. Times are Unix seconds, 0 for never."""

    queues: Sequence[QueueDepth]
    heartbeat_ages: Mapping[str, float]
    last_activity: float
    database_bytes: int
    embedding_backlog: int
    reembedding_left: int
    backup_succeeded_at: float
    backup_failed: bool
    failed_object_deletions: int
    installed_at: float
    backup_bytes: int
    backup_seconds: float


async def get_system_metrics(connection: Connection) -> SystemMetrics:
    queues = [QueueDepth(**record) async for record in statements.list_queue_depths(connection)]
    totals = await statements.get_system_totals(connection)
    return SystemMetrics(queues=queues, heartbeat_ages=await list_heartbeat_ages(connection), **totals)


async def record_heartbeat(connection: Connection, bridge_id: str, kind: str) -> None:
    """Record that the bridge is alive, and delete heartbeats that are older than an hour."""
    await statements.record_heartbeat(connection, bridge_id=bridge_id, kind=kind)
    await statements.delete_old_heartbeats(connection, seconds=HEARTBEAT_RETENTION_SECONDS)


async def delete_heartbeat(connection: Connection, bridge_id: str) -> None:
    await statements.delete_heartbeat(connection, bridge_id=bridge_id)


async def list_heartbeat_ages(connection: Connection) -> dict[str, float]:
    """Seconds since the latest heartbeat by kind of bridge. Kinds without a heartbeat are absent."""
    return {record["kind"]: record["seconds"] async for record in statements.list_heartbeat_ages(connection)}


async def insert_backup_run(connection: Connection, destination: str) -> int:
    """Start a run and fail those that were killed. The caller holds the backup lock."""
    await statements.fail_interrupted_backup_runs(connection)
    run: int = await statements.insert_backup_run(connection, destination=destination)
    return run


async def mark_backup_finished(connection: Connection, run: int, name: str, size: int) -> None:
    """`size` in bytes."""
    await statements.mark_backup_finished(connection, id=run, name=name, bytes=size)


async def mark_backup_failed(connection: Connection, run: int, error: str) -> None:
    await statements.mark_backup_failed(connection, id=run, error=error)


async def find_last_backup(connection: Connection) -> BackupRunRow | None:
    """The run that ended last, successful or not."""
    record = await statements.find_last_backup(connection)
    return BackupRunRow(**record) if record else None


async def find_last_successful_backup(connection: Connection) -> BackupRunRow | None:
    record = await statements.find_last_successful_backup(connection)
    return BackupRunRow(**record) if record else None
