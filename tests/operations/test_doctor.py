"""The checks of `doctor` on a running installation."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app.files.retention import FileRetention
from app.files.store import FileStore
from app.operations.doctor_checks import (
    Finding,
    check_backups,
    check_dependencies,
    check_operation,
    check_queues,
    check_transactions,
)
from app.operations.doctor_files import check_files
from app.settings import Settings
from sql.pool import Database
from sql.repositories.operations import QueueDepth
from sql.service_rows import BackupRunRow
from sql.statements import Connection
from tests.files.stored import objects_in, unreachable, upload

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SCHEDULED = Settings(backup_destination="/kept", backup_interval=86400)


def run(hours_ago: float, error: str | None = None) -> BackupRunRow:
    ended = NOW - timedelta(hours=hours_ago)
    return BackupRunRow("/kept", ended, ended, None if error else "resonant-x.dump", None if error else 2**20, error)


@pytest.mark.parametrize(
    ("settings", "last", "finished", "ok", "text"),
    [
        (Settings(), None, None, True, "not scheduled, none yet"),
        (Settings(), run(50), run(50), True, "the last one is of 2026-11-21"),
        (Settings(), run(1, "disk full"), run(50), False, "failed: disk full"),
        (SCHEDULED, None, None, False, "none yet"),
        (SCHEDULED, run(2), run(2), True, "1.0 MiB, 2 hours old"),
        (SCHEDULED, run(31), run(31), False, "31 hours old"),
        (SCHEDULED, run(1, "no bucket"), run(2), False, "failed: no bucket"),
    ],
)
def test_backup_check(
    settings: Settings, last: BackupRunRow | None, finished: BackupRunRow | None, ok: bool, text: str
) -> None:
    finding = check_backups(settings, last, finished, NOW)
    assert finding.ok is ok
    assert text in finding.detail


def test_late_work_is_a_problem() -> None:
    assert check_queues([]).ok
    assert check_queues(
        [QueueDepth("intents", "postponed", 3, 9e9), QueueDepth("replies", "pending", 2, 10)]
    ).detail.startswith("2 jobs are waiting")
    late = check_queues([QueueDepth("replies", "pending", 2, 1000)])
    assert not late.ok
    assert "2 replies, the oldest for 1000 s" in late.detail


async def examined(connection: Connection) -> dict[str, Finding]:
    return {finding.subject: finding for finding in await check_operation(connection, Settings(database_url="x"))}


async def test_long_transaction_is_reported_with_its_client(connection: Connection, database_url: str) -> None:
    assert (await check_transactions(connection, 0.0)).ok
    holding = await asyncpg.connect(database_url, server_settings={"application_name": "a forgotten psql"})
    async with holding.transaction():
        await holding.execute("SELECT pg_current_xact_id()")
        finding = await check_transactions(connection, 0.0)
    await holding.close()
    assert not finding.ok
    assert "a forgotten psql" in finding.detail


async def test_unreachable_dependency_is_reported_with_its_address() -> None:
    settings = Settings(
        live_broadcast_url="redis://127.0.0.1:9", traces_url="http://127.0.0.1:9", backup_passphrase="x"
    )
    findings = {finding.subject: finding for finding in await check_dependencies(settings)}
    assert not findings["bus"].ok
    assert "127.0.0.1:9" in findings["traces"].detail
    assert findings["extras"].ok
    assert await check_dependencies(Settings()) == []


async def test_database_memory_is_reported(connection: Connection) -> None:
    assert "shared_buffers" in (await examined(connection))["database memory"].detail


async def test_index_larger_than_maintenance_work_mem_is_reported(connection: Connection) -> None:
    await connection.execute("SET maintenance_work_mem = '64kB'")
    await connection.execute("INSERT INTO embedding_models (name, dimension, active) VALUES ('m', 4, true)")
    detail = (await examined(connection))["database memory"].detail
    assert "are indexed" not in detail
    await connection.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    await connection.execute(
        "INSERT INTO intents (user_id, description, actor) SELECT 'ann', 'x', 'me' FROM generate_series(1, 200)"
    )
    await connection.execute(
        """
        INSERT INTO embeddings (subject_id, model_id, chunk, user_id, scope_id, kind, occurred_at, embedding, by_index)
        SELECT subject_id, (SELECT id FROM embedding_models), 0, 'ann', scope_id, kind, occurred_at, '[1,2,3,4]', true
        FROM search_entries
        """
    )
    detail = (await examined(connection))["database memory"].detail
    assert "200 vectors are indexed" in detail
    assert "maintenance_work_mem = 1MB" in detail


async def test_object_store_is_tried_and_what_is_not_deleted_is_reported(database: Database, bucket: str) -> None:
    await database.pool.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    await upload(database, FileStore(), b"in the database")
    stored = await upload(database, FileStore(f"s3://{bucket}/files"), b"an object")
    in_bucket = Settings(files_store="s3", backup_destination=f"s3://{bucket}/backups")

    async def found(settings: Settings) -> dict[str, Finding]:
        async with database.connection() as connection:
            return {finding.subject: finding for finding in await check_files(connection, settings)}

    findings = await found(in_bucket)
    assert (findings["object store"].ok, len(findings)) == (True, 2)
    assert "1 in the object store, 1 in the database" in findings["files"].detail
    assert "files move --to s3" in findings["files"].detail
    assert list(objects_in(bucket).values()) == [b"an object"]
    assert (await found(Settings()))["object store"].ok
    await database.pool.execute("UPDATE attachments SET object = NULL WHERE id = $1", stored.id)
    with unreachable():
        await FileRetention(database, FileStore()).delete_objects()
        findings = await found(in_bucket)
    assert [(each, findings[each].ok) for each in ("object store", "deleted files")] == [
        ("object store", False),
        ("deleted files", False),
    ]
    assert "127.0.0.1:9" in findings["deleted files"].detail
    assert "AWS_ENDPOINT_URL_S3" in findings["object store"].detail
