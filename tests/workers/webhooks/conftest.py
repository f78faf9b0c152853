"""A project with webhooks, local receivers, and senders in the event loop of the test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.models.ports import Clock
from app.settings import Settings
from app.workers.webhooks.sender import Client, WebhookSender
from resolvers.webhooks import new_secret
from sql.repositories import webhooks
from sql.repositories.webhooks import WebhookValues
from tests.fakes.clock import SetClock
from tests.fakes.webhook_receiver import Receiver, receiver
from tests.workers.conftest import Workshop, open_workshop


@dataclass
class Hooks:
    """A project of ann with webhooks."""

    workshop: Workshop
    project: UUID
    clock: SetClock = field(default_factory=lambda: SetClock(datetime.now(UTC)))
    secrets: dict[UUID, str] = field(default_factory=dict)

    async def add(self, url: str, *, kinds: Sequence[str] = (), project: UUID | None = None) -> UUID:
        """A new webhook; returns its id."""
        secret = new_secret()
        async with self.workshop.services.database.transaction() as connection:
            values = WebhookValues(url, None, kinds, True)
            row = await webhooks.insert_webhook(connection, "ann", project or self.project, values, secret)
        self.secrets[row.id] = secret
        return row.id

    async def change(self, count: int = 1, *, project: UUID | None = None) -> UUID:
        """A new to-do and `count` - 1 changes of it, an event each; returns its id."""
        intent = await self.workshop.insert_intent(
            "water the plants", assignee="person", assignee_id="ann", project_id=project or self.project
        )
        for number in range(1, count):
            await self.execute(
                "UPDATE intents SET priority = $2, version = version + 1 WHERE id = $1", intent, number % 10 + 1
            )
        self.workshop.services.bus.announce("ann")
        return intent

    async def execute(self, statement: str, *arguments: Any) -> None:
        await self.workshop.pool.execute(statement, *arguments)

    async def fetch(self, statement: str, *arguments: Any) -> list[Any]:
        rows: list[Any] = await self.workshop.pool.fetch(statement, *arguments)
        return rows

    async def deliveries(self, status: str | None = None) -> list[Any]:
        """In the order of their events."""
        return await self.fetch(
            "SELECT * FROM webhook_deliveries WHERE $1::text IS NULL OR status = $1 ORDER BY xid, event_id", status
        )

    @asynccontextmanager
    async def sending(
        self, *, clock: Clock | None = None, client: Client | None = None, **changed: Any
    ) -> AsyncIterator[WebhookSender]:
        """A sender that runs during the block, with the clock of the test unless another one is given."""
        services = self.workshop.services
        settings = services.settings.model_copy(update=changed)
        sender = WebhookSender(services.database, services.bus, settings, clock or self.clock, client=client)
        running = asyncio.create_task(sender.run())
        try:
            yield sender
        finally:
            running.cancel()
            await asyncio.wait([running])
            if not running.cancelled():
                running.result()

    async def until_ended(self, count: int, *, step: timedelta = timedelta(0)) -> None:
        """Wait until so many deliveries have ended; the clock advances by `step` at each look."""

        async def ended() -> bool:
            self.clock.at += step
            self.workshop.services.bus.announce("ann")
            [row] = await self.fetch("SELECT count(*) FROM webhook_deliveries WHERE status <> 'pending'")
            return bool(row["count"] >= count)

        await self.workshop.until(ended)

    async def until_attempts(self, count: int) -> None:
        """Wait until so many attempts have been stored, of all deliveries together."""

        async def stored() -> bool:
            [row] = await self.fetch(
                "SELECT sum(attempts) AS count, bool_or(claimed_until > now()) AS running FROM webhook_deliveries"
            )
            return bool((row["count"] or 0) >= count and not row["running"])

        await self.workshop.until(stored)


@pytest.fixture
def settings() -> Settings:
    return Settings(
        _env_file=None,
        embedder="hashed",
        worker_lease_seconds=20,
        database_poll_seconds=0.1,
        database_pool_max_size=4,
        webhook_allow_private=True,
    )


async def add_project(workshop: Workshop, name: str) -> UUID:
    made: UUID = await workshop.pool.fetchval(
        "INSERT INTO projects (user_id, name, slug) VALUES ('ann', $1, $1) RETURNING id", name
    )
    return made


@pytest.fixture
async def hooks(database_url: str, settings: Settings) -> AsyncIterator[Hooks]:
    async with open_workshop(database_url, settings) as workshop:
        yield Hooks(workshop, await add_project(workshop, "shop"))


@pytest.fixture
async def target() -> AsyncIterator[Receiver]:
    async with receiver() as running:
        yield running
