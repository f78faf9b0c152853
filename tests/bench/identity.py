"""Identity: what the second wall costs, and what time tells whoever guesses

The wall: the same query through the executor, on the same database, as the owner of the tables and as a login in the
role resonant_api behind row-level security. Guessing: the time to refuse a password for a name that exists against one
that does not, and to refuse an id that is somebody else's against one that nobody has.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx

from app.ops.database import prepare_database
from app.ops.embedded import EmbeddedDatabase
from tests.bench.figures import Figure
from tests.conftest import create_database
from tests.identity.conftest import SIGN_IN, House, ask, open_house

ROUNDS = 7
ASKED = 150
AT_ONCE = 8
MESSAGES = "{ messages(first: 50) { edges { node { id content messageType status createdAt } } } }"
SMALL = "{ viewer { id unreadNotificationCount } }"
MESSAGE = "query($id: ID!) { message(id: $id) { content } }"
SEED = """
WITH c AS (INSERT INTO conversations (user_id, title) VALUES ($1, 'bench') RETURNING id)
INSERT INTO messages (user_id, conversation_id, content, message_type)
SELECT $1, c.id, 'message ' || n, 'user' FROM c, generate_series(1, 200) AS n
"""


async def measure() -> list[Figure]:
    home = Path(mkdtemp(prefix="resonant-bench-"))
    server = EmbeddedDatabase(home, say=lambda line: None)
    server.start()
    try:
        dsn = await create_database(server, "bench")
        await prepare_database(dsn)
        return [*await _wall(dsn), *await _guessing(dsn)]
    finally:
        server.stop()
        shutil.rmtree(home)


@asynccontextmanager
async def _behind_the_wall(house: House, dsn: str) -> AsyncIterator[House]:
    name = f"login_{uuid4().hex}"
    await house.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'bench' IN ROLE resonant_api")
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    async with open_house(urlunsplit(parts._replace(netloc=f"{name}:bench@{place}"))) as walled:
        yield walled


async def _wall(dsn: str) -> list[Figure]:
    figures = []
    async with open_house(dsn) as house, _behind_the_wall(house, dsn) as walled:
        await house.person("ann")
        await house.execute(SEED, "ann")
        token = await house.token("ann")
        for what, query in (("50 messages x 5 fields", MESSAGES), ("a small query", SMALL)):
            open_rates, walled_rates = [], []
            for _ in range(ROUNDS):
                open_rates.append(await _rate(house.program(token), query))
                walled_rates.append(await _rate(walled.program(token), query))
            ratio = median(w / o for w, o in zip(walled_rates, open_rates, strict=True))
            beside = f"{median(walled_rates):,.0f} against {median(open_rates):,.0f} requests/s"
            figures.append(
                Figure(f"throughput behind row-level security, {what}", ratio, "x", at_least=0.9, beside=beside)
            )
    return figures


async def _rate(client: httpx.AsyncClient, query: str) -> float:
    async def some() -> None:
        for _ in range(ASKED // AT_ONCE):
            await ask(client, query)

    await ask(client, query)
    began = perf_counter()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return ASKED / (perf_counter() - began)


async def _guessing(dsn: str) -> list[Figure]:
    async with open_house(dsn) as house:
        await house.person("bob")
        await house.person("eve")
        await house.execute(SEED, "bob")
        theirs = str(await house.value("SELECT id FROM messages WHERE user_id = 'bob' LIMIT 1"))
        client = house.program(await house.token("eve"))

        async def sign_in(name: str) -> None:
            await house.execute("DELETE FROM sign_in_attempts")
            await ask(house.program(), SIGN_IN, name=name, password="a wrong password")

        known = await _ratio(lambda: sign_in("bob"), lambda: sign_in("nobody"), 25)
        found = await _ratio(
            lambda: ask(client, MESSAGE, id=theirs), lambda: ask(client, MESSAGE, id=str(uuid4())), 300
        )
    return [
        Figure("time to refuse a known name against an unknown one", known, "x", at_most=1.1, at_least=0.9),
        Figure("time to not find somebody else's id against nobody's", found, "x", at_most=1.1, at_least=0.9),
    ]


async def _ratio(one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]], rounds: int) -> float:
    """Of the medians, taken in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for taken, work in zip(times, (one, other), strict=True):
            began = perf_counter()
            await work()
            taken.append(perf_counter() - began)
    return median(times[0]) / median(times[1])
