"""LISTEN and NOTIFY as a backend for broadcaster that survives what a database goes through."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog
from broadcaster import Event
from broadcaster._backends.base import BroadcastBackend

log = structlog.get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
# What a listener is handed after it had to connect again: anything may have been said meanwhile.
RECONNECTED = ""
UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


class ResilientPostgresBackend(BroadcastBackend):
    """One connection listens and connects again when it breaks; another publishes, one message at a time.

    broadcaster's own PostgreSQL backend serves one of several concurrent first subscribers, fails on concurrent
    publishes and hangs everyone when its connection is killed.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._channels: set[str] = set()
        self._received: asyncio.Queue[Event] = asyncio.Queue()
        self._publisher: Any = None
        self._publishing = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def connect(self) -> None:
        self._listening = asyncio.create_task(self._listen_for_ever(), name="bus listener")

    async def disconnect(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._publisher is not None:
            await self._publisher.close(timeout=1)

    async def subscribe(self, channel: str) -> None:
        self._channels.add(channel)
        self._changed.set()

    async def unsubscribe(self, channel: str) -> None:
        self._channels.discard(channel)
        self._changed.set()

    async def publish(self, channel: str, message: str) -> None:
        """Send one message of at most 7,999 bytes. Raises what the driver raises; the next call connects anew."""
        async with self._publishing:
            if self._publisher is None or self._publisher.is_closed():
                self._publisher = await asyncpg.connect(self._dsn, timeout=5)
            await self._publisher.execute("SELECT pg_notify($1, $2)", channel, message, timeout=5)

    async def next_published(self) -> Event:
        return await self._received.get()

    async def _listen_for_ever(self) -> None:
        pause, first = FIRST_PAUSE, True
        while True:
            try:
                await self._listen(catch_up=not first)
                pause = FIRST_PAUSE
                log.warning("the database connection that listens was lost; connecting again")
            except UNREACHABLE as error:
                if pause == FIRST_PAUSE:
                    log.warning("the database cannot be reached to listen; trying again", error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            first = False

    async def _listen(self, *, catch_up: bool) -> None:
        """Listen until the connection is lost."""
        connection = await asyncpg.connect(self._dsn, timeout=5)
        lost = asyncio.Event()

        def notice(_: Any) -> None:
            lost.set()
            self._changed.set()

        connection.add_termination_listener(notice)
        listened: set[str] = set()
        try:
            while not lost.is_set():
                self._changed.clear()
                for channel in self._channels - listened:
                    await connection.add_listener(channel, self._receive)
                for channel in listened - self._channels:
                    await connection.remove_listener(channel, self._receive)
                if catch_up:
                    for channel in self._channels - listened:
                        self._received.put_nowait(Event(channel, RECONNECTED))
                listened = set(self._channels)
                await self._changed.wait()
        finally:
            if not connection.is_closed():
                await connection.close(timeout=1)

    def _receive(self, connection: Any, pid: int, channel: str, message: Any) -> None:
        self._received.put_nowait(Event(channel, message))
