"""Everything fails while many write and many follow: every client has seen what was committed, once, in commit order.

PostgreSQL is restarted in immediate mode, LISTEN connections are killed, Redis is stopped and started, API processes
and both bridges are killed with SIGKILL; transactions roll back, dawdle, or stay open for long. Replies are written
all the while, and read byte for byte as they are stored. RESONANT_FAULT_SECONDS says for how long; the same seed makes
the same choices.
"""

import asyncio
import json
import os
import random
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from sql.event_position import EventCursor, Position
from tests.fakes.messages_api import messages_api
from tests.live.redis_server import RedisServer, redis_server
from tests.live.reply_listener import BROKEN, ReplyListener
from tests.processes import Program, program, wait_until_ready
from tests.timeouts import TIMEOUT

SECONDS = float(os.environ.get("RESONANT_FAULT_SECONDS", "6"))
WRITERS, CLIENTS = 6, 10
EVERYTHING = "subscription($after: String) { eventAppended(after: $after) { cursor kind } }"
UNFINISHED = """
SELECT (SELECT count(*) FROM intents WHERE status IN ('pending', 'processing'))
     + (SELECT count(*) FROM messages WHERE status IN ('pending', 'streaming'))
"""
BRIDGES = ("intent-bridge", "message-bridge")
SAY = "mutation($content: String!) { sendMessage(input: {content: $content}) { reply { id } } }"
WORDS = " ".join(f"語{number}𠮷" for number in range(80))
DATABASE_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with redis_server() as server:
        yield server


@dataclass
class Follower:
    """A client that comes back whatever happens, with its last cursor."""

    cursor: str
    seen: list[str] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)

    def take(self, response: dict[str, Any]) -> bool:
        """Whether to go on; a response without data says to come again later."""
        if response.get("data") is None:
            code = response["errors"][0]["extensions"]["code"]
            if code not in ("UNAVAILABLE", "TIMEOUT"):
                self.refusals.append(response)
            return False
        self.cursor = response["data"]["eventAppended"]["cursor"]
        self.seen.append(self.cursor)
        return True

    async def over_websocket(self, address: str) -> None:
        url = address.replace("http", "ws", 1) + "/graphql"
        async with connect(url, subprotocols=["graphql-transport-ws"], open_timeout=3, close_timeout=1) as opened:  # type: ignore[list-item]
            await opened.send('{"type":"connection_init"}')
            payload = {"query": EVERYTHING, "variables": {"after": self.cursor}}
            await opened.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            async for text in opened:
                message = json.loads(text)
                if message["type"] == "ping":
                    await opened.send('{"type":"pong"}')
                elif message["type"] == "next" and not self.take(message["payload"]):
                    return
                elif message["type"] == "error":
                    self.take({"errors": message["payload"]})
                    return

    async def over_sse(self, address: str) -> None:
        asked = {"query": EVERYTHING}
        headers = {"accept": "text/event-stream", "last-event-id": self.cursor}
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(3, read=None)) as http,
            http.stream("POST", f"{address}/graphql", json=asked, headers=headers) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: ") and not self.take(json.loads(line[6:])):
                    return

    async def follow(self, addresses: list[str], chance: random.Random) -> None:
        while True:
            way = chance.choice([self.over_websocket, self.over_sse])
            with suppress(*BROKEN):
                async with asyncio.timeout(chance.choice([0.5, 2, 5, 30])):
                    await way(chance.choice(addresses))
            await asyncio.sleep(chance.choice([0, 0.05, 0.3]))


@dataclass
class Trouble:
    """What is broken, and put right again."""

    server: EmbeddedDatabase
    redis: RedisServer
    environment: dict[str, str]
    stack: AsyncExitStack
    ports: list[str]
    chance: random.Random
    own: dict[str, dict[str, str]]
    running: dict[str, Program] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    async def start(self, name: str) -> None:
        command = "serve" if name in self.ports else name
        extra = {"PORT": name} if name in self.ports else self.own.get(name, {})
        self.running[name] = await self.stack.enter_async_context(program(command, **self.environment, **extra))

    async def kill_and_start(self, name: str) -> None:
        killed = self.running.pop(name, None)
        if killed is None:  # it is being started again
            return
        self.told.append(f"kill {name}")
        await killed.stop(signal.SIGKILL)
        await asyncio.sleep(self.chance.random())
        await self.start(name)

    async def supervise(self) -> None:
        """Start again what found no database when it started, as whatever runs services does; nothing else may end."""
        while True:
            await asyncio.sleep(0.2)
            for name, running in list(self.running.items()):
                if running.process.returncode is not None and self.running.get(name) is running:
                    assert "Cannot start: The database " in running.output, running.output
                    self.told.append(f"start {name} again")
                    del self.running[name]
                    await self.start(name)

    async def restart_database(self) -> None:
        self.told.append("restart PostgreSQL")
        postmaster = int((self.server._cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
        await asyncio.sleep(self.chance.random())
        await asyncio.to_thread(self.server.start)

    async def kill_listeners(self) -> None:
        self.told.append("kill the connections that listen")
        with suppress(*DATABASE_AWAY):
            connection = await asyncpg.connect(self.environment["DATABASE_URL"])
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
            await connection.close()

    async def stop_and_start_redis(self) -> None:
        self.told.append("stop Redis")
        await self.redis.stop()
        await asyncio.sleep(self.chance.random() * 2)
        await self.redis.start()

    async def make(self) -> None:
        """Each trouble at least once, then as chance has it, until time is up."""
        troubles = [
            self.kill_listeners,
            self.restart_database,
            self.stop_and_start_redis,
            *(lambda name=name: self.kill_and_start(name) for name in (*self.ports, *BRIDGES)),
        ]
        deadline = asyncio.get_running_loop().time() + SECONDS
        waiting = self.chance.sample(troubles, len(troubles))
        while waiting or asyncio.get_running_loop().time() < deadline:
            await (waiting.pop() if waiting else self.chance.choice(troubles))()
            await asyncio.sleep(self.chance.random())


async def write(dsn: str, chance: random.Random, stop: asyncio.Event) -> None:
    """Commit, roll back and dawdle, now and then for long; what was under way when the database went is gone."""
    while not stop.is_set():
        with suppress(*DATABASE_AWAY):
            connection = await asyncpg.connect(dsn, timeout=5)
            try:
                while not stop.is_set():
                    await _write_once(connection, chance)
            finally:
                connection.terminate()
        await asyncio.sleep(0.1)


async def _write_once(connection: Any, chance: random.Random) -> None:
    transaction = connection.transaction()
    await transaction.start()
    for _ in range(chance.choice([1, 1, 1, 5])):
        await connection.execute(
            "INSERT INTO intents (user_id, description, actor) VALUES ('owner', 'remember it', 'w')"
        )
    await asyncio.sleep(chance.choice([0, 0.005, 0.02, 0.05, 0.5]))
    await (transaction.rollback() if chance.random() < 0.2 else transaction.commit())
    await asyncio.sleep(chance.random() * 0.1)


async def speak(addresses: list[str], chance: random.Random, stop: asyncio.Event) -> list[ReplyListener]:
    """Say something long again and again; who listens to each reply, and has heard it to its end."""
    listeners, listening = list[ReplyListener](), list[asyncio.Task[None]]()
    async with httpx.AsyncClient(timeout=3) as http:
        while not stop.is_set():
            with suppress(*BROKEN):
                asked = {"query": SAY, "variables": {"content": f"{len(listeners)} {WORDS} [[delay 0.01]]"}}
                response = (await http.post(f"{chance.choice(addresses)}/graphql", json=asked)).json()
                if data := response.get("data"):
                    listener = ReplyListener(data["sendMessage"]["reply"]["id"])
                    listeners.append(listener)
                    listening.append(asyncio.create_task(listener.listen(addresses, random.Random(len(listeners)))))
            await asyncio.sleep(0.4)
    await asyncio.gather(*listening)
    return listeners


async def stored_replies(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT id, content FROM messages WHERE message_type = 'kana'")
    await connection.close()
    return {str(row["id"]): row["content"] for row in rows}


async def committed_after(dsn: str, cursor: str) -> list[str]:
    """The cursors of all events behind this one, in commit order."""
    after = EventCursor.decode(cursor)
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "SELECT xid, id FROM events WHERE user_id = 'owner' AND (xid, id) > ($1, $2) ORDER BY xid, id", *after.position
    )
    await connection.close()
    return [EventCursor(after.stream, Position(row["xid"], row["id"])).encode() for row in rows]


async def first_cursor(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    await connection.execute("SELECT append_event('owner', 'memory_created', uuidv7(), NULL, '{}')")
    [row] = await connection.fetch(
        "SELECT xid, e.id, s.id AS stream FROM events e, event_stream s ORDER BY 1, 2 LIMIT 1"
    )
    await connection.close()
    return EventCursor(row["stream"], Position(row["xid"], row["id"])).encode()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@pytest.mark.parametrize("bus", ["redis", "postgresql"])
async def test_whatever_fails_every_client_sees_all_that_was_committed_once_and_in_order(
    own_server: EmbeddedDatabase, redis: RedisServer, bus: str
) -> None:
    dsn, chance = own_server.dsn("resonant"), random.Random(11)
    await prepare_database(dsn)
    environment = {"DATABASE_URL": dsn, "DATABASE_POLL_SECONDS": "0.5", "WORKER_LEASE_SECONDS": "1.5"}
    if bus == "redis":
        environment["LIVE_BROADCAST_URL"] = redis.url
    async with AsyncExitStack() as stack:
        ports = [free_port(), free_port()]
        model = await stack.enter_async_context(messages_api())
        own = {"message-bridge": {"ANTHROPIC_API_KEY": "key", "ANTHROPIC_BASE_URL": model.url}}
        trouble = Trouble(own_server, redis, environment, stack, ports, chance, own)
        for name in (*ports, *BRIDGES):
            await trouble.start(name)
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        async with httpx.AsyncClient() as http:
            for address in addresses:
                await wait_until_ready(http, f"{address}/health")
        cursor, stop = await first_cursor(dsn), asyncio.Event()
        clients = [Follower(cursor) for _ in range(CLIENTS)]
        following = [
            asyncio.create_task(client.follow(addresses, random.Random(number)))
            for number, client in enumerate(clients)
        ]
        writing = [asyncio.create_task(write(dsn, random.Random(100 + number), stop)) for number in range(WRITERS)]
        speaking = asyncio.create_task(speak(addresses, random.Random(99), stop))
        supervising = asyncio.create_task(trouble.supervise())
        await trouble.make()
        stop.set()
        async with asyncio.timeout(TIMEOUT):
            await asyncio.gather(*writing)
            listeners = await speaking
        truth = await settled_truth(dsn, cursor)
        async with asyncio.timeout(TIMEOUT):
            while any(len(client.seen) < len(truth) for client in clients):  # noqa: ASYNC110 - they come in their own time
                await asyncio.sleep(0.1)
        for task in (*following, supervising):
            assert not task.done()
            task.cancel()
        await asyncio.wait([*following, supervising])
        replies = await stored_replies(dsn)
    assert len(truth) > 100
    for client in clients:
        assert client.refusals == []
        assert client.seen == truth, trouble.told
    assert len(listeners) > 3
    for listener in listeners:
        assert listener.gaps == []
        assert listener.status == "COMPLETE"
        assert listener.text == replies[listener.message_id], trouble.told


async def settled_truth(dsn: str, cursor: str) -> list[str]:
    """What was committed, once the bridges have nothing left to do."""
    connection = await asyncpg.connect(dsn)
    truth, before = await committed_after(dsn, cursor), list[str]()
    async with asyncio.timeout(TIMEOUT):
        while truth != before or await connection.fetchval(UNFINISHED):
            await asyncio.sleep(1)
            truth, before = await committed_after(dsn, cursor), truth
    await connection.close()
    return truth
