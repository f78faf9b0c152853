"""What ratings of hits change besides search: near queries, the context of a reply, extraction, other tables."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.models.embedders.local import StaticEmbedder
from app.operations.progress import Silent
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from sql.pool import Database
from sql.repositories.nearest import SearchFilter
from sql.repositories.search_ratings import replace_rating
from tests.memory.conftest import Memory, open_memory
from tests.memory.test_assembler import REMEMBER, assembler, request_for

ANYTHING = SearchFilter()
QUIET = Silent()


async def rate(memory: Memory, subject: UUID, query: str, rating: str | None, user: str = "ann") -> None:
    searched = await memory.search.read_query(user, query)
    async with memory.database.transaction() as connection:
        await replace_rating(connection, user, subject, searched, rating)


async def found(memory: Memory, query: str, **options: Any) -> list[str]:
    return [hit.content for hit in await memory.search.search("ann", query, ANYTHING, 10, **options)]


@pytest.mark.parametrize(
    ("rated", "same", "other"),
    [
        ("how do I restart the server", "server restart", "who pays for the server"),
        ("サーバーの再起動はどうする", "サーバーを再起動する手順", "請求書はどうする"),
    ],
)
async def test_a_rating_counts_for_queries_of_the_same_meaning(
    database: Database, rated: str, same: str, other: str
) -> None:
    await database.pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    memory = open_memory(database, StaticEmbedder())
    note = await memory.value(REMEMBER, "ann", "The server: restart, pay. サーバーの再起動、請求書", [])
    await memory.index()
    await rate(memory, note, rated, "useful")
    ratings = {
        query: (await memory.search.search("ann", query, ANYTHING, 10, rated=True))[0].rating
        for query in (rated, same, other)
    }
    assert ratings == {rated: "useful", same: "useful", other: None}


async def test_a_rating_counts_for_the_message_that_says_the_same(memory: Memory) -> None:
    (message,) = await memory.say("The billing cache lives in Redis")
    note = await memory.value(
        "INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
        "VALUES ('ann', 'The billing cache lives in Redis', 'longterm', 'message', $1) RETURNING id", message,
    )  # fmt: skip
    await memory.say("The billing cache of the old shop was somewhere else, and nobody knows where it lives today")
    assert "old shop" not in (await found(memory, "where does the billing cache live", joined=True, rated=True))[0]
    await rate(memory, note, "cache", "outdated")
    hits = await memory.search.search("ann", "where does the billing cache live", ANYTHING, 10, joined=True, rated=True)
    assert "old shop" in hits[0].content
    assert [hit.reasons[-1] for hit in (hits[1], *hits[1].also)] == ["MARKED_OUTDATED"] * 2
    assert sorted(str(hit.rating) for hit in (hits[1], *hits[1].also)) == ["None", "outdated"]


async def test_what_is_outdated_is_not_in_the_context_of_a_reply(memory: Memory) -> None:
    preferred = await memory.value(REMEMBER, "ann", "I prefer long answers", ["preference"])
    note = await memory.value(REMEMBER, "ann", "The billing cache lives in Redis", [])
    request = await request_for(memory, "Where does the billing cache live?")
    await memory.index()
    sources = {item.source_id for item in (await assembler(memory).assemble(request)).items}
    assert {preferred, note} <= sources
    for each in (preferred, note):
        await rate(memory, each, "anything", "outdated")
    sources = {item.source_id for item in (await assembler(memory).assemble(request)).items}
    assert not {preferred, note} & sources


async def test_the_context_of_a_shared_conversation_does_not_depend_on_ratings(memory: Memory) -> None:
    note = await memory.value(REMEMBER, "ann", "The billing cache lives in Redis", [])
    request = await request_for(memory, "Where does the billing cache live?")
    await memory.fetch("UPDATE conversations SET visibility = 'project'")
    project = await memory.value("SELECT default_project('ann')")
    request = replace(request, project_id=project)
    await rate(memory, note, "anything", "outdated")
    items = (await assembler(memory).assemble(request)).items
    assert note in {item.source_id for item in items}


async def test_extraction_and_similar_records_do_not_depend_on_ratings(memory: Memory) -> None:
    note = await memory.value(REMEMBER, "ann", "The billing cache lives in Redis", [])
    other = await memory.value(REMEMBER, "ann", "The billing cache of the shop lives near the old pond", [])
    await memory.index()
    before = await memory.search.search("ann", "billing cache Redis", ANYTHING, 10)
    similar = await memory.search.similar("ann", other, 5)
    await rate(memory, note, "billing cache Redis", "outdated")
    assert await memory.search.search("ann", "billing cache Redis", ANYTHING, 10) == before
    assert await memory.search.similar("ann", other, 5) == similar


async def test_ratings_and_reviews_are_exported_and_imported(memory: Memory, tmp_path: Path) -> None:
    note = await memory.value(REMEMBER, "ann", "The billing cache lives in Redis", [])
    kept = await memory.value(REMEMBER, "ann", "The shop closes at nine", [])
    await memory.fetch("UPDATE memories SET reviewed_at = '2026-01-02T03:04:05Z' WHERE id = $1", kept)
    await rate(memory, note, "where is the cache", "outdated")
    path = tmp_path / "out.jsonl"
    async with memory.database.connection() as connection:
        await write_export(connection, "ann", path, QUIET)
        assert "embedding" not in path.read_text()
        await memory.fetch("DELETE FROM memories WHERE user_id = 'ann'")
        await import_file(connection, "ann", path, QUIET, max_bytes=2**30)
    rows = await memory.fetch("SELECT subject_id, rating, query, terms FROM search_ratings")
    assert [tuple(row) for row in rows] == [(note, "outdated", "where is the cache", ["cach"])]
    reviewed = await memory.fetch("SELECT id FROM memories WHERE reviewed_at IS NOT NULL")
    assert [row["id"] for row in reviewed] == [kept]
