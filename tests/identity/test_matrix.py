"""Every query, mutation, subscription and nested field, for each role and transport, shows no data of other users."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, parse, validate

from app.database.embedded import EmbeddedDatabase
from tests.conftest import TEMPLATE, create_database, drop_database
from tests.identity.conftest import Backend, run_backend
from tests.identity.matrix import (
    NO_ID,
    NODES,
    OWNED_ROWS,
    ROWS,
    SCHEMA,
    document,
    insert_rows,
    leaks,
    link_across,
    node_document,
    root_fields,
    selection,
    type_of,
    variables,
)
from tests.identity.sse_client import LiveConnection, streaming
from tests.timeouts import TIMEOUT

Ids = dict[str, str]
LiveTransport = Literal["WebSocket", "server-sent events"]
Ask = Callable[[str, Ids], Awaitable[dict[str, Any]]]
USERS = {"ann": "member", "bob": "member", "vic": "viewer", "oli": "owner"}
LIVE_TRANSPORTS: tuple[LiveTransport, ...] = ("WebSocket", "server-sent events")
OPERATIONS = ("query", "mutation", "subscription")
QUERIES_AND_MUTATIONS = [name for operation in ("query", "mutation") for name in root_fields(operation) if name in ROWS]
SUBSCRIPTIONS = [name for name in root_fields("subscription") if name in ROWS]
UNSTABLE = ("Query.tokens", "Query.previewContext")  # contain the last use of a token, and a duration
PERSON_ONLY = [name for name in QUERIES_AND_MUTATIONS if ROWS[name].person_only]
in_module = pytest.mark.asyncio(loop_scope="module")
MISSING = dict.fromkeys(OWNED_ROWS, NO_ID)
UNLIMITED = {"Subscription.notificationAdded", "Subscription.eventAppended"}  # by no id of ann
CHANGED_BY_REQUESTS = ("credentials", "security_events", "rate_budgets")


@dataclass
class Matrix:
    """Four users with rows of their own and a token each."""

    backend: Backend
    tokens: dict[str, str]
    ids: dict[str, Ids]

    async def add_rows(self, user: str) -> None:
        """Insert a new set of rows for the user."""
        async with self.backend.services.database.connection() as connection:
            self.ids[user] = await insert_rows(connection, user)

    async def all_rows_of(self, user: str) -> list[Any]:
        """All rows of the user, as text."""
        pool = self.backend.services.database.pool
        tables = await pool.fetch(
            "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'user_id' "
            "AND table_schema = 'public' ORDER BY table_name"
        )
        read = "SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM {} AS t WHERE user_id = $1"
        names = [table["name"] for table in tables if table["name"] not in CHANGED_BY_REQUESTS]
        return [await pool.fetchval(read.format(name), user) for name in names]

    @asynccontextmanager
    async def http(self, token: str) -> AsyncIterator[Ask]:
        yield asking(self.backend.program(token))

    @asynccontextmanager
    async def session(self, user: str) -> AsyncIterator[Ask]:
        yield asking(await self.backend.sign_in(user))

    @asynccontextmanager
    async def live(self, transport: LiveTransport, token: str) -> AsyncIterator[Ask]:
        """Operations over a WebSocket or server-sent events."""
        async with self.connect(transport, token) as connection:

            async def ask(query: str, sent: Ids) -> dict[str, Any]:
                await subscribe(connection, query, sent)
                answer: dict[str, Any] = {}
                while (message := json.loads(await connection.recv()))["type"] != "complete":
                    if message["type"] == "error":
                        return {"errors": message["payload"]}
                    if message["type"] == "next":
                        answer = message["payload"]
                return answer

            yield ask

    def connect(self, transport: LiveTransport, token: str) -> AbstractAsyncContextManager[LiveConnection]:
        return self.backend.socket(token) if transport == "WebSocket" else streaming(self.backend.program(token))

    def transports(self, user: str) -> "list[Any]":
        token = self.tokens[user]
        return [self.http(token), *(self.live(transport, token) for transport in LIVE_TRANSPORTS)]


def asking(client: httpx.AsyncClient) -> Ask:
    async def ask(query: str, sent: Ids) -> dict[str, Any]:
        response = await client.post("/graphql", json={"query": query, "variables": sent})
        answer: dict[str, Any] = response.json()
        return answer

    return ask


async def subscribe(connection: LiveConnection, query: str, sent: Ids, id: str = "1") -> None:
    payload = {"query": query, "variables": sent}
    await connection.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_backend(server: EmbeddedDatabase) -> AsyncIterator[Backend]:
    """One backend for all tests, because it validates the documents of the matrix once, which takes seconds."""
    name = f"matrix_{uuid4().hex}"
    async with run_backend(await create_database(server, name, TEMPLATE)) as backend:
        yield backend
    await drop_database(server, name)


@pytest_asyncio.fixture(loop_scope="module")
async def matrix(shared_backend: Backend) -> Matrix:
    """New users with the same names for each test."""
    backend = shared_backend
    await backend.execute("DELETE FROM users")
    for name, role in USERS.items():
        await backend.add_user(name, role)  # type: ignore[arg-type]
    matrix = Matrix(backend, {name: await backend.token(name) for name in USERS}, {})
    for name in USERS:
        await matrix.add_rows(name)
    return matrix


def code(answer: dict[str, Any]) -> str | None:
    """The code of the first error; None for an answer without errors."""
    errors = answer.get("errors")
    found: str | None = errors[0]["extensions"]["code"] if errors else None
    return found


def test_every_field_has_a_row() -> None:
    fields = {name for operation in OPERATIONS for name in root_fields(operation)}
    missing, gone = sorted(fields - set(ROWS)), sorted(set(ROWS) - fields)
    assert not missing, (
        f"{', '.join(missing)}: add a line to ROWS in tests/identity/matrix.py, such as "
        f'"{missing[0]}": {"writes" if missing[0].startswith("M") else "reads"}("id: $conversation"), '
        "and to OWNED_ROWS a row of any new table that it reads."
    )
    assert not gone, f"{', '.join(gone)}: no longer in the schema; remove the line from tests/identity/matrix.py."
    for name in ROWS:
        assert validate(SCHEMA, parse(document(name))) == [], f"the line of {name} does not fit the schema"


def test_every_nested_field_is_selected_by_some_row() -> None:
    covered: set[str] = set()
    for name in ROWS:
        selection(root_fields(name.partition(".")[0].lower())[name].type, covered=covered)
    for node in NODES:
        selection(type_of(node), covered=covered)
    roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
    nested = {
        f"{kind.name}.{name}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__") and kind not in roots
        for name, field in kind.fields.items()
        if not is_leaf_type(get_named_type(field.type))
    }
    assert sorted(nested - covered) == [], "add the type to NODES in tests/identity/matrix.py, with a row in OWNED_ROWS"


@in_module
async def test_own_rows_are_found(matrix: Matrix) -> None:
    """Proves that the rows of the matrix find data, so that the refusals below mean something."""
    failures = []
    for transport in matrix.transports("bob"):
        async with transport as ask:
            for name in QUERIES_AND_MUTATIONS:
                row = ROWS[name]
                if name.startswith("Mutation"):
                    await matrix.add_rows("bob")
                answer = await ask(document(name), variables(name, matrix.ids["bob"]))
                expected = "FORBIDDEN" if row.person_only else row.own or row.member
                if not row.public and code(answer) != expected:
                    failures.append((name, answer))
            await matrix.add_rows("bob")
            for node in NODES:
                answer = await ask(node_document(node), {"id": matrix.ids["bob"][node]})
                if code(answer) or matrix.ids["bob"][node] not in str(answer):
                    failures.append((node, answer))
    async with matrix.session("bob") as ask:
        for name in PERSON_ONLY:
            answer = await ask(document(name), variables(name, matrix.ids["bob"]))
            if code(answer) != ROWS[name].own:
                failures.append((name, answer))
    assert failures == []


@in_module
@pytest.mark.parametrize("who", ["bob", "vic", "oli"])
async def test_rows_of_other_users_are_neither_shown_nor_changed(matrix: Matrix, who: str) -> None:
    """Ids of another user's rows get exactly the same answer as ids that do not exist."""
    before = await matrix.all_rows_of("ann")
    failures = []
    asked = [(transport, QUERIES_AND_MUTATIONS, True) for transport in matrix.transports(who)]
    for transport, names, by_token in [*asked, (matrix.session(who), PERSON_ONLY, False)]:
        async with transport as ask:
            for name in names:
                row, sent = ROWS[name], variables(name, matrix.ids["ann"])
                if row.public:
                    continue
                answer = await ask(document(name), sent)
                refusal = {"vic": row.viewer, "bob": row.member, "oli": None}[who]
                if row.person_only and by_token:
                    refusal = "FORBIDDEN"
                unknown = await ask(document(name), variables(name, MISSING)) if row.foreign else answer
                wrong_code = code(answer) != (refusal or row.foreign or row.own)
                shown = leaks(json.dumps(answer, ensure_ascii=False), sent, "ann", matrix.ids["ann"])
                if wrong_code or shown or answer != unknown:
                    failures.append((name, answer, unknown, shown))
            for node in NODES if by_token else ():
                answer = await ask(node_document(node), {"id": matrix.ids["ann"][node]})
                if answer != await ask(node_document(node), {"id": NO_ID}) or code(answer) != "NOT_FOUND":
                    failures.append((node, answer, {}, []))
    assert failures == []
    assert await matrix.all_rows_of("ann") == before


@in_module
@pytest.mark.parametrize("who", ["bob", "oli"])
async def test_link_to_a_row_of_another_user_is_not_followed(matrix: Matrix, who: str) -> None:
    async with matrix.backend.services.database.connection() as connection:
        await link_across(connection, who, matrix.ids["ann"])
    failures = []
    async with matrix.http(matrix.tokens[who]) as ask:
        asked = [(document(name), variables(name, matrix.ids[who])) for name in root_fields("query") if name in ROWS]
        asked += [(node_document(node), {"id": matrix.ids[who][node]}) for node in NODES]
        for query, sent in asked:
            if "trace" in query:  # events contain the original links
                continue
            answer = json.dumps(await ask(query, sent), ensure_ascii=False)
            if found := leaks(answer, sent, "ann", matrix.ids["ann"]):
                failures.append((query, found, answer))
    assert failures == []


@in_module
async def test_answers_do_not_depend_on_rows_of_other_users(matrix: Matrix) -> None:
    """The answers, with counts, cursors and errors, stay exactly the same when all other users are deleted."""
    reading = [name for name in root_fields("query") if name in ROWS and name not in UNSTABLE]
    asked = [(document(name), variables(name, matrix.ids["bob"])) for name in reading]
    asked += [(document(name), variables(name, matrix.ids["ann"])) for name in reading]
    async with matrix.http(matrix.tokens["bob"]) as ask:
        before = [_without_time(await ask(query, sent)) for query, sent in asked]
        await matrix.backend.execute("DELETE FROM users WHERE id <> 'bob'")
        after = [_without_time(await ask(query, sent)) for query, sent in asked]
    assert after == before


def _without_time(answer: dict[str, Any]) -> Any:
    """The importance of a memory decreases by some billionths between two requests."""
    return json.loads(json.dumps(answer), parse_float=lambda number: round(float(number), 4))


@in_module
async def test_viewer_cannot_change_anything(matrix: Matrix) -> None:
    before = await matrix.all_rows_of("vic")
    failures = []
    async with matrix.http(matrix.tokens["vic"]) as ask:
        for name in QUERIES_AND_MUTATIONS:
            row = ROWS[name]
            if row.public:
                continue
            answer = await ask(document(name), variables(name, matrix.ids["vic"]))
            if code(answer) != (row.viewer or row.own):
                failures.append((name, answer))
    assert failures == []
    assert await matrix.all_rows_of("vic") == before


@in_module
@pytest.mark.parametrize("transport", LIVE_TRANSPORTS)
@pytest.mark.parametrize("who", ["bob", "vic", "oli"])
async def test_subscription_delivers_own_events_only_also_from_a_foreign_cursor(
    matrix: Matrix, who: str, transport: LiveTransport
) -> None:
    cursor = await _cursor_before_all(matrix)
    resumable = [name for name in SUBSCRIPTIONS if "after" in root_fields("subscription")[name].args]
    resumed = {f"{name} after" for name in resumable}
    foreign = {name for name in SUBSCRIPTIONS if ROWS[name].foreign}
    async with matrix.connect(transport, matrix.tokens[who]) as connection:
        for name in SUBSCRIPTIONS:
            await subscribe(connection, document(name), variables(name, matrix.ids["ann"]), name)
        for name in resumable:
            chosen = selection(root_fields("subscription")[name].type)
            resuming = f'subscription {{ {name.split(".")[1]}(after: "{cursor}") {chosen} }}'
            await subscribe(connection, resuming, {}, f"{name} after")
        received, errors = await _receive(
            connection,
            0.2,
            lambda data, refused: (
                {each["id"] for each in refused} == foreign and {each["id"] for each in data} >= resumed
            ),
        )
        more, new = list[dict[str, Any]](), set[str]()
        # Until each has delivered what comes after the rows of ann in the order of events.
        async with asyncio.timeout(TIMEOUT):
            while not {each["id"] for each in more if any(id in json.dumps(each) for id in new)} >= resumed | UNLIMITED:
                await matrix.add_rows("ann")
                await matrix.add_rows(who)
                new.update(matrix.ids[who].values())
                for user in ("ann", who):
                    matrix.backend.services.bus.announce(user)
                more += (await _receive(connection, 0.3))[0]
    assert leaks(json.dumps(received + more, ensure_ascii=False), {}, "ann", matrix.ids["ann"]) == []
    refused = {each["id"]: code({"errors": each["payload"]}) for each in errors}
    assert refused == {name: ROWS[name].foreign for name in SUBSCRIPTIONS if ROWS[name].foreign}


async def _cursor_before_all(matrix: Matrix) -> str:
    """A cursor of ann's first event; then every user gets new rows."""
    async with matrix.backend.socket(matrix.tokens["ann"]) as socket:
        received: list[dict[str, Any]] = []
        await subscribe(socket, "subscription { eventAppended { cursor } }", {})
        while not received:
            await matrix.backend.execute("UPDATE conversations SET title = title || '.' WHERE user_id = 'ann'")
            matrix.backend.services.bus.announce("ann")
            received, _ = await _receive(socket, 0.3)
    for user in USERS:
        await matrix.add_rows(user)
    cursor: str = received[0]["payload"]["data"]["eventAppended"]["cursor"]
    return cursor


async def _receive(
    connection: LiveConnection, seconds: float, complete: Callable[[list[Any], list[Any]], bool] = lambda *_: True
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Data and errors, received until they are complete and nothing arrives for this many seconds."""
    received: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    async with asyncio.timeout(TIMEOUT):
        while True:
            try:
                async with asyncio.timeout(seconds):
                    message = json.loads(await connection.recv())
            except TimeoutError:
                if complete(received, errors):
                    return received, errors
                continue
            if message["type"] == "next":
                received.append(message)
            elif message["type"] == "error":
                errors.append(message)
