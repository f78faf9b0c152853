"""Point-in-time recovery as docs/operations.md describes it, on a real PostgreSQL that archives its log."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase, binaries
from tests.homes import new_directory
from tests.processes import ROOT
from tests.timeouts import TIMEOUT


@pytest.fixture
def home() -> Iterator[Path]:
    directory = new_directory("recovery")
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def described(setting: str) -> str:
    """The value of a PostgreSQL setting in the guide."""
    text = (ROOT / "docs/operations.md").read_text().replace("\n   ", " ")
    return text.split(f"`{setting} = '", 1)[1].split("'`", 1)[0].removesuffix("'")


async def begin_conversation(dsn: str, title: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner') ON CONFLICT DO NOTHING"
    )
    await connection.execute("INSERT INTO conversations (user_id, title) VALUES ('u', $1)", title)
    await connection.close()


async def test_database_is_recovered_to_a_point_in_time(home: Path) -> None:
    archive, base = home / "archive", home / "base"
    archive.mkdir()
    archive.chmod(0o777)
    archiving = {
        "archive_mode": "on",
        "archive_command": described("archive_command").replace("/archive/", f"{archive}/"),
        "wal_level": "replica",
    }
    server = EmbeddedDatabase(home / "data", say=lambda line: None, options=archiving)
    dsn = server.start()
    await prepare_database(dsn)
    socket = dsn.rpartition("host=")[2].replace("%2F", "/")
    subprocess.run(  # noqa: ASYNC221 - nothing else runs
        [binaries() / "pg_basebackup", "-h", socket, "-U", "postgres", "-D", base, "-X", "none", "-c", "fast"],
        check=True,
    )
    await begin_conversation(dsn, "before")
    admin = await asyncpg.connect(dsn)
    moment = await admin.fetchval("SELECT clock_timestamp()::text")
    await asyncio.sleep(0.2)
    await begin_conversation(dsn, "the mistake")
    await admin.execute("SELECT pg_switch_wal()")
    async with asyncio.timeout(TIMEOUT):
        while not await admin.fetchval("SELECT archived_count > 0 FROM pg_stat_archiver"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await admin.close()
    server.stop()

    recovered = home / "recovered"
    recovered.mkdir()
    shutil.move(base, recovered / "postgres")
    (recovered / "postgres/recovery.signal").touch()
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "resonant-db:resonant-db", recovered / "postgres"], check=True)  # noqa: ASYNC221
    recovering = {
        "restore_command": described("restore_command").replace("/archive/", f"{archive}/"),
        "recovery_target_time": moment,
        "recovery_target_action": "promote",
    }
    again = EmbeddedDatabase(recovered, say=lambda line: None, options=recovering)
    dsn = again.start()
    connection = await asyncpg.connect(dsn)
    async with asyncio.timeout(TIMEOUT):
        while await connection.fetchval("SELECT pg_is_in_recovery()"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert [row[0] for row in await connection.fetch("SELECT title FROM conversations")] == ["before"]
    await connection.execute("UPDATE event_stream SET id = gen_random_uuid()")
    await connection.close()
    again.stop()
