"""Memories and search through the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.live.bus.bus import Bus
from app.memory.indexing.indexer import Indexer
from tests.resolvers.conftest import Api

SAVE = """
mutation($input: SaveMemoryInput!) {
  saveMemory(input: $input) { id content kind importance accessCount expiresAt archived tags source { __typename } }
}
"""
LIST = """
query($kind: MemoryKind, $tags: [String!], $all: Boolean, $after: String) {
  memories(kind: $kind, tags: $tags, includeArchived: $all, first: 2, after: $after) {
    edges { cursor node { content archived } } pageInfo { hasNextPage endCursor }
  }
}
"""
SEARCH = """
query($words: String!, $kinds: [SearchKind!], $since: DateTime, $until: DateTime, $first: Int) {
  search(query: $words, kinds: $kinds, since: $since, until: $until, first: $first) {
    score similarity snippet occurredAt
    node { __typename ... on Message { id } ... on Memory { id } ... on Intent { id } }
  }
}
"""


async def save(api: Api, content: str, user: str = "ann", **fields: object) -> dict[str, object]:
    memory: dict[str, object] = (await api.data(SAVE, user, input={"content": content, **fields}))["saveMemory"]
    return memory


async def listed(api: Api, **variables: Any) -> list[str]:
    edges = (await api.data(LIST, **variables))["memories"]["edges"]
    return [edge["node"]["content"] for edge in edges]


async def test_a_memory_is_kept_and_told_of(api: Api) -> None:
    kept = await save(api, "Deploys happen on Fridays", tags=["deploy"])
    assert kept | {"id": ""} == {
        "id": "", "content": "Deploys happen on Fridays", "kind": "LONGTERM", "importance": 0.5, "accessCount": 0,
        "expiresAt": None, "archived": False, "tags": ["deploy"], "source": None,
    }  # fmt: skip
    assert api.announcements.users == ["ann"]
    events = await api.database.pool.fetch("SELECT kind FROM events WHERE subject_id = $1", kept["id"])
    assert [event["kind"] for event in events] == ["memory_created"]


async def test_working_memories_end_after_a_day_unless_told_otherwise(api: Api) -> None:
    soon = await save(api, "Looking at the cache", kind="WORKING")
    assert (
        timedelta(hours=23) < datetime.fromisoformat(str(soon["expiresAt"])) - datetime.now(UTC) < timedelta(hours=25)
    )
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    kept = await save(api, "Looking at the cache", kind="WORKING", expiresAt=later)
    assert datetime.fromisoformat(str(kept["expiresAt"])) == datetime.fromisoformat(later)


async def test_memories_are_listed_newest_first_by_kind_and_tags(api: Api) -> None:
    await save(api, "first", tags=["a", "b"])
    await save(api, "second", kind="WORKING", tags=["a"])
    await save(api, "third", user="bob")
    await save(api, "fourth", tags=["b"])
    assert await listed(api) == ["fourth", "second"]
    page = (await api.data(LIST))["memories"]["pageInfo"]
    assert page["hasNextPage"] is True
    assert await listed(api, after=page["endCursor"]) == ["first"]
    assert await listed(api, kind="WORKING") == ["second"]
    assert await listed(api, tags=["a", "b"]) == ["first"]


async def test_a_memory_is_rewritten_put_away_brought_back_and_deleted(api: Api) -> None:
    kept = await save(api, "We use MySQL", importance=0.9)
    changed = await save(api, "We use Postgres", id=kept["id"])
    assert (changed["id"], changed["content"]) == (kept["id"], "We use Postgres")
    assert changed["importance"] == pytest.approx(0.9, abs=0.001)
    archive = "mutation($id: ID!, $archived: Boolean) { archiveMemory(id: $id, archived: $archived) { archived } }"
    await api.data(archive, id=kept["id"])
    assert await listed(api) == []
    assert await listed(api, all=True) == ["We use Postgres"]
    assert (await api.data(SEARCH, words="Postgres"))["search"] == []
    await api.data(archive, id=kept["id"], archived=False)
    assert len((await api.data(SEARCH, words="Postgres"))["search"]) == 1
    await api.data("mutation($id: ID!) { deleteMemory(id: $id) }", id=kept["id"])
    assert await listed(api, all=True) == []
    assert await api.code("mutation($id: ID!) { deleteMemory(id: $id) }", id=kept["id"]) == "NOT_FOUND"


async def test_what_belongs_to_another_user_is_not_found(api: Api) -> None:
    theirs = await save(api, "Bob's secret is blue", user="bob")
    assert await api.code("mutation($id: ID!) { deleteMemory(id: $id) }", id=theirs["id"]) == "NOT_FOUND"
    assert await api.code("mutation($id: ID!) { archiveMemory(id: $id) { id } }", id=theirs["id"]) == "NOT_FOUND"
    assert await api.code(SAVE, input={"id": theirs["id"], "content": "mine"}) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { node(id: $id) { id } }", id=theirs["id"]) == "NOT_FOUND"
    assert (await api.data(SEARCH, words="Bob's secret is blue"))["search"] == []


async def test_bad_memories_and_queries_are_refused_with_what_to_do(api: Api) -> None:
    past = "2020-01-01T00:00:00Z"
    for bad in (
        {"content": " "}, {"content": "x", "importance": 1.5}, {"content": "x", "expiresAt": past},
        {"content": "x", "tags": [str(number) for number in range(11)]},
    ):  # fmt: skip
        assert await api.code(SAVE, input=bad) == "BAD_USER_INPUT"
    assert await api.code(SAVE, "vic", input={"content": "x"}) == "FORBIDDEN"
    assert await api.code(SEARCH, words=" ") == "BAD_USER_INPUT"
    assert await api.code(SEARCH, words="x" * 20_000) == "BAD_USER_INPUT"
    assert await api.code(SEARCH, words="x", first=0) == "BAD_USER_INPUT"
    assert await api.code(SEARCH, words="x", first=101) == "BAD_USER_INPUT"
    assert await api.code(SEARCH, words="x", since="2026-02-01T00:00:00Z", until=past) == "BAD_USER_INPUT"


async def test_search_finds_all_kinds_in_one_list_and_similar_goes_on_from_a_row(api: Api) -> None:
    await save(api, "The billing cache lives in Redis")
    create = "mutation($text: String!) { createIntent(input: {description: $text}) { id } }"
    intent = (await api.data(create, text="Clear the billing cache"))["createIntent"]["id"]
    send = "mutation($text: String!) { sendMessage(input: {content: $text}) { message { id } } }"
    message = (await api.data(send, text="Who knows the billing cache?"))["sendMessage"]["message"]["id"]
    indexer = Indexer(api.database, Bus("memory://"), api.memory.models, poll_seconds=1)
    await indexer.catch_up()
    hits = (await api.data(SEARCH, words="billing cache"))["search"]
    assert {hit["node"]["__typename"] for hit in hits} == {"Memory", "Intent", "Message"}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(hit["similarity"] is not None for hit in hits)
    only = (await api.data(SEARCH, words="billing cache", kinds=["INTENT"]))["search"]
    assert [hit["node"]["id"] for hit in only] == [intent]
    similar = "{ similar(first: 2) { node { __typename } snippet } }"
    query = f"query($m: ID!, $i: ID!) {{ message(id: $m) {similar} intent(id: $i) {similar} }}"
    near = await api.data(query, m=message, i=intent)
    assert {hit["node"]["__typename"] for hit in near["message"]["similar"]} == {"Memory", "Intent"}
    assert {hit["node"]["__typename"] for hit in near["intent"]["similar"]} == {"Memory", "Message"}


@pytest.mark.parametrize(
    ("weeks", "accesses", "importance"), [(1, 0, 0.475), (1, 5, 0.7125), (4, 10, 0.815), (1 / 7, 100, 1.0)]
)
async def test_importance_fades_with_weeks_and_grows_with_use(
    api: Api, weeks: float, accesses: int, importance: float
) -> None:
    found = await api.database.pool.fetchval(
        "SELECT memory_importance(0.5, $1, now() - make_interval(secs => $2), now())", accesses, weeks * 604800
    )
    assert found == pytest.approx(importance, abs=0.0005)


PREVIEW = """
query($id: ID, $content: String!) {
  previewContext(conversationId: $id, content: $content) {
    tokenCount tokenBudget droppedLayers failedLayers assembledInMs
    items { layer text tokenCount score reason source { __typename ... on Memory { content } } }
  }
}
"""


async def test_a_context_is_shown_beforehand_and_nothing_is_kept_of_it(api: Api) -> None:
    await save(api, "The billing cache lives in Redis")
    send = 'mutation { sendMessage(input: {content: "Hello"}) { message { conversation { id } } } }'
    conversation = (await api.data(send))["sendMessage"]["message"]["conversation"]["id"]
    preview = (await api.data(PREVIEW, id=conversation, content="Where is the billing cache?"))["previewContext"]
    assert [item["layer"] for item in preview["items"]] == ["SYSTEM", "SEMANTIC", "WORKING", "USER"]
    assert preview["items"][1]["source"] == {"__typename": "Memory", "content": "The billing cache lives in Redis"}
    assert "score" in preview["items"][1]["reason"]
    assert preview["tokenCount"] == sum(item["tokenCount"] for item in preview["items"])
    assert await api.database.pool.fetchval("SELECT count(*) FROM context_snapshots") == 0
    assert await api.database.pool.fetchval("SELECT max(access_count) FROM memories") == 0
    assert await api.code(PREVIEW, "bob", id=conversation, content="x") == "NOT_FOUND"
    assert await api.code(PREVIEW, content=" ") == "BAD_USER_INPUT"


async def test_messages_that_were_given_nothing_have_no_context(api: Api) -> None:
    send = 'mutation { sendMessage(input: {content: "Hello"}) { message { context { tokenCount } } } }'
    assert (await api.data(send))["sendMessage"]["message"]["context"] is None
