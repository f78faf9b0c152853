"""Base class of our broadcaster backends: listens, and reconnects with exponential backoff."""

import asyncio
from typing import ClassVar

import structlog
from broadcaster import Event
from broadcaster._backends.base import BroadcastBackend

from app.retry import Backoff, cancel_and_wait, poll_forever

log = structlog.get_logger()

RECONNECT = Backoff(first=0.1, longest=5.0)
# Sent to listeners whenever listening starts: earlier messages may have been lost.
LISTENING = ""


class ReconnectingBackend(BroadcastBackend):
    """Listens until it is disconnected. A subclass implements `_listen` and lists its driver's connection errors."""

    name: ClassVar[str]
    connection_errors: tuple[type[Exception], ...]

    def __init__(self) -> None:
        self._channels: set[str] = set()
        self._channels_changed = asyncio.Event()
        self._received: asyncio.Queue[Event] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        name = f"bus listener on {self.name}"
        listening = poll_forever(self._listen_until_lost, name=name, seconds=0, backoff=RECONNECT, report=self._report)
        self._listening = asyncio.create_task(listening, name=name)

    async def disconnect(self) -> None:
        if self._listening is not None:
            await cancel_and_wait(self._listening)

    async def subscribe(self, channel: str) -> None:
        self._channels.add(channel)
        self._channels_changed.set()

    async def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        self._channels_changed.set()

    async def next_published(self) -> Event:
        return await self._received.get()

    async def _listen(self) -> None:
        """Listen to all channels until the connection is lost; receives LISTENING first on each channel."""
        raise NotImplementedError

    def _receive(self, channel: str, message: str) -> None:
        self._received.put_nowait(Event(channel, message))

    async def _listen_until_lost(self) -> None:
        await self._listen()
        raise ConnectionResetError("the connection ended")

    def _report(self, failure: Exception, failures: int) -> None:
        if not isinstance(failure, self.connection_errors):
            log.error("the bus connection failed unexpectedly; reconnecting", bus=self.name, exc_info=failure)
        elif failures == 1:
            problem = str(failure) or type(failure).__name__
            log.warning("the bus connection is lost; reconnecting", bus=self.name, problem=problem)
