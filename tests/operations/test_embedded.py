"""The embedded PostgreSQL: shared, recovered after a crash, stopped by the last, under root and an ordinary user."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import psutil
import pytest

from app.database.embedded import EmbeddedDatabase
from app.errors import StartError
from tests.processes import ROOT
from tests.timeouts import TIMEOUT

HOLD = """
import sys, time
from pathlib import Path
from app.database.embedded import EmbeddedDatabase
server = EmbeddedDatabase(Path(sys.argv[1]), say=lambda line: None)
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    directory = Path(mkdtemp(prefix="resonant-ops-"))
    yield directory
    for process in psutil.process_iter(["cmdline"]):
        if str(directory / "postgres") in (process.info["cmdline"] or []):
            process.kill()
            process.wait(10)
    shutil.rmtree(directory, ignore_errors=True)


def embedded(home: Path) -> EmbeddedDatabase:
    return EmbeddedDatabase(home, say=lambda line: None)


def postmaster(home: Path) -> psutil.Process | None:
    """The running server of this directory."""
    try:
        process = psutil.Process(int((home / "postgres/postmaster.pid").read_text().splitlines()[0]))
        return process if process.is_running() and "postgres" in process.name() else None
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_the_first_start_initialises_and_the_next_has_all_of_it_again(home: Path) -> None:
    server = embedded(home)
    dsn = server.start()
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert postmaster(home) is None
    assert await ask(embedded(home).start(), "SELECT number FROM kept") == 7


async def test_it_has_pgvector_and_speaks_utf8(home: Path) -> None:
    dsn = embedded(home).start()
    await ask(dsn, "CREATE EXTENSION vector")
    assert await ask(dsn, "SELECT lower('ÄÖ') || '語'") == "äö語"


async def test_after_a_crash_the_next_start_recovers(home: Path) -> None:
    dsn = embedded(home).start()
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    running = postmaster(home)
    assert running is not None
    running.kill()
    psutil.wait_procs([running], timeout=10)
    assert await ask(embedded(home).start(), "SELECT number FROM kept") == 7


async def test_a_server_that_is_being_stopped_is_waited_for_and_started_again(home: Path) -> None:
    connection = await asyncpg.connect(embedded(home).start())
    stopping = postmaster(home)
    assert stopping is not None
    stopping.terminate()  # it refuses whoever is new, and ends when the last session has ended
    starting = asyncio.create_task(asyncio.to_thread(embedded(home).start))
    async with asyncio.timeout(TIMEOUT):
        while "the database system is shutting down" not in (home / "postgres.log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await connection.close()
    assert await ask(await starting, "SELECT 1") == 1


async def test_a_stale_lock_whose_number_belongs_to_another_program_is_no_obstacle(home: Path) -> None:
    server = embedded(home)
    server.start()
    server.stop()
    pid_file = home / "postgres/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{home}/postgres\n0\n5432\n\n\n")
    assert await ask(embedded(home).start(), "SELECT 1") == 1


async def test_a_first_start_that_was_killed_halfway_is_begun_again(home: Path) -> None:
    (home / "postgres.new").mkdir()
    (home / "postgres.new/PG_VERSION").write_text("18")
    assert await ask(embedded(home).start(), "SELECT 1") == 1


def test_several_processes_share_it_and_the_last_to_leave_stops_it(home: Path) -> None:
    mine = embedded(home)
    dsn = mine.start()
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, home], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline().strip() == dsn
    mine.stop()
    assert postmaster(home) is not None
    other.communicate("")
    assert postmaster(home) is None


def test_a_killed_process_neither_keeps_it_nor_takes_it_away(home: Path) -> None:
    mine = embedded(home)
    mine.start()
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, home], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    other.stdout.readline()
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert postmaster(home) is not None
    mine.stop()
    assert postmaster(home) is None


def test_a_directory_of_another_version_is_refused_in_one_line(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres/PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match="made by PostgreSQL 16, this one is 18"):
        embedded(home).start()


def test_a_directory_that_cannot_be_made_is_refused_in_one_line(home: Path) -> None:
    (home / "file").write_text("not a directory")
    with pytest.raises(StartError, match="cannot be written"):
        embedded(home / "file").start()


async def test_a_path_too_long_for_a_socket_works(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    server = embedded(deep)
    assert await ask(server.start(), "SELECT 1") == 1
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_works_for_an_ordinary_user_too(home: Path) -> None:
    os.chown(home, 65534, 65534)
    # A fork, not another interpreter: this one may live where nobody else may go.
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            server = embedded(home / "data")
            server.start()
            server.stop()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert (home / "data/postgres/PG_VERSION").stat().st_uid == 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for the server")
def test_folders_opened_for_the_servers_user_are_named_and_stay_unlisted() -> None:
    closed = Path(mkdtemp(prefix="resonant-closed-"))
    said: list[str] = []
    server = EmbeddedDatabase(closed / "data", say=said.append)
    try:
        server.start()
        assert any(str(closed) in line for line in said)
        assert closed.stat().st_mode & 0o777 == 0o701
    finally:
        server.stop()
        shutil.rmtree(closed)
