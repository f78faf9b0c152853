"""The embedded PostgreSQL: sharing, crash recovery, stop by the last process, as root and as an ordinary user."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import asyncpg
import psutil
import pytest

from app.database.embedded import EmbeddedDatabase
from app.errors import StartError
from tests.homes import new_directory
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
    directory = new_directory("ops")
    yield directory
    for process in psutil.process_iter(["cmdline"]):
        if str(directory / "postgres") in (process.info["cmdline"] or []):
            process.kill()
            process.wait(10)
    shutil.rmtree(directory, ignore_errors=True)


def embedded(home: Path) -> EmbeddedDatabase:
    return EmbeddedDatabase(home, say=lambda line: None)


def postmaster(home: Path) -> psutil.Process | None:
    """The server process of this directory."""
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


async def test_data_survives_a_restart(home: Path) -> None:
    server = embedded(home)
    dsn = server.start()
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert postmaster(home) is None
    assert await ask(embedded(home).start(), "SELECT number FROM kept") == 7


async def test_embedded_server_has_pgvector_and_utf8(home: Path) -> None:
    dsn = embedded(home).start()
    await ask(dsn, "CREATE EXTENSION vector")
    assert await ask(dsn, "SELECT lower('ÄÖ') || '語'") == "äö語"


async def test_next_start_recovers_after_a_crash(home: Path) -> None:
    dsn = embedded(home).start()
    await ask(dsn, "CREATE TABLE kept AS SELECT 7 AS number")
    running = postmaster(home)
    assert running is not None
    running.kill()
    psutil.wait_procs([running], timeout=10)
    assert await ask(embedded(home).start(), "SELECT number FROM kept") == 7


async def test_start_waits_for_a_stopping_server_and_starts_it_again(home: Path) -> None:
    connection = await asyncpg.connect(embedded(home).start())
    stopping = postmaster(home)
    assert stopping is not None
    stopping.terminate()  # refuses new sessions and ends after the last session
    starting = asyncio.create_task(asyncio.to_thread(embedded(home).start))
    async with asyncio.timeout(TIMEOUT):
        while "the database system is shutting down" not in (home / "postgres.log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await connection.close()
    assert await ask(await starting, "SELECT 1") == 1


async def test_stale_pid_file_with_the_id_of_another_program_is_ignored(home: Path) -> None:
    server = embedded(home)
    server.start()
    server.stop()
    pid_file = home / "postgres/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{home}/postgres\n0\n5432\n\n\n")
    assert await ask(embedded(home).start(), "SELECT 1") == 1


async def test_killed_first_start_is_repeated(home: Path) -> None:
    (home / "postgres.new").mkdir()
    (home / "postgres.new/PG_VERSION").write_text("18")
    assert await ask(embedded(home).start(), "SELECT 1") == 1


def test_last_of_several_processes_stops_the_server(home: Path) -> None:
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


def test_killed_process_neither_stops_nor_keeps_the_server(home: Path) -> None:
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


def test_cluster_of_another_version_is_refused_in_one_line(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres/PG_VERSION").write_text("16\n")
    with pytest.raises(StartError, match="created by PostgreSQL 16, but this is PostgreSQL 18"):
        embedded(home).start()


def test_unwritable_directory_is_refused_in_one_line(home: Path) -> None:
    (home / "file").write_text("not a directory")
    with pytest.raises(StartError, match="cannot be written"):
        embedded(home / "file").start()


def test_files_in_the_data_directory_are_private(home: Path) -> None:
    data = home / "data"
    data.mkdir(mode=0o755)
    (data / "postgres.log").touch(0o644)  # of an earlier version
    for directory in (data, home / "new"):
        server = embedded(directory)
        server.start()
        try:
            modes = {each.name: each.stat().st_mode & 0o777 for each in directory.iterdir()}
        finally:
            server.stop()
        assert {"postgres", "postgres.log", "postgres.lock", "postgres.users", "postgres.socket"} <= set(modes)
        assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert (home / "new").stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)


async def test_link_in_place_of_the_socket_folder_is_refused(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    victim = home / "victim"
    victim.mkdir(mode=0o755)
    planted = Path(gettempdir()) / f"resonant-{deep.stat().st_ino:x}"
    planted.symlink_to(victim)
    try:
        with pytest.raises(StartError, match="is a link"):
            embedded(deep).start()
    finally:
        planted.unlink()
    assert victim.stat().st_mode & 0o777 == 0o755


async def test_path_that_is_too_long_for_a_socket_works(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    server = embedded(deep)
    assert await ask(server.start(), "SELECT 1") == 1
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_ordinary_user_can_run_the_embedded_server(home: Path) -> None:
    os.chown(home, 65534, 65534)
    # A fork, because another user may not be able to read the files of this interpreter.
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
def test_folders_made_traversable_are_reported_and_not_listable() -> None:
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
