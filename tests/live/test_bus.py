"""The wake-up bus on each backend: hints and pieces reach other processes, and a lost one costs only time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from app.live.bus.bus import Bus, BusMessage
from app.settings import SettingsError, load_settings
from tests.live.conftest import Live, open_live
from tests.live.redis_server import RedisServer, redis_server
from tests.live.test_hub import take, titles_of
from tests.timeouts import TIMEOUT


@dataclass
class Received:
    """The messages that reached one process, in order."""

    bus: Bus
    users: list[str] = field(default_factory=list)
    pieces: list[object] = field(default_factory=list)
    possible_losses: int = 0

    def receive(self, message: BusMessage) -> None:
        self.users += sorted(message.users or ())
        self.pieces += message.pieces
        self.possible_losses += message.users is None

    async def until(self, **wanted: object) -> None:
        async with asyncio.timeout(TIMEOUT):
            while any(getattr(self, name) != value for name, value in wanted.items()):  # noqa: ASYNC110 - the listener is a callback
                await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Received]:
    async with Bus(url).running() as bus:
        received = Received(bus)
        async with bus.listening(received.receive):
            if not url.startswith("memory"):
                await received.until(possible_losses=1)  # connected
            yield received


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with redis_server() as server:
        yield server


@pytest.fixture(params=["postgresql", "redis"])
async def url(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[str]:
    if request.param == "postgresql":
        yield database_url
    else:
        async with redis_server() as server:
            yield server.url


async def test_hints_and_pieces_reach_every_process_once(url: str) -> None:
    async with listening(url) as one, listening(url) as other:
        one.bus.announce("ann")
        for number in range(500):
            one.bus.publish_piece([f"message {number} 設計", number])
        pieces = [[f"message {number} 設計", number] for number in range(500)]
        await other.until(users=["ann"], pieces=pieces)
        await asyncio.sleep(0.1)
        assert (one.users, one.pieces) == (["ann"], pieces)


async def test_hints_for_one_user_are_coalesced(url: str) -> None:
    async with listening(url) as one, listening(url) as other:
        for _ in range(1000):
            one.bus.announce("ann")
        await other.until(users=["ann"])
        await asyncio.sleep(0.2)
        assert other.users == ["ann"]


async def test_hints_for_ten_thousand_users_arrive(url: str) -> None:
    async with listening(url) as one, listening(url) as other:
        users = {f"user {number} {'x' * 40}" for number in range(10_000)}
        for user in users:
            one.bus.announce(user)
        async with asyncio.timeout(TIMEOUT):
            while set(other.users) != users:  # noqa: ASYNC110 - the listener is a callback
                await asyncio.sleep(0.01)


async def test_too_large_piece_is_refused(url: str) -> None:
    async with listening(url) as one:
        with pytest.raises(ValueError, match="does not fit"):
            one.bus.publish_piece(["x" * 7001])


async def test_memory_bus_reaches_all_listeners_of_the_process() -> None:
    async with listening("memory://") as received:
        received.bus.announce("ann")
        received.bus.publish_piece(["m", 1])
        await asyncio.sleep(0.05)
        assert (received.users, received.pieces) == (["ann"], [["m", 1]])


@pytest.mark.parametrize("url", ["kafka://x", "http://x", "redis-stream://x", "nonsense"])
def test_unknown_bus_url_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVE_BROADCAST_URL", url)
    with pytest.raises(SettingsError, match="LIVE_BROADCAST_URL"):
        load_settings()


@asynccontextmanager
async def two_processes(database_url: str, bus_url: str, poll_seconds: float) -> AsyncIterator[tuple[Live, Live]]:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(open_live(database_url, bus_url=bus_url, poll_seconds=poll_seconds))
        other = await stack.enter_async_context(open_live(database_url, bus_url=bus_url, poll_seconds=poll_seconds))
        await asyncio.sleep(0.3)
        yield one, other


async def test_redis_hint_reaches_other_process_before_it_polls(
    database_url: str, users: None, redis: RedisServer
) -> None:
    async with two_processes(database_url, redis.url, 60) as (one, other):
        following = asyncio.create_task(take(other, 1))
        await other.until_followed()
        await one.notify("over redis")
        assert await titles_of(one, await following) == ["over redis"]


async def test_events_arrive_by_polling_while_redis_is_down(database_url: str, users: None, redis: RedisServer) -> None:
    async with two_processes(database_url, redis.url, 0.2) as (one, other):
        following = asyncio.create_task(take(other, 20))
        await other.until_followed()
        await redis.stop()
        for number in range(20):
            await one.notify(f"{number}")
            await asyncio.sleep(0.02)
        assert await titles_of(one, await following) == [f"{number}" for number in range(20)]


async def test_reconnecting_to_redis_delivers_missed_events_without_polling(
    database_url: str, users: None, redis: RedisServer
) -> None:
    async with two_processes(database_url, redis.url, 2 * TIMEOUT) as (one, other):
        following = asyncio.create_task(take(other, 1))
        await other.until_followed()
        await redis.stop()
        await one.notify("during the outage")
        await redis.start()
        assert await titles_of(one, await following) == ["during the outage"]


async def test_process_that_could_not_send_during_an_outage_sends_again_afterwards(redis: RedisServer) -> None:
    async with listening(redis.url) as one, listening(redis.url) as other:
        await redis.stop()
        one.bus.announce("ann")
        async with asyncio.timeout(TIMEOUT):
            while one.bus._users:  # noqa: ASYNC110 - sending reports nothing
                await asyncio.sleep(0.01)
        await redis.start()
        await other.until(possible_losses=2)
        one.bus.announce("bob")
        await other.until(users=["bob"])


async def test_process_starts_while_the_bus_is_down(database_url: str, users: None, redis: RedisServer) -> None:
    await redis.stop()
    async with two_processes(database_url, redis.url, 0.2) as (one, other):
        following = asyncio.create_task(take(other, 1))
        await other.until_followed()
        await one.notify("without a bus")
        assert await titles_of(one, await following) == ["without a bus"]
