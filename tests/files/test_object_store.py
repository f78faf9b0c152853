"""Files in the object store: verified when they are read, deleted reliably, and moved without a gap."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from app.files.moving import move_file
from app.files.reading import read_file
from app.files.retention import FileRetention
from app.files.store import Damaged, FileStore, StoreUnavailable
from sql.pool import Database
from sql.repositories.attachments import find_attachments
from sql.repositories.objects import get_failed_deletions
from sql.repositories.operations import BACKUP_LOCK
from tests.files.samples import form
from tests.files.stored import PIECES, change_object, objects_in, unreachable, upload
from tests.files.test_file_requests import MULTIPART, key_of, object_store
from tests.identity.conftest import run_backend
from tests.logins import logins
from tests.processes import CLEAN_ENVIRONMENT, ROOT
from tests.timeouts import TIMEOUT

DUE = "UPDATE object_deletions SET due_at = now()"
KILLED = """
import asyncio, sys
from uuid import UUID
from app.files.store import FileStore
from app.files.writing import ObjectWriter
from sql.pool import Database, create_pool

async def main(dsn, location, file_id):
    pool = await create_pool(
        dsn, application="killed", min_size=1, max_size=2, statement_timeout=5, acquire_timeout=5)
    writer = ObjectWriter(Database(pool, acquire_timeout=5), FileStore(location), "ann", UUID(file_id), location)
    await writer.write(b"never committed")
    await writer.end()
    print("written", flush=True)
    await asyncio.sleep(3600)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def ann(database: Database) -> Database:
    """A database with this user."""
    await database.pool.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    return database


@pytest.fixture
async def store(bucket: str) -> AsyncIterator[FileStore]:
    opened = FileStore(f"s3://{bucket}/files")
    yield opened
    await opened.close()


async def content_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_large_file_is_served_in_verified_pieces_or_not_at_all(database_url: str, bucket: str) -> None:
    async with (
        logins(database_url) as login,
        run_backend(await login("resonant_api"), **object_store(bucket)) as backend,
    ):
        await backend.add_user("ann")
        await backend.add_user("bob")
        ann, bob = backend.program(await backend.token("ann")), backend.program(await backend.token("bob"))
        sent = await ann.post("/files", content=form(PIECES, "報告.pdf"), headers=MULTIPART)
        url = f"/files/{sent.json()['id']}"
        stored = objects_in(bucket)
        first, second, last = sorted(stored, key=lambda key: int(key.rpartition("/")[2]))
        assert first.startswith("files/")
        assert stored[first] + stored[second] + stored[last] == PIECES
        assert await backend.value("SELECT count(*) FROM attachment_chunks WHERE content IS NOT NULL") == 0
        assert await backend.value("SELECT count(*) FROM object_deletions") == 0
        assert (await ann.get(url)).content == PIECES
        edge = await ann.get(url, headers={"range": "bytes=1048570-1048579"})
        assert (edge.status_code, edge.content) == (206, PIECES[1_048_570:1_048_580])
        assert key_of(await bob.get(url)) == (404, "file.not_found")
        for key, content in ((last, None), (second, b"short"), (first, None), (first, bytes(2**20))):
            change_object(bucket, key, content)
            refused = await ann.get(url)
            assert key_of(refused) == (404, "file.damaged")
            assert "報告.pdf" in refused.json()["errors"][0]["message"]
            change_object(bucket, key, stored[key])
        assert (await ann.get(url)).content == PIECES
        await backend.execute("DELETE FROM attachments")
        assert await FileRetention(backend.services.database, backend.services.files).delete_objects() == 1
        assert objects_in(bucket) == {}


async def test_upload_that_is_broken_off_leaves_nothing(database_url: str, bucket: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield form(PIECES)[: 2**20 + 2000]
        while not objects_in(bucket):  # noqa: ASYNC110 - the bucket has no event to wait for
            await asyncio.sleep(0.02)
        raise ConnectionAbortedError

    async with run_backend(database_url, **object_store(bucket)) as backend:
        await backend.add_user("ann")
        ann = backend.program(await backend.token("ann"))
        with pytest.raises(ConnectionAbortedError):
            await ann.post("/files", content=pieces(), headers=MULTIPART)
        waiting = "SELECT count(*) FROM object_deletions WHERE due_at < now() + interval '11 min'"
        async with asyncio.timeout(TIMEOUT):
            while not await backend.value(waiting):  # noqa: ASYNC110 - the database has no event to wait for
                await asyncio.sleep(0.02)
        assert await backend.value("SELECT count(*) FROM attachments") == 0
        retention = FileRetention(backend.services.database, backend.services.files)
        assert await retention.delete_objects() == 0  # a call that was cancelled may still write
        await backend.execute(DUE)
        assert await retention.delete_objects() == 1
    assert objects_in(bucket) == {}


async def test_damage_that_is_found_late_ends_the_download(ann: Database, store: FileStore, bucket: str) -> None:
    file = await upload(ann, store, PIECES)
    key = next(key for key in objects_in(bucket) if key.endswith("/1048576"))
    change_object(bucket, key, bytes(2**20))
    pieces = read_file(ann, store, file)
    assert await anext(pieces) == PIECES[: 2**20]
    with pytest.raises(Damaged):
        await anext(pieces)


async def test_unreachable_store_refuses_uploads_and_loses_nothing(database_url: str, bucket: str) -> None:
    async with run_backend(database_url, **object_store(bucket)) as backend:
        await backend.add_user("ann")
        ann = backend.program(await backend.token("ann"))
        with unreachable():
            refused = await ann.post("/files", content=form(b"hello"), headers=MULTIPART)
        assert key_of(refused) == (503, "file.store_unavailable")
        assert "try again" in refused.json()["errors"][0]["message"]
        assert await backend.value("SELECT count(*) FROM attachments") == 0
    assert objects_in(bucket) == {}


async def test_files_stay_readable_when_the_setting_changes(database_url: str, bucket: str) -> None:
    urls: list[str] = []
    for settings in (object_store(bucket), {}, object_store(bucket)):
        async with run_backend(database_url, **settings) as backend:
            if not urls:
                await backend.add_user("ann")
            ann = backend.program(await backend.token("ann", f"program {len(urls)}"))
            sent = await ann.post("/files", content=form(b"hello %d" % len(urls)), headers=MULTIPART)
            urls.append(f"/files/{sent.json()['id']}")
            assert [(await ann.get(url)).content for url in urls] == [b"hello %d" % place for place in range(len(urls))]
    assert sorted(objects_in(bucket).values()) == [b"hello 0", b"hello 2"]


async def test_objects_are_deleted_also_when_the_store_was_unreachable(
    ann: Database, store: FileStore, bucket: str
) -> None:
    await upload(ann, store, PIECES)
    await upload(ann, store, b"another")
    await ann.pool.execute("DELETE FROM users WHERE id = 'ann'")
    with unreachable():
        assert await FileRetention(ann, FileStore()).delete_objects() == 0
    async with ann.connection() as connection:
        failed = await get_failed_deletions(connection)
    assert (failed.count, "127.0.0.1:9" in failed.error) == (1, True)
    assert len(objects_in(bucket)) == 4
    retention = FileRetention(ann, store)
    assert await retention.delete_objects() == 0  # it waits before it tries again
    await ann.pool.execute(DUE)
    backup = await ann.pool.acquire()
    await backup.execute("SELECT pg_advisory_lock($1)", BACKUP_LOCK)
    assert await retention.delete_objects() == 0  # a running backup may still read them
    await backup.execute("SELECT pg_advisory_unlock($1)", BACKUP_LOCK)
    await ann.pool.release(backup)
    assert await retention.delete_objects() == 2
    assert objects_in(bucket) == {}
    assert await ann.pool.fetchval("SELECT count(*) FROM object_deletions") == 0


async def test_object_of_a_killed_upload_is_deleted_and_others_stay(
    ann: Database, store: FileStore, bucket: str, database_url: str
) -> None:
    kept = await upload(ann, store, b"kept")
    unfinished = await ann.pool.fetchval(
        "INSERT INTO attachments (user_id, name, size) VALUES ('ann', 'a.txt', 20) RETURNING id"
    )
    environment = CLEAN_ENVIRONMENT | {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, database_url, f"s3://{bucket}/files", str(unfinished),
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(TIMEOUT):
        assert await process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert sorted(objects_in(bucket).values()) == [b"kept", b"never committed"]
    retention = FileRetention(ann, store)
    assert (await retention.delete_unused(), await retention.delete_objects()) == (0, 0)
    await ann.pool.execute("UPDATE attachments SET unused_since = now() - interval '25 h' WHERE sha256 IS NULL")
    await ann.pool.execute(DUE)
    assert (await retention.delete_unused(), await retention.delete_objects()) == (1, 1)
    assert list(objects_in(bucket).values()) == [b"kept"]
    assert await content_of(read_file(ann, store, kept)) == b"kept"


async def test_file_moves_between_the_stores_while_it_is_read(ann: Database, store: FileStore, bucket: str) -> None:
    in_database = FileStore()
    file = await upload(ann, in_database, PIECES)
    for target, count in ((store, 3), (in_database, 0)):
        reading = read_file(ann, store, file)
        first = await anext(reading)
        assert await move_file(ann, target, file)
        assert not await move_file(ann, target, file)  # the row says where it was
        await ann.pool.execute(DUE)
        assert await FileRetention(ann, store).delete_objects() == 1
        assert first + await content_of(reading) == PIECES
        assert len(objects_in(bucket)) == count
        async with ann.connection() as connection:
            [file] = await find_attachments(connection, "ann", [file.id])
        assert (file.object is not None) is (count > 0)
    assert await ann.pool.fetchval("SELECT count(*) FROM object_deletions") == 0


async def test_damaged_file_is_not_moved(ann: Database, store: FileStore, bucket: str) -> None:
    file = await upload(ann, store, b"hello")
    [key] = objects_in(bucket)
    change_object(bucket, key, b"HELLO")
    with pytest.raises(Damaged):
        await move_file(ann, FileStore(), file)
    change_object(bucket, key, b"hello")
    assert await content_of(read_file(ann, store, file)) == b"hello"
    with unreachable(), pytest.raises(StoreUnavailable):
        await move_file(ann, FileStore(f"s3://{bucket}/files"), await upload(ann, FileStore(), b"other"))
    assert list(objects_in(bucket).values()) == [b"hello"]
