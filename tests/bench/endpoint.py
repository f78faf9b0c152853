"""The endpoint compared with PostGraphile 5, bare Starlette and plain strawberry: requests per second, 16 connections

Each server is one process and reads the same rows of the same database. The servers are measured in turn for at least
five rounds. A figure is the median ratio of the rounds, so that other load on the machine affects both sides.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter

import asyncpg
import httpx
from graphql import GraphQLError, parse

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.graphql.limits.analysis import analyse
from app.graphql.limits.policy import DocumentLimits, price_of
from resolvers.paging import DEFAULT_PAGE
from resolvers.root import schema
from sql.errors import QueryTooComplex
from tests.bench.figures import Figure
from tests.bench.load import requests_a_second
from tests.graphql.test_limits import BOMBS
from tests.processes import CLEAN_ENVIRONMENT, ROOT, free_port, new_program, wait_until_ready

ROUNDS = 5
SECONDS = 1.0
CONNECTIONS = 16
PEER = Path(__file__).parent / "postgraphile"
NODE = Path(sys.executable).with_name("node")

OURS = {
    "list": "{ messages(first: 50) { edges { node { id content messageType status createdAt } } } }",
    "nested": "{ conversations(first: 20) { edges { node { id title messages(last: 5) { edges { node { id content "
    "intents { id description status } } } } } } } }",
    "small": "{ viewer { id } }",
}
THEIRS = {
    "list": '{ allMessages(first: 50, orderBy: ROW_ID_ASC, condition: {userId: "owner"}) { edges { node { rowId '
    "content messageType status createdAt } } } }",
    "nested": '{ allConversations(first: 20, orderBy: [UPDATED_AT_DESC, ROW_ID_DESC], condition: {userId: "owner"}) { '
    "edges { node { rowId title messagesByConversationId(last: 5, orderBy: ROW_ID_ASC) { edges { node { rowId content "
    "intentsBySourceMessageId(orderBy: ROW_ID_ASC) { nodes { rowId description status } } } } } } } } }",
    "small": '{ userByRowId(rowId: "owner") { rowId } }',
}
SEND = 'mutation { sendMessage(input: {content: "what is a lease?"}) { message { id } reply { id status } } }'


def rows_query(count: int) -> str:
    """Our query for `count` rows. A page has at most 100 rows, so larger queries select several pages."""
    pages = [f"p{n}: messages(first: {min(count, 100)}) {{ edges {{ node {{ id content }} }} }}" for n in
             range(max(1, count // 100))]  # fmt: skip
    return "{ " + " ".join(pages) + " }"


@dataclass
class Rates:
    """Requests per second of each round, by server and query."""

    seen: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, server: str, query: str, rate: float) -> None:
        self.seen.setdefault((server, query), []).append(rate)

    def ratio(self, query: str, ours: str, theirs: str) -> float:
        pairs = zip(self.seen[ours, query], self.seen[theirs, query], strict=True)
        return median(one / other for one, other in pairs)

    def of(self, server: str, query: str) -> float:
        return median(self.seen[server, query])


async def measure() -> list[Figure]:
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(_database())
        ours = await stack.enter_async_context(_ours(dsn))
        peers = {
            "postgraphile": await stack.enter_async_context(_postgraphile(dsn)),
            "bare": await stack.enter_async_context(_peer("bare", dsn)),
            "strawberry": await stack.enter_async_context(_peer("strawberry", dsn)),
        }
        await _check_same_rows(ours, peers)
        rates = await _measure(ours, peers)
    return [*_figures(rates), _analysis()]


async def _check_same_rows(ours: str, peers: dict[str, str]) -> None:
    """Check that every server returns the same rows in the same order. Raises RuntimeError."""
    async with httpx.AsyncClient() as client:

        async def ids(url: str, document: str) -> list[str]:
            answer = await client.post(url, json={"query": document})
            return re.findall(r'"(?:id|rowId)":"([^"]+)"', answer.text)

        graphql = f"{peers['postgraphile']}/graphql"
        for query, rows in (("list", 50), ("nested", 20 + 100 + 100)):
            shown = await ids(f"{ours}/graphql", OURS[query])
            if len(shown) != rows or shown != await ids(graphql, THEIRS[query]):
                raise RuntimeError(f"PostGraphile does not return the same rows for {query!r}")
        for url in (f"{peers['bare']}/messages", f"{peers['strawberry']}/graphql"):
            if await ids(url, OURS["list"]) != await ids(f"{ours}/graphql", OURS["list"]):
                raise RuntimeError(f"{url} does not return the same rows")


def _analysis() -> Figure:
    """The longest analysis time of the hostile documents in the tests."""
    longest, limits = 0.0, DocumentLimits()
    for document in (parse(bomb) for bomb in BOMBS.values()):
        passes = []
        for _ in range(ROUNDS):
            began = perf_counter()
            with suppress(QueryTooComplex, GraphQLError):
                for cost in analyse(schema._schema, document, limits, price_of, DEFAULT_PAGE).values():
                    cost.of({})
            passes.append(perf_counter() - began)
        longest = max(longest, median(passes))
    return Figure("analysis of the worst document", longest * 1000, "ms", at_most=5, note=f"of {len(BOMBS)}")


def _plan(ours: str, peers: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Server, query name, URL and document, in the order of the requests."""
    for query, document in OURS.items():
        yield "ours", query, f"{ours}/graphql", document
        yield "postgraphile", query, f"{peers['postgraphile']}/graphql", THEIRS[query]
        if query == "list":
            yield "bare", query, f"{peers['bare']}/messages", ""
            yield "strawberry", query, f"{peers['strawberry']}/graphql", document
    yield "ours", "send", f"{ours}/graphql", SEND
    yield "bare", "send", f"{peers['bare']}/send", ""
    for count in (10, 100, 500, 1000):
        yield "ours", f"{count} rows", f"{ours}/graphql", rows_query(count)


async def _measure(ours: str, peers: dict[str, str]) -> Rates:
    rates = Rates()
    for number in range(ROUNDS + 1):
        for server, query, url, document in _plan(ours, peers):
            body = json.dumps({"query": document} if document else {}).encode()
            rate = await requests_a_second(url, body, seconds=SECONDS, connections=CONNECTIONS)
            if number:  # the first round warms up
                rates.add(server, query, rate)
    return rates


def _figures(rates: Rates) -> list[Figure]:
    def note(query: str, peer: str) -> str:
        return f"{rates.of('ours', query):,.0f} requests/s, {peer} {rates.of(peer, query):,.0f}"

    def relative(what: str, query: str, peer: str, goal: float | None) -> Figure:
        return Figure(what, rates.ratio(query, "ours", peer), "x", at_least=goal, note=note(query, peer))

    return [
        relative("50 messages x 5 fields, relative to PostGraphile", "list", "postgraphile", 1.5),
        relative("20 conversations, 5 messages each, their intents", "nested", "postgraphile", 1.0),
        relative("`{ viewer { id } }`", "small", "postgraphile", 0.5),
        relative("50 messages x 5 fields, relative to bare Starlette", "list", "bare", 0.9),
        relative("sendMessage, relative to bare Starlette", "send", "bare", 0.7),
        relative("50 messages x 5 fields, relative to plain strawberry", "list", "strawberry", None),
        *(
            Figure(f"time for {count} rows", 1e6 / rates.of("ours", f"{count} rows"), "µs",
                   note=f"{1e6 / rates.of('ours', f'{count} rows') / count:.1f} µs per row")
            for count in (10, 100, 500, 1000)
        ),
    ]  # fmt: skip


@asynccontextmanager
async def _database() -> AsyncIterator[str]:
    home = Path(mkdtemp(prefix="resonant-bench-"))
    embedded = EmbeddedDatabase(home, say=lambda line: None, options={"max_connections": "100"})
    embedded.start()
    try:
        dsn = embedded.dsn("postgres")
        await prepare_database(dsn)
        await _fill(dsn)
        yield dsn
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _fill(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("INSERT INTO users VALUES ('owner', 'Owner', 'owner')")
        for number in range(100):
            await connection.execute(
                """
                WITH c AS (INSERT INTO conversations (user_id, title) VALUES ('owner', $1) RETURNING id),
                     m AS (INSERT INTO messages (user_id, conversation_id, content, message_type)
                           SELECT 'owner', id, 'The lease of message ' || g || ' lasts until its bridge lets it go.',
                                  'user' FROM c, generate_series(1, 10) AS g RETURNING id, conversation_id)
                INSERT INTO intents (user_id, conversation_id, source_message_id, description, actor)
                SELECT 'owner', conversation_id, id, 'Summarise the design', 'bench' FROM m
                """,
                f"Conversation {number}",
            )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


@asynccontextmanager
async def _process(*command: str, environment: dict[str, str] | None = None) -> AsyncIterator[str]:
    """The URL in the first line of output that starts with http://."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**CLEAN_ENVIRONMENT, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            while not (line := (await process.stdout.readline()).decode().strip()).startswith("http://"):
                if process.returncode is not None:
                    raise RuntimeError(f"{command[0]} stopped")
        yield line
    finally:
        if process.returncode is None:
            # SIGKILL the group: `node` in a virtual environment is a script that starts the real process.
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@asynccontextmanager
async def _ours(dsn: str) -> AsyncIterator[str]:
    port = free_port()
    # Rate limits are active, but too high to be reached.
    rates = {"GRAPHQL_RATE_LIMIT_POINTS": str(10**12), "GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS": str(10**12)}
    async with new_program("serve", DATABASE_URL=dsn, PORT=port, **rates) as running:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url) as client:
            await wait_until_ready(client, "/health")
        yield url
        await running.stop()


def _peer(name: str, dsn: str) -> AbstractAsyncContextManager[str]:
    return _process(sys.executable, "-m", "tests.bench.endpoint_peers", name, dsn)


@asynccontextmanager
async def _postgraphile(dsn: str) -> AsyncIterator[str]:
    await _install()
    async with _process(str(NODE), str(PEER / "server.mjs"), dsn, environment={"GRAPHILE_ENV": "production"}) as url:
        yield url


async def _install() -> None:
    if (PEER / "node_modules/postgraphile").exists():
        return
    process = await asyncio.create_subprocess_exec(
        str(NODE.with_name("npm")), "ci", "--loglevel=error", "--no-progress", cwd=PEER,
        env={**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    if await process.wait() != 0:
        raise RuntimeError("PostGraphile could not be installed")
