"""Every query, mutation, subscription and nested field, for everybody, at every door: nothing of anybody else's."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, parse, validate

from tests.identity.conftest import House, open_house
from tests.identity.matrix import (
    NO_ID,
    NODES,
    ROWS,
    SCHEMA,
    THINGS,
    document,
    give_things,
    leaks,
    link_across,
    node_document,
    root_fields,
    selection,
    type_of,
    variables,
)
from tests.identity.streams import Line, streaming
from tests.timeouts import TIMEOUT

Ids = dict[str, str]
LiveTransport = Literal["WebSocket", "server-sent events"]
Ask = Callable[[str, Ids], Awaitable[dict[str, Any]]]
PEOPLE = {"ann": "member", "bob": "member", "vic": "viewer", "oli": "owner"}
LIVE_TRANSPORTS: tuple[LiveTransport, ...] = ("WebSocket", "server-sent events")
OPERATIONS = ("query", "mutation", "subscription")
ASKED = [name for operation in ("query", "mutation") for name in root_fields(operation) if name in ROWS]
FOLLOWED = [name for name in root_fields("subscription") if name in ROWS]
CHANGING = ("Query.tokens", "Query.previewContext")  # when a token was used, how long a preview took
UNKNOWN = dict.fromkeys(THINGS, NO_ID)
NOT_ONES_DATA = ("credentials", "security_events", "rate_budgets")  # what asking itself leaves behind


@dataclass
class Town:
    """Four people with things of their own, and a token each."""

    house: House
    tokens: dict[str, str]
    ids: dict[str, Ids]

    async def renew(self, user: str) -> None:
        """Other things for the user, all there and untouched."""
        async with self.house.services.database.connection() as connection:
            self.ids[user] = await give_things(connection, user)

    async def everything_of(self, user: str) -> list[Any]:
        """Every row that the user has, as text."""
        pool = self.house.services.database.pool
        tables = await pool.fetch(
            "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'user_id' "
            "AND table_schema = 'public' ORDER BY table_name"
        )
        read = "SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM {} AS t WHERE user_id = $1"
        names = [table["name"] for table in tables if table["name"] not in NOT_ONES_DATA]
        return [await pool.fetchval(read.format(name), user) for name in names]

    @asynccontextmanager
    async def http(self, token: str) -> AsyncIterator[Ask]:
        client = self.house.program(token)

        async def ask(query: str, sent: Ids) -> dict[str, Any]:
            response = await client.post("/graphql", json={"query": query, "variables": sent})
            answer: dict[str, Any] = response.json()
            return answer

        yield ask

    @asynccontextmanager
    async def live(self, door: LiveTransport, token: str) -> AsyncIterator[Ask]:
        """Operations over a WebSocket or server-sent events."""
        async with self.line(door, token) as line:

            async def ask(query: str, sent: Ids) -> dict[str, Any]:
                await subscribe(line, query, sent)
                answer: dict[str, Any] = {}
                while (message := json.loads(await line.recv()))["type"] != "complete":
                    if message["type"] == "error":
                        return {"errors": message["payload"]}
                    if message["type"] == "next":
                        answer = message["payload"]
                return answer

            yield ask

    def line(self, door: LiveTransport, token: str) -> AbstractAsyncContextManager[Line]:
        return self.house.socket(token) if door == "WebSocket" else streaming(self.house.program(token))

    def doors(self, user: str) -> "list[Any]":
        token = self.tokens[user]
        return [self.http(token), *(self.live(door, token) for door in LIVE_TRANSPORTS)]


async def subscribe(line: Line, query: str, sent: Ids, id: str = "1") -> None:
    payload = {"query": query, "variables": sent}
    await line.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with open_house(database_url) as house:
        for name, role in PEOPLE.items():
            await house.person(name, role)  # type: ignore[arg-type]
        town = Town(house, {name: await house.token(name) for name in PEOPLE}, {})
        for name in PEOPLE:
            await town.renew(name)
        yield town


def code(answer: dict[str, Any]) -> str | None:
    """The first error's code; None for an answer without errors."""
    errors = answer.get("errors")
    found: str | None = errors[0]["extensions"]["code"] if errors else None
    return found


def test_every_field_has_a_row() -> None:
    fields = {name for operation in OPERATIONS for name in root_fields(operation)}
    missing, gone = sorted(fields - set(ROWS)), sorted(set(ROWS) - fields)
    assert not missing, (
        f"{', '.join(missing)}: add a line to ROWS in tests/identity/matrix.py, such as "
        f'"{missing[0]}": {"writes" if missing[0].startswith("M") else "reads"}("id: $conversation"), '
        "and to THINGS a row of any new table that it reads."
    )
    assert not gone, f"{', '.join(gone)}: no longer in the schema; take the line out of tests/identity/matrix.py."
    for name in ROWS:
        assert validate(SCHEMA, parse(document(name))) == [], f"the line of {name} does not fit the schema"


def test_every_nested_field_is_asked_for_by_some_row() -> None:
    covered: set[str] = set()
    for name in ROWS:
        selection(root_fields(name.partition(".")[0].lower())[name].type, covered=covered)
    for thing in NODES:
        selection(type_of(thing), covered=covered)
    roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
    nested = {
        f"{kind.name}.{name}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__") and kind not in roots
        for name, field in kind.fields.items()
        if not is_leaf_type(get_named_type(field.type))
    }
    assert sorted(nested - covered) == [], "add the type to NODES in tests/identity/matrix.py, with a row in THINGS"


async def test_ones_own_things_are_there(town: Town) -> None:
    """The rows ask for something: without this, a matrix of refusals would prove nothing."""
    failures = []
    for door in town.doors("bob"):
        async with door as ask:
            for name in ASKED:
                row = ROWS[name]
                if name.startswith("Mutation"):
                    await town.renew("bob")
                answer = await ask(document(name), variables(name, town.ids["bob"]))
                if not row.open_to_anyone and code(answer) != (row.own or row.member):
                    failures.append((name, answer))
            await town.renew("bob")
            for thing in NODES:
                answer = await ask(node_document(thing), {"id": town.ids["bob"][thing]})
                if code(answer) or town.ids["bob"][thing] not in str(answer):
                    failures.append((thing, answer))
    assert failures == []


@pytest.mark.parametrize("who", ["bob", "vic", "oli"])
async def test_nothing_of_anybody_else_is_found_told_of_or_changed(town: Town, who: str) -> None:
    """What exists and is somebody else's gets the same answer as what does not exist, to the letter."""
    before = await town.everything_of("ann")
    failures = []
    for door in town.doors(who):
        async with door as ask:
            for name in ASKED:
                row, sent = ROWS[name], variables(name, town.ids["ann"])
                if row.open_to_anyone:
                    continue
                answer = await ask(document(name), sent)
                refusal = {"vic": row.viewer, "bob": row.member, "oli": None}[who]
                unknown = await ask(document(name), variables(name, UNKNOWN)) if row.strangers else answer
                wrong_code = code(answer) != (refusal or row.strangers or row.own)
                shown = leaks(json.dumps(answer, ensure_ascii=False), sent, "ann", town.ids["ann"])
                if wrong_code or shown or answer != unknown:
                    failures.append((name, answer, unknown, shown))
            for thing in NODES:
                answer = await ask(node_document(thing), {"id": town.ids["ann"][thing]})
                if answer != await ask(node_document(thing), {"id": NO_ID}) or code(answer) != "NOT_FOUND":
                    failures.append((thing, answer, {}, []))
    assert failures == []
    assert await town.everything_of("ann") == before


@pytest.mark.parametrize("who", ["bob", "oli"])
async def test_a_link_to_somebody_elses_row_leads_nowhere(town: Town, who: str) -> None:
    async with town.house.services.database.connection() as connection:
        await link_across(connection, who, town.ids["ann"])
    failures = []
    async with town.http(town.tokens[who]) as ask:
        asked = [(document(name), variables(name, town.ids[who])) for name in root_fields("query") if name in ROWS]
        asked += [(node_document(thing), {"id": town.ids[who][thing]}) for thing in NODES]
        for query, sent in asked:
            if "trace" in query:  # events tell of the links as they were made
                continue
            answer = json.dumps(await ask(query, sent), ensure_ascii=False)
            if found := leaks(answer, sent, "ann", town.ids["ann"]):
                failures.append((query, found, answer))
    assert failures == []


async def test_what_one_reads_does_not_depend_on_what_others_have(town: Town) -> None:
    """Counts, cursors and errors too: the answers are the same to the letter when everybody else's things are gone."""
    reading = [name for name in root_fields("query") if name in ROWS and name not in CHANGING]
    asked = [(document(name), variables(name, town.ids["bob"])) for name in reading]
    asked += [(document(name), variables(name, town.ids["ann"])) for name in reading]
    async with town.http(town.tokens["bob"]) as ask:
        before = [_without_time(await ask(query, sent)) for query, sent in asked]
        await town.house.execute("DELETE FROM users WHERE id <> 'bob'")
        after = [_without_time(await ask(query, sent)) for query, sent in asked]
    assert after == before


def _without_time(answer: dict[str, Any]) -> Any:
    """A memory fades by some billionths between two questions."""
    return json.loads(json.dumps(answer), parse_float=lambda number: round(float(number), 4))


async def test_a_viewer_reads_and_changes_nothing(town: Town) -> None:
    before = await town.everything_of("vic")
    failures = []
    async with town.http(town.tokens["vic"]) as ask:
        for name in ASKED:
            row = ROWS[name]
            if row.open_to_anyone:
                continue
            answer = await ask(document(name), variables(name, town.ids["vic"]))
            if code(answer) != (row.viewer or row.own):
                failures.append((name, answer))
    assert failures == []
    assert await town.everything_of("vic") == before


@pytest.mark.parametrize("door", LIVE_TRANSPORTS)
@pytest.mark.parametrize("who", ["bob", "vic", "oli"])
async def test_a_subscription_tells_of_ones_own_only_also_from_somebody_elses_cursor(
    town: Town, who: str, door: LiveTransport
) -> None:
    cursor = await _cursor_before_all(town)
    resumable = [name for name in FOLLOWED if "after" in root_fields("subscription")[name].args]
    resumed = {f"{name} after" for name in resumable}
    strangers = {name for name in FOLLOWED if ROWS[name].strangers}
    async with town.line(door, town.tokens[who]) as line:
        for name in FOLLOWED:
            await subscribe(line, document(name), variables(name, town.ids["ann"]), name)
        for name in resumable:
            chosen = selection(root_fields("subscription")[name].type)
            behind = f'subscription {{ {name.split(".")[1]}(after: "{cursor}") {chosen} }}'
            await subscribe(line, behind, {}, f"{name} after")
        told, errors = await _heard(line, 0.7)
        async with asyncio.timeout(TIMEOUT):
            while {each["id"] for each in errors} != strangers or not {each["id"] for each in told} >= resumed:
                more, others = await _heard(line, 0.7)
                told, errors = told + more, errors + others
        await town.renew("ann")
        await town.renew(who)
        for user in ("ann", who):
            town.house.services.bus.announce(user)
        more, _ = await _heard(line, 1.5)
    assert leaks(json.dumps(told + more, ensure_ascii=False), {}, "ann", town.ids["ann"]) == []
    refused = {each["id"]: code({"errors": each["payload"]}) for each in errors}
    assert refused == {name: ROWS[name].strangers for name in FOLLOWED if ROWS[name].strangers}


async def _cursor_before_all(town: Town) -> str:
    """A cursor of ann's, as early as can be had; then everybody gets new things."""
    async with town.house.socket(town.tokens["ann"]) as socket:
        heard: list[dict[str, Any]] = []
        await subscribe(socket, "subscription { eventAppended { cursor } }", {})
        while not heard:
            await town.house.execute("UPDATE conversations SET title = title || '.' WHERE user_id = 'ann'")
            town.house.services.bus.announce("ann")
            heard, _ = await _heard(socket, 0.3)
    for user in PEOPLE:
        await town.renew(user)
    cursor: str = heard[0]["payload"]["data"]["eventAppended"]["cursor"]
    return cursor


async def _heard(line: Line, seconds: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What comes until nothing has come for a while: data, and errors."""
    heard, errors = [], []
    try:
        while True:
            async with asyncio.timeout(seconds):
                message = json.loads(await line.recv())
            if message["type"] == "next":
                heard.append(message)
            elif message["type"] == "error":
                errors.append(message)
    except TimeoutError:
        return heard, errors
