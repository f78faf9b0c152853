"""Backup, verification, encryption, rotation and restore."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database.embedded import EmbeddedDatabase
from app.database.logins import OWNER
from app.errors import OperationFailed
from app.operations.backup.bucket_storage import BucketStorage
from app.operations.backup.create import DAYS, MONTHS, WEEKS, backups_to_keep, create_backup, seconds_until_due
from app.operations.backup.directory_storage import DirectoryStorage
from app.operations.backup.encryption import Encryptor
from app.operations.backup.fetch import Trust, find_backup
from app.operations.backup.manifest import decode_manifest, digest_tables, manifest_name, name_for, time_of
from app.operations.backup.restore import restore_backup, verify_backup
from app.operations.backup.storage import Storage, put, storage_at
from app.operations.progress import Silent
from sql.repositories.operations import BACKUP_LOCK
from sql.repositories.webhook_deliveries import collect_deliveries
from sql.statements import Connection
from tests.conftest import TEMPLATE, create_database
from tests.homes import new_directory
from tests.processes import program, run_to_completion
from tests.timeouts import TIMEOUT

CONVERSATION = """
WITH told AS (INSERT INTO conversations (user_id, title) VALUES ('u', 'talk') RETURNING id)
INSERT INTO messages (user_id, conversation_id, content, message_type)
SELECT 'u', told.id, content, 'user' FROM told, unnest(ARRAY['first 語', 'second']) AS content
"""
QUIET = Silent()


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """A connection to a database with a user and one conversation of two messages."""
    opened = await asyncpg.connect(database_url)
    await opened.execute("INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner')")
    await opened.execute(CONVERSATION)
    yield opened
    await opened.close()


@pytest.fixture
async def others(server: EmbeddedDatabase) -> AsyncIterator[Callable[[], str]]:
    """Creates database names; these databases and those that a restore kept are dropped at the end."""
    prefix = f"restored_{uuid4().hex[:8]}"
    names = (f"{prefix}_{number}" for number in range(10))
    yield lambda: server.dsn(next(names))
    admin: Any = await asyncpg.connect(server.dsn("postgres"))
    for row in await admin.fetch("SELECT datname FROM pg_database WHERE datname LIKE $1 || '%'", prefix):
        await admin.execute(f"DROP DATABASE {row[0]} WITH (FORCE)")
    await admin.close()


async def back_up(dsn: str, storage: Storage, passphrase: str | None = None) -> str:
    return (await create_backup(dsn, storage, passphrase=passphrase, report=QUIET)).name


async def restore(
    dsn: str, storage: Storage, name: str, *, passphrase: str | None = None, over: bool = False
) -> str | None:
    _, old = await restore_backup(dsn, storage, name, trust=Trust(passphrase), replace=over, report=QUIET)
    return old


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_backup_during_writes_is_consistent(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    async def write_on() -> None:
        while True:
            await connection.execute(CONVERSATION)

    writing = asyncio.create_task(write_on())
    storage = DirectoryStorage(tmp_path)
    name = await back_up(database_url, storage)
    writing.cancel()
    await asyncio.wait([writing])
    await verify_backup(database_url, storage, name, trust=Trust(None), report=QUIET)
    restored = others()
    await restore(restored, storage, name)
    conversations = await ask(restored, "SELECT count(*) FROM conversations")
    assert isinstance(conversations, int)
    assert conversations >= 1
    assert await ask(restored, "SELECT count(*) FROM messages") == 2 * conversations
    assert await ask(restored, "SELECT content FROM messages ORDER BY content LIMIT 1") == "first 語"
    assert await ask(restored, "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'messages'") == OWNER
    assert not await ask(restored, "SELECT has_function_privilege('resonant_api', 'drop_model_index(int2)', 'EXECUTE')")


async def test_restored_database_continues_events_in_order_with_a_new_stream(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    # The transaction numbers of the source server are higher than those of the target.
    await connection.execute("UPDATE events SET xid = '900000000000'")
    stream = await connection.fetchval("SELECT id FROM event_stream")
    storage, restored = DirectoryStorage(tmp_path), others()
    await restore(restored, storage, await back_up(database_url, storage))
    await ask(restored, CONVERSATION)
    settled = "SELECT count(*) FROM events WHERE xid < pg_snapshot_xmin(pg_current_snapshot())"
    assert await ask(restored, settled) == 7  # of the default project, of two conversations and their four messages
    newest = "SELECT array_agg(kind ORDER BY xid DESC, id DESC) FROM events"
    assert (await ask(restored, newest))[:3] == ["message_created"] * 2 + ["conversation_created"]  # type: ignore[index]
    assert await ask(restored, "SELECT id FROM event_stream") != stream


async def test_webhook_of_a_restored_database_continues_after_what_it_had_read(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    rename = "UPDATE projects SET name = name || 'x'"
    await connection.execute(rename)
    await connection.execute(
        "INSERT INTO webhooks (project_id, user_id, url) SELECT id, 'u', 'https://a.b' FROM projects"
    )
    for _ in range(2):
        await connection.execute(rename)
    shift = "UPDATE {0} SET {1} = ({1}::text::bigint + 900000000000)::text::xid8"
    await connection.execute(shift.format("events", "xid"))
    await connection.execute(shift.format("webhooks", "after_xid"))
    storage, restored = DirectoryStorage(tmp_path), others()
    await restore(restored, storage, await back_up(database_url, storage))
    reader = await asyncpg.connect(restored)
    try:
        await collect_deliveries(reader, datetime.now(UTC))
        sent = await reader.fetch("SELECT payload->>'name' FROM webhook_deliveries ORDER BY event_id")
        name = await reader.fetchval("SELECT name FROM projects")
        assert [row[0] for row in sent] == [name[:-1], name]
    finally:
        await reader.close()


async def test_restore_refuses_a_database_in_use(database_url: str, connection: Connection, tmp_path: Path) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up(database_url, storage)
    with pytest.raises(OperationFailed, match="is in use by"):
        await restore(database_url, storage, name, over=True)
    assert await connection.fetchval("SELECT count(*) FROM messages") == 2


@asynccontextmanager
async def _unused(server: EmbeddedDatabase, dsn: str) -> AsyncIterator[Connection]:
    """A migrated database with one conversation; the connection is closed after the block."""
    name = dsn.rpartition("?")[0].rpartition("/")[2]
    await create_database(server, name, TEMPLATE)
    connection = await asyncpg.connect(dsn)
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner')")
    await connection.execute(CONVERSATION)
    yield connection
    await connection.close()


async def test_restore_replaces_data_only_with_replace_and_keeps_the_old_database(
    server: EmbeddedDatabase, others: Callable[[], str], tmp_path: Path
) -> None:
    storage, dsn = DirectoryStorage(tmp_path), others()
    async with _unused(server, dsn) as connection:
        name = await back_up(dsn, storage)
        await connection.execute(CONVERSATION)
    with pytest.raises(OperationFailed, match=r"has data .* --replace"):
        await restore(dsn, storage, name)
    old = await restore(dsn, storage, name, over=True)
    assert old is not None
    assert await ask(dsn, "SELECT count(*) FROM conversations") == 1
    assert await ask(server.dsn(old), "SELECT count(*) FROM conversations") == 2


async def test_restore_refuses_to_replace_a_newer_database(
    server: EmbeddedDatabase, others: Callable[[], str], tmp_path: Path
) -> None:
    storage, dsn = DirectoryStorage(tmp_path), others()
    async with _unused(server, dsn) as connection:
        name = await back_up(dsn, storage)
        await connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', 'x')")
    with pytest.raises(OperationFailed, match="newer"):
        await restore(dsn, storage, name, over=True)
    assert await ask(dsn, "SELECT count(*) FROM conversations") == 1


async def test_backup_of_a_newer_program_is_refused(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    await connection.execute("INSERT INTO schema_migrations VALUES (9999, 'later', 'x')")
    storage = DirectoryStorage(tmp_path)
    with pytest.raises(OperationFailed, match="restore it with the newer program"):
        await restore(others(), storage, await back_up(database_url, storage))


async def test_damaged_backup_is_refused_before_any_change(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up(database_url, storage)
    dump = tmp_path / name
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(OperationFailed, match="damaged"):
        await restore(others(), storage, name)
    (tmp_path / manifest_name(name)).unlink()
    with pytest.raises(OperationFailed, match="belongs next to it"):
        await restore(others(), storage, name)


async def test_verify_names_the_table_that_differs(database_url: str, connection: Connection, tmp_path: Path) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up(database_url, storage)
    manifest = tmp_path / manifest_name(name)
    manifest.write_bytes(manifest.read_bytes().replace(b'"messages":{"rows":2', b'"messages":{"rows":3').replace(
        b'"messages": {\n      "rows": 2', b'"messages": {\n      "rows": 3'))  # fmt: skip
    with pytest.raises(OperationFailed, match="messages has 2 rows instead of 3"):
        await verify_backup(database_url, storage, name, trust=Trust(None), report=QUIET)
    assert await ask(database_url, "SELECT count(*) FROM pg_database WHERE datname LIKE 'resonant\\_restored\\_%'") == 0


async def test_digest_depends_on_rows_but_not_on_their_order(connection: Connection) -> None:
    async def digest() -> object:
        async with connection.transaction():
            return (await digest_tables(connection))["messages"]

    before = await digest()
    await connection.execute("UPDATE messages SET content = content")  # changes the physical order of the rows
    assert await digest() == before
    await connection.execute("UPDATE messages SET content = 'other' WHERE content = 'second'")
    assert await digest() != before


async def test_encrypted_backup_needs_its_passphrase(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up(database_url, storage, "correct horse")
    assert b"PGDMP" not in (tmp_path / name).read_bytes()
    with pytest.raises(OperationFailed, match="BACKUP_PASSPHRASE is not the one"):
        await verify_backup(database_url, storage, name, trust=Trust("battery"), report=QUIET)
    with pytest.raises(OperationFailed, match="set BACKUP_PASSPHRASE"):
        await restore(others(), storage, name)
    restored = others()
    await restore(restored, storage, name, passphrase="correct horse")
    assert await ask(restored, "SELECT count(*) FROM messages") == 2


@pytest.fixture(params=["directory", "bucket"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """A directory, and a bucket of an S3 server."""
    if request.param == "directory":
        return storage_at(str(tmp_path / "kept"))
    return storage_at(f"s3://{request.getfixturevalue('bucket')}/kept")


def change(storage: Storage, name: str, edit: Callable[[bytes], bytes], *, to: str | None = None) -> str:
    """Store the edited content of a file, also under another name; returns that name."""
    put(storage, to or name, edit(b"".join(storage.read(name))))
    return to or name


async def refusal(dsn: str, storage: Storage, name: str, trust: Trust) -> str:
    with pytest.raises(OperationFailed) as refused:
        await verify_backup(dsn, storage, name, trust=trust, report=QUIET)
    return str(refused.value)


async def test_with_a_passphrase_only_backups_encrypted_with_it_are_accepted(
    database_url: str, connection: Connection, others: Callable[[], str], target: Storage, tmp_path: Path
) -> None:
    encrypted = await back_up(database_url, target, "correct horse")
    plain = await back_up(database_url, target)
    assert find_backup(target.address_of("").rstrip("/"))[1] == plain
    trust = Trust("correct horse")
    restored = others()
    for refused in (verify_backup(database_url, target, plain, trust=trust, report=QUIET),
                    restore_backup(restored, target, plain, trust=trust, replace=True, report=QUIET)):  # fmt: skip
        with pytest.raises(OperationFailed, match="not encrypted although BACKUP_PASSPHRASE is set"):
            await refused
    await verify_backup(database_url, target, encrypted, trust=trust, report=QUIET)
    told = Trust("correct horse", accept_unencrypted=True)
    await restore_backup(restored, target, plain, trust=told, replace=False, report=QUIET)
    # A plain dump under the name of an encrypted one, with a manifest of either name.
    disguised = change(target, plain, lambda dump: dump, to=f"{plain}.enc")
    change(target, manifest_name(plain), lambda text: text, to=manifest_name(disguised))
    assert "renamed or replaced" in await refusal(database_url, target, disguised, told)
    renamed = lambda text: text.replace(plain.encode(), disguised.encode())  # noqa: E731
    change(target, manifest_name(disguised), renamed)
    assert "is not an encrypted backup" in await refusal(database_url, target, disguised, told)


async def test_encrypted_backup_with_a_changed_truncated_or_swapped_manifest_is_refused(
    database_url: str, connection: Connection, tmp_path: Path
) -> None:
    storage, trust = DirectoryStorage(tmp_path / "kept"), Trust("correct horse")
    old = await back_up(database_url, storage, "correct horse")
    old_dump, old_manifest = ((tmp_path / "kept" / each).read_bytes() for each in (old, manifest_name(old)))
    name = await back_up(database_url, storage, "correct horse")
    manifest, dump = manifest_name(name), tmp_path / "kept" / name
    whole, sealed = (tmp_path / "kept" / manifest).read_bytes(), dump.read_bytes()

    def says(said: str) -> Callable[[bytes], bytes]:
        edited = decode_manifest(whole, name)
        tables = {table: replace(digest, rows=0) for table, digest in edited.tables.items()}
        other = {"date": replace(edited, created_at="2020-01-01"), "rows": replace(edited, tables=tables)}[said]
        return lambda text: other.encode()

    for edit in (says("date"), says("rows")):
        change(storage, manifest, edit)
        assert "its manifest was changed" in await refusal(database_url, storage, name, trust)
    for edit, reason in ((lambda text: text[:-20], "invalid"), (lambda text: b"{}", "invalid")):
        change(storage, manifest, edit)
        assert reason in await refusal(database_url, storage, name, trust)
    # The newest backup replaced by an older one, whose manifest is changed to fit.
    change(storage, name, lambda newest: old_dump)
    change(storage, manifest, lambda newest: old_manifest)
    assert "renamed or replaced" in await refusal(database_url, storage, name, trust)
    change(storage, manifest, lambda text: text.replace(old.encode(), name.encode()))
    assert "its manifest was changed" in await refusal(database_url, storage, name, trust)
    for length in (0, 20, 41, 45, len(sealed) - 1):
        dump.write_bytes(sealed[:length])
        short = replace(decode_manifest(whole, name), sha256=sha256(sealed[:length]).hexdigest())
        change(storage, manifest, lambda text, short=short: short.encode())  # type: ignore[misc]
        assert await refusal(database_url, storage, name, trust)


async def test_encrypted_backup_of_an_earlier_program_is_restored(
    database_url: str, connection: Connection, others: Callable[[], str], tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    plain = await back_up(database_url, storage)
    manifest = decode_manifest((tmp_path / manifest_name(plain)).read_bytes(), plain)
    earlier, stored = replace(manifest, name=f"{plain}.enc", format=1), bytearray()
    encryptor = Encryptor(stored.extend, "correct horse", earlier.bound())  # then bound to all of the manifest
    encryptor.write((tmp_path / plain).read_bytes())
    encryptor.finish()
    put(storage, earlier.name, bytes(stored))
    earlier = replace(earlier, size=len(stored), sha256=sha256(stored).hexdigest())
    for edited, reason in ((replace(earlier, created_at="2020"), "its manifest was changed"),
                           (replace(earlier, format=2), "its manifest was changed")):  # fmt: skip
        put(storage, manifest_name(earlier.name), edited.encode())
        assert reason in await refusal(database_url, storage, earlier.name, Trust("correct horse"))
    put(storage, manifest_name(earlier.name), earlier.encode())
    restored = others()
    await restore(restored, storage, earlier.name, passphrase="correct horse")
    assert await ask(restored, "SELECT count(*) FROM messages") == 2


async def test_rotation_of_plain_backups_deletes_no_encrypted_one(
    database_url: str, connection: Connection, tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    encrypted = await back_up(database_url, storage, "correct horse")
    for _ in range(2):
        plain = await back_up(database_url, storage)
    assert {name for name in storage.names() if time_of(name)} == {encrypted, plain}


async def test_second_backup_at_the_same_time_is_refused(
    database_url: str, connection: Connection, tmp_path: Path
) -> None:
    await connection.execute("SELECT pg_advisory_lock($1)", BACKUP_LOCK)
    with pytest.raises(OperationFailed, match="Another backup"):
        await back_up(database_url, DirectoryStorage(tmp_path))


async def test_failure_is_recorded_and_the_next_run_closes_a_killed_run(
    database_url: str, connection: Connection, tmp_path: Path
) -> None:
    await connection.execute("INSERT INTO backup_runs (destination) VALUES ('killed')")
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationFailed, match="cannot be written"):
        await back_up(database_url, DirectoryStorage(tmp_path / "file/below"))
    rows = await connection.fetch("SELECT error FROM backup_runs ORDER BY id")
    assert "killed before" in rows[0]["error"]
    assert "cannot be written" in rows[1]["error"]
    assert await seconds_until_due(database_url, 3600) == 0
    await back_up(database_url, DirectoryStorage(tmp_path / "good"))
    assert 3590 < await seconds_until_due(database_url, 3600) <= 3600


MOMENTS = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=60)  # noqa: DTZ001


@given(MOMENTS)
def test_rotation_keeps_the_newest_and_at_most_one_backup_per_period(moments: list[datetime]) -> None:
    keep = backups_to_keep(moments)
    assert keep <= set(moments)
    assert len(keep) <= DAYS + WEEKS + MONTHS
    if moments:
        assert max(moments) in keep
    assert backups_to_keep(keep) == keep
    assert len({m.date() for m in keep}) >= min(DAYS, len({m.date() for m in moments}))
    assert len({(m.year, m.month) for m in keep}) >= min(MONTHS, len({(m.year, m.month) for m in moments}))


def test_rotation_after_a_year_of_daily_backups_keeps_7_days_4_weeks_and_12_months() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    keep = backups_to_keep(now - timedelta(days=day) for day in range(500))
    assert {now - timedelta(days=day) for day in range(7)} <= keep
    sundays = [datetime(2026, 11, day, 3, tzinfo=UTC) for day in (22, 15, 8)]
    assert set(sundays) <= keep
    assert len({(m.year, m.month) for m in keep}) == 12
    assert len(keep) == 7 + 2 + 11  # the newest backup counts for its day, week and month


async def test_rotation_deletes_old_backups_but_no_other_files(
    database_url: str, connection: Connection, tmp_path: Path
) -> None:
    day = datetime(2020, 1, 2, tzinfo=UTC)
    for hour in range(3):
        name = name_for(day + timedelta(hours=hour), encrypted=False)
        (tmp_path / name).write_bytes(b"")
        (tmp_path / manifest_name(name)).write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")
    name = await back_up(database_url, DirectoryStorage(tmp_path))
    dumps = {name for name in DirectoryStorage(tmp_path).names() if time_of(name)}
    assert dumps == {name, name_for(day + timedelta(hours=2), encrypted=False)}
    assert (tmp_path / "notes.txt").exists()


async def test_backup_is_stored_in_a_bucket_and_restored(
    database_url: str, connection: Connection, others: Callable[[], str], bucket: str
) -> None:
    address = f"s3://{bucket}/some/prefix"
    storage = storage_at(address)
    assert isinstance(storage, BucketStorage)
    name = await back_up(database_url, storage)
    found, newest = find_backup(address)
    assert newest == name
    assert found.address_of(newest) == f"{address}/{name}"
    restored = others()
    await restore(restored, *find_backup(f"{address}/{name}"))
    assert await ask(restored, "SELECT count(*) FROM messages") == 2
    storage.remove(name)
    with pytest.raises(OperationFailed, match=r"Reading .* failed"):
        await restore(others(), storage, name)


def test_missing_backup_is_reported(bucket: str) -> None:
    for address in (f"s3://{bucket}/none", "s3://", "/nowhere/at/all", "file.txt"):
        with pytest.raises(OperationFailed):
            find_backup(address)


def test_invalid_manifest_is_refused() -> None:
    for text in (b"", b"[]", b"{}", b'{"format": 2}', b'{"format": 1, "tables": []}'):
        with pytest.raises(OperationFailed):
            decode_manifest(text, "resonant-20260101T000000000Z.dump")


@contextmanager
def short_home() -> Iterator[Path]:
    """A directory that, unlike `tmp_path`, the system user of the database can reach."""
    directory = new_directory("backup")
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def home() -> Iterator[Path]:
    with short_home() as directory:
        yield directory


async def test_backup_and_restore_as_commands(home: Path) -> None:
    environment = {"RESONANT_DATA_DIR": str(home / "data"), "BACKUP_DESTINATION": str(home / "kept")}
    code, output = await run_to_completion("backup", **environment)
    assert code == 0, output
    assert "rows in" in output
    code, output = await run_to_completion("backup", "verify", str(home / "kept"), **environment)
    assert code == 0, output
    assert "are identical" in output
    code, output = await run_to_completion("restore", str(home / "kept"), RESONANT_DATA_DIR=str(home / "other"))
    assert code == 0, output
    assert "✓ restored" in output
    code, output = await run_to_completion("backup", RESONANT_DATA_DIR=str(home / "data"), BACKUP_DESTINATION="")
    assert code == 1
    assert "BACKUP_DESTINATION" in output


async def test_running_system_creates_scheduled_backups(home: Path) -> None:
    environment = {"RESONANT_DATA_DIR": str(home / "data"), "BACKUP_DESTINATION": str(home / "kept"), "PORT": "0"}
    async with program("run", **environment) as running:
        await running.wait_for_output("Ctrl-C stops everything.")
        async with asyncio.timeout(TIMEOUT):
            while not list((home / "kept").glob("*.json")):  # noqa: ASYNC110 - it is made in its own time
                await asyncio.sleep(0.05)
        assert await running.stop() == 0, running.output
    assert "Traceback" not in running.output
    assert oct(os.stat(next((home / "kept").glob("*.dump"))).st_mode)[-3:] == "600"
