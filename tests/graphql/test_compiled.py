"""Compiled operations return the same bytes as the standard executor, for hundreds of generated documents.

RESONANT_GENERATED_DOCUMENTS is their number; `make soak` generates 2,000.
"""

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

from app.graphql.compiled.completion import NotCovered
from app.graphql.compiled.operations import Plans
from app.graphql.documents import RequestRefused
from app.graphql.encoding import LargeResponse
from app.graphql.executor import Executor
from resolvers.context import Context
from resolvers.relations import LoadedRelations
from tests.graphql.executors import make_executor
from tests.graphql.generated_documents import GENEROUS, ROWS, Writer, ids_of
from tests.resolvers.conftest import Api

DOCUMENTS = int(os.environ.get("RESONANT_GENERATED_DOCUMENTS", "500"))
SEEDS = 2


@pytest.fixture
async def filled(api: Api) -> Api:
    """Rows of every kind related to messages, with nulls, unusual texts and rows of another user."""
    async with api.database.connection() as connection:
        for number, user in enumerate(("ann", "ann", "ann", "bob")):
            await connection.execute(ROWS, user, number % 2 == 0)
    return api


def fresh(context: Context) -> Context:
    """The same viewer with empty loaders."""
    return replace(
        context, relations=LoadedRelations(context.database, context.viewer.id, context.searcher, context.tools)
    )


async def both(
    executor: Executor, query: str, variables: dict[str, Any], context: Callable[[], Context]
) -> tuple[bytes, bytes, str]:
    """The bytes of the standard executor, those of the compiled operation, and the outcome of the latter."""
    operation = executor.prepare(query)
    standard = orjson.dumps(await executor.execute(operation, variables, context()))
    assert isinstance(operation.compiled, Plans)
    operation.compiled.plan_for(variables)  # the first run compiles nothing
    compiled = operation.compiled.plan_for(variables)
    if compiled is None:
        return standard, standard, "no plan"
    plan, coerced = compiled
    try:
        learning = orjson.dumps({"data": await plan.run(coerced, context())})
        if learning != standard:
            return standard, learning, "compiled"
        # The second run fetches only the columns that the first run read.
        data = await plan.run(coerced, context())
    except NotCovered as reason:
        return standard, standard, f"not covered: {reason}"
    except Exception:
        return standard, standard, "an error"
    return standard, orjson.dumps({"data": data}), "compiled"


@pytest.fixture
def collect() -> Iterator[Callable[[], object]]:
    """Collects garbage; automatic collection is off, so that warnings appear in the test that ignores them."""
    gc.disable()
    yield gc.collect
    gc.enable()


# When a field fails, the standard executor does not await the coroutines of its siblings.
NEVER_AWAITED = "ignore:coroutine .* was never awaited:RuntimeWarning"


@pytest.mark.filterwarnings(NEVER_AWAITED)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_generated_documents_give_the_same_bytes(filled: Api, seed: int, collect: Callable[[], object]) -> None:
    executor = make_executor(GENEROUS)
    writer = Writer(random.Random(seed), await ids_of(filled))
    outcomes: Counter[str] = Counter()
    context = await filled.context("ann")
    for number in range(DOCUMENTS // SEEDS):
        if number % 50 == 0:
            collect()
        query, variables = writer.document()
        try:
            standard, compiled, how = await both(executor, query, variables, lambda: fresh(context))
        except executor.refused:
            outcomes["refused"] += 1
            continue
        assert compiled == standard, query
        # Only operations with errors may be left to the standard executor.
        assert how == "compiled" or b'"errors"' in standard, (how, query, standard)
        outcomes[how] += 1
    assert outcomes["compiled"] > DOCUMENTS / SEEDS * 0.3, outcomes
    assert outcomes["an error"] > 5, outcomes
    collect()


async def test_a_plan_awaits_or_closes_every_coroutine(filled: Api, collect: Callable[[], object]) -> None:
    executor = make_executor(GENEROUS)
    writer = Writer(random.Random(3), await ids_of(filled))
    context = await filled.context("ann")
    failed = 0
    for _ in range(DOCUMENTS // SEEDS):
        query, variables = writer.document()
        with suppress(RequestRefused):
            plans = executor.prepare(query).compiled
            assert isinstance(plans, Plans)
            plans.plan_for(variables)
            if (compiled := plans.plan_for(variables)) is not None:
                try:
                    await compiled[0].run(compiled[1], fresh(context))
                except Exception:
                    failed += 1
    collect()  # warns about each coroutine that was never awaited
    assert failed > 5


@pytest.mark.parametrize(
    "query",
    [
        '{ a: message(id: "nobody") { id } viewer { id } }',
        "{ messages(first: 0) { edges { cursor } } viewer { id } }",
        "{ node(id: $id) { id } }".replace("$id", '"00000000-0000-7000-8000-000000000000"'),
    ],
)
async def test_errors_equal_those_of_the_standard_executor(filled: Api, query: str) -> None:
    executor = make_executor()
    operation = executor.prepare(query)
    expected = await executor.execute(operation, None, await filled.context("ann"))
    answers = [await executor.answer(operation, None, await filled.context("ann")) for _ in range(3)]
    assert expected["errors"]
    assert answers == [expected] * 3


async def test_search_results_give_the_same_bytes(filled: Api) -> None:
    executor = make_executor()
    hit = "{ score similarity snippet occurredAt node { __typename ... on Message { content similar { snippet } } } }"
    context = await filled.context("ann")
    standard, compiled, how = await both(executor, f'{{ search(query: "quote") {hit} }}', {}, lambda: fresh(context))
    assert how == "compiled"
    assert compiled == standard
    found = orjson.loads(standard)["data"]["search"]
    assert len(found) == 9
    assert any(each["node"].get("similar") for each in found)


async def test_rows_of_other_users_are_not_returned(filled: Api) -> None:
    executor = make_executor()
    operation = executor.prepare("{ messages(first: 100) { edges { node { userId intents { id } } } } }")
    for user in ("ann", "bob", "ann"):
        answer = await executor.answer(operation, None, await filled.context(user))
        assert not isinstance(answer, LargeResponse)
        data = orjson.loads(answer)["data"] if isinstance(answer, bytes) else answer["data"]
        assert {edge["node"]["userId"] for edge in data["messages"]["edges"]} == {user}


async def test_a_compiled_operation_executes_the_same_statements(filled: Api) -> None:
    query = "{ conversations { edges { node { messages(last: 5) { edges { node { intents { id } } } } } } } }"
    executor = make_executor()
    operation = executor.prepare(query)
    viewer = await filled.context("ann")
    await asyncio.sleep(0)  # the driver reports a statement slightly later
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


async def test_a_column_that_is_needed_later_is_learnt_later(filled: Api) -> None:
    """A list that was empty has rows; an object that was null exists."""
    await filled.database.pool.execute("DELETE FROM intents")
    executor = make_executor(GENEROUS)
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
    executor = make_executor()
    operation = executor.prepare(f"query ($id: ID!) {{ {field} }}")
    viewer = await filled.context("ann")
    unknown = {"id": "00000000-0000-7000-8000-000000000000"}
    expected = await executor.answer(operation, unknown, fresh(viewer))
    for _ in range(3):
        filled.database.statements.clear()
        assert await executor.answer(operation, unknown, fresh(viewer)) == expected
        await asyncio.sleep(0)
        assert len(filled.database.statements) == 1


async def test_without_a_compiler_the_standard_executor_runs(filled: Api) -> None:
    executor = make_executor(GENEROUS, compiled=False)
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
async def test_a_time_has_the_format_of_the_standard_executor(filled: Api, time: str | None) -> None:
    await filled.database.pool.execute("UPDATE intents SET due_at = $1::text::timestamptz", time)
    executor = make_executor()
    operation = executor.prepare("{ intents { edges { node { dueAt createdAt } } } }")
    viewer = await filled.context("ann")
    expected = await executor.execute(operation, None, fresh(viewer))
    for response in expected, *[await executor.answer(operation, None, fresh(viewer)) for _ in range(4)]:
        assert not isinstance(response, LargeResponse)
        answer = orjson.loads(response) if isinstance(response, bytes) else response
        assert answer.get("data") == expected["data"]
        assert len(answer.get("errors", ())) == len(expected.get("errors", ()))


async def test_rows_are_freed_without_the_garbage_collector(filled: Api, collect: Callable[[], object]) -> None:
    message = "messages { edges { node { createdAt intents { id history { at } } } } }"
    query = f"{{ conversations {{ edges {{ node {{ {message} }} }} }} }}"
    executor = make_executor(GENEROUS)
    operation = executor.prepare(query)
    viewer = await filled.context("ann")
    for _ in range(3):
        await executor.answer(operation, None, fresh(viewer))
    collect()
    assert isinstance(await executor.answer(operation, None, fresh(viewer)), bytes)
    await asyncio.sleep(0.01)  # the last awaited objects are freed slightly later
    assert not [each for each in gc.get_objects() if isinstance(each, asyncpg.Record)]
