"""Checks of `doctor` on a running installation: dependencies, backups, queues, transactions, memory, ownership."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from urllib.parse import urlsplit

from app.database.logins import describe_ownership
from app.database.tuning import MIB, hnsw_build_bytes, machine_memory, tune, tune_embedded
from app.settings import Settings
from app.settings.service import BackupSettings
from sql.repositories.operations import (
    QueueDepth,
    find_last_backup,
    find_last_successful_backup,
    get_system_metrics,
)
from sql.service_rows import BackupRunRow
from sql.statements import Connection

OVERDUE = 1.25  # times BACKUP_INTERVAL
LONG_TRANSACTION_SECONDS = 60.0
LATE_SECONDS = 300.0
CONNECT_SECONDS = 3.0

LONGEST_TRANSACTION = """
SELECT coalesce(nullif(application_name, ''), usename::text, 'unknown') AS client,
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


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    subject: str
    ok: bool
    detail: str

    def line(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.subject}: {self.detail}"


async def check_dependencies(settings: Settings) -> list[Finding]:
    """Optional packages, the bus and the trace collector, as far as the settings use them."""
    findings = list(_extras(settings))
    for subject, url in (("bus", settings.live_broadcast_url), ("traces", settings.traces_url)):
        if url is not None and not url.startswith("memory://"):
            findings.append(await _check_reachable(subject, url))
    return findings


def _extras(settings: Settings) -> list[Finding]:
    packages = {
        "cryptography": settings.backup_passphrase is not None,
        "boto3": settings.files_store == "s3" or (settings.backup_destination or "").startswith("s3://"),
        "opentelemetry": settings.traces_url is not None,
    }
    missing = [package for package, needed in packages.items() if needed and find_spec(package) is None]
    if not any(packages.values()):
        return []
    detail = f"{', '.join(missing)} missing; `pip install -r app/requirements.lock`" if missing else "all installed"
    return [Finding("extras", not missing, detail)]


async def _check_reachable(subject: str, url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or {"redis": 6379, "rediss": 6379, "https": 443, "http": 80}.get(parts.scheme, 5432)
    address = f"{parts.hostname}:{port}"
    if parts.hostname is None:
        return Finding(subject, True, "over a local socket")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
        writer.close()
    except (OSError, TimeoutError) as error:
        return Finding(subject, False, f"{address} cannot be reached ({error or 'no answer'}); start it, or unset it")
    return Finding(subject, True, f"{address} can be reached")


async def check_operation(connection: Connection, settings: Settings) -> list[Finding]:
    """Checks of the migrated database."""
    last, finished = await find_last_backup(connection), await find_last_successful_backup(connection)
    metrics = await get_system_metrics(connection)
    return [
        check_backups(settings, last, finished, datetime.now(UTC)),
        check_queues(metrics.queues),
        await check_transactions(connection, LONG_TRANSACTION_SECONDS),
        await _memory(connection, settings),
        Finding("owner", True, await describe_ownership(connection)),
    ]


def check_backups(
    settings: BackupSettings, last: BackupRunRow | None, finished: BackupRunRow | None, now: datetime
) -> Finding:
    """Whether the last run succeeded and the last finished backup is not older than BACKUP_INTERVAL allows."""
    if last is not None and last.error is not None:
        return Finding("backups", False, f"the last one, to {last.destination}, failed: {last.error}")
    if settings.backup_destination is None:
        made = "none yet" if finished is None else f"the last one is of {finished.finished_at:%Y-%m-%d %H:%M} UTC"
        return Finding(
            "backups", True, f"not scheduled, {made}; set BACKUP_DESTINATION, or run `python -m app backup --to DIR`"
        )
    if finished is None:
        return Finding("backups", False, "none yet; run `python -m app backup`, or start the backup service")
    age = now - finished.finished_at
    if age > timedelta(seconds=settings.backup_interval * OVERDUE):
        return Finding("backups", False, f"the last is {age.total_seconds() / 3600:.0f} hours old; see the log")
    return Finding(
        "backups",
        True,
        f"{finished.name}, {(finished.bytes or 0) / MIB:.1f} MiB, {age.total_seconds() / 3600:.0f} hours old",
    )


def check_queues(queues: Sequence[QueueDepth]) -> Finding:
    """Whether work that is due is claimed in time."""
    waiting = [queue for queue in queues if queue.status == "pending"]
    late = [queue for queue in waiting if queue.oldest_seconds > LATE_SECONDS]
    if late:
        detail = ", ".join(
            f"{queue.depth} {queue.queue}, the oldest for {queue.oldest_seconds:.0f} s" for queue in late
        )
        return Finding("work", False, f"{detail}; run more bridges, or raise WORKER_CONCURRENCY")
    return Finding("work", True, f"{sum(queue.depth for queue in waiting)} jobs are waiting for a bridge")


async def check_transactions(connection: Connection, longest: float) -> Finding:
    """Whether a transaction is open for more than `longest` seconds; later events are held back until it ends."""
    row = await connection.fetchrow(LONGEST_TRANSACTION)
    if row is None or row["seconds"] < longest:
        return Finding("transactions", True, "no long transaction")
    return Finding(
        "transactions", False, f"{row['client']} has been in one for {row['seconds']:.0f} s; events are held back"
    )


async def _memory(connection: Connection, settings: Settings) -> Finding:
    """PostgreSQL's memory settings; never a failure, because the server may run on another machine."""
    found = {row["name"]: row["bytes"] for row in await connection.fetch(MEMORY)}
    shown = ", ".join(f"{name} {size // MIB} MiB" for name, size in sorted(found.items()))
    if (index := await connection.fetchrow(LARGEST_INDEX)) is not None:
        needed = hnsw_build_bytes(index["vectors"], index["dimension"])
        if needed > found["maintenance_work_mem"]:
            detail = f"{index['vectors']:,} vectors are indexed; a restore is slow unless maintenance_work_mem = "
            return Finding("database memory", True, f"{shown}; {detail}{needed // MIB + 1}MB or more")
    embedded = settings.database_url is None
    recommended = (tune_embedded if embedded else tune)(machine_memory(), processors=os.cpu_count() or 1)
    if embedded or found["shared_buffers"] >= recommended.shared_buffers // 4:
        return Finding("database memory", True, shown)
    advice = f"for a server with the memory of this machine, use shared_buffers = {recommended.shared_buffers // MIB}MB"
    return Finding("database memory", True, f"{shown}; {advice}")
