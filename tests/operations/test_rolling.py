"""A rolling restart under load: requests succeed or are retried, and no event is lost.

SOAK_SECONDS (default 12) sets the duration; `make soak` runs ten minutes.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx
import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.fakes.messages_api import MessagesApi, Scripted, messages_api
from tests.load.run import run_load
from tests.operations.compose_file import NGINX, load_compose
from tests.operations.test_nginx import nginx
from tests.operations.test_run import send, until_status
from tests.processes import Program, free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT

SECONDS = float(os.environ.get("SOAK_SECONDS", "12"))
GROWTH = 1.2
# Docker kills a process after these seconds.
GRACE = float(load_compose()["services"]["backend"]["stop_grace_period"].removesuffix("s"))
# All clients are one user, whom the rate limits would stop.
ROUND = {"SERVER_DRAIN_SECONDS": "0.5", "WORKER_LEASE_SECONDS": "5", "DATABASE_POLL_SECONDS": "0.5",
         "GRAPHQL_RATE_LIMIT_POINTS": "0",
         "GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS": "0"}  # fmt: skip


@dataclass
class Fleet:
    """Two backends and two bridges of each kind; each can be replaced by a new process."""

    database_url: str
    running: dict[str, tuple[Program, AsyncExitStack]] = field(default_factory=dict)
    ports: dict[str, str] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)

    async def start(self, name: str) -> None:
        service = name.rpartition(" ")[0]
        port = self.ports.setdefault(name, free_port())
        stack = AsyncExitStack()
        environment = {"DATABASE_URL": self.database_url, "PORT": port, **ROUND}
        started = await stack.enter_async_context(program(service, **environment))
        self.running[name] = (started, stack)
        if service == "serve":
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                await wait_until_ready(client, "/health")

    async def stop(self, name: str) -> None:
        running, stack = self.running.pop(name)
        self.codes.append(await running.stop(signal.SIGTERM, GRACE))
        assert "Traceback" not in running.output, running.output
        await stack.aclose()

    async def replace(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)

    def memory(self) -> dict[str, int]:
        """Resident memory of each process, in bytes."""
        return {name: psutil.Process(run.process.pid).memory_info().rss for name, (run, _) in self.running.items()}


NAMES = ("serve 1", "serve 2", "message-bridge 1", "message-bridge 2", "intent-bridge 1", "intent-bridge 2")


@asynccontextmanager
async def fleet(database_url: str) -> AsyncIterator[Fleet]:
    running = Fleet(database_url)
    try:
        await asyncio.gather(*(running.start(name) for name in NAMES))
        yield running
    finally:
        for _, stack in running.running.values():
            await stack.aclose()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt install nginx)")
async def test_rolling_restart_under_load_loses_nothing(database_url: str) -> None:
    async with fleet(database_url) as running, nginx([int(running.ports[f"serve {n}"]) for n in (1, 2)]) as front:
        begun = asyncio.Event()
        loading = asyncio.create_task(run_load(front, seconds=SECONDS, askers=4, subscribers=6, begun=begun.set))
        await begun.wait()
        await asyncio.sleep(SECONDS / 3)
        for name in NAMES:
            await running.replace(name)
        await asyncio.sleep(SECONDS / 10)
        early = running.memory()
        report = await loading
        late = running.memory()
        print("\n".join(f"{name}: {early[name] >> 20} MiB, then {late[name] >> 20}" for name in NAMES))  # noqa: T201
        connection = await asyncpg.connect(database_url)
        async with asyncio.timeout(TIMEOUT):
            while await connection.fetchval(UNFINISHED):  # noqa: ASYNC110 - the bridges finish in their own time
                await asyncio.sleep(0.2)
        said = await connection.fetchval("SELECT count(*) FROM messages WHERE message_type = 'user'")
        answers = await connection.fetchval(
            "SELECT count(*) FROM messages WHERE status = 'complete' AND message_type = 'kana'"
        )
        await connection.close()
    assert report.good, "\n".join(report.lines())
    assert report.requests > 20
    assert report.resumed >= 1
    assert said == answers > len(report.written)  # including the messages that gave each subscriber a cursor
    assert running.codes == [0] * len(NAMES)
    if SECONDS >= 120:  # before that, caches still grow
        assert all(late[name] <= early[name] * GROWTH for name in late), (early, late)
    print("\n".join(report.lines()))  # noqa: T201


UNFINISHED = "SELECT count(*) FROM messages WHERE status IN ('pending', 'streaming')"


async def test_draining_backend_finishes_requests_and_closes_sockets_for_a_retry(
    database_url: str,
) -> None:
    port = free_port()
    address = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}")
    async with program("serve", DATABASE_URL=database_url, PORT=port, SERVER_DRAIN_SECONDS="5") as running:
        async with address as client:
            await wait_until_ready(client, "/health")
            socket = await connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]
            await socket.send('{"type":"connection_init"}')
            await socket.recv()
            running.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            ready = await client.get("/ready")
            still = await client.post("/graphql", json={"query": "{ viewer { id } }"})
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
        assert await running.process.wait() == 0
    assert ready.status_code == 503
    assert "stopping" in ready.json()["problems"]
    assert still.status_code == 200
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


async def test_stopping_bridge_releases_its_reply_immediately(database_url: str, api: MessagesApi) -> None:
    port = free_port()
    # The lease is so long that only a release explains why another bridge continues.
    shared = {
        "DATABASE_URL": database_url, "ANTHROPIC_API_KEY": "sk-local", "ANTHROPIC_BASE_URL": api.url,
        "WORKER_LEASE_SECONDS": "600", "DATABASE_POLL_SECONDS": "0.5",
    }  # fmt: skip
    api.script(Scripted(pieces=["slow "] * 500, delay=0.1), Scripted(pieces=["whole"]))
    async with (
        program("serve", PORT=port, **shared),
        program("message-bridge", **shared) as first,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        await wait_until_ready(client, "/health")
        reply = await send(client)
        async with asyncio.timeout(TIMEOUT):
            while "slow" not in await until_status(client, reply, "STREAMING"):  # noqa: ASYNC110 - it is in the table
                await asyncio.sleep(0.05)
        assert await first.stop() == 0
        # The round with the calls is stored and not repeated; the text of the broken round is written anew.
        async with program("message-bridge", **shared):
            assert await until_status(client, reply, "COMPLETE") == "whole"
        created = await client.post("/graphql", json={"query": "{ intents { edges { node { id } } } }"})
        assert len(created.json()["data"]["intents"]["edges"]) == 1
