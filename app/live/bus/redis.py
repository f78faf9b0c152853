"""Redis publish and subscribe as a backend for broadcaster that survives a server that goes and comes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.live.bus.reconnecting import LISTENING, ResilientBackend

HEALTH_SECONDS = 15
LOOK_UP_SECONDS = 5  # how soon another set of channels is noticed


class ResilientRedisBackend(ResilientBackend):
    """One connection listens and connects again when it breaks; others publish.

    broadcaster's own Redis backend stops listening for good, without a word, when the server goes away.
    """

    name: ClassVar[str] = "Redis"
    unreachable = (OSError, RedisError, TimeoutError)

    def __init__(self, url: str) -> None:
        super().__init__()
        # The driver's own retries would hide that something was missed.
        self._redis: Any = Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=5,
            socket_timeout=5,
            health_check_interval=HEALTH_SECONDS,
            decode_responses=True,
        )

    async def disconnect(self) -> None:
        await super().disconnect()
        await self._redis.aclose()

    async def publish(self, channel: str, message: str) -> None:
        """Raises what the driver raises; the next call connects anew."""
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
                self._changed.clear()
                if self._channels:
                    await subscriber.subscribe(*self._channels)
                    await self._hear_until_changed(subscriber)
                else:
                    await self._changed.wait()

    async def _hear_until_changed(self, subscriber: Any) -> None:
        while not self._changed.is_set():
            message = await subscriber.get_message(timeout=LOOK_UP_SECONDS)
            if message is None:
                continue
            if message["type"] == "message":
                self._hear(message["channel"], message["data"])
            elif message["type"] == "subscribe":
                self._hear(message["channel"], LISTENING)
