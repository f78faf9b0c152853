"""Compiled operations give the bytes that the standard executor gives, for thousands of generated documents."""

import asyncio
import gc
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from app.graphql.compiled.executor import NotCovered
from app.graphql.documents import Documents, RequestRefused
from app.graphql.executor import Executor
from app.graphql.limits.policy import DocumentLimits
from resolvers.context import Context
from resolvers.relations import LoadedRelations
from resolvers.root import schema
from tests.resolvers.conftest import Api

GENEROUS = DocumentLimits(depth=60, aliases=1000, directives=1000, root_fields=100, spreads=1000, cost=10**9)
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
DOCUMENTS = int(os.environ.get("RESONANT_GENERATED_DOCUMENTS", "2000"))
SEEDS = 4
MEASURED = {"assembledInMs"}  # a time that is another one in each run

# $1: whose rows; $2: whether what may be null is there
ROWS = """
WITH c AS (INSERT INTO conversations (user_id, title, summary, archived)
           VALUES ($1, 'Ein "Titel" \u65e5\u672c \u2028 \\ / <b>', CASE WHEN $2 THEN 's' END, NOT $2) RETURNING id),
     m AS (INSERT INTO messages (user_id, conversation_id, content, message_type, metadata)
           SELECT $1, id, E'tab\\t quote" control\\x01 \u00e9 ' || g, 'user', '{"a": [1, 2.5, null, "x"], "\u00e9": {}}'
           FROM c, generate_series(1, 3) AS g RETURNING id, conversation_id),
     r AS (INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to, status, error)
           SELECT $1, conversation_id, '', 'kana', id, 'failed', 'why' FROM m RETURNING id),
     i AS (INSERT INTO intents (user_id, conversation_id, source_message_id, description, intent_type, classification,
                                actor, priority, due_at, result)
           SELECT $1, conversation_id, id, 'do it', CASE WHEN $2 THEN 'task' END,
                  CASE WHEN $2 THEN
                  '{"intentType": "task", "confidence": 0.25, "reason": "r", "classifier": "c"}'::jsonb END,
                  'test', 3, '2026-01-02 03:04:05+09', CASE WHEN $2 THEN '{"text": "# x"}'::jsonb END
           FROM m RETURNING id, source_message_id)
INSERT INTO notifications (user_id, title, message, notification_type, intent_id, source_message_id)
SELECT $1, 't', 'm', 'info', id, source_message_id FROM i
"""


class Writer:
    """Writes random valid documents on the schema: any field, fragments, aliases, conditions, variables."""

    def __init__(self, chance: random.Random, ids: list[str]) -> None:
        self._chance = chance
        self._ids = ids
        self._fragments: list[str] = []
        self._names = 0

    def document(self) -> tuple[str, dict[str, Any]]:
        assert schema._schema.query_type is not None
        return self.document_on("query Made(HEAD) { BODY }", schema._schema.query_type, root=True)

    def document_on(self, operation: str, type_: Composite, *, root: bool = False) -> tuple[str, dict[str, Any]]:
        """`operation` with its BODY, selections on the type, and its HEAD, the variables that they use."""
        self._fragments.clear()
        body = self._selections(type_, self._chance.randint(2, 6), root=root)
        variables = {"size": self._chance.choice([1, 2, 3, None]), "yes": True, "no": self._chance.random() < 0.3,
                     "id": self._chance.choice(self._ids)}  # fmt: skip
        used = [f"${name}: {kind}" for name, kind in
                (("size", "Int"), ("yes", "Boolean!"), ("no", "Boolean!"), ("id", "ID!"))
                if f"${name}" in body + "".join(self._fragments)]  # fmt: skip
        written = operation.replace("HEAD", ", ".join(used)).replace("()", "").replace("BODY", body)
        return f"{written} " + " ".join(self._fragments), variables

    def _selections(self, type_: Composite, depth: int, *, root: bool = False) -> str:
        fields: dict[str, Any] = {} if isinstance(type_, GraphQLUnionType) else dict(type_.fields)
        fields = {name: field for name, field in fields.items() if name not in MEASURED}
        usable = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type)) or depth > 0]
        chosen = self._chance.sample(usable, min(len(usable), self._chance.randint(1, 2 if root else 4)))
        parts = [self._field(name, fields[name], depth) for name in chosen]
        if self._chance.random() < 0.2:
            parts.append("__typename")
        if not root:
            parts += self._fragments_on(type_, depth)
        self._chance.shuffle(parts)
        return " ".join(parts) or "__typename"

    def _fragments_on(self, type_: Composite, depth: int) -> Iterator[str]:
        possible = [type_] if isinstance(type_, GraphQLObjectType) else schema._schema.get_possible_types(type_)
        on: Composite = self._chance.choice([*possible, type_])
        if self._chance.random() < 0.2:
            yield f"... on {on.name} {{ {self._selections(on, depth - 1)} }}"
        if self._chance.random() < 0.15:
            self._names += 1
            name = f"F{self._names}"
            self._fragments.append(f"fragment {name} on {on.name} {{ {self._selections(on, depth - 1)} }}")
            yield f"...{name} ...{name}"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        self._names += 1
        # An alias of its own keeps fields with different arguments from clashing.
        alias = f"a{self._names}: " if field.args or self._chance.random() < 0.15 else ""
        condition = self._chance.choice(
            ["", "", "", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: false)"]
        )
        named = get_named_type(field.type)
        below = "" if is_leaf_type(named) else f" {{ {self._selections(named, depth - 1)} }}"  # type: ignore[arg-type]
        return f"{alias}{name}{self._arguments(field)}{condition}{below}"

    def _arguments(self, field: GraphQLField) -> str:
        given = []
        for name, argument in field.args.items():
            required = str(argument.type).endswith("!")
            if not required and self._chance.random() < 0.6:
                continue
            if (value := self._value(name, get_named_type(argument.type), str(argument.type))) is not None:
                given.append(f"{name}: {value}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, type_: Any, written: str) -> str | None:
        if isinstance(type_, GraphQLEnumType):
            value = self._chance.choice(list(type_.values))
            return f"[{value}]" if written.startswith("[") else value
        if type_.name == "ID":
            value = self._chance.choice(["$id", f'"{self._chance.choice(self._ids)}"', '"nobody"'])
            return f"[{value}]" if written.startswith("[") else value
        if type_.name == "Boolean":
            return self._chance.choice(["true", "false", "null"] if not written.endswith("!") else ["true", "false"])
        if name in ("first", "last"):
            return self._chance.choice(["$size", "1", "2", "3", "100", "0"])
        if type_.name == "Int":
            return "1" if written.endswith("!") else None
        if type_.name == "String":
            return '"lease"' if written.endswith("!") else self._chance.choice(["null", '"garbage"'])
        return None


@pytest.fixture
async def filled(api: Api) -> Api:
    """Rows of every kind that messages lead to, with nulls, odd texts and another user's rows among them."""
    async with api.database.connection() as connection:
        for number, user in enumerate(("ann", "ann", "ann", "bob")):
            await connection.execute(ROWS, user, number % 2 == 0)
    return api


async def ids_of(api: Api) -> list[str]:
    found: list[str] = []
    for table in ("conversations", "messages", "intents", "notifications"):
        records = await api.database.pool.fetch(f"SELECT id FROM {table} LIMIT 8")  # noqa: S608
        found += [str(record["id"]) for record in records]
    return found


def fresh(context: Context) -> Context:
    """The same viewer, with loaders that have read nothing yet."""
    return replace(context, relations=LoadedRelations(context.database, context.viewer.id, context.searcher))


async def both(
    executor: Executor, query: str, variables: dict[str, Any], context: Callable[[], Context]
) -> tuple[bytes, bytes, str]:
    """What the standard executor and the compiled operation answer, and how the latter went."""
    operation = executor.prepare(query)
    standard = orjson.dumps(await executor.execute(operation, variables, context()))
    assert operation.plans is not None
    operation.plans.for_variables(variables)  # a first run compiles nothing
    compiled = operation.plans.for_variables(variables)
    if compiled is None:
        return standard, standard, "no plan"
    plan, coerced = compiled
    try:
        learning = orjson.dumps({"data": await plan.run(coerced, context())})
        if learning != standard:
            return standard, learning, "compiled"
        # From now on only those columns are fetched that were read.
        data = await plan.run(coerced, context())
    except NotCovered as reason:
        return standard, standard, f"given up: {reason}"
    except Exception:
        return standard, standard, "an error"
    return standard, orjson.dumps({"data": data}), "compiled"


@pytest.fixture
def collect() -> Iterator[Callable[[], object]]:
    """Collects garbage, and nothing else does: the warning below can only be ignored where it comes up in a test."""
    gc.disable()
    yield gc.collect
    gc.enable()


# Where one field fails, the standard executor lets go of what its siblings had begun; see below for ours.
LETS_GO = "ignore:coroutine .* was never awaited:RuntimeWarning"


@pytest.mark.filterwarnings(LETS_GO)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_generated_documents_give_the_same_bytes(filled: Api, seed: int, collect: Callable[[], object]) -> None:
    executor = Executor(schema._schema, GENEROUS, documents=Documents(schema._schema, GENEROUS))
    writer = Writer(random.Random(seed), await ids_of(filled))
    went: Counter[str] = Counter()
    context = await filled.context("ann")
    for number in range(DOCUMENTS // SEEDS):
        if number % 50 == 0:
            collect()
        query, variables = writer.document()
        try:
            standard, compiled, how = await both(executor, query, variables, lambda: fresh(context))
        except executor.refused:
            went["refused"] += 1
            continue
        assert compiled == standard, query
        # Only what went wrong may be left to the standard executor.
        assert how == "compiled" or b'"errors"' in standard, (how, query, standard)
        went[how] += 1
    assert went["compiled"] > DOCUMENTS / SEEDS * 0.3, went
    assert went["an error"] > 5, went
    collect()


async def test_a_plan_awaits_or_ends_whatever_it_begins(filled: Api, collect: Callable[[], object]) -> None:
    documents = Documents(schema._schema, GENEROUS)
    writer = Writer(random.Random(3), await ids_of(filled))
    context = await filled.context("ann")
    failed = 0
    for _ in range(DOCUMENTS // SEEDS):
        query, variables = writer.document()
        with suppress(RequestRefused):
            plans = documents.operation(query, None).plans
            assert plans is not None
            plans.for_variables(variables)
            if (compiled := plans.for_variables(variables)) is not None:
                try:
                    await compiled[0].run(compiled[1], fresh(context))
                except Exception:
                    failed += 1
    collect()  # which warns of each coroutine that was let go of
    assert failed > 5


@pytest.mark.parametrize(
    "query",
    [
        '{ a: message(id: "nobody") { id } viewer { id } }',
        "{ messages(first: 0) { edges { cursor } } viewer { id } }",
        "{ node(id: $id) { id } }".replace("$id", '"00000000-0000-7000-8000-000000000000"'),
    ],
)
async def test_errors_are_those_of_the_standard_executor(filled: Api, query: str) -> None:
    executor = Executor(schema._schema)
    operation = executor.prepare(query)
    expected = await executor.execute(operation, None, await filled.context("ann"))
    answers = [await executor.answer(operation, None, await filled.context("ann")) for _ in range(3)]
    assert expected["errors"]
    assert answers == [expected] * 3


async def test_what_a_search_finds_gives_the_same_bytes(filled: Api) -> None:
    executor = Executor(schema._schema)
    hit = "{ score similarity snippet occurredAt node { __typename ... on Message { content similar { snippet } } } }"
    context = await filled.context("ann")
    standard, compiled, how = await both(executor, f'{{ search(query: "quote") {hit} }}', {}, lambda: fresh(context))
    assert how == "compiled"
    assert compiled == standard
    found = orjson.loads(standard)["data"]["search"]
    assert len(found) == 9
    assert any(each["node"].get("similar") for each in found)


async def test_what_belongs_to_others_stays_unseen(filled: Api) -> None:
    executor = Executor(schema._schema)
    operation = executor.prepare("{ messages(first: 100) { edges { node { userId intents { id } } } } }")
    for user in ("ann", "bob", "ann"):
        answer = await executor.answer(operation, None, await filled.context(user))
        data = orjson.loads(answer)["data"] if isinstance(answer, bytes) else answer["data"]
        assert {edge["node"]["userId"] for edge in data["messages"]["edges"]} == {user}


async def test_a_compiled_operation_reads_with_the_same_statements(filled: Api) -> None:
    query = "{ conversations { edges { node { messages(last: 5) { edges { node { intents { id } } } } } } } }"
    executor = Executor(schema._schema)
    operation = executor.prepare(query)
    viewer = await filled.context("ann")
    await asyncio.sleep(0)  # the driver tells of a statement a little after it
    read = []
    for _ in range(3):
        filled.database.statements.clear()
        answer = await executor.answer(operation, None, fresh(viewer))
        await asyncio.sleep(0)
        read.append(list(filled.database.statements))
    assert isinstance(answer, bytes)
    assert read[0] == read[1]
    assert len(read[0]) == len(read[2]) == 3
    for statement, narrowed in zip(read[0], read[2], strict=True):
        assert statement.rstrip(";") in narrowed
    heads = [each.partition(" FROM (")[0] for each in read[2]]
    assert heads == ["SELECT id", "SELECT id, conversation_id", "SELECT id, source_message_id"]


async def test_a_column_that_only_other_rows_need_is_learnt_later(filled: Api) -> None:
    """A list that was empty shows rows; an object that was null is there."""
    await filled.database.pool.execute("DELETE FROM intents")
    executor = Executor(schema._schema, GENEROUS, documents=Documents(schema._schema, GENEROUS))
    operation = executor.prepare(
        "{ conversations { edges { node { messages { edges { node { id intents { description classification { reason } "
        "sourceMessage { content metadata } } } } } } } } }"
    )
    viewer = await filled.context("ann")

    async def answered() -> tuple[bool, Any]:
        answer = await executor.answer(operation, None, fresh(viewer))
        return isinstance(answer, bytes), orjson.loads(answer) if isinstance(answer, bytes) else answer

    assert [(await answered())[0] for _ in range(4)] == [False, True, True, True]
    await filled.database.pool.execute(ROWS, "ann", False)
    await filled.database.pool.execute(ROWS, "ann", True)
    expected = await executor.execute(operation, None, fresh(viewer))
    answers = [await answered() for _ in range(8)]
    assert [answer for _, answer in answers] == [expected] * 8
    assert answers[-1][0]


@pytest.mark.parametrize("field", ["message(id: $id) { id }", "messages(conversationId: $id) { edges { cursor } }"])
async def test_a_field_that_fails_in_a_plan_is_not_run_again(filled: Api, field: str) -> None:
    executor = Executor(schema._schema)
    operation = executor.prepare(f"query ($id: ID!) {{ {field} }}")
    viewer = await filled.context("ann")
    nobody = {"id": "00000000-0000-7000-8000-000000000000"}
    expected = await executor.answer(operation, nobody, fresh(viewer))
    for _ in range(3):
        filled.database.statements.clear()
        assert await executor.answer(operation, nobody, fresh(viewer)) == expected
        await asyncio.sleep(0)
        assert len(filled.database.statements) == 1


async def test_it_can_be_switched_off(filled: Api) -> None:
    executor = Executor(schema._schema, documents=Documents(schema._schema, GENEROUS, compiled=False))
    operation = executor.prepare("{ viewer { id } }")
    for _ in range(3):
        assert await executor.answer(operation, None, await filled.context("ann")) == {
            "data": {"viewer": {"id": "ann"}}
        }


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-02 03:04:05+09",
        "2026-01-02 03:04:05.1+00",
        "2026-01-02 03:04:05.000001+00",
        "0099-01-02 03:04:05.5+00",
        "9999-12-31 23:59:59.999999+00",
        "infinity",
        "-infinity",
        "0044-03-15 12:00:00.25+00 BC",
        None,
    ],
)
async def test_a_time_is_written_as_the_standard_executor_writes_it(filled: Api, time: str | None) -> None:
    await filled.database.pool.execute("UPDATE intents SET due_at = $1::text::timestamptz", time)
    executor = Executor(schema._schema)
    operation = executor.prepare("{ intents { edges { node { dueAt createdAt } } } }")
    viewer = await filled.context("ann")
    expected = await executor.execute(operation, None, fresh(viewer))
    for response in expected, *[await executor.answer(operation, None, fresh(viewer)) for _ in range(4)]:
        answer = orjson.loads(response) if isinstance(response, bytes) else response
        assert answer.get("data") == expected["data"]
        assert len(answer.get("errors", ())) == len(expected.get("errors", ()))


async def test_what_an_operation_has_read_needs_no_collector(filled: Api, collect: Callable[[], object]) -> None:
    message = "messages { edges { node { createdAt intents { id history { at } } } } }"
    query = f"{{ conversations {{ edges {{ node {{ {message} }} }} }} }}"
    executor = Executor(schema._schema, GENEROUS, documents=Documents(schema._schema, GENEROUS))
    operation = executor.prepare(query)
    viewer = await filled.context("ann")
    for _ in range(3):
        await executor.answer(operation, None, fresh(viewer))
    collect()
    assert isinstance(await executor.answer(operation, None, fresh(viewer)), bytes)
    await asyncio.sleep(0.01)  # what was awaited last is let go of a little later
    assert not [each for each in gc.get_objects() if isinstance(each, asyncpg.Record)]
