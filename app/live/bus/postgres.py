"""LISTEN and NOTIFY as a backend for broadcaster that survives what a database goes through."""

import asyncio
from typing import Any, ClassVar

import asyncpg

from app.live.bus.reconnecting import LISTENING, ResilientBackend


class ResilientPostgresBackend(ResilientBackend):
    """One connection listens and connects again when it breaks; another publishes, one message at a time.

    broadcaster's own PostgreSQL backend serves one of several concurrent first subscribers, fails on concurrent
    publishes and hangs everyone when its connection is killed.
    """

    name: ClassVar[str] = "PostgreSQL"
    unreachable = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self._dsn = dsn
        self._publisher: Any = None
        self._publishing = asyncio.Lock()

    async def disconnect(self) -> None:
        await super().disconnect()
        if self._publisher is not None:
            await self._publisher.close(timeout=1)

    async def publish(self, channel: str, message: str) -> None:
        """Send one message of at most 7,999 bytes. Raises what the driver raises; the next call connects anew."""
        async with self._publishing:
            if self._publisher is None or self._publisher.is_closed():
                # A hint need not outlive a crash: nobody waits for the disk.
                self._publisher = await asyncpg.connect(
                    self._dsn, timeout=5, server_settings={"synchronous_commit": "off"}
                )
            await self._publisher.execute("SELECT pg_notify($1, $2)", channel, message, timeout=5)

    async def _listen(self) -> None:
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
                    self._hear(channel, LISTENING)
                for channel in listened - self._channels:
                    await connection.remove_listener(channel, self._receive)
                listened = set(self._channels)
                await self._changed.wait()
        finally:
            if not connection.is_closed():
                await connection.close(timeout=1)

    def _receive(self, connection: Any, pid: int, channel: str, message: Any) -> None:
        self._hear(channel, message)
