"""Files in the object store, in backups and in exports: the bytes are in them, and are stored anew by both."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.errors import OperationFailed
from app.files.reading import read_file
from app.files.store import FileStore
from app.operations.backup.create import create_backup
from app.operations.backup.directory_storage import DirectoryStorage
from app.operations.backup.fetch import Trust
from app.operations.backup.manifest import archive_name
from app.operations.backup.restore import restore_backup, verify_backup
from app.operations.file_moves import move_all
from app.operations.progress import Silent
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from app.settings import Settings, SettingsError, load_settings
from sql.pool import Database, create_pool
from sql.repositories.attachments import find_attachments
from sql.repositories.objects import list_object_files
from tests.files.stored import PIECES, change_object, objects_in, send, unreachable, upload
from tests.operations.test_backup import others  # noqa: F401 - a fixture
from tests.processes import run_to_completion

QUIET = Silent()


@pytest.fixture
async def ann(database: Database) -> Database:
    """A database with two users."""
    await database.pool.execute(
        "INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner'), ('ben', 'Ben', 'owner')"
    )
    return database


@pytest.fixture
async def store(bucket: str) -> AsyncIterator[FileStore]:
    opened = FileStore(f"s3://{bucket}/files")
    yield opened
    await opened.close()


async def contents(database: Database, store: FileStore, user_id: str = "ann") -> dict[str, bytes]:
    """The verified bytes of all files of a user by their names."""
    async with database.connection() as connection:
        ids = [row["id"] for row in await connection.fetch("SELECT id FROM attachments WHERE user_id = $1", user_id)]
        rows = await find_attachments(connection, user_id, ids)
    return {row.name: b"".join([piece async for piece in read_file(database, store, row)]) for row in rows}


async def open_restored(dsn: str) -> Database:
    pool = await create_pool(dsn, application="test", min_size=0, max_size=2, statement_timeout=5, acquire_timeout=5)
    return Database(pool, acquire_timeout=5)


@pytest.mark.parametrize(("passphrase", "count"), [(None, 0), ("staple", 4)])
async def test_backup_has_the_objects_and_a_restore_stores_them_anew(
    ann: Database, store: FileStore, bucket: str, database_url: str, others: Callable[[], str], tmp_path: Path,  # noqa: F811
    passphrase: str | None, count: int,
) -> None:  # fmt: skip
    files = {"big.pdf": PIECES, "small.txt": b"hello"}
    rows = [await upload(ann, store, content, name) for name, content in files.items()]
    await upload(ann, FileStore(), b"in the database", "row.txt")
    files["row.txt"] = b"in the database"
    lost = await upload(ann, store, b"lost", "lost.txt")
    before = {key: content for key, content in objects_in(bucket).items() if content != b"lost"}
    [key] = set(objects_in(bucket)) - set(before)
    change_object(bucket, key, None)
    storage = DirectoryStorage(tmp_path)
    made = await create_backup(database_url, storage, passphrase=passphrase, report=QUIET)
    assert (made.files, made.files_missing) == (2, [str(lost.id)])
    dsn, target = others(), store if count else FileStore()
    await restore_backup(dsn, storage, made.name, trust=Trust(passphrase), replace=False, report=QUIET, store=target)
    after = objects_in(bucket)
    assert {key: after.pop(key) for key in before} == before
    assert len(after) == count
    restored = await open_restored(dsn)
    await restored.pool.execute("DELETE FROM attachments WHERE id = $1", lost.id)
    assert await contents(restored, store) == files
    assert await restored.pool.fetchval("SELECT count(*) FROM object_deletions") == 0
    if count:
        await restored.pool.execute("DELETE FROM users WHERE id = 'ann'")
        deleted = [row[0] for row in await restored.pool.fetch("SELECT object FROM object_deletions")]
        assert {row.object for row in rows}.isdisjoint(deleted)
        for folder in deleted:
            await store.remove(folder)
    await restored.close()


async def test_verification_finds_a_damaged_archive(
    ann: Database, store: FileStore, database_url: str, tmp_path: Path
) -> None:
    await upload(ann, store, b"hello")
    storage = DirectoryStorage(tmp_path)
    made = await create_backup(database_url, storage, passphrase=None, report=QUIET)
    await verify_backup(database_url, storage, made.name, trust=Trust(None), report=QUIET)
    archive = tmp_path / archive_name(made.name)
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    with pytest.raises(OperationFailed, match=r"files\.tar.* is damaged"):
        await verify_backup(database_url, storage, made.name, trust=Trust(None), report=QUIET)


async def test_backup_fails_while_the_store_cannot_be_reached(
    ann: Database, store: FileStore, database_url: str, tmp_path: Path
) -> None:
    await upload(ann, store, b"hello")
    with unreachable(), pytest.raises(OperationFailed, match=r"object store .*127\.0\.0\.1:9"):
        await create_backup(database_url, DirectoryStorage(tmp_path), passphrase=None, report=QUIET)
    assert DirectoryStorage(tmp_path).names() == []


async def test_export_has_the_objects_and_an_import_stores_them_where_new_files_go(
    ann: Database, store: FileStore, bucket: str, tmp_path: Path
) -> None:
    files = {"big.pdf": PIECES, "small.txt": b"hello"}
    lost = await upload(ann, store, b"lost", "lost.txt")
    [key] = objects_in(bucket)
    change_object(bucket, key, b"LOST")
    await send(ann, lost, *[await upload(ann, store, content, name) for name, content in files.items()])
    path = tmp_path / "out.jsonl"
    async with ann.connection() as connection:
        _, damaged = await write_export(connection, "ann", path, QUIET)
        assert damaged == [str(lost.id)]
        assert bucket.encode() not in path.read_bytes()
        stolen = b'"row":{"object":"s3://%b/files/x",' % bucket.encode()
        path.write_bytes(path.read_bytes().replace(b'"row":{', stolen))
        report = await import_file(connection, "ben", path, QUIET, max_bytes=2**30, store=store)
        assert await connection.fetchval("SELECT count(*) FROM attachments WHERE object LIKE '%/files/x'") == 0
        assert report.notes["import.files_damaged", ()] == 1
        assert {each.row.name for each in await list_object_files(connection) if each.row.user_id == "ben"} == {*files}
        assert await contents(ann, store, "ben") == files
        count = await connection.fetchval("SELECT count(*) FROM attachment_chunks")
        await import_file(connection, "ben", path, QUIET, max_bytes=2**30, store=store)
        assert await connection.fetchval("SELECT count(*) FROM attachment_chunks") == count
        await connection.execute("DELETE FROM users WHERE id = 'ben'")
        await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('ben', 'Ben', 'owner')")
        with unreachable():
            away = FileStore(f"s3://{bucket}/files")
            report = await import_file(connection, "ben", path, QUIET, max_bytes=2**30, store=away)
        assert report.notes["import.files_in_database", ()] == 2
    assert await contents(ann, store, "ben") == files


async def test_all_files_are_moved_and_a_stopped_move_is_continued(
    ann: Database, store: FileStore, bucket: str
) -> None:
    for place in range(3):
        await upload(ann, FileStore(), b"file %d" % place, f"{place}.txt")
    async with ann.connection() as connection:
        with unreachable():
            stopped = await move_all(connection, FileStore(f"s3://{bucket}/files"), QUIET)
        assert (stopped.count, "127.0.0.1:9" in (stopped.stopped or "")) == (0, True)
        moved = await move_all(connection, store, QUIET)
        assert (moved.count, moved.size, moved.damaged, moved.stopped) == (3, 18, [], None)
        assert sorted(objects_in(bucket).values()) == [b"file 0", b"file 1", b"file 2"]
        change_object(bucket, min(objects_in(bucket)), None)
        back = await move_all(connection, FileStore(), QUIET)
        assert (back.count, len(back.damaged)) == (2, 1)
        assert await connection.fetchval("SELECT count(*) FROM attachments WHERE object IS NOT NULL") == 1


async def test_files_are_moved_by_a_command(ann: Database, bucket: str, database_url: str) -> None:
    await upload(ann, FileStore(), b"hello")
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    settings = {"DATABASE_URL": database_url, "BACKUP_DESTINATION": f"s3://{bucket}/backups", **aws}
    code, output = await run_to_completion("files", "move", "--to", "s3", **settings)
    assert (code, "1 files (5 bytes) moved to s3://" in output) == (0, True), output
    assert list(objects_in(bucket).values()) == [b"hello"]


def test_object_store_without_a_bucket_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_STORE", "s3")
    for destination in ("", "/backups", "s3://"):
        monkeypatch.setenv("BACKUP_DESTINATION", destination)
        with pytest.raises(SettingsError, match="set BACKUP_DESTINATION=s3://bucket/prefix"):
            load_settings()
    assert Settings(files_store="s3", backup_destination="s3://b/p").files_prefix == "files"
