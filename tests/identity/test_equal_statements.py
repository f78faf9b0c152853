"""Rows of other users and missing rows cause the same SQL statements, so that response times reveal nothing.

This compares statements; `tests/bench/identity.py` measures times.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from app.asgi import open_backend
from app.clock import SystemClock
from app.memory.services import open_memory
from app.services import Services
from sql.pool import ALL_USERS, UNSCOPED, create_pool, current_user
from tests.asgi_server import serve
from tests.identity.conftest import PASSWORD, SIGN_IN, Backend, ask, run_backend
from tests.identity.matrix import NO_ID, NODES, OWNED_ROWS, ROWS, document, insert_rows, node_document, variables
from tests.identity.sse_client import streaming
from tests.identity.test_matrix import QUERIES_AND_MUTATIONS, SUBSCRIPTIONS, subscribe
from tests.resolvers.conftest import CountingDatabase
from tests.timeouts import TIMEOUT

MISSING = dict.fromkeys(OWNED_ROWS, NO_ID)


class ViewerStatements(CountingDatabase):
    """Records the statements on behalf of a user, without those of background readers and credential checks."""

    def _keep(self, record: Any) -> None:
        if current_user.get() not in (ALL_USERS, UNSCOPED):
            super()._keep(record)


@pytest.fixture
async def backend(database_url: str) -> AsyncIterator[Backend]:
    """A backend that records its SQL statements."""
    async with run_backend(database_url) as plain, AsyncExitStack() as stack:
        settings = plain.services.settings
        pool = await create_pool(
            database_url, application="test", min_size=1, max_size=5, statement_timeout=5, acquire_timeout=5
        )
        database = ViewerStatements(pool, acquire_timeout=5)
        stack.push_async_callback(database.close)
        memory = open_memory(database, settings, SystemClock())
        services = Services(settings, database, plain.services.bus, memory, plain.services.model)
        app = await stack.enter_async_context(open_backend(services))
        recording = Backend(await stack.enter_async_context(serve(app)), services)
        try:
            yield recording
        finally:
            for client in recording.clients:
                await client.aclose()


async def sent_by(backend: Backend, request: Awaitable[object]) -> list[str]:
    """The statements of a request, including transactions."""
    database = backend.services.database
    assert isinstance(database, ViewerStatements)
    database.statements.clear()
    await request
    await asyncio.sleep(0)
    return list(database.statements)


async def test_foreign_and_missing_ids_cause_the_same_statements(backend: Backend) -> None:
    await backend.add_user("ann")
    await backend.add_user("eve")
    async with backend.services.database.connection() as connection:
        foreign_ids = await insert_rows(connection, "ann")
    program, person = backend.program(await backend.token("eve")), await backend.sign_in("eve")
    asked = [
        (
            person if ROWS[name].person_only else program,
            document(name),
            variables(name, foreign_ids),
            variables(name, MISSING),
        )
        for name in QUERIES_AND_MUTATIONS
        if ROWS[name].foreign
    ]
    asked += [(program, node_document(node), {"id": foreign_ids[node]}, {"id": NO_ID}) for node in NODES]
    different = {}
    for client, query, foreign, absent in asked:
        # First once more, because the executor handles the first request of a document differently.
        await ask(client, query, **absent)
        found, missing = [await sent_by(backend, ask(client, query, **ids)) for ids in (foreign, absent)]
        if found != missing or not found:
            different[query] = (found, missing)
    assert different == {}


async def test_subscriptions_to_foreign_and_missing_ids_cause_the_same_statements(backend: Backend) -> None:
    await backend.add_user("ann")
    await backend.add_user("eve")
    async with backend.services.database.connection() as connection:
        foreign_ids = await insert_rows(connection, "ann")
    client = backend.program(await backend.token("eve"))

    async def follow(name: str, ids: dict[str, str]) -> None:
        async with asyncio.timeout(TIMEOUT), streaming(client) as connection:
            await subscribe(connection, document(name), variables(name, ids))
            assert "NOT_FOUND" in await connection.recv()

    names = [name for name in SUBSCRIPTIONS if ROWS[name].foreign]
    for name in names:
        found, missing = [about_ids(await sent_by(backend, follow(name, ids))) for ids in (foreign_ids, MISSING)]
        assert found == missing, name
        assert len(found) == 1, name
    assert names


def about_ids(statements: list[str]) -> list[str]:
    """Without the queries for the event horizon, whose number depends on open transactions."""
    return [each for each in statements if "trimmed_xid" not in each]


async def test_wrong_password_causes_the_same_statements_for_unknown_names(backend: Backend) -> None:
    await backend.add_user("ann")
    known, unknown = [
        await sent_by(backend, ask(backend.browser(), SIGN_IN, name=name, password=f"not {PASSWORD}"))
        for name in ("ann", "nobody")
    ]
    assert known == unknown
    assert known
