"""A code session is limited and ends as a whole: with namespaces and control groups, and where there are none."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from uuid import uuid4

import psutil
import pytest

from app.workers.intents.code.cgroups import CONTROLLERS, find_groups
from app.workers.intents.code.leftovers import end_session, end_sessions_of_killed_servers, session_name
from app.workers.intents.code.namespaces import FULL
from app.workers.intents.code.processes import MARK
from app.workers.intents.code.supervisor import ISOLATION, LIFELINE, LIMIT
from tests.processes import CLEAN_ENVIRONMENT, ROOT
from tests.timeouts import TIMEOUT

LIMITS = {"processes": 60, "memory": 150 * 1024**2, "open-files": 300, "file-bytes": 1024**2}
OUTPUT = "output"
NOT_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
CASES = [
    pytest.param(user, offered, id=f"{user}-{offered}", marks=[NOT_ROOT] if user == "nobody" else [])
    for user in ("root", "nobody")
    for offered in ("full", "namespace", "nothing")
]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="process groups only")


@dataclass
class Session:
    """A session that runs a shell script. Its processes are found by `unique`, an argument of each of them."""

    folder: Path
    name: str
    unique: str
    lifeline: int
    process: asyncio.subprocess.Process

    async def status(self) -> int:
        async with asyncio.timeout(TIMEOUT):
            return await self.process.wait()

    def running(self) -> list[psutil.Process]:
        """The processes of the script that have not ended."""
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if self.unique in (process.info["cmdline"] or []) and process.info["status"] != psutil.STATUS_ZOMBIE
        ]

    async def until(self, processes: int) -> None:
        async with asyncio.timeout(TIMEOUT):
            while len(self.running()) != processes:  # noqa: ASYNC110 - processes report no events
                await asyncio.sleep(0.02)

    async def is_limited(self, controller: str) -> bool:
        async with asyncio.timeout(TIMEOUT):
            while not (self.folder / ISOLATION).exists():  # noqa: ASYNC110 - files report no events
                await asyncio.sleep(0.02)
        return controller in str(self.isolation["cgroup"])

    def close_lifeline(self) -> None:
        os.close(self.lifeline)
        self.lifeline = -1

    @property
    def output(self) -> str:
        return (self.folder / OUTPUT).read_text("utf-8")

    @property
    def isolation(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / ISOLATION).read_text("utf-8"))
        return found


def folder_with_lifeline() -> tuple[Path, int]:
    """A folder that every user may use, and the open lifeline."""
    folder = Path(mkdtemp(prefix="resonant-supervisor-"))
    os.mkfifo(folder / LIFELINE)
    (folder / LIFELINE).chmod(0o666)
    folder.chmod(0o777)
    return folder, os.open(folder / LIFELINE, os.O_RDWR | os.O_NONBLOCK)


@asynccontextmanager
async def session(user: str, offered: str, script: str) -> AsyncIterator[Session]:
    """`sleep {unique}` in the script is a process that can be found; it would run for hours."""
    folder, lifeline = folder_with_lifeline()
    unique = f"{10_000 + uuid4().int % 10**8}"
    name = session_name(str(uuid4()))
    options = [part for option, value in LIMITS.items() for part in (f"--{option}", str(value))]
    output = os.open(folder / OUTPUT, os.O_WRONLY | os.O_CREAT)  # a pipe would be waited for
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workers.supervise", user, offered,
        "--folder", str(folder), "--name", name, *options, "--", "/bin/sh", "-c", script.format(unique=unique),
        cwd=ROOT, env={**CLEAN_ENVIRONMENT, MARK: name},
        stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
    )  # fmt: skip
    os.close(output)
    running = Session(folder, name, unique, lifeline, process)
    try:
        yield running
    finally:
        if running.lifeline >= 0:
            os.close(running.lifeline)
        if process.returncode is None:
            process.kill()
            await process.wait()
        for each in running.running():
            each.kill()
        rmtree(folder)


LEAVES = "sleep {unique} & (setsid sleep {unique} &) ; (setsid sh -c 'sleep {unique} & sleep {unique}' &) ; "


@pytest.mark.parametrize(("user", "offered"), CASES)
async def test_everything_ends_with_the_program_the_lifeline_or_the_supervisor(user: str, offered: str) -> None:
    async with session(user, offered, LEAVES + "sleep 0.2; exit 7") as ended:
        assert await ended.status() == 7
        assert ended.running() == []
        assert ended.name not in find_groups()
    async with session(user, offered, LEAVES + "wait") as cut:
        await cut.until(4)
        cut.close_lifeline()
        await cut.status()
        assert cut.running() == []
        assert cut.name not in find_groups()
    async with session(user, offered, LEAVES + "wait") as killed:
        await killed.until(4)
        killed.process.kill()
        await killed.status()
        end_session(killed.name)
        await killed.until(0)
        assert killed.name not in find_groups()


@pytest.mark.parametrize(("user", "offered"), CASES)
async def test_processes_memory_and_files_are_limited(user: str, offered: str) -> None:
    many = "for each in $(seq 90); do sleep {unique} & done; wait"
    async with session(user, offered, many) as crowded:
        by_kernel = await crowded.is_limited("pids") or user != "root"
        assert await crowded.status() != 0
        assert crowded.running() == []
        # Where the kernel limits them, the shell cannot start more; else the supervisor counts them.
        assert by_kernel is ("annot fork" in crowded.output)
        assert by_kernel or (crowded.folder / LIMIT).read_text("utf-8") == "processes"
    # tail holds the last line in memory, which is all of it.
    async with session(
        user, offered, "head -c 400M /dev/zero | tail > /dev/null; test $? = 0 && sleep 2; exit $?"
    ) as big:
        assert await big.status() != 0
        assert await big.is_limited("memory") or (big.folder / LIMIT).read_text("utf-8") == "memory"
    async with session(
        user, offered, "head -c 2M /dev/zero > /tmp/{unique} && exit 0; rm /tmp/{unique}; ulimit -n; ulimit -c; exit 4"
    ) as files:
        assert await files.status() == 4
        assert files.output.split()[-2:] == ["300", "0"]


@pytest.mark.parametrize(("user", "offered"), CASES)
async def test_session_sees_only_its_own_processes_where_there_are_namespaces(user: str, offered: str) -> None:
    async with session(user, offered, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '; ls -d /proc/[0-9]* | wc -l") as looking:
        assert await looking.status() == 0
        seen = looking.output
        own = looking.isolation["namespace"] == FULL
        assert ("pytest" not in seen) is own
        assert (int(seen.split()[-1]) < 10) is own
        assert own or offered == "nothing" or user != "root" or not os.access("/proc/1/environ", os.R_OK)
        groups = looking.isolation["cgroup"]
        assert isinstance(groups, list)
        assert set(groups) <= set(CONTROLLERS)


async def test_next_start_ends_the_sessions_of_a_killed_server() -> None:
    ended = await asyncio.create_subprocess_exec("true")
    await ended.wait()
    async with session("root", "nothing", "true") as own, session("root", "nothing", "wait; sleep {unique}") as current:
        killed = f"{ended.pid}-1-{uuid4()}"
        left = await asyncio.create_subprocess_exec("sleep", own.unique, env={MARK: killed}, start_new_session=True)
        await current.until(1)
        end_sessions_of_killed_servers(older_than=1e9)
        async with asyncio.timeout(TIMEOUT):
            assert await left.wait() == -9
        assert len(current.running()) == 1
