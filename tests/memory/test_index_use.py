"""The plans for few and for many rows, from EXPLAIN; every search returns all its hits."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql.repositories.embedding_models import create_index, find_active_model
from sql.repositories.nearest import SearchFilter, list_nearest
from sql.repositories.search import Totals, describe_query, list_candidates, list_lexical
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection
from tests.memory.conftest import Memory

DIMENSION = 16
MANY, FEW, SHARED, EXACT = 3000, 10, 300, 500
ANYTHING = SearchFilter()
GROW = """
WITH made AS (
    INSERT INTO search_entries (subject_id, user_id, scope_id, kind, occurred_at, content, keys, length, embedded_with)
    SELECT uuidv7(), $1, member_scope(default_project($1), $1), (ARRAY['message', 'intent'])[1 + n % 2],
           now() - make_interval(mins => n), 'x', '{}', 1, $3
    FROM generate_series(1, $2::int) AS n RETURNING subject_id, scope_id, kind, occurred_at)
INSERT INTO embeddings (subject_id, model_id, chunk, user_id, scope_id, kind, occurred_at, by_index, embedding)
SELECT subject_id, $3, 0, $1, scope_id, kind, occurred_at, $2 > 1000,
       (SELECT array_agg(sin(d * extract(epoch FROM occurred_at)::float8)) FROM generate_series(1, 16) AS d)::halfvec
FROM made
"""
COUNT = "INSERT INTO search_statistics SELECT scope_id, count(*), 1 FROM search_entries GROUP BY scope_id"


@pytest.fixture
async def model(memory: Memory) -> EmbeddingModelRow:
    """Two users, one of whom has nearly all rows; the HNSW index exists."""
    await memory.value("INSERT INTO embedding_models (name, dimension, active) VALUES ('random', 16, true)")
    async with memory.database.connection() as connection:
        found = await find_active_model(connection)
        assert found is not None
        await connection.execute(GROW, "ann", MANY, found.id)
        await connection.execute(GROW, "bob", FEW, found.id)
        await connection.execute(COUNT)
        await create_index(connection, found)
        await connection.execute("ANALYZE embeddings")
        return found


async def ask(memory: Memory, user: str, model: EmbeddingModelRow, within: SearchFilter = ANYTHING) -> tuple[int, str]:
    """How many of ten rows were found, and the plans of the statements."""
    logged = list[Any]()
    vector = [random.uniform(-1, 1) for _ in range(DIMENSION)]
    scopes = await memory.scopes(user)
    async with memory.database.connection() as connection:
        with connection.query_logger(logged.append):
            found = await list_nearest(connection, scopes, model, vector, within, 10, exact_rows=EXACT)
        return len(found), await replayed(connection, logged)


async def replayed(connection: Connection, logged: list[Any]) -> str:
    """EXPLAIN of each statement in order, with the settings made by the statements before it."""
    lines = list[str]()
    await asyncio.sleep(0)  # a statement is logged one iteration of the loop after its result
    async with connection.transaction():
        for record in logged[:]:
            if "set_config" in record.query:
                await connection.fetch(record.query, *record.args)
            elif "embeddings" in record.query or "search_entries" in record.query:
                plan = await connection.fetch(f"EXPLAIN {record.query}", *record.args)
                lines += [row[0] for row in plan]
    return "\n".join(lines)


async def test_few_rows_are_searched_exactly_and_all_of_them_are_found(
    memory: Memory, model: EmbeddingModelRow
) -> None:
    for _ in range(8):  # a prepared statement may change to a generic plan after five
        count, plans = await ask(memory, "bob", model)
        assert count == FEW
        assert "embeddings_of_model" not in plans


async def test_many_rows_are_searched_by_the_models_index(memory: Memory, model: EmbeddingModelRow) -> None:
    for _ in range(8):
        count, plans = await ask(memory, "ann", model)
        assert count == 10
        assert f"Index Scan using embeddings_of_model_{model.id}" in plans


async def test_a_filter_that_keeps_few_of_many_rows_is_searched_exactly(
    memory: Memory, model: EmbeddingModelRow
) -> None:
    recent = SearchFilter(since=datetime.now(UTC) - timedelta(minutes=SHARED))
    count, plans = await ask(memory, "ann", model, recent)
    assert count == 10
    assert "embeddings_of_model" not in plans


async def test_a_filter_is_counted_and_served_without_walking_past_what_it_leaves_out(
    memory: Memory, model: EmbeddingModelRow
) -> None:
    await memory.value("UPDATE embeddings SET kind = 'decision' WHERE user_id = 'ann' AND subject_id IN "
                       "(SELECT subject_id FROM embeddings WHERE user_id = 'ann' LIMIT 7)")  # fmt: skip
    await memory.value("ANALYZE embeddings")
    for _ in range(8):
        count, plans = await ask(memory, "ann", model, SearchFilter(kinds=["decision", "specification"]))
        assert count == 7
        assert plans.count("embeddings_by_filter") >= 2  # the count, and the rows
        assert plans.count("(kind = ANY (") == 2
        assert "Filter: (kind" not in plans


async def test_found_entries_are_read_by_index_and_never_by_a_scan(memory: Memory, model: EmbeddingModelRow) -> None:
    found = [row["subject_id"] for row in await memory.fetch("SELECT subject_id FROM search_entries LIMIT 200")]
    logged, scopes = list[Any](), await memory.scopes("ann")
    async with memory.database.connection() as connection:
        with connection.query_logger(logged.append):
            candidates = await list_candidates(
                connection, scopes, found, found[:50], reach=2, weights={}, totals=Totals(MANY, 1.0), slope=0.4,
                model=model, vector=[1.0] * DIMENSION, within=ANYTHING,
            )  # fmt: skip
        assert len(candidates) >= 190
        plans = await replayed(connection, logged)
    assert "search_entries_pkey" in plans
    assert "Seq Scan" not in plans


async def test_row_level_security_reads_neither_rows_of_others_nor_whole_conversations(memory: Memory) -> None:
    said = await memory.say(*(f"tea number {number}" for number in range(300)))
    for user in ("bob", "cat"):
        await memory.value("INSERT INTO users VALUES ($1, $1, 'member') ON CONFLICT DO NOTHING", user)
        await memory.say(*(f"number {number} of others" for number in range(300)), user=user)
    await memory.index()
    await memory.value("ANALYZE search_entries")
    logged, scopes = list[Any](), await memory.scopes("ann")
    async with memory.database.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE resonant_api")
        await connection.execute("SELECT set_config('resonant.user_id', 'ann', true)")
        with connection.query_logger(logged.append):
            words, totals = await describe_query(connection, scopes, "tea")
            weights = {key: 1.0 for word in words for key in word.keys}
            found = await list_lexical(connection, scopes, list(weights), weights, totals, ANYTHING, 10, slope=0.2)
            filtered = await list_candidates(
                connection, scopes, found, said[100:101], reach=2, weights=weights, totals=totals, slope=0.2,
                model=None, vector=None, within=ANYTHING,
            )  # fmt: skip
        assert totals.row_security
        assert len(found) == 10
        assert set(said[98:103]) <= {each.subject_id for each in filtered}
        await asyncio.sleep(0)
        await connection.execute("SET LOCAL enable_seqscan = off")  # with few rows PostgreSQL would prefer scans
        plans = await replayed(connection, [each for each in logged if "FROM search_entries" in each.query])
    assert "Seq Scan on search_entries" not in plans
    assert plans.count("Index Cond: (subject_id = ANY ((InitPlan") == 2
    (looked_up,) = [line for line in plans.splitlines() if "Index Cond" in line and "conversation_id" in line]
    assert "place >= reached.first" in looked_up


async def test_entries_are_found_by_words_before_row_level_security_and_only_for_the_current_user(
    memory: Memory,
) -> None:
    said = await memory.say("tea and biscuits", "tea", "biscuits")
    await memory.index()
    keys = "SELECT array_agg(key) FROM (SELECT unnest(keys) AS key FROM search_entries WHERE subject_id = $1) AS k"
    wanted = await memory.value(keys, said[1])
    async with memory.database.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE resonant_api")
        for named, held in (("ann", set(said[:2])), ("bob", set()), ("", set())):
            await connection.execute("SELECT set_config('resonant.user_id', $1, true)", named)
            found = await connection.fetch("SELECT subjects_with_keys($1) AS id", wanted)
            assert {row["id"] for row in found} == held


async def test_rows_that_are_not_in_the_index_yet_are_found(memory: Memory, model: EmbeddingModelRow) -> None:
    await memory.value("UPDATE embeddings SET by_index = false WHERE user_id = 'ann' AND subject_id IN "
                       "(SELECT subject_id FROM embeddings WHERE user_id = 'ann' LIMIT 1)")  # fmt: skip
    count, plans = await ask(memory, "ann", model)
    assert count == 10
    assert "embeddings_of_model" not in plans


async def test_a_filter_that_the_index_serves_badly_still_gets_all_rows(
    memory: Memory, model: EmbeddingModelRow
) -> None:
    await memory.value("UPDATE embeddings SET kind = 'memory' WHERE user_id = 'ann' AND subject_id IN "
                       "(SELECT subject_id FROM embeddings WHERE user_id = 'ann' LIMIT 7)")  # fmt: skip
    count, _ = await ask(memory, "ann", model, SearchFilter(kinds=["memory"]))
    assert count == 7


async def test_the_rows_of_a_user_move_into_the_index_when_they_become_many(memory: Memory) -> None:
    await memory.say(*(f"message number {number}" for number in range(380)))
    await memory.index()
    moved = "SELECT count(*) FILTER (WHERE by_index) FROM embeddings WHERE user_id = $1"
    assert await memory.value(moved, "ann") == 0
    await memory.say(*(f"another message, number {number}" for number in range(40)))
    await memory.say("one message", user="bob")
    await memory.index()
    assert await memory.value(moved, "ann") == 420
    assert await memory.value(moved, "bob") == 0
