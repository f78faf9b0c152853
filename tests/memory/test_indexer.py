"""Vectors and statistics stay consistent with concurrent writes and failures."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from app.errors import StartError
from app.models.embedders.local import HashedEmbedder
from app.models.ports import EmbedderError, Vector
from sql.repositories.nearest import SearchFilter
from tests.decided import decide_with
from tests.memory.conftest import Memory, open_memory
from tests.timeouts import TIMEOUT

ANYTHING = SearchFilter()


class FailingEmbedder(HashedEmbedder):
    """Fails until the test switches it on; `dimension` and `name` can be set."""

    def __init__(self, name: str = "failing", dimension: int = 512) -> None:
        self.name = name
        self.works = False
        self.dimension = dimension

    async def probe(self) -> int:
        return self.dimension

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        if not self.works:
            raise EmbedderError
        return [vector[: self.dimension] for vector in await super().embed_passages(texts)]

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        if not self.works:
            raise EmbedderError
        return (await super().embed_query(text, importance))[: self.dimension]


async def waiting(memory: Memory) -> int:
    count: int = await memory.value("SELECT count(*) FROM search_entries WHERE embedded_with IS NULL")
    return count


async def test_every_kind_of_row_is_indexed_and_embedded(memory: Memory) -> None:
    await memory.say("The deploy pipeline runs on Fridays.")
    await memory.add_intent("Write the release notes")
    await memory.value(
        "INSERT INTO specifications (user_id, title, content, author) VALUES ('ann', 'Cache', 'Use Redis.', 'ann')"
    )
    await decide_with(memory.database, "Use NATS", "NATS", "Kafka", topic="queue", rationale="It is small.")
    await memory.index()
    entries = await memory.fetch("SELECT kind, content FROM search_entries JOIN embeddings USING (subject_id, kind)")
    assert {tuple(entry) for entry in entries} == {
        ("message", "The deploy pipeline runs on Fridays."),
        ("intent", "Write the release notes"),
        ("specification", "Cache\nUse Redis."),
        ("decision", "Use NATS\nqueue\n✓ NATS\n- Kafka\nIt is small."),
    }


async def test_a_reply_is_indexed_when_it_is_complete(memory: Memory) -> None:
    (asked,) = await memory.say("Hello")
    reply = await memory.value(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to) "
        "SELECT user_id, conversation_id, '', 'kana', 'pending', id FROM messages WHERE id = $1 RETURNING id",
        asked,
    )
    entered = "SELECT count(*) FROM search_entries WHERE subject_id = $1"
    await memory.value("UPDATE messages SET status = 'streaming', content = 'Hel' WHERE id = $1", reply)
    assert await memory.value(entered, reply) == 0
    await memory.value("UPDATE messages SET status = 'complete', content = 'Hello there' WHERE id = $1", reply)
    assert await memory.value(entered, reply) == 1
    await memory.value("UPDATE messages SET status = 'pending', content = '' WHERE id = $1", reply)
    assert await memory.value(entered, reply) == 0


async def test_a_changed_text_is_embedded_again_and_a_deleted_one_is_removed(memory: Memory) -> None:
    intent = await memory.add_intent("Buy tea")
    await memory.index()
    before = await memory.value("SELECT embedding::text FROM embeddings WHERE subject_id = $1", intent)
    await memory.value("UPDATE intents SET description = 'Sell coffee' WHERE id = $1", intent)
    assert await memory.index() == 1
    after = await memory.value("SELECT embedding::text FROM embeddings WHERE subject_id = $1", intent)
    assert after != before
    await memory.value("DELETE FROM intents WHERE id = $1", intent)
    assert await memory.value("SELECT count(*) FROM embeddings") == 0


async def test_statistics_count_words_added_changed_and_removed(memory: Memory) -> None:
    first, second = await memory.say("tea and milk", "tea")
    await memory.say("tea", user="bob")
    await memory.index()
    ann, bob = await memory.scope("ann"), await memory.scope("bob")
    query = "SELECT documents FROM term_statistics WHERE scope_id = $1 AND key = search_key($1, $2)"
    assert await memory.value(query, ann, "tea") == 2
    assert await memory.value(query, bob, "tea") == 1
    await memory.value("UPDATE messages SET content = 'water' WHERE id = $1", first)
    await memory.value("DELETE FROM messages WHERE id = $1", second)
    await memory.index()
    assert await memory.value(query, ann, "tea") == 0
    assert await memory.value(query, ann, "water") == 1
    totals = await memory.fetch("SELECT documents, length FROM search_statistics WHERE scope_id = $1", ann)
    assert tuple(totals[0]) == (1, 1)


async def test_a_text_changed_while_it_is_embedded_keeps_no_vector_of_the_old_one(memory: Memory) -> None:
    intent = await memory.add_intent("Buy tea")

    class Slow(HashedEmbedder):
        async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
            await memory.value("UPDATE intents SET description = 'Sell coffee' WHERE description = 'Buy tea'")
            return await super().embed_passages(texts)

    await open_memory(memory.database, Slow()).index()
    (found,) = await memory.nearest.find("ann", "sell coffee", within=ANYTHING, count=1)
    assert found.subject_id == intent
    assert found.similarity == pytest.approx(1, abs=0.01)


async def test_an_unavailable_embedder_delays_vectors_but_no_write(memory: Memory) -> None:
    failing = FailingEmbedder()
    down = open_memory(memory.database, failing)
    await memory.say("Still written")
    with pytest.raises(EmbedderError):
        await down.indexer.catch_up()
    assert await memory.value("SELECT count(*) FROM search_entries") == 1
    assert await down.nearest.find("ann", "Still written", within=ANYTHING, count=5) == []
    failing.works = True
    await memory.value("UPDATE search_entries SET claimed_until = NULL")
    assert await down.index() == 1
    assert await down.nearest.find("ann", "Still written", within=ANYTHING, count=5) == []  # it rests
    again = open_memory(memory.database, failing)
    assert len(await again.nearest.find("ann", "Still written", within=ANYTHING, count=5)) == 1


async def test_a_running_indexer_embeds_new_entries(memory: Memory) -> None:
    running = asyncio.create_task(memory.indexer.run())
    try:
        await memory.say("And now this")
        async with asyncio.timeout(TIMEOUT):
            while await waiting(memory):  # noqa: ASYNC110 - the database has no event to wait for
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_search_uses_the_old_model_until_the_new_one_is_active(memory: Memory) -> None:
    await memory.say(*(f"message number {number}" for number in range(450)))
    await memory.index()
    newer = FailingEmbedder("newer", dimension=64)
    after = open_memory(memory.database, newer)
    with pytest.raises(EmbedderError):
        await after.indexer.switch_model()
    assert await after.nearest.find("ann", "message number 7", within=ANYTHING, count=5)
    await memory.value("UPDATE search_entries SET claimed_until = NULL")
    newer.works = True
    assert await after.indexer.switch_model() == 450
    assert await after.nearest.find("ann", "message number 7", within=ANYTHING, count=5)
    models = await memory.fetch("SELECT name, dimension, active FROM embedding_models")
    assert [tuple(model) for model in models] == [("newer", 64, True)]
    indexes = await memory.fetch("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'embeddings_of_model_%'")
    assert len(indexes) == 1


async def test_two_processes_share_the_work_of_a_new_model(memory: Memory) -> None:
    await memory.say(*(f"message number {number}" for number in range(600)))
    await memory.index()
    asked = list[int]()

    class Counting(FailingEmbedder):
        async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
            asked.append(len(texts))
            await asyncio.sleep(0.05)
            return await super().embed_passages(texts)

    both = [Counting("newer"), Counting("newer")]
    for each in both:
        each.works = True
    done = await asyncio.gather(*(open_memory(memory.database, each).indexer.switch_model() for each in both))
    assert sum(done) == sum(asked) == 600
    assert await memory.value("SELECT count(*) FROM embeddings") == 600


async def test_a_changed_dimension_stops_the_start(memory: Memory) -> None:
    assert await open_memory(memory.database, FailingEmbedder("m", 64)).models.check() is None
    with pytest.raises(StartError, match="64 before"):
        await open_memory(memory.database, FailingEmbedder("m", 128)).models.check()
    with pytest.raises(StartError, match="at most 4,000"):
        await open_memory(memory.database, FailingEmbedder("big", 8192)).models.check()


async def test_no_index_is_built_before_a_user_needs_it(memory: Memory) -> None:
    named = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'embeddings_of_model_%'"
    await memory.say("one message")
    await memory.index()
    assert await memory.value(named) == 0
    await memory.say(*(f"message number {number}" for number in range(410)))
    await memory.index()
    assert await memory.value(named) == 1


class CountingEmbedder(HashedEmbedder):
    """Records how many characters each call embeds."""

    def __init__(self) -> None:
        self.characters = list[int]()

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        self.characters.append(sum(map(len, texts)))
        return await super().embed_passages(texts)


async def test_long_texts_are_embedded_in_small_batches(memory: Memory) -> None:
    embedder = CountingEmbedder()
    large = open_memory(memory.database, embedder)
    await large.say(*("word " * 20_000 for _ in range(6)), *("short" for _ in range(20)))
    assert await large.index() == 26
    assert await waiting(large) == 0
    assert len(embedder.characters) >= 2
    # A batch ends with the text that exceeds 256 KB; chunks overlap.
    assert max(embedder.characters) < 1.3 * (256 * 1024 + 100_000)
