"""A runner of tools on a real database, with a conversation of the user `ann`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.memory.search.searcher import Search
from app.memory.services import open_memory
from app.settings import Settings
from app.tools.calls import Caller, ToolCall
from app.tools.runner import ToolRunner
from app.tools.tool import ToolResult
from resolvers.checks import Limits
from sql.pool import Database
from sql.repositories.accounts import ensure_owner
from sql.repositories.conversations import insert_conversation
from sql.repositories.messages import insert_message
from sql.rows import ActionRow
from tests.fakes.clock import FixedClock

NOW = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass
class Toolbox:
    """Calls tools because of one message of ann, each in a transaction of its own."""

    database: Database
    runner: ToolRunner
    caller: Caller
    searcher: Search

    async def perform(self, tool: str, call_id: str | None = None, **arguments: Any) -> ActionRow:
        return await self.call(ToolCall(tool, arguments, call_id))

    async def call(self, call: ToolCall) -> ActionRow:
        async with self.database.transaction() as connection:
            return await self.runner.perform(connection, self.caller, call)

    async def read(self, tool: str, **arguments: Any) -> ToolResult:
        async with self.database.connection() as connection:
            return await self.runner.read(connection, self.caller, ToolCall(tool, arguments))

    async def accept(self, action: ActionRow, **arguments: Any) -> ActionRow:
        async with self.database.transaction() as connection:
            return await self.runner.accept(connection, "ann", action.id, arguments)

    async def dismiss(self, action: ActionRow) -> ActionRow:
        async with self.database.transaction() as connection:
            return await self.runner.dismiss(connection, "ann", action.id)

    async def undo(self, action: ActionRow) -> ActionRow:
        async with self.database.transaction() as connection:
            return await self.runner.undo(connection, "ann", action.id)

    async def undoable(self, *actions: ActionRow) -> list[bool]:
        async with self.database.connection() as connection:
            return await self.runner.undoable(connection, "ann", actions)

    async def value(self, query: str, *arguments: Any) -> Any:
        async with self.database.connection() as connection:
            return await connection.fetchval(query, *arguments)


async def _message(database: Database, user: str) -> UUID:
    async with database.transaction() as connection:
        await ensure_owner(connection, user, user)
        conversation = await insert_conversation(connection, user, "Work")
        return (await insert_message(connection, user, conversation.id, "やること")).id


async def _toolbox(database: Database, *, model_configured: bool) -> Toolbox:
    memory = open_memory(database, Settings(_env_file=None, embedder="hashed"), FixedClock(NOW))
    limits = Limits(max_content_bytes=256 * 1024, max_attempts=5)
    caller = Caller("ann", "message-bridge", NOW.astimezone(TOKYO), "ja", message_id=await _message(database, "ann"))
    runner = ToolRunner(
        database,
        memory.search,
        limits,
        FixedClock(NOW),
        timezone="Asia/Tokyo",
        model_configured=lambda: model_configured,
    )
    return Toolbox(database, runner, caller, memory.search)


@pytest.fixture
async def toolbox(database: Database) -> Toolbox:
    return await _toolbox(database, model_configured=True)


@pytest.fixture
async def toolbox_without_model(database: Database) -> Toolbox:
    return await _toolbox(database, model_configured=False)
