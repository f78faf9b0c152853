"""Broadcaster backend on PostgreSQL LISTEN and NOTIFY that survives lost connections."""

import asyncio
from typing import Any, ClassVar

import asyncpg

from app.live.bus.reconnecting import LISTENING, ReconnectingBackend


class ReconnectingPostgresBackend(ReconnectingBackend):
    """One connection listens and reconnects; another publishes, one message at a time.

    Replaces broadcaster's own PostgreSQL backend, which serves one of several concurrent first subscribers, fails on
    concurrent publishes and hangs all subscribers when its connection is killed.
    """

    name: ClassVar[str] = "PostgreSQL"
    connection_errors = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)

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
        """Send one message of at most 7,999 bytes. Raises errors of the driver; the next call reconnects."""
        async with self._publishing:
            if self._publisher is None or self._publisher.is_closed():
                # A hint need not survive a crash, so do not wait for the disk.
                self._publisher = await asyncpg.connect(
                    self._dsn, timeout=5, server_settings={"synchronous_commit": "off"}
                )
            await self._publisher.execute("SELECT pg_notify($1, $2)", channel, message, timeout=5)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5)
        lost = asyncio.Event()

        def on_termination(_: Any) -> None:
            lost.set()
            self._channels_changed.set()

        connection.add_termination_listener(on_termination)
        listened: set[str] = set()
        try:
            while not lost.is_set():
                self._channels_changed.clear()
                for channel in self._channels - listened:
                    await connection.add_listener(channel, self._on_notification)
                    self._receive(channel, LISTENING)
                for channel in listened - self._channels:
                    await connection.remove_listener(channel, self._on_notification)
                listened = set(self._channels)
                await self._channels_changed.wait()
        finally:
            if not connection.is_closed():
                await connection.close(timeout=1)

    def _on_notification(self, connection: Any, pid: int, channel: str, message: Any) -> None:
        self._receive(channel, message)
