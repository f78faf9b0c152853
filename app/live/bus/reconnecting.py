"""What our backends for broadcaster have in common: a listener that connects again, for as long as it takes."""

import asyncio
import contextlib
from typing import ClassVar

import structlog
from broadcaster import Event
from broadcaster._backends.base import BroadcastBackend

log = structlog.get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
# What a listener is handed whenever it begins to hear: anything may have been said before.
LISTENING = ""


class ResilientBackend(BroadcastBackend):
    """Listens until it is disconnected. A subclass says how, and what its driver raises when the server is away."""

    name: ClassVar[str]
    unreachable: tuple[type[Exception], ...]

    def __init__(self) -> None:
        self._channels: set[str] = set()
        self._changed = asyncio.Event()
        self._received: asyncio.Queue[Event] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self._listening = asyncio.create_task(self._listen_for_ever(), name=f"bus listener on {self.name}")

    async def disconnect(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    async def subscribe(self, channel: str) -> None:
        self._channels.add(channel)
        self._changed.set()

    async def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        self._changed.set()

    async def next_published(self) -> Event:
        return await self._received.get()

    async def _listen(self) -> None:
        """Listen to the channels, each after a LISTENING, until the connection is lost."""
        raise NotImplementedError

    def _hear(self, channel: str, message: str) -> None:
        self._received.put_nowait(Event(channel, message))

    async def _listen_for_ever(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._listen()
                problem = "the connection ended"
            except self.unreachable as error:
                problem = str(error) or type(error).__name__
            if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            if pause == FIRST_PAUSE:
                log.warning("the bus cannot be heard; connecting again", bus=self.name, problem=problem)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
