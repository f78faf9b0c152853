"""The response is bounded in bytes while it is built, and what statements read for it while it arrives."""

from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from app.graphql.encoding import LARGE, PIECE, LargeResponse, encode_large
from app.graphql.limits.policy import DocumentLimits
from app.graphql.size import size_of
from sql.budget import READ_PER_ANSWERED, Budget, limited_to, metered
from sql.errors import QueryTooComplex
from sql.pool import Database
from sql.repositories.memories import NewMemory, insert_memory
from sql.repositories.specifications import SpecificationText, insert_specification, update_specification
from tests.graphql.executors import make_executor
from tests.resolvers.conftest import Api

MAXIMUM = 200_000
LIMITS = DocumentLimits(response_bytes=MAXIMUM)
REVISIONS = 'specification(id: "ID") { revisions { content title createdAt } }'
ALIASED = "{ " + " ".join(f"a{n}: {REVISIONS}" for n in range(20)) + " }"
MEMORIES = "{ memories(first: 50) { edges { node { id content } } } }"


async def answers_to(api: Api, query: str, runs: int = 3) -> list[Any]:
    """The responses of the first run, by the standard executor, and of the later ones, which are compiled."""
    operation, answers = api.executor.prepare(query), []
    for _ in range(runs):
        answer = await api.executor.answer(operation, {}, await api.context("ann"))
        answer = b"".join(answer.pieces) if isinstance(answer, LargeResponse) else answer
        answers.append(orjson.loads(answer) if isinstance(answer, bytes) else answer)
    return answers


def keys_of(answers: list[Any]) -> set[str]:
    assert all(answer["data"] is None and len(answer["errors"]) == 1 for answer in answers)
    assert {answer["errors"][0]["extensions"]["code"] for answer in answers} == {"QUERY_TOO_COMPLEX"}
    return {answer["errors"][0]["extensions"]["key"] for answer in answers}


async def remember(api: Api, *texts: str) -> None:
    async with api.database.transaction() as connection:
        for text in texts:
            await insert_memory(connection, "ann", NewMemory(text, "longterm", weight=0.5, expires_at=None, tags=[]))


async def specify(api: Api, size: int, revisions: int) -> UUID:
    async with api.database.transaction() as connection:
        text = SpecificationText("t", "0" * size, "draft", [], "ann")
        row = await insert_specification(connection, "ann", text)
        for number in range(1, revisions):
            text = SpecificationText("t", str(number) * size, "draft", [], "ann")
            await update_specification(connection, "ann", row.id, text)
    return row.id


@pytest.mark.parametrize("letter", ["a", "あ", "\n", "😀"])
async def test_a_list_of_long_texts_is_refused_in_both_executors(api: Api, letter: str) -> None:
    api.executor = make_executor(LIMITS)
    await remember(api, *(f"{n}{letter * 20_000}" for n in range(11)))
    assert keys_of(await answers_to(api, MEMORIES)) <= {"query.answer_too_large", "query.reads_too_much"}
    [small, compiled, _] = await answers_to(api, MEMORIES.replace("50", "2"))
    assert small == compiled
    assert len(small["data"]["memories"]["edges"]) == 2


async def test_a_record_that_is_read_once_counts_each_time_that_it_is_shown(api: Api) -> None:
    api.executor = make_executor(LIMITS)
    specification = await specify(api, 2_000, 8)
    assert keys_of(await answers_to(api, ALIASED.replace("ID", str(specification)))) == {"query.answer_too_large"}
    once = "{ " + REVISIONS.replace("ID", str(specification)) + " }"
    assert [len(answer["data"]["specification"]["revisions"]) for answer in await answers_to(api, once)] == [8] * 3


async def test_metadata_and_short_values_count_as_well(api: Api) -> None:
    api.executor = make_executor(LIMITS)
    for number in range(9):
        await api.data(
            'mutation($m: JSON) { sendMessage(input: {content: "x", metadata: $m}) { message { id } } }',
            m={"text": f"{number}" + "x" * 30_000},
        )
    assert keys_of(await answers_to(api, "{ messages { edges { node { metadata } } } }")) == {"query.answer_too_large"}
    api.executor = make_executor(DocumentLimits(response_bytes=1000))
    assert keys_of(await answers_to(api, "{ messages { edges { node { id userId status } } } }"))


@pytest.mark.parametrize("compiled", [True, False])
async def test_a_mutation_is_done_although_its_response_is_too_large(api: Api, compiled: bool) -> None:
    api.executor = make_executor(DocumentLimits(response_bytes=1000), compiled=compiled)
    response = await api('mutation { saveMemory(input: {content: "LONG"}) { content } }'.replace("LONG", "x" * 2000))
    assert keys_of([response]) == {"query.answer_too_large"}
    assert await api.database.pool.fetchval("SELECT count(*) FROM memories") == 1


async def test_a_statement_is_cancelled_while_its_rows_arrive(database: Database) -> None:
    endless = "SELECT repeat('x', 100000) AS text FROM generate_series(1, 20000)"  # 2 GB
    for _ in range(2):
        async with database.connection() as connection:
            with limited_to(1_000_000) as limited:
                with pytest.raises(QueryTooComplex) as refused, metered(connection):
                    await connection.fetch(endless)
                assert limited._read < READ_PER_ANSWERED * 1_000_000 + 3_000_000
        assert refused.value.key == "query.reads_too_much"
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_statements_do_not_start_when_the_budget_is_exceeded(api: Api) -> None:
    await remember(api, "x")
    async with api.database.connection() as connection:
        with limited_to(10) as limited:
            limited.add_read(2_000_000)
            with pytest.raises(QueryTooComplex):
                await insert_memory(connection, "ann", NewMemory("y", "longterm", weight=0.5, expires_at=None, tags=[]))
    assert await api.database.pool.fetchval("SELECT count(*) FROM memories") == 1


@pytest.mark.parametrize("text", ["a" * 5000, "\n" * 5000, "あ" * 5000, "😀" * 5000, "\x01" * 5000])
def test_the_size_of_a_long_text_is_that_of_its_json(text: str) -> None:
    assert size_of(text) == len(orjson.dumps(text))
    assert size_of({"a": [text]}) == len(orjson.dumps({"a": [text]}))


def test_a_budget_refuses_everything_after_it_is_exceeded() -> None:
    budget = Budget(100)
    budget.add_answered(100)
    for size in (1, 0):
        with pytest.raises(QueryTooComplex):
            budget.add_answered(size)


async def test_a_large_response_is_encoded_in_pieces(api: Api, http: httpx.AsyncClient) -> None:
    await remember(api, *(f"{n}" + "あ\n" * 25_000 for n in range(20)))
    operation, pieces = api.executor.prepare(MEMORIES), list[bytes]()
    for _ in range(2):
        answer = await api.executor.answer(operation, {}, await api.context("ann"))
        assert isinstance(answer, LargeResponse)
        assert answer.size > LARGE
        assert all(len(piece) < 2 * PIECE for piece in answer.pieces)
        pieces = answer.pieces
    whole = await api.executor.execute(operation, {}, await api.context("ann"))
    sent = await http.post("/graphql", json={"query": MEMORIES, "extensions": {"cost": True}})
    assert b"".join(pieces) == orjson.dumps(whole)
    assert sent.json() == {**whole, "extensions": {"cost": {"requested": 352, "allowed": 10_000}}}
    assert int(sent.headers["content-length"]) == len(sent.content)


@pytest.mark.parametrize("value", [{}, {"a": []}, {"a": [1, {"b": {}}, None, "x"]}, {"data": {"é": [[], [1.5, True]]}}])
async def test_pieces_are_the_json_of_the_response(value: dict[str, Any]) -> None:
    encoded = await encode_large(value, 1000)
    assert encoded is not None
    assert b"".join(encoded.pieces) == orjson.dumps(value)
    assert await encode_large(value, encoded.size - 1) is None
