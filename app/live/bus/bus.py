"""The wake-up bus: hints that there is news for a user, and pieces of replies. Losing a message loses time only."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import orjson
import structlog
from broadcaster import Broadcast

from app.live.bus.postgres import ResilientPostgresBackend
from app.live.bus.reconnecting import FIRST_PAUSE, LISTENING, LONGEST_PAUSE

log = structlog.get_logger()

CHANNEL = "resonant"
MAX_PAYLOAD = 7900  # PostgreSQL refuses notifications of 8,000 bytes
MAX_PIECE = 7000
MAX_WAITING = 10_000
Piece = list[Any]
Listener = Callable[["News"], None]


class News:
    """What came over the bus in one message: users with news (None: anything may have happened), and pieces."""

    __slots__ = ("pieces", "users")

    def __init__(self, users: Iterable[str] | None, pieces: list[Piece]) -> None:
        self.users = None if users is None else frozenset(users)
        self.pieces = pieces


def _backend_for(url: str) -> Broadcast:
    if url.startswith(("postgres://", "postgresql://")):
        return Broadcast(backend=ResilientPostgresBackend(url))
    if url.startswith(("redis://", "rediss://")):
        from app.live.bus.redis import ResilientRedisBackend  # a driver that most installations never need

        return Broadcast(backend=ResilientRedisBackend(url))
    return Broadcast(url)


class Bus:
    """One a process. Messages of this process reach its own listeners at once, others through broadcaster.

    Everything waiting is sent as one message, so however many changes are announced, publishing is never a bottleneck.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._sender = uuid4().hex[:12]
        self._users: set[str] = set()
        self._pieces: deque[bytes] = deque()
        self._waiting = asyncio.Event()
        self._listeners: set[Listener] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bus"]:
        """Connected for as long as the block runs; a bus that is down is tried again and never stops the process."""
        relay = asyncio.create_task(self._relay_for_ever(), name="bus")
        try:
            yield self
        finally:
            relay.cancel()
            await asyncio.wait([relay])

    def announce(self, user_id: str) -> None:
        """Say that something was committed for the user."""
        self._users.add(user_id)
        self._tell(News((user_id,), []))
        self._waiting.set()

    def publish_piece(self, piece: Piece) -> None:
        """Send a piece of a reply: a JSON list of at most 7,000 bytes. Raises ValueError for a larger one."""
        encoded = orjson.dumps(piece)
        if len(encoded) > MAX_PIECE:
            raise ValueError(f"a piece of {len(encoded)} bytes does not fit into a message of the bus")
        if len(self._pieces) < MAX_WAITING:  # a dead bus must not fill the memory; followers read the table instead
            self._pieces.append(encoded)
        self._tell(News((), [piece]))
        self._waiting.set()

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        """Call the listener with all news while the block runs. It must not block and must not raise."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def _tell(self, news: News) -> None:
        for listener in list(self._listeners):
            listener(news)

    async def _relay_for_ever(self) -> None:
        pause = FIRST_PAUSE
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._relay()
            except* Exception as failures:  # whatever a backend's driver raises, polling goes on behind
                if clock() - began > LONGEST_PAUSE:
                    pause = FIRST_PAUSE
                if pause == FIRST_PAUSE:
                    log.warning("the bus is down; polling goes on", errors=[str(each) for each in failures.exceptions])
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _relay(self) -> None:
        """Connect, then send and receive until something breaks."""
        async with AsyncExitStack() as stack:
            broadcast = await stack.enter_async_context(_backend_for(self._url))
            subscriber = await stack.enter_async_context(broadcast.subscribe(CHANNEL))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive(subscriber))
                tasks.create_task(self._send(broadcast))

    async def _receive(self, subscriber: Any) -> None:
        while True:
            event = await subscriber.get()
            if event.message == LISTENING:
                self._tell(News(None, []))
                continue
            sender, users, pieces = orjson.loads(event.message)
            if sender != self._sender:
                self._tell(News(users, pieces))

    async def _send(self, broadcast: Broadcast) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            while message := self._next_message():
                await broadcast.publish(CHANNEL, message)

    def _next_message(self) -> str | None:
        """As much of what waits as one payload holds, users first."""
        if not self._users and not self._pieces:
            return None
        users, pieces, room = list[str](), list[bytes](), MAX_PAYLOAD - len(self._sender) - 20
        while self._users and room > MAX_PIECE:
            users.append(self._users.pop())
            room -= len(orjson.dumps(users[-1])) + 1
        while self._pieces and len(self._pieces[0]) < room:
            pieces.append(self._pieces.popleft())
            room -= len(pieces[-1]) + 1
        return f'["{self._sender}",{orjson.dumps(users).decode()},[{b",".join(pieces).decode()}]]'
