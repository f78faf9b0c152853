"""Bridges that run in the event loop of the test, with a real database and a scripted assistant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.models.classification.local import LocalClassifier
from app.models.factory import Models
from app.models.ports import Classifier, Clock, ModelCalls, UncountedCalls
from app.services import Services, open_services
from app.settings import Settings
from app.workers.intents.worker import IntentBridge
from app.workers.loop import BridgeLoop
from app.workers.replies.worker import MessageBridge
from sql.pool import Pool, create_pool
from sql.repositories.branches import insert_version, lock_branches
from sql.repositories.messages import insert_pending_reply
from tests.fakes.assistant import ScriptedAssistant
from tests.timeouts import TIMEOUT

# The leases of dead workers, as if their time was over.
EXPIRED = "UPDATE intents SET lease_until = '2000-01-01' WHERE claimed_by IS NOT NULL"


@dataclass
class Workshop:
    """A database with one user, and bridges that can be started and stopped."""

    services: Services
    pool: Pool  # of the test only; faults of the bridges' connections do not affect it
    assistant: ScriptedAssistant = field(default_factory=ScriptedAssistant)
    classifier: Classifier = field(default_factory=LocalClassifier)
    clock: Clock = field(default_factory=SystemClock)
    calls: ModelCalls = field(default_factory=UncountedCalls)

    def models(self) -> Models:
        return Models(self.assistant, self.classifier, calls=self.calls)

    @asynccontextmanager
    async def bridge(self, kind: Literal["intent", "message"]) -> AsyncIterator[BridgeLoop[Any]]:
        """A bridge that runs during the block and is then stopped, as by SIGTERM."""
        services = self.services
        given = (services.database, services.bus, self.models(), services.settings, self.clock, services.memory)
        tools = services.tools(model_configured=lambda: not self.assistant.offline)
        source: Any = (
            MessageBridge(*given, tools, services.files)
            if kind == "message"
            else IntentBridge(*given, files=services.files)
        )
        async with self.running(source) as loop:
            yield loop

    @asynccontextmanager
    async def running(self, source: Any) -> AsyncIterator[BridgeLoop[Any]]:
        """A loop of this job source that runs during the block."""
        services = self.services
        loop: BridgeLoop[Any] = BridgeLoop(source, services.database, services.bus, services.settings)
        running = asyncio.create_task(loop.run())
        try:
            yield loop
        finally:
            running.cancel()
            await asyncio.wait([running])
            if not running.cancelled():
                running.result()

    async def say(self, content: str, *, announce: bool = True, model: str | None = None) -> UUID:
        """Insert a user's message with its pending reply in a new conversation; returns the id of the reply."""
        reply: UUID = await self.pool.fetchval(
            """
            WITH c AS (INSERT INTO conversations (user_id, title, model) VALUES ('ann', 't', $2) RETURNING id),
                 m AS (INSERT INTO messages (user_id, conversation_id, content, message_type, metadata)
                       SELECT 'ann', id, $1, 'user', '{"timezone": "Asia/Tokyo"}' FROM c RETURNING id, conversation_id)
            INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to)
            SELECT 'ann', conversation_id, '', 'kana', 'pending', id FROM m RETURNING id
            """,
            content,
            model,
        )
        if announce:
            self.services.bus.announce("ann")
        return reply

    async def edit(self, reply: UUID, content: str) -> UUID:
        """Edit the message of this reply as editMessage does; returns the id of the new reply."""
        async with self.services.database.transaction() as connection:
            asked = await connection.fetchval("SELECT reply_to FROM messages WHERE id = $1", reply)
            version = await insert_version(connection, await lock_branches(connection, "ann", asked), content)
            anew = await insert_pending_reply(connection, version)
        self.services.bus.announce("ann")
        return anew.id

    async def regenerate(self, reply: UUID) -> UUID:
        """Write a reply again as regenerateReply does; returns the id of the new version."""
        async with self.services.database.transaction() as connection:
            version = await insert_version(connection, await lock_branches(connection, "ann", reply))
        self.services.bus.announce("ann")
        return version.id

    async def insert_intent(self, description: str, **columns: Any) -> UUID:
        """Insert a pending intent; returns its id."""
        names = ", ".join(["user_id", "description", "actor", *columns])
        places = ", ".join(f"${number}" for number in range(1, len(columns) + 4))
        intent: UUID = await self.pool.fetchval(
            f"INSERT INTO intents ({names}) VALUES ({places}) RETURNING id",  # noqa: S608 - column names of the test
            "ann",
            description,
            "test",
            *columns.values(),
        )
        self.services.bus.announce("ann")
        return intent

    async def row(self, table: Literal["messages", "intents"], row_id: UUID) -> Any:
        return await self.pool.fetchrow(f"SELECT * FROM {table} WHERE id = $1", row_id)  # noqa: S608

    async def until(self, found: Callable[[], Awaitable[Any]], seconds: float = TIMEOUT) -> Any:
        """Wait until the result is true and return it."""
        async with asyncio.timeout(seconds):
            while not (value := await found()):  # noqa: ASYNC110 - the database has no event to wait for
                await asyncio.sleep(0.02)
        return value

    async def reconnect(self) -> None:
        """Drop the connections of the test after the server was stopped."""
        await self.pool.expire_connections()

    async def until_status(self, table: Literal["messages", "intents"], row_id: UUID, *statuses: str) -> Any:
        async def reached() -> Any:
            row = await self.row(table, row_id)
            return row if row["status"] in statuses else None

        return await self.until(reached)


@pytest.fixture
def settings() -> Settings:
    return Settings(
        _env_file=None,
        embedder="hashed",
        worker_lease_seconds=2,
        database_poll_seconds=0.3,
        worker_max_attempts=3,
        database_pool_max_size=4,
    )


@asynccontextmanager
async def open_workshop(database_url: str, settings: Settings) -> AsyncIterator[Workshop]:
    async with open_services(settings, database_url, name="bridges") as services:
        pool = await create_pool(
            database_url, application="test", min_size=0, max_size=4, statement_timeout=5, acquire_timeout=5
        )
        await pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
        yield Workshop(services, pool)
        await pool.close()


@pytest.fixture
async def workshop(database_url: str, settings: Settings) -> AsyncIterator[Workshop]:
    async with open_workshop(database_url, settings) as opened:
        yield opened
