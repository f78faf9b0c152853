"""Fault injection: clients see every committed event once, in commit order, while all parts fail.

PostgreSQL is restarted in immediate mode, LISTEN connections are killed, Redis is stopped and started, backends and
both bridges are killed with SIGKILL; transactions roll back or stay open. Meanwhile replies are streamed, and their
text must equal the stored text. RESONANT_FAULT_SECONDS is the duration; the same seed makes the same choices.
"""

import asyncio
import json
import os
import random
import signal
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
from sql.event_cursor import EventCursor, EventPosition
from tests.fakes.messages_api import messages_api
from tests.live.redis_server import RedisServer, redis_server
from tests.live.reply_listener import BROKEN, ReplyListener
from tests.processes import Program, free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT

SECONDS = float(os.environ.get("RESONANT_FAULT_SECONDS", "6"))
WRITERS, CLIENTS = 6, 10
EVERYTHING = "subscription($after: String) { eventAppended(after: $after) { cursor kind } }"
UNFINISHED = """
SELECT (SELECT count(*) FROM intents WHERE status IN ('pending', 'processing'))
     + (SELECT count(*) FROM messages WHERE status IN ('pending', 'streaming'))
"""
BRIDGES = ("intent-bridge", "message-bridge")
SEND = "mutation($content: String!) { sendMessage(input: {content: $content}) { reply { id } } }"
LONG_TEXT = " ".join(f"語{number}𠮷" for number in range(80))
DATABASE_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with redis_server() as server:
        yield server


@dataclass
class Subscriber:
    """A client that reconnects after every failure with its last cursor."""

    cursor: str
    seen: list[str] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)

    def accept(self, response: dict[str, Any]) -> bool:
        """Record the response; returns whether to continue. A response without data means: reconnect later."""
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
                elif message["type"] == "next" and not self.accept(message["payload"]):
                    return
                elif message["type"] == "error":
                    self.accept({"errors": message["payload"]})
                    return

    async def over_sse(self, address: str) -> None:
        body = {"query": EVERYTHING}
        headers = {"accept": "text/event-stream", "last-event-id": self.cursor}
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(3, read=None)) as http,
            http.stream("POST", f"{address}/graphql", json=body, headers=headers) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: ") and not self.accept(json.loads(line[6:])):
                    return

    async def follow(self, addresses: list[str], chance: random.Random) -> None:
        while True:
            connect_over = chance.choice([self.over_websocket, self.over_sse])
            with suppress(*BROKEN):
                async with asyncio.timeout(chance.choice([0.5, 2, 5, 30])):
                    await connect_over(chance.choice(addresses))
            await asyncio.sleep(chance.choice([0, 0.05, 0.3]))


@dataclass
class Faults:
    """Injects faults and repairs them; `log` lists them for failure messages."""

    server: EmbeddedDatabase
    redis: RedisServer
    environment: dict[str, str]
    stack: AsyncExitStack
    ports: list[str]
    chance: random.Random
    own: dict[str, dict[str, str]]
    running: dict[str, Program] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    async def start(self, name: str) -> None:
        command = "serve" if name in self.ports else name
        extra = {"PORT": name} if name in self.ports else self.own.get(name, {})
        self.running[name] = await self.stack.enter_async_context(program(command, **self.environment, **extra))

    async def kill_and_start(self, name: str) -> None:
        killed = self.running.pop(name, None)
        if killed is None:  # it is restarting
            return
        self.log.append(f"kill {name}")
        await killed.stop(signal.SIGKILL)
        await asyncio.sleep(self.chance.random())
        await self.start(name)

    async def supervise(self) -> None:
        """Restart processes that found no database at their start, as a supervisor would; no other may end."""
        while True:
            await asyncio.sleep(0.2)
            for name, running in list(self.running.items()):
                if running.process.returncode is not None and self.running.get(name) is running:
                    assert "Cannot start: The database " in running.output, running.output
                    self.log.append(f"restart {name}")
                    del self.running[name]
                    await self.start(name)

    async def restart_database(self) -> None:
        self.log.append("restart PostgreSQL")
        postmaster = int((self.server._cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
        await asyncio.sleep(self.chance.random())
        await asyncio.to_thread(self.server.start)

    async def kill_listeners(self) -> None:
        self.log.append("kill the LISTEN connections")
        with suppress(*DATABASE_AWAY):
            connection = await asyncpg.connect(self.environment["DATABASE_URL"])
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
            await connection.close()

    async def stop_and_start_redis(self) -> None:
        self.log.append("stop Redis")
        await self.redis.stop()
        await asyncio.sleep(self.chance.random() * 2)
        await self.redis.start()

    async def inject(self) -> None:
        """Each fault once, then random ones until the time is over."""
        faults = [
            self.kill_listeners,
            self.restart_database,
            self.stop_and_start_redis,
            *(lambda name=name: self.kill_and_start(name) for name in (*self.ports, *BRIDGES)),
        ]
        deadline = asyncio.get_running_loop().time() + SECONDS
        waiting = self.chance.sample(faults, len(faults))
        while waiting or asyncio.get_running_loop().time() < deadline:
            await (waiting.pop() if waiting else self.chance.choice(faults))()
            await asyncio.sleep(self.chance.random())


async def write(dsn: str, chance: random.Random, stop: asyncio.Event) -> None:
    """Commit and roll back at random, with pauses; an outage of the database ends the current transaction."""
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


async def send_messages(addresses: list[str], chance: random.Random, stop: asyncio.Event) -> list[ReplyListener]:
    """Send messages repeatedly; returns the listeners of their replies after all replies have ended."""
    listeners, listening = list[ReplyListener](), list[asyncio.Task[None]]()
    async with httpx.AsyncClient(timeout=3) as http:
        while not stop.is_set():
            with suppress(*BROKEN):
                body = {"query": SEND, "variables": {"content": f"{len(listeners)} {LONG_TEXT} [[delay 0.01]]"}}
                response = (await http.post(f"{chance.choice(addresses)}/graphql", json=body)).json()
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
    """The cursors of all events after this one, in commit order."""
    after = EventCursor.decode(cursor)
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "SELECT xid, id FROM events WHERE user_id = 'owner' AND (xid, id) > ($1, $2) ORDER BY xid, id", *after.position
    )
    await connection.close()
    return [EventCursor(after.stream, EventPosition(row["xid"], row["id"])).encode() for row in rows]


async def first_cursor(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT append_event(id, scope_id, NULL, 'memory_created', uuidv7(), NULL, '{}') FROM users WHERE id = 'owner'"
    )
    [row] = await connection.fetch(
        "SELECT xid, e.id, s.id AS stream FROM events e, event_stream s ORDER BY 1, 2 LIMIT 1"
    )
    await connection.close()
    return EventCursor(row["stream"], EventPosition(row["xid"], row["id"])).encode()


@pytest.mark.parametrize("bus", ["redis", "postgresql"])
async def test_clients_see_every_event_once_in_order_under_faults(
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
        faults = Faults(own_server, redis, environment, stack, ports, chance, own)
        for name in (*ports, *BRIDGES):
            await faults.start(name)
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        async with httpx.AsyncClient() as http:
            for address in addresses:
                await wait_until_ready(http, f"{address}/health")
        cursor, stop = await first_cursor(dsn), asyncio.Event()
        clients = [Subscriber(cursor) for _ in range(CLIENTS)]
        following = [
            asyncio.create_task(client.follow(addresses, random.Random(number)))
            for number, client in enumerate(clients)
        ]
        writing = [asyncio.create_task(write(dsn, random.Random(100 + number), stop)) for number in range(WRITERS)]
        sending = asyncio.create_task(send_messages(addresses, random.Random(99), stop))
        supervising = asyncio.create_task(faults.supervise())
        await faults.inject()
        stop.set()
        async with asyncio.timeout(TIMEOUT):
            await asyncio.gather(*writing)
            listeners = await sending
        truth = await all_committed(dsn, cursor)
        async with asyncio.timeout(TIMEOUT):
            while any(len(client.seen) < len(truth) for client in clients):  # noqa: ASYNC110 - the clients reconnect at random
                await asyncio.sleep(0.1)
        for task in (*following, supervising):
            assert not task.done()
            task.cancel()
        await asyncio.wait([*following, supervising])
        replies = await stored_replies(dsn)
    assert len(truth) > 100
    for client in clients:
        assert client.refusals == []
        assert client.seen == truth, faults.log
    assert len(listeners) > 3
    for listener in listeners:
        assert listener.gaps == []
        assert listener.status == "COMPLETE"
        assert listener.text == replies[listener.message_id], faults.log


async def all_committed(dsn: str, cursor: str) -> list[str]:
    """The cursors of all committed events, after the bridges have finished their work."""
    connection = await asyncpg.connect(dsn)
    truth, before = await committed_after(dsn, cursor), list[str]()
    async with asyncio.timeout(TIMEOUT):
        while truth != before or await connection.fetchval(UNFINISHED):
            await asyncio.sleep(1)
            truth, before = await committed_after(dsn, cursor), truth
    await connection.close()
    return truth
