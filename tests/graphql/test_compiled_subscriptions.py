"""Compiled subscriptions return the same responses as the standard executor; no event is lost in an outage."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest
from graphql import get_named_type

from app.graphql import executor as executor_module
from app.graphql.compiled.plans import Plan
from app.graphql.executor import Executor
from app.live.hub import EventFilter
from resolvers.context import Context
from resolvers.ports import EventWithCursor
from resolvers.relations import LoadedRelations
from resolvers.root import schema
from sql.errors import TimedOut, Unavailable
from sql.event_cursor import EventCursor, EventPosition
from sql.pool import Database
from sql.repositories.events import list_events_of_user_after
from sql.statements import Connection
from tests.graphql.executors import make_executor
from tests.graphql.generated_documents import GENEROUS, ROWS, Writer, ids_of
from tests.graphql.test_compiled import NEVER_AWAITED, collect, fresh
from tests.resolvers.conftest import Api

__all__ = ["collect"]

SUBSCRIPTIONS = ("eventAppended", "intentChanged", "messageChanged", "notificationAdded")
DOCUMENTS = 40
CHANGED = "subscription { intentChanged { cursor intent { description conversation { title } } } }"


class Replayed:
    """The stored events of a viewer, once each. Implements resolvers.ports.EventFeed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncIterator[EventWithCursor]:
        async with self._database.connection() as connection:
            page = await list_events_of_user_after(connection, viewer_id, EventPosition(0, 0), 500)
        for event in page.events:
            if event in EventFilter(kinds, project_id):
                yield EventWithCursor(EventCursor(page.stream.id, EventPosition(event.xid, event.id)).encode(), event)

    async def latest(self, viewer_id: str) -> str:
        return ""

    async def trace(self, viewer_id: str, subject_id: Any) -> list[EventWithCursor]:
        return []


@pytest.fixture
async def viewer(api: Api) -> Context:
    async with api.database.connection() as connection:
        for number, user in enumerate(("ann", "ann", "bob")):
            await connection.execute(ROWS, user, number % 2 == 0)
    api.events = Replayed(api.database)
    return await api.context("ann")


async def answers(executor: Executor, query: str, variables: dict[str, Any], context_for: Callable[[], Context]) -> Any:
    """Cursor and bytes of each response, with sorted errors, because their order is not deterministic."""
    operation, answered = executor.prepare(query), []
    async for cursor, response in executor.subscribe(operation, variables, context_for):
        if "errors" in response:
            response["errors"].sort(key=repr)
        answered.append((cursor, orjson.dumps(response)))
    return answered


@pytest.mark.filterwarnings(NEVER_AWAITED)
@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_generated_subscriptions_give_the_same_bytes(
    api: Api, viewer: Context, name: str, monkeypatch: pytest.MonkeyPatch, collect: Callable[[], object]
) -> None:
    ran = 0
    run_for = Plan.run_for

    async def counted(self: Plan, *arguments: Any) -> dict[str, Any]:
        nonlocal ran
        data = await run_for(self, *arguments)
        ran += 1
        return data

    monkeypatch.setattr(Plan, "run_for", counted)
    standard = make_executor(GENEROUS, compiled=False)
    compiled = make_executor(GENEROUS)
    subscription = schema._schema.subscription_type
    assert subscription is not None
    type_: Any = get_named_type(subscription.fields[name].type)
    writer = Writer(random.Random(name), await ids_of(api))
    compared = 0
    for _ in range(DOCUMENTS):
        query, variables = writer.document_on(f"subscription Made(HEAD) {{ {name} {{ BODY }} }}", type_)
        expected = await answers(standard, query, variables, lambda: fresh(viewer))
        assert await answers(compiled, query, variables, lambda: fresh(viewer)) == expected, query
        compared += len(expected)
    collect()
    assert compared > DOCUMENTS
    assert ran > compared / 2


class FailingDatabase(Database):
    """Raises the given failures, one per connection, then works."""

    def __init__(self, database: Database, failures: list[Exception]) -> None:
        self._inner = database
        self._failures = failures

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        if self._failures:
            raise self._failures.pop()
        async with self._inner.connection() as connection:
            yield connection


@pytest.mark.filterwarnings(NEVER_AWAITED)
@pytest.mark.parametrize("compiled", [True, False])
async def test_an_event_is_answered_when_the_database_is_available_again(
    api: Api, viewer: Context, compiled: bool, monkeypatch: pytest.MonkeyPatch, collect: Callable[[], object]
) -> None:
    monkeypatch.setattr(executor_module, "RETRY_SECONDS", 0.001)
    executor = make_executor(GENEROUS, compiled=compiled)
    expected = await answers(executor, CHANGED, {}, lambda: fresh(viewer))
    assert expected
    assert b"errors" not in b"".join(body for _, body in expected)
    database = FailingDatabase(api.database, [Unavailable()] * 25)

    def context_for() -> Context:
        return replace(viewer, relations=LoadedRelations(database, "ann", viewer.searcher, viewer.tools))

    assert await answers(executor, CHANGED, {}, context_for) == expected
    collect()


@pytest.mark.filterwarnings(NEVER_AWAITED)
async def test_a_field_that_always_times_out_does_not_block_the_next_event(
    api: Api, viewer: Context, monkeypatch: pytest.MonkeyPatch, collect: Callable[[], object]
) -> None:
    monkeypatch.setattr(executor_module, "RETRY_SECONDS", 0.001)
    executor = make_executor()
    expected = await answers(executor, CHANGED, {}, lambda: fresh(viewer))
    database = FailingDatabase(api.database, [TimedOut()] * 10_000)

    def context_for() -> Context:
        return replace(viewer, relations=LoadedRelations(database, "ann", viewer.searcher, viewer.tools))

    responses = await answers(executor, CHANGED, {}, context_for)
    assert [cursor for cursor, _ in responses] == [cursor for cursor, _ in expected]
    assert all(b'"TIMEOUT"' in body for _, body in responses)
    collect()
