"""Fixtures: the bus, event hub and reply streams of one process on a real database."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from app.live.bus.bus import Bus
from app.live.hub import EventHub
from app.live.replies import ReplyPublisher, ReplyStreams
from sql.pool import Database, create_pool
from sql.statements import Connection
from tests.timeouts import TIMEOUT


@dataclass
class Live:
    """The live services of one process; `notify` commits one notification and announces it."""

    url: str
    database: Database
    bus: Bus
    hub: EventHub
    replies: ReplyStreams
    publisher: ReplyPublisher

    async def notify(self, title: str, user: str = "ann", *, announce: bool = True) -> None:
        async with self.database.connection() as connection:
            await insert_notification(connection, title, user)
        if announce:
            self.bus.announce(user)

    async def notify_all(self, titles: Iterable[str], user: str = "ann") -> None:
        """Commit these notifications in one transaction."""
        async with self.database.transaction() as connection:
            for title in titles:
                await insert_notification(connection, title, user)
        self.bus.announce(user)

    async def until_followed(self, user: str = "ann") -> None:
        """Wait until a subscriber of the user receives live events."""
        async with asyncio.timeout(TIMEOUT):
            while not self.hub._queues.get(user):  # noqa: ASYNC110 - a subscription reports no start
                await asyncio.sleep(0.005)


async def insert_notification(connection: Connection, title: str, user: str = "ann") -> UUID:
    created: UUID = await connection.fetchval(
        "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ($1, $2, 'm', 'info') "
        "RETURNING id",
        user,
        title,
    )
    return created


@asynccontextmanager
async def open_live(url: str, *, poll_seconds: float = 0.2, bus_url: str | None = None) -> AsyncIterator[Live]:
    pool = await create_pool(url, application="live", min_size=1, max_size=10, statement_timeout=5, acquire_timeout=5)
    database = Database(pool, acquire_timeout=5)
    async with (
        Bus(bus_url or url).running() as bus,
        EventHub(database, bus, poll_seconds=poll_seconds, max_queue_size=50).running() as hub,
        ReplyStreams(database, bus, poll_seconds=poll_seconds).running() as replies,
    ):
        yield Live(url, database, bus, hub, replies, ReplyPublisher(bus))
    await database.close()


@pytest.fixture
async def users(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner'), ('bob', 'Bob', 'member')")
    await connection.execute("TRUNCATE events RESTART IDENTITY")  # of their default projects
    await connection.close()


@pytest.fixture
async def live(database_url: str, users: None) -> AsyncIterator[Live]:
    async with open_live(database_url) as opened:
        yield opened
