"""What is somebody else's is looked for in the same way as what does not exist, so that time tells nothing.

Statements are counted here; `tests/bench/identity.py` measures the times.
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
from schema.assistant import AssistantInfo
from sql.pool import EVERYBODY, WHOEVER, create_pool, working_for
from tests.asgi_server import serve
from tests.identity.conftest import PASSWORD, SIGN_IN, House, ask, open_house
from tests.identity.matrix import NO_ID, NODES, ROWS, THINGS, document, give_things, node_document, variables
from tests.identity.streams import streaming
from tests.identity.test_matrix import ASKED, FOLLOWED, subscribe
from tests.resolvers.conftest import CountingDatabase
from tests.timeouts import TIMEOUT

UNKNOWN = dict.fromkeys(THINGS, NO_ID)


class ViewersStatements(CountingDatabase):
    """Keeps what was asked on behalf of a user; readers and look-ups in the background are not."""

    def _keep(self, record: Any) -> None:
        if working_for.get() not in (EVERYBODY, WHOEVER):
            super()._keep(record)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A house whose backend keeps the statements that it sends."""
    async with open_house(database_url) as plain, AsyncExitStack() as stack:
        settings = plain.services.settings
        pool = await create_pool(
            database_url, application="test", min_size=1, max_size=5, statement_timeout=5, acquire_timeout=5
        )
        database = ViewersStatements(pool, acquire_timeout=5)
        stack.push_async_callback(database.close)
        services = Services(settings, database, plain.services.bus, open_memory(database, settings, SystemClock()))
        assistant = AssistantInfo(name="Kana", model=None, offline=True)
        app = await stack.enter_async_context(open_backend(services, assistant))
        watched = House(await stack.enter_async_context(serve(app)), services)
        try:
            yield watched
        finally:
            for client in watched.clients:
                await client.aclose()


async def sent_by(house: House, work: Awaitable[object]) -> list[str]:
    """The statements of a request, transactions included."""
    database = house.services.database
    assert isinstance(database, ViewersStatements)
    database.statements.clear()
    await work
    await asyncio.sleep(0)
    return list(database.statements)


async def test_not_finding_costs_the_same_statements_whether_or_not_there_is_something(house: House) -> None:
    await house.person("ann")
    await house.person("eve")
    async with house.services.database.connection() as connection:
        theirs = await give_things(connection, "ann")
    client = house.program(await house.token("eve"))
    rows = [name for name in ASKED if ROWS[name].strangers]
    asked = [(document(name), variables(name, theirs), variables(name, UNKNOWN)) for name in rows]
    asked += [(node_document(thing), {"id": theirs[thing]}, {"id": NO_ID}) for thing in NODES]
    different = {}
    for query, their, unknown in asked:
        # Twice each: an operation that comes again takes another way through the executor.
        await ask(client, query, **unknown)
        found, missing = [await sent_by(house, ask(client, query, **ids)) for ids in (their, unknown)]
        if found != missing or not found:
            different[query] = (found, missing)
    assert different == {}


async def test_subscribing_to_what_is_not_ones_own_costs_the_same_statements_too(house: House) -> None:
    await house.person("ann")
    await house.person("eve")
    async with house.services.database.connection() as connection:
        theirs = await give_things(connection, "ann")
    client = house.program(await house.token("eve"))

    async def follow(name: str, ids: dict[str, str]) -> None:
        async with asyncio.timeout(TIMEOUT), streaming(client) as line:
            await subscribe(line, document(name), variables(name, ids))
            assert "NOT_FOUND" in await line.recv()

    names = [name for name in FOLLOWED if ROWS[name].strangers]
    for name in names:
        found, missing = [about_ids(await sent_by(house, follow(name, ids))) for ids in (theirs, UNKNOWN)]
        assert found == missing, name
        assert len(found) == 1, name
    assert names


def about_ids(statements: list[str]) -> list[str]:
    """Where the record of events stands is asked beside it, as often as it takes until what was written is settled."""
    return [each for each in statements if "trimmed_xid" not in each]


async def test_a_wrong_password_costs_the_same_statements_whether_or_not_anybody_has_the_name(house: House) -> None:
    await house.person("ann")
    known, unknown = [
        await sent_by(house, ask(house.browser(), SIGN_IN, name=name, password=f"not {PASSWORD}"))
        for name in ("ann", "nobody")
    ]
    assert known == unknown
    assert known
