"""Which plan is taken for few rows and for many, read from EXPLAIN; and that nobody gets fewer hits than there are."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql.repositories.embedding_models import ModelRow, create_index, find_active_model
from sql.repositories.nearest import SearchFilter, list_nearest
from sql.statements import Connection
from tests.memory.conftest import Memory

DIMENSION = 16
MANY, FEW, SHARED, EXACT = 3000, 10, 300, 500
ANYTHING = SearchFilter()
GROW = """
WITH made AS (
    INSERT INTO search_entries (subject_id, user_id, kind, occurred_at, content, keys, length, embedded_with)
    SELECT uuidv7(), $1, (ARRAY['message', 'intent'])[1 + n % 2], now() - make_interval(mins => n), 'x', '{}', 1, $3
    FROM generate_series(1, $2::int) AS n RETURNING subject_id, kind, occurred_at)
INSERT INTO embeddings (subject_id, model_id, chunk, user_id, kind, occurred_at, by_index, embedding)
SELECT subject_id, $3, 0, $1, kind, occurred_at, $2 > 1000,
       (SELECT array_agg(sin(d * extract(epoch FROM occurred_at)::float8)) FROM generate_series(1, 16) AS d)::halfvec
FROM made
"""


@pytest.fixture
async def model(memory: Memory) -> ModelRow:
    """Two users among whom one has nearly all rows; the HNSW index stands."""
    await memory.value("INSERT INTO embedding_models (name, dimension, active) VALUES ('random', 16, true)")
    async with memory.database.connection() as connection:
        found = await find_active_model(connection)
        assert found is not None
        await connection.execute(GROW, "ann", MANY, found.id)
        await connection.execute(GROW, "bob", FEW, found.id)
        await create_index(connection, found)
        await connection.execute("ANALYZE embeddings")
        return found


async def ask(memory: Memory, user: str, model: ModelRow, within: SearchFilter = ANYTHING) -> tuple[int, str]:
    """How many of ten were found, and the plans of the statements that found them."""
    logged = list[Any]()
    vector = [random.uniform(-1, 1) for _ in range(DIMENSION)]
    async with memory.database.connection() as connection:
        with connection.query_logger(logged.append):
            found = await list_nearest(connection, user, model, vector, within, 10, exact_rows=EXACT)
        return len(found), await replayed(connection, [record for record in logged if "embedding" in record.query])


async def replayed(connection: Connection, records: list[Any]) -> str:
    """EXPLAIN of each statement in order, under the settings that those before it made."""
    lines = list[str]()
    async with connection.transaction():
        for record in records:
            if "set_config" in record.query:
                await connection.fetch(record.query, *record.args)
            else:
                plan = await connection.fetch(f"EXPLAIN {record.query}", *record.args)
                lines += [row[0] for row in plan]
    return "\n".join(lines)


async def test_few_rows_are_searched_exactly_and_all_of_them_are_found(memory: Memory, model: ModelRow) -> None:
    for _ in range(8):  # a prepared statement may change to a generic plan after five
        count, plans = await ask(memory, "bob", model)
        assert count == FEW
        assert "embeddings_of_model" not in plans


async def test_many_rows_are_searched_by_the_models_index(memory: Memory, model: ModelRow) -> None:
    for _ in range(8):
        count, plans = await ask(memory, "ann", model)
        assert count == 10
        assert f"Index Scan using embeddings_of_model_{model.id}" in plans


async def test_a_filter_that_keeps_few_of_many_rows_is_searched_exactly(memory: Memory, model: ModelRow) -> None:
    recent = SearchFilter(since=datetime.now(UTC) - timedelta(minutes=SHARED))
    count, plans = await ask(memory, "ann", model, recent)
    assert count == 10
    assert "embeddings_of_model" not in plans


async def test_a_filter_that_the_index_serves_badly_still_gets_all_there_is(memory: Memory, model: ModelRow) -> None:
    await memory.value("UPDATE embeddings SET kind = 'memory' WHERE user_id = 'ann' AND subject_id IN "
                       "(SELECT subject_id FROM embeddings WHERE user_id = 'ann' LIMIT 7)")  # fmt: skip
    count, _ = await ask(memory, "ann", model, SearchFilter(kinds=["memory"]))
    assert count == 7


async def test_the_rows_of_a_user_who_comes_to_have_many_move_into_the_index(memory: Memory) -> None:
    await memory.say(*(f"message number {number}" for number in range(380)))
    await memory.index()
    moved = "SELECT count(*) FILTER (WHERE by_index) FROM embeddings WHERE user_id = $1"
    assert await memory.value(moved, "ann") == 0
    await memory.say(*(f"another message, number {number}" for number in range(40)))
    await memory.say("one message", user="bob")
    await memory.index()
    assert await memory.value(moved, "ann") == 420
    assert await memory.value(moved, "bob") == 0
