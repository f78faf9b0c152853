"""Broadcaster backend on Redis publish/subscribe that survives restarts of the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.live.bus.reconnecting import LISTENING, ReconnectingBackend

HEALTH_CHECK_SECONDS = 15
CHANNEL_CHECK_SECONDS = 5  # a changed set of channels is noticed within this time


class ReconnectingRedisBackend(ReconnectingBackend):
    """One connection listens and reconnects; others publish.

    Replaces broadcaster's own Redis backend, which stops listening without an error when the server stops.
    """

    name: ClassVar[str] = "Redis"
    connection_errors = (OSError, RedisError, TimeoutError)

    def __init__(self, url: str) -> None:
        super().__init__()
        # Retries inside the driver would hide that messages were missed.
        self._redis: Any = Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=5,
            socket_timeout=5,
            health_check_interval=HEALTH_CHECK_SECONDS,
            decode_responses=True,
        )

    async def disconnect(self) -> None:
        await super().disconnect()
        await self._redis.aclose()

    async def publish(self, channel: str, message: str) -> None:
        """Raises errors of the driver; the next call reconnects."""
        await self._redis.publish(channel, message)

    @asynccontextmanager
    async def _subscriber(self) -> AsyncIterator[Any]:
        subscriber = self._redis.pubsub()
        try:
            yield subscriber
        finally:
            await subscriber.aclose()

    async def _listen(self) -> None:
        async with self._subscriber() as subscriber:
            while True:
                self._channels_changed.clear()
                if self._channels:
                    await subscriber.subscribe(*self._channels)
                    await self._receive_until_changed(subscriber)
                else:
                    await self._channels_changed.wait()

    async def _receive_until_changed(self, subscriber: Any) -> None:
        while not self._channels_changed.is_set():
            message = await subscriber.get_message(timeout=CHANNEL_CHECK_SECONDS)
            if message is None:
                continue
            if message["type"] == "message":
                self._receive(message["channel"], message["data"])
            elif message["type"] == "subscribe":
                self._receive(message["channel"], LISTENING)
