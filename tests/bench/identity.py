"""Identity: cost of row-level security, timing side channels, and delay of session revocation

Row-level security: two backends on the same database, one with the owner of the tables and one with a login in the
role resonant_api, get the same load from a separate process. Timing: the time to refuse a password for an existing
name compared with an unknown name, and to refuse an id of another user compared with an unknown id. Revocation: the
longest time from the end of a session, token, account or JWT until its idle sockets and streams are closed, with
default settings.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter, time
from uuid import uuid4

import asyncpg
import httpx

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.identity.secrets import digest, new_secret
from app.settings import Settings
from sql.repositories.credentials import insert_token
from sql.statements import Connection
from tests.bench.figures import Figure
from tests.bench.load import requests_a_second
from tests.conftest import create_database
from tests.identity.conftest import SIGN_IN, Backend, ask, run_backend, wait_until_closed
from tests.identity.sse_client import streaming
from tests.identity.test_jwt import ISSUER, Issuer, backend_for, running
from tests.logins import logins
from tests.processes import free_port, new_program, wait_until_ready

ROUNDS = 9
SECONDS = 0.6
AT_ONCE = 8
USERS = 32  # more than the database connections of a backend
LINES = ("socket", "stream")
SETTLED_SECONDS = (1.0, 1.5, 2.0, 2.5)  # varies the phase of the periodic check
POLL_SECONDS = Settings.model_fields["database_poll_seconds"].default
IDLE = "subscription { notificationAdded { cursor } }"
WALLED = {
    "50 messages x 5 fields": "{ messages(first: 50) { edges { node { id content messageType status createdAt } } } }",
    "a small query": "{ viewer { id unreadNotificationCount } }",
}
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
        return [*await _wall(dsn), *await _guessing(dsn), *await _ends(dsn)]
    finally:
        server.stop()
        shutil.rmtree(home)


async def _wall(dsn: str) -> list[Figure]:
    connection = await asyncpg.connect(dsn)
    tokens = [await _user(connection, f"user-{number}") for number in range(USERS)]
    await connection.close()
    async with logins(dsn) as login, _served(dsn) as plain, _served(await login("resonant_api")) as walled:
        return [
            await _beside(plain, walled, f"{what} of {who}", query, shown)
            for what, query in WALLED.items()
            for who, shown in (("one user", tokens[:1] * AT_ONCE), (f"{USERS} users", tokens))
        ]


async def _user(connection: Connection, name: str) -> str:
    """A token of a user who has messages."""
    await connection.execute("INSERT INTO users VALUES ($1, $1, 'member')", name)
    await connection.execute(SEED, name)
    token = new_secret("token")
    await insert_token(connection, name, digest(token), name="bench", hint="", expires_at=None)
    return token


async def _beside(plain: str, walled: str, what: str, query: str, tokens: list[str]) -> Figure:
    rates: dict[str, list[float]] = {plain: [], walled: []}
    body = json.dumps({"query": query}).encode()
    for number in range(ROUNDS + 1):
        for url in rates:
            rate = await requests_a_second(url, body, seconds=SECONDS, connections=len(tokens), tokens=tokens)
            if number:  # the first round warms up
                rates[url].append(rate)
    ratio = median(one / other for one, other in zip(rates[walled], rates[plain], strict=True))
    note = f"{median(rates[walled]):,.0f} against {median(rates[plain]):,.0f} requests/s"
    return Figure(f"throughput with row-level security, {what}", ratio, "x", at_least=0.9, note=note)


@asynccontextmanager
async def _served(dsn: str) -> AsyncIterator[str]:
    """The URL of a backend in a separate process."""
    port = free_port()
    # Rate limits are active, but too high to be reached.
    limits = {"GRAPHQL_RATE_LIMIT_POINTS": str(10**12), "GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS": str(10**12)}
    async with new_program("serve", DATABASE_URL=dsn, PORT=port, AUTH_MODE="token", **limits) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/health")
        yield f"http://127.0.0.1:{port}/graphql"
        await running.stop()


async def _guessing(dsn: str) -> list[Figure]:
    async with run_backend(dsn) as backend:
        await backend.add_user("bob")
        await backend.add_user("eve")
        await backend.execute(SEED, "bob")
        theirs = str(await backend.value("SELECT id FROM messages WHERE user_id = 'bob' LIMIT 1"))
        client = backend.program(await backend.token("eve"))

        async def sign_in(name: str) -> None:
            await backend.execute("DELETE FROM sign_in_attempts")
            await ask(backend.program(), SIGN_IN, name=name, password="a wrong password")

        known = await _ratio(lambda: sign_in("bob"), lambda: sign_in("nobody"), 25)
        found = await _ratio(
            lambda: ask(client, MESSAGE, id=theirs), lambda: ask(client, MESSAGE, id=str(uuid4())), 300
        )
    return [
        Figure("time to refuse a known name, relative to an unknown name", known, "x", at_most=1.1, at_least=0.9),
        Figure(
            "time to refuse the id of another user, relative to an unknown id", found, "x", at_most=1.1, at_least=0.9
        ),
    ]


async def _ratio(one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]], rounds: int) -> float:
    """The ratio of the medians; both sides are measured in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for taken, work in zip(times, (one, other), strict=True):
            began = perf_counter()
            await work()
            taken.append(perf_counter() - began)
    return median(times[0]) / median(times[1])


async def _ends(dsn: str) -> list[Figure]:
    """With twenty idle connections at a time: only the periodic check can close them."""
    async with (
        running(Issuer()) as issuer,
        backend_for(issuer, dsn, auth_jwt_leeway=0, database_poll_seconds=POLL_SECONDS) as backend,
    ):
        await backend.add_user("cat")
        await backend.execute("UPDATE users SET issuer = $1, subject = '7' WHERE id = 'cat'", ISSUER)
        return [
            await _checked_expiry(backend, "a session or token", "DELETE FROM credentials WHERE user_id = 'cat'"),
            await _checked_expiry(backend, "an account", "UPDATE users SET disabled_at = now() WHERE id = 'cat'"),
            await _end_of_jwts(backend, issuer),
        ]


async def _checked_expiry(backend: Backend, what: str, ending: str) -> Figure:
    longest = max([await _time_to_end(backend, ending, wait) for wait in SETTLED_SECONDS])
    return Figure(f"end of {what} to the end of its sockets and streams", longest, "s", at_most=5)


async def _time_to_end(backend: Backend, ending: str, wait: float) -> float:
    await backend.execute("UPDATE users SET disabled_at = NULL WHERE id = 'cat'")
    cookie = "; ".join(f"{name}={value}" for name, value in (await backend.sign_in("cat")).cookies.items())
    session = {"cookie": cookie, "origin": backend.url}
    token = {"authorization": f"Bearer {await backend.token('cat', str(uuid4()))}"}
    lines = [_line(backend, line, shown) for shown in (session, token) for line in LINES for _ in range(5)]
    ended = asyncio.gather(*lines)
    await asyncio.sleep(wait)
    await backend.execute(ending)
    at = perf_counter()
    return max(await ended) - at


async def _end_of_jwts(backend: Backend, issuer: Issuer) -> Figure:
    await backend.execute("UPDATE users SET disabled_at = NULL WHERE id = 'cat'")
    expiry = int(time()) + 4
    shown = {"authorization": f"Bearer {issuer.token(exp=expiry)}"}
    ended = await asyncio.gather(*(_line(backend, line, shown) for line in LINES for _ in range(10)))
    longest = max(ended) - perf_counter() + time() - expiry
    return Figure("expiry of a JWT to the end of its sockets and streams", longest, "s", at_most=5)


async def _line(backend: Backend, line: str, shown: dict[str, str]) -> float:
    """The time when an idle socket or stream is closed."""
    if line == "socket":
        own = {name: value for name, value in shown.items() if name != "origin"}
        async with backend.socket(additional_headers=own, origin=shown.get("origin")) as opened:
            await wait_until_closed(opened)
            return perf_counter()
    async with streaming(backend.program(**shown)) as stream:
        await stream.send(json.dumps({"id": "1", "payload": {"query": IDLE, "variables": {}}}))
        assert "UNAUTHENTICATED" in await stream.recv()
        return perf_counter()
