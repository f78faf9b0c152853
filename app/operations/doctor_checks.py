"""What `doctor` looks at beyond the start: backups, work that waits, memory, what holds others up, and what is near."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from urllib.parse import urlsplit

from app.database.finding import Finding
from app.database.ownership import examine_ownership
from app.database.tuning import MIB, hnsw_build_bytes, machine_memory, tune, tune_embedded
from app.settings import Settings
from sql.repositories import operations
from sql.repositories.operations import find_last_backup, find_last_successful_backup
from sql.rows import BackupRunRow
from sql.statements import Connection

LATE = 1.25  # of BACKUP_INTERVAL
LONG_TRANSACTION_SECONDS = 60.0
WAITING_SECONDS = 300.0
REACH_SECONDS = 3.0

LONGEST_TRANSACTION = """
SELECT coalesce(nullif(application_name, ''), usename::text, 'somebody') AS who,
       extract(epoch FROM now() - xact_start)::float8 AS seconds
FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 1
"""
MEMORY = """
SELECT name, setting::bigint * CASE unit WHEN '8kB' THEN 8192 WHEN 'kB' THEN 1024 ELSE 1048576 END AS bytes
FROM pg_settings WHERE name IN ('shared_buffers', 'work_mem', 'maintenance_work_mem')
"""
LARGEST_INDEX = """
SELECT count(*) AS vectors, m.dimension FROM embeddings AS e JOIN embedding_models AS m ON m.id = e.model_id
WHERE e.by_index GROUP BY m.id ORDER BY count(*) * m.dimension DESC LIMIT 1
"""


async def examine_surroundings(settings: Settings) -> list[Finding]:
    """What the settings ask for beside the database: extras, the bus, the collector of traces."""
    findings = list(_extras(settings))
    for subject, url in (("bus", settings.live_broadcast_url), ("traces", settings.traces_url)):
        if url is not None and not url.startswith("memory://"):
            findings.append(await _reach(subject, url))
    return findings


def _extras(settings: Settings) -> list[Finding]:
    wanted = {
        "cryptography": settings.backup_passphrase is not None,
        "boto3": (settings.backup_destination or "").startswith("s3://"),
        "opentelemetry": settings.traces_url is not None,
    }
    missing = [package for package, needed in wanted.items() if needed and find_spec(package) is None]
    if not any(wanted.values()):
        return []
    says = f"{', '.join(missing)} missing; `pip install -r app/requirements.lock`" if missing else "all installed"
    return [Finding("extras", not missing, says)]


async def _reach(subject: str, url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or {"redis": 6379, "rediss": 6379, "https": 443, "http": 80}.get(parts.scheme, 5432)
    where = f"{parts.hostname}:{port}"
    if parts.hostname is None:
        return Finding(subject, True, "over a local socket")
    try:
        async with asyncio.timeout(REACH_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
        writer.close()
    except (OSError, TimeoutError) as error:
        return Finding(subject, False, f"{where} cannot be reached ({error or 'no answer'}); start it, or unset it")
    return Finding(subject, True, f"{where} can be reached")


async def examine_operations(connection: Connection, settings: Settings) -> list[Finding]:
    """What the migrated database tells."""
    last, good = await find_last_backup(connection), await find_last_successful_backup(connection)
    signs = await operations.get_system_metrics(connection)
    return [
        judge_backups(settings, last, good, datetime.now(UTC)),
        judge_queues(signs.queues),
        await find_open_transaction(connection, LONG_TRANSACTION_SECONDS),
        await _memory(connection, settings),
        await examine_ownership(connection),
    ]


def judge_backups(settings: Settings, last: BackupRunRow | None, good: BackupRunRow | None, now: datetime) -> Finding:
    """Whether there is a backup, it is as young as BACKUP_INTERVAL asks, and the last one did not fail."""
    if last is not None and last.error is not None:
        return Finding("backups", False, f"the last one, to {last.destination}, failed: {last.error}")
    if settings.backup_destination is None:
        made = "none was made yet" if good is None else f"the last one is of {good.finished_at:%Y-%m-%d %H:%M} UTC"
        return Finding(
            "backups", True, f"not scheduled, {made}; set BACKUP_DESTINATION, or run `python -m app backup --to DIR`"
        )
    if good is None:
        return Finding("backups", False, "none was made yet; run `python -m app backup`, or start the backup service")
    age = now - good.finished_at
    if age > timedelta(seconds=settings.backup_interval * LATE):
        return Finding("backups", False, f"the last is {age.total_seconds() / 3600:.0f} hours old; see the log")
    return Finding(
        "backups", True, f"{good.name}, {(good.bytes or 0) / MIB:.1f} MiB, {age.total_seconds() / 3600:.0f} hours old"
    )


def judge_queues(queues: Sequence[operations.QueueDepth]) -> Finding:
    """Whether work that is due is taken up."""
    waiting = [queue for queue in queues if queue.status == "pending"]
    late = [queue for queue in waiting if queue.oldest_seconds > WAITING_SECONDS]
    if late:
        says = ", ".join(f"{queue.depth} {queue.queue}, the oldest for {queue.oldest_seconds:.0f} s" for queue in late)
        return Finding("work", False, f"{says}; run more bridges, or raise WORKER_CONCURRENCY")
    return Finding("work", True, f"{sum(queue.depth for queue in waiting)} wait for a bridge")


async def find_open_transaction(connection: Connection, longest: float) -> Finding:
    """A transaction that stays open keeps every event behind it from everybody."""
    row = await connection.fetchrow(LONGEST_TRANSACTION)
    if row is None or row["seconds"] < longest:
        return Finding("transactions", True, "none is open for long")
    return Finding("transactions", False, f"one of {row['who']} is open for {row['seconds']:.0f} s; events wait for it")


async def _memory(connection: Connection, settings: Settings) -> Finding:
    """PostgreSQL's memory against what suits this machine; elsewhere it is only told."""
    found = {row["name"]: row["bytes"] for row in await connection.fetch(MEMORY)}
    shown = ", ".join(f"{name} {size // MIB} MiB" for name, size in sorted(found.items()))
    if (index := await connection.fetchrow(LARGEST_INDEX)) is not None:
        needed = hnsw_build_bytes(index["vectors"], index["dimension"])
        if needed > found["maintenance_work_mem"]:
            says = f"{index['vectors']:,} vectors are indexed; before a restore, have maintenance_work_mem = "
            return Finding(
                "database memory", True, f"{shown}; {says}{needed // MIB + 1}MB, or it takes many times longer"
            )
    embedded = settings.database_url is None
    shape = tune_embedded if embedded else tune
    suits = shape(machine_memory(), processors=os.cpu_count() or 1)
    if embedded or found["shared_buffers"] >= suits.shared_buffers // 4:
        return Finding("database memory", True, shown)
    # Another machine's memory cannot be seen from here, so this is advice and no fault.
    advice = f"on a server like this machine, shared_buffers = {suits.shared_buffers // MIB}MB would suit"
    return Finding("database memory", True, f"{shown}; {advice}")
