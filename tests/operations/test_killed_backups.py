"""What a killed backup leaves: nothing in the clear, and nothing that the next start does not delete."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.errors import OperationFailed
from app.operations.backup.bucket_storage import PART_BYTES
from app.operations.backup.create import create_backup
from app.operations.backup.directory_storage import DirectoryStorage
from app.operations.backup.fetch import Trust
from app.operations.backup.restore import restore_backup, verify_backup
from app.operations.backup.scratch import LOCK
from app.operations.backup.storage import Storage, put, storage_at
from app.operations.progress import Silent
from sql.pool import Database
from tests.logins import PASSWORD, as_login
from tests.operations.test_backup import CONVERSATION, ask, connection, target  # noqa: F401 - fixtures
from tests.processes import program, run_to_completion
from tests.timeouts import TIMEOUT

QUIET = Silent()
DUMPS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = current_database()"
SCRATCH = "SELECT count(*) FROM pg_database WHERE datname LIKE 'resonant\\_restored\\_%'"


async def wait_for_dumps(database: Database, count: int) -> None:
    async with asyncio.timeout(TIMEOUT):
        while await database.pool.fetchval(DUMPS) != count:  # noqa: ASYNC110 - pg_dump does not say when it waits
            await asyncio.sleep(0.05)


async def test_killed_backup_leaves_no_dump_and_no_process(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    kept, scratch = tmp_path / "kept", tmp_path / "scratch"
    scratch.mkdir()
    settings = {
        "DATABASE_URL": database_url, "TMPDIR": str(scratch),
        "BACKUP_DESTINATION": str(kept), "BACKUP_PASSPHRASE": "correct horse battery",
    }  # fmt: skip
    async with database.transaction() as blocking:
        await blocking.execute("LOCK bridge_heartbeats")  # its content is not dumped, but pg_dump waits for the lock
        async with program("backup", **settings) as running:
            await wait_for_dumps(database, 1)
            assert [name.endswith(".part") for name in os.listdir(kept)] == [True]
            running.process.kill()
    await wait_for_dumps(database, 0)
    assert os.listdir(scratch) == []
    [part] = os.listdir(kept)
    assert b"PGDMP" not in (kept / part).read_bytes()
    _, output = await run_to_completion("doctor", **settings)
    assert f"leftovers of killed processes: {part}" in output
    code, output = await run_to_completion("backup", **settings)
    assert code == 0, output
    assert all(name.startswith("resonant-") for name in os.listdir(kept))
    assert os.listdir(scratch) == []


async def test_unfinished_files_are_deleted_before_the_next_backup(
    database_url: str, target: Storage  # noqa: F811
) -> None:  # fmt: skip
    name = "resonant-20260101T000000000Z.dump"
    upload = target.open(name)
    upload.write(bytes(PART_BYTES))
    assert [each.strip(".").removesuffix(".part") for each in target.unfinished()] == [name]
    assert target.names() == []
    made = await create_backup(database_url, target, passphrase=None, report=QUIET)
    assert target.unfinished() == []
    assert target.names() == [made.name, f"{made.name}.json"]
    upload.abort()


def test_a_file_of_several_parts_is_read_as_it_was_written(target: Storage) -> None:  # noqa: F811
    content = os.urandom(2 * PART_BYTES + 17)
    put(target, "several", content)
    assert b"".join(target.read("several")) == content


async def test_unwritable_storage_is_noticed_before_the_dump(
    database: Database, database_url: str, tmp_path: Path, bucket: str
) -> None:
    (tmp_path / "file").write_text("")
    async with database.transaction() as blocking:
        await blocking.execute("LOCK messages")  # neither the checksums nor the dump could begin
        for address in (str(tmp_path / "file/below"), f"s3://{bucket}-missing/prefix"):
            with pytest.raises(OperationFailed, match=r"cannot be written|Writing .* failed"):
                await create_backup(database_url, storage_at(address), passphrase=None, report=QUIET)


async def test_temporary_databases_are_dropped_unless_they_are_in_use(
    server: EmbeddedDatabase, database_url: str, tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    name = (await create_backup(database_url, storage, passphrase=None, report=QUIET)).name
    admin = await asyncpg.connect(server.dsn("postgres"))
    try:
        left, used = (f"resonant_restored_{uuid4().hex[:12]}" for _ in range(2))
        for each in (left, used):
            await admin.execute(f"CREATE DATABASE {each} TEMPLATE template0")
        await admin.execute(LOCK, used)
        _, output = await run_to_completion("doctor", DATABASE_URL=database_url)
        assert f"leftovers of killed processes: {left};" in output
        await verify_backup(database_url, storage, name, trust=Trust(None), report=QUIET)
        assert [row[0] for row in await admin.fetch(SCRATCH.replace("count(*)", "datname"))] == [used]
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {used}")
        await admin.close()


@pytest.fixture
async def plain_login(server: EmbeddedDatabase) -> AsyncIterator[str]:
    """The URL of a database that belongs to a login without any privilege but CREATEDB; the extension is there."""
    name, database = f"login_{uuid4().hex[:12]}", f"owned_{uuid4().hex[:12]}"
    admin = await asyncpg.connect(server.dsn("postgres"))
    await admin.execute(f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{PASSWORD}'")
    await admin.execute(f"CREATE DATABASE {database} OWNER {name} TEMPLATE template0")
    await ask(server.dsn(database), "CREATE EXTENSION vector")
    yield as_login(server.dsn(database), name)
    for row in await admin.fetch("SELECT datname FROM pg_database WHERE datdba = $1::regrole", name):
        await admin.execute(f"DROP DATABASE {row[0]} WITH (FORCE)")
    await admin.execute(f"DROP ROLE {name}")
    await admin.close()


@pytest.fixture
async def extension_in_template(server: EmbeddedDatabase) -> AsyncIterator[None]:
    await ask(server.dsn("template1"), "CREATE EXTENSION vector")
    yield
    await ask(server.dsn("template1"), "DROP EXTENSION vector")


async def back_up_as_owner(dsn: str, storage: Storage) -> str:
    await prepare_database(dsn)
    await ask(dsn, "INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner')")
    await ask(dsn, CONVERSATION)
    return (await create_backup(dsn, storage, passphrase=None, report=QUIET)).name


async def test_backup_is_verified_and_restored_without_superuser(
    plain_login: str, extension_in_template: None, tmp_path: Path
) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up_as_owner(plain_login, storage)
    await verify_backup(plain_login, storage, name, trust=Trust(None), report=QUIET)
    _, old = await restore_backup(plain_login, storage, name, trust=Trust(None), replace=True, report=QUIET)
    assert old is not None
    assert await ask(plain_login, "SELECT count(*) FROM messages") == 2


async def test_missing_extension_is_named_when_the_login_may_not_create_it(plain_login: str, tmp_path: Path) -> None:
    storage = DirectoryStorage(tmp_path)
    name = await back_up_as_owner(plain_login, storage)
    with pytest.raises(OperationFailed, match="`CREATE EXTENSION vector` in the database template1"):
        await verify_backup(plain_login, storage, name, trust=Trust(None), report=QUIET)
    assert await ask(plain_login, SCRATCH) == 0
