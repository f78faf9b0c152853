"""The whole GraphQL schema on a real database, asked directly, as several users."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.asgi import read_typed_task
from app.clock import SystemClock
from app.gate.checks import Gate
from app.graphql.executor import Executor
from app.identity.local_mode import LocalAccounts
from app.language.text import title_of
from app.language.topics import topic_key
from app.memory.services import MemoryServices, open_memory
from app.models.in_use import ModelInUse
from app.settings import Settings
from app.tools.runner import ToolRunner
from app.workers.replies.context import ContextPreview
from resolvers.checks import Limits
from resolvers.context import Context
from resolvers.ports import EventFeed, ReplyFeed
from resolvers.relations import LoadedRelations
from schema.assistant import AssistantInfo
from sql.pool import Database, create_pool
from sql.repositories.accounts import find_user
from sql.statements import Connection
from tests.graphql.executors import make_executor


@dataclass
class RecordedAnnouncements:
    """An Announcer that records the users whose changes it announced."""

    users: list[str] = field(default_factory=list)

    def announce(self, user_id: str) -> None:
        self.users.append(user_id)


class Silence:
    """Feeds in which nothing ever happens."""

    async def follow(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        return
        yield

    async def latest(self, *args: Any) -> str:
        return ""

    async def trace(self, *args: Any) -> list[Any]:
        return []


DRIVERS_OWN = ("typeinfo_tree", "'jit'")  # asyncpg asks a new connection once how arrays are encoded


class CountingDatabase(Database):
    """Keeps the text of every statement of ours that reaches PostgreSQL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements: list[str] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with super().connection() as connection:
            with connection.query_logger(self._keep):
                yield connection
                await asyncio.sleep(0)  # the driver reports a statement shortly after it has run

    def _keep(self, record: Any) -> None:
        if not any(mark in record.query for mark in DRIVERS_OWN):
            self.statements.append(record.query)


@dataclass
class Api:
    """Runs operations as a user ; what reaches PostgreSQL is in `database.statements`."""

    database: CountingDatabase
    announcements: RecordedAnnouncements
    memory: MemoryServices
    events: EventFeed = field(default_factory=Silence)
    replies: ReplyFeed = field(default_factory=Silence)
    models: tuple[str, ...] = ()
    settings: Settings = field(default_factory=lambda: Settings(_env_file=None))
    executor: Executor = field(default_factory=make_executor)

    async def context(self, user: str) -> Context:
        async with self.database.connection() as connection:
            viewer = await find_user(connection, user)
        assert viewer is not None
        limits = Limits(max_content_bytes=256 * 1024, max_attempts=5)
        tools = ToolRunner(self.database, self.memory.search, limits, SystemClock(), timezone="UTC")
        return Context(
            viewer=viewer,
            accounts=LocalAccounts(),
            database=self.database,
            events=self.events,
            replies=self.replies,
            announcer=self.announcements,
            assistant=AssistantInfo(name="Kana", model=None, offline=True),
            models=self.models,
            limits=limits,
            tools=tools,
            title_of=title_of,
            read_typed_task=read_typed_task,
            topic_key=topic_key,
            gate=Gate(),
            searcher=self.memory.search,
            previewer=ContextPreview(self.database, self.memory.assembler, SystemClock(), ModelInUse(self.settings)),
            relations=LoadedRelations(self.database, viewer.id, self.memory.search, tools),
        )

    async def __call__(self, query: str, user: str = "ann", **variables: Any) -> dict[str, Any]:
        """The whole response, errors and all."""
        context = await self.context(user)
        self.database.statements.clear()
        return await self.executor.execute(self.executor.prepare(query), variables, context)

    async def data(self, query: str, user: str = "ann", **variables: Any) -> dict[str, Any]:
        """The data of a response that must have no errors."""
        response = await self(query, user, **variables)
        assert "errors" not in response, response["errors"]
        data: dict[str, Any] = response["data"]
        return data

    async def code(self, query: str, user: str = "ann", **variables: Any) -> str:
        """The code of the one error that the response must have."""
        response = await self(query, user, **variables)
        assert len(response.get("errors", ())) == 1, response
        code: str = response["errors"][0]["extensions"]["code"]
        return code


@asynccontextmanager
async def open_api(database_url: str) -> AsyncIterator[Api]:
    pool = await create_pool(
        database_url, application="test", min_size=1, max_size=10, statement_timeout=5, acquire_timeout=5
    )
    database = CountingDatabase(pool, acquire_timeout=5)
    memory = open_memory(database, Settings(_env_file=None, embedder="hashed"), SystemClock())
    api = Api(database, RecordedAnnouncements(), memory)
    await pool.executemany(
        "INSERT INTO users (id, display_name, role) VALUES ($1, $2, $3)",
        [("ann", "Ann", "owner"), ("bob", "Bob", "member"), ("vic", "Vic", "viewer")],
    )
    try:
        yield api
    finally:
        await api.database.close()


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with open_api(database_url) as opened:
        yield opened
