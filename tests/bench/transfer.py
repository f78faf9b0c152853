"""Backup, restore and import of many messages: memory and rows per second."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from app.database.connect import connect, prepare_database
from app.database.embedded import EmbeddedDatabase
from app.operations.backup.directory_storage import DirectoryStorage
from app.operations.backup.fetch import Trust
from app.operations.backup.restore import verify_backup
from app.operations.progress import Silent
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from sql.statements import Connection
from tests.bench.figures import Figure
from tests.conftest import create_database
from tests.homes import new_directory
from tests.processes import CLEAN_ENVIRONMENT, ROOT

MESSAGES = 200_000
IMPORTED = 20_000
PASSPHRASE = "a passphrase for the bench"
MIB = 2**20
FILL = """
WITH talks AS (
    INSERT INTO conversations (user_id, title)
    SELECT 'u', 'talk ' || n FROM generate_series(1, $1::int / 20) AS n RETURNING id
)
INSERT INTO messages (user_id, conversation_id, content, message_type)
SELECT 'u', talks.id, 'Message ' || n || ' on the cache, 検索 ' || repeat(md5(n::text || talks.id::text) || ' ', 8),
       'user'
FROM talks, generate_series(1, 20) AS n
"""


async def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        home = new_directory("bench-transfer")
        server = EmbeddedDatabase(home, say=lambda line: None, options={"fsync": "off"})
        server.start()
        try:
            return [*await _backup(server, Path(folder)), *await _import(server, Path(folder))]
        finally:
            server.stop()


@asynccontextmanager
async def _filled(server: EmbeddedDatabase, name: str, messages: int) -> AsyncIterator[tuple[str, Connection]]:
    dsn = await create_database(server, name, "template0")
    await prepare_database(dsn)
    connection = await connect(dsn)
    try:
        await connection.execute("INSERT INTO users VALUES ('u', 'U', 'owner')")
        if messages:
            await connection.execute(FILL, messages, timeout=3600)
        yield dsn, connection
    finally:
        await connection.close()


async def _backup(server: EmbeddedDatabase, folder: Path) -> list[Figure]:
    """The command as a process: the memory of it and of pg_dump together."""
    async with _filled(server, "large", MESSAGES) as (dsn, _):
        environment = {**CLEAN_ENVIRONMENT, "DATABASE_URL": dsn, "BACKUP_PASSPHRASE": PASSPHRASE}
        started = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "backup", "--to", str(folder / "kept"), cwd=ROOT, env=environment
        )
        peak = await _peak_memory(process)
    seconds = perf_counter() - started
    return [
        Figure("backup of 200,000 messages: peak memory", peak / MIB, "MiB", at_most=256, note="with pg_dump"),
        Figure("backup of 200,000 messages", seconds, "s"),
    ]


async def _peak_memory(process: asyncio.subprocess.Process) -> int:
    peak, watched = 0, psutil.Process(process.pid)
    while process.returncode is None:
        try:
            peak = max(peak, sum(each.memory_info().rss for each in [watched, *watched.children(recursive=True)]))
        except psutil.NoSuchProcess:
            continue
        finally:
            await asyncio.sleep(0.05)
    return peak


async def _import(server: EmbeddedDatabase, folder: Path) -> list[Figure]:
    from app.operations.backup.create import create_backup  # after the process was measured

    file, storage = folder / "export.jsonl", DirectoryStorage(folder / "small")
    async with _filled(server, "source", IMPORTED) as (dsn, connection):
        rows, _ = await write_export(connection, "u", file, Silent())
        made = await create_backup(dsn, storage, passphrase=PASSPHRASE, report=Silent())
        started = perf_counter()
        await verify_backup(dsn, storage, made.name, trust=Trust(PASSPHRASE), report=Silent())
        restored = rows / (perf_counter() - started)
    async with _filled(server, "target", 0) as (_, connection):
        started = perf_counter()
        await import_file(connection, "u", file, Silent(), max_bytes=2**40)
        imported = rows / (perf_counter() - started)
    return [
        Figure("restore", restored, "rows/s", note="with the comparison"),
        Figure("import", imported, "rows/s"),
        Figure("import against restore", imported / restored, "", at_least=0.1),
    ]
