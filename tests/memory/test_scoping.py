"""Nothing of another user is ever found, under any combination of users, rows and filters."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.memory.context.assembler import ContextAssembler, ContextRequest
from sql.repositories.embedding_models import create_index, find_active_model, has_index
from sql.repositories.nearest import SearchFilter, list_nearest, list_scopes
from sql.repositories.search import describe_query, list_candidates, list_lexical
from tests.memory.conftest import DeafEmbedder, Memory, open_memory

USERS = ("ann", "bob", "cat")
WORDS = ("tea", "cache", "deploy", "猫", "会議室", "database", "yesterday", "月曜日")
KINDS = ("message", "intent", "specification", "decision", "memory")
START = datetime(2026, 1, 1, tzinfo=UTC)

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
rows = st.lists(st.tuples(st.sampled_from(USERS), st.sampled_from(("message", "intent", "memory")), texts),
                min_size=1, max_size=15)  # fmt: skip
times = st.none() | st.integers(-400, 400).map(lambda days: START + timedelta(days=days))
kinds = st.none() | st.lists(st.sampled_from(KINDS), max_size=5)
asked = st.lists(st.tuples(st.sampled_from(USERS), texts, kinds, times, times, st.booleans()), min_size=1, max_size=3)


async def write(memory: Memory, contents: list[tuple[str, str, str]]) -> tuple[dict[UUID, str], dict[str, UUID]]:
    """The owner of each row, and the only conversation of each user."""
    await memory.value("DELETE FROM users")
    owners, conversations = dict[UUID, str](), dict[str, UUID]()
    for user in USERS:
        await memory.value("INSERT INTO users VALUES ($1, $1, 'member')", user)
        conversations[user] = await memory.converse(user)
    for user, kind, text in contents:
        if kind == "message":
            (row,) = await memory.say(text, user=user, conversation=conversations[user])
        elif kind == "intent":
            row = await memory.add_intent(text, user)
        else:
            query = "INSERT INTO memories (user_id, content, kind) VALUES ($1, $2, 'longterm') RETURNING id"
            row = await memory.value(query, user, text)
        owners[row] = user
    return owners, conversations


async def test_no_row_of_another_user_is_ever_found(memory: Memory) -> None:
    # Hypothesis calls a plain function, which runs each example on the event loop of the database.
    loop = asyncio.get_running_loop()

    @settings(max_examples=15, deadline=None)
    @given(contents=rows, questions=asked)
    def holds(contents: list[tuple[str, str, str]], questions: list[Any]) -> None:
        asyncio.run_coroutine_threadsafe(check(memory, contents, questions), loop).result()

    await asyncio.to_thread(holds)


async def stand_in_the_index(memory: Memory) -> None:
    """Searches the rows of all users together, as it happens for users with many rows."""
    await memory.value("UPDATE embeddings SET by_index = true")
    async with memory.database.connection() as connection:
        model = await find_active_model(connection)
        if model is not None and not await has_index(connection, model.id):
            await create_index(connection, model)


async def check(memory: Memory, contents: list[tuple[str, str, str]], questions: list[Any]) -> None:
    owners, conversations = await write(memory, contents)
    await memory.index()
    await stand_in_the_index(memory)
    deaf = open_memory(memory.database, DeafEmbedder())  # as after a time-out of the embedder
    await memory.value("UPDATE conversations SET summary = 'of ' || user_id")
    assembler = ContextAssembler(memory.database, memory.search, max_tokens=100_000, connections=4)
    for user, query, wanted, since, until, elsewhere in questions:
        # Including a filter with the conversation of another user.
        conversation = conversations["bob" if elsewhere else user]
        for within in (
            SearchFilter(kinds=wanted, since=since, until=until),
            SearchFilter(kinds=wanted, conversation_id=conversation, since=since, until=until),
        ):
            hits = await memory.search.search(user, query, within, 50)
            assert {owners[hit.subject_id] for hit in hits} <= {user}
            assert wanted is None or {hit.kind for hit in hits} <= set(wanted)
            by_words = await deaf.search.search(user, query, within, 50)
            assert {owners[hit.subject_id] for hit in by_words} <= {user}
            near = await memory.nearest.find(user, query, within=within, count=50)
            assert {owners[each.subject_id] for each in near} <= {user}
            await check_statements(memory, user, query, within, owners)
        # Including a context in the conversation of another user.
        request = ContextRequest(user, "s", query, datetime.now(UTC) + timedelta(days=1), conversation_id=conversation)
        context = await assembler.assemble(request)
        assert {owners[item.source_id] for item in context.items if item.source_id} <= {user}
        assert conversation == conversations[user] or context.of("summary") == []
    for row, owner in owners.items():
        for user in USERS:
            similar = await memory.search.similar(user, row, 10)
            assert {owners[hit.subject_id] for hit in similar} <= {user}
            assert user == owner or similar == []


async def check_statements(
    memory: Memory, user: str, query: str, within: SearchFilter, owners: dict[UUID, str]
) -> None:
    """Each statement alone, even with the keys and ids of all users."""
    everybodys = [row["key"] for row in await memory.fetch("SELECT DISTINCT unnest(keys) AS key FROM search_entries")]
    async with memory.database.connection() as connection:
        scopes = await list_scopes(connection, user, within)
        words, totals = await describe_query(connection, scopes, query)
        assert totals.documents == sum(1 for owner in owners.values() if owner == user)
        assert all(word.documents <= totals.documents for word in words)
        weights = dict.fromkeys(everybodys, 1.0)
        found = await list_lexical(connection, scopes, everybodys, weights, totals, within, 100, slope=0.4)
        model = await find_active_model(connection)
        vector = [1.0] * 512
        candidates = await list_candidates(
            connection, scopes, list(owners), list(owners), reach=2, weights=weights, totals=totals, slope=0.4,
            model=model, vector=vector, within=within,
        )  # fmt: skip
        near = []
        if model is not None:
            for exact_rows in (0, 100):  # by the index with the exact search after it, and by the latter alone
                near += await list_nearest(connection, scopes, model, vector, within, 5, exact_rows=exact_rows)
    every = {*found, *(each.subject_id for each in candidates), *(each.subject_id for each in near)}
    assert {owners[subject_id] for subject_id in every} <= {user}
