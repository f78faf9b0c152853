"""The wake-up bus: carries hints that a user has new events, and pieces of replies.

It may lose messages: subscribers read the tables, so a lost message costs time and never data.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import orjson
import structlog
from broadcaster import Broadcast

from app.live.bus.postgres import ReconnectingPostgresBackend
from app.live.bus.reconnecting import LISTENING, RECONNECT
from app.retry import CANCEL_AGAIN_SECONDS, Backoff, cancel_and_wait, poll_forever

log = structlog.get_logger()

CHANNEL = "resonant"
MAX_PAYLOAD = 7900  # PostgreSQL refuses notifications of 8,000 bytes
MAX_PIECE = 7000
MAX_QUEUED_PIECES = 10_000
PieceFields = list[Any]
Listener = Callable[["BusMessage"], None]
LONGEST_PAUSE = 30.0


class BusMessage:
    """Users who have new events, and pieces of replies. `users` is None when messages may have been lost."""

    __slots__ = ("pieces", "users")

    def __init__(self, users: Iterable[str] | None, pieces: list[PieceFields]) -> None:
        self.users = None if users is None else frozenset(users)
        self.pieces = pieces


def _backend_for(url: str) -> Broadcast:
    if url.startswith(("postgres://", "postgresql://")):
        return Broadcast(backend=ReconnectingPostgresBackend(url))
    if url.startswith(("redis://", "rediss://")):
        from app.live.bus.redis import ReconnectingRedisBackend  # most installations do not need this driver

        return Broadcast(backend=ReconnectingRedisBackend(url))
    return Broadcast(url)


def _report(failure: Exception, failures: int) -> None:
    # Each backend raises the errors of its own driver. Polling continues meanwhile.
    if failures == 1:
        errors = failure.exceptions if isinstance(failure, ExceptionGroup) else (failure,)
        log.warning("the bus is down; polling continues", errors=[str(each) for each in errors])


class Bus:
    """Sends messages to all processes, one instance per process. Listeners in the same process are called directly.

    Everything that is queued goes out as one message (coalescing), so the number of changes does not limit publishing.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._sender = uuid4().hex[:12]
        self._users: set[str] = set()
        self._pieces: deque[bytes] = deque()
        self._queued = asyncio.Event()
        self._listeners: set[Listener] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Bus"]:
        """Stay connected while the block runs. An unreachable bus is retried and never stops the process."""
        relaying = poll_forever(self._relay, name="bus", seconds=0, backoff=RECONNECT, report=_report)
        relay = asyncio.create_task(relaying, name="bus")
        try:
            yield self
        finally:
            # Its backend cancels a task of its own, and may have to do so again.
            await cancel_and_wait(relay, 3 * CANCEL_AGAIN_SECONDS)

    def announce(self, user_id: str) -> None:
        """Notify all processes that a change for the user was committed."""
        self._users.add(user_id)
        self._dispatch(BusMessage((user_id,), []))
        self._queued.set()

    def publish_piece(self, piece: PieceFields) -> None:
        """Send a piece of a reply: a JSON list of at most 7,000 bytes. Raises ValueError for a larger one."""
        encoded = orjson.dumps(piece)
        if len(encoded) > MAX_PIECE:
            raise ValueError(f"a piece of {len(encoded)} bytes does not fit into a message of the bus")
        if len(self._pieces) < MAX_QUEUED_PIECES:  # bounds the memory while the bus is down; subscribers read the table
            self._pieces.append(encoded)
        self._dispatch(BusMessage((), [piece]))
        self._queued.set()

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        """Call the listener with every message while the block runs. It must not block and must not raise."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def _dispatch(self, message: BusMessage) -> None:
        for listener in list(self._listeners):
            listener(message)

    async def _relay(self) -> None:
        """Connect, then send and receive until the connection breaks."""
        async with AsyncExitStack() as stack:
            broadcast = await stack.enter_async_context(_backend_for(self._url))
            subscriber = await stack.enter_async_context(broadcast.subscribe(CHANNEL))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive(subscriber))
                # In this task: Python 3.11 leaves a task marked as cancelled when it only waits for its group, and the
                # failed attempt would then end the relay instead of being repeated.
                await self._send(broadcast)

    async def _receive(self, subscriber: Any) -> None:
        while True:
            event = await subscriber.get()
            if event.message == LISTENING:
                self._dispatch(BusMessage(None, []))
                continue
            sender, users, pieces = orjson.loads(event.message)
            if sender != self._sender:
                self._dispatch(BusMessage(users, pieces))

    async def _send(self, broadcast: Broadcast) -> None:
        while True:
            await self._queued.wait()
            self._queued.clear()
            while payload := self._next_payload():
                await broadcast.publish(CHANNEL, payload)

    def _next_payload(self) -> str | None:
        """As much of the queue as fits into one payload, users first; None when the queue is empty."""
        if not self._users and not self._pieces:
            return None
        users, pieces, free_bytes = list[str](), list[bytes](), MAX_PAYLOAD - len(self._sender) - 20
        while self._users and free_bytes > MAX_PIECE:
            users.append(self._users.pop())
            free_bytes -= len(orjson.dumps(users[-1])) + 1
        while self._pieces and len(self._pieces[0]) < free_bytes:
            pieces.append(self._pieces.popleft())
            free_bytes -= len(pieces[-1]) + 1
        return f'["{self._sender}",{orjson.dumps(users).decode()},[{b",".join(pieces).decode()}]]'


async def run_on_changes(bus: Bus, step: Callable[[], Awaitable[None]], *, name: str, poll_seconds: float) -> None:
    """Run `step` until cancelled: at once when the bus announces a change, and every `poll_seconds`."""
    wake = asyncio.Event()

    def on_message(message: BusMessage) -> None:
        if message.users is None or message.users:  # the pieces of a streamed reply change nothing that is indexed
            wake.set()

    async with bus.listening(on_message):
        backoff = Backoff(first=2 * poll_seconds, longest=LONGEST_PAUSE)
        await poll_forever(step, name=name, seconds=poll_seconds, wake=wake, backoff=backoff)
