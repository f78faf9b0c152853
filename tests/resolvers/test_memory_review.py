"""The review of extracted memories: which wait for it, and what reviews them."""

from typing import Any

import pytest

from sql.repositories.memories import NewMemory, insert_memory
from tests.resolvers.conftest import Api

LIST = """
query($reviewed: Boolean, $since: DateTime, $projectId: ID) {
  memories(reviewed: $reviewed, since: $since, projectId: $projectId) { edges { node { id content reviewedAt } } }
}
"""
KEEP = "mutation($ids: [ID!]!, $kept: Boolean) { keepMemories(ids: $ids, kept: $kept) { id reviewedAt } }"
SAVE = "mutation($input: SaveMemoryInput!) { saveMemory(input: $input) { id reviewedAt } }"


async def extract(api: Api, content: str, user: str = "ann", **fields: Any) -> str:
    """A memory that was extracted from a message of the user."""
    pool = api.database.pool
    conversation = await pool.fetchval("INSERT INTO conversations (user_id, title) VALUES ($1, 't') RETURNING id", user)
    message = await pool.fetchval(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ($1, $2, $3, 'user') "
        "RETURNING id",
        user, conversation, content,
    )  # fmt: skip
    async with api.database.connection() as connection:
        new = NewMemory(content, source_kind="message", source_id=message, **fields)
        row = await insert_memory(connection, user, new)
    assert row is not None
    return str(row.id)


async def listed(api: Api, user: str = "ann", **variables: Any) -> list[str]:
    edges = (await api.data(LIST, user, **variables))["memories"]["edges"]
    return [edge["node"]["content"] for edge in edges]


async def waiting(api: Api, user: str = "ann") -> list[str]:
    return await listed(api, user, reviewed=False)


async def test_extracted_memories_wait_and_entered_ones_do_not(api: Api) -> None:
    await extract(api, "first")
    await extract(api, "second")
    await extract(api, "for one day", kind="working")
    entered = (await api.data(SAVE, input={"content": "entered"}))["saveMemory"]
    assert entered["reviewedAt"] is not None
    assert await waiting(api) == ["second", "first"]
    assert await listed(api, reviewed=True) == ["entered"]
    assert await listed(api) == ["entered", "for one day", "second", "first"]
    assert await waiting(api, "bob") == []


async def test_keeping_reviews_and_can_be_taken_back(api: Api) -> None:
    ids = [await extract(api, content) for content in ("first", "second")]
    kept = (await api.data(KEEP, ids=ids))["keepMemories"]
    assert [each["id"] for each in kept] == ids
    assert await waiting(api) == []
    again = (await api.data(KEEP, ids=ids[0]))["keepMemories"]  # one id is a list of one
    assert again == kept[:1]
    back = (await api.data(KEEP, ids=ids[:1], kept=False))["keepMemories"]
    assert back == [{"id": ids[0], "reviewedAt": None}]
    assert await waiting(api) == ["first"]
    events = await api.database.pool.fetch("SELECT kind FROM events WHERE subject_id::text = $1 ORDER BY id", ids[0])
    assert [event["kind"] for event in events] == ["memory_created", "memory_updated", "memory_updated"]


async def test_changing_reviews_a_memory_and_forgetting_with_undo_does_not(api: Api) -> None:
    changed, forgotten = await extract(api, "changed"), await extract(api, "forgotten")
    saved = (await api.data(SAVE, input={"id": changed, "content": "changed by hand"}))["saveMemory"]
    assert saved["reviewedAt"] is not None
    await api.data("mutation($id: ID!) { deleteMemory(id: $id) }", id=forgotten)
    assert await waiting(api) == []
    await api.data("mutation($id: ID!) { restore(id: $id) { id } }", id=forgotten)
    assert await waiting(api) == ["forgotten"]


async def test_a_list_to_keep_is_bounded_and_all_or_none(api: Api) -> None:
    known, theirs = await extract(api, "known"), await extract(api, "theirs", "bob")
    assert await api.code(KEEP, ids=[known, theirs]) == "NOT_FOUND"
    assert await waiting(api) == ["known"]
    assert await api.code(KEEP, ids=[known] * 101) == "BAD_USER_INPUT"
    assert (await api.data(KEEP, ids=[]))["keepMemories"] == []


async def test_memories_are_listed_from_a_time_on(api: Api) -> None:
    old = await extract(api, "old")
    await api.database.pool.execute(
        "UPDATE memories SET created_at = now() - interval '8 days' WHERE id::text = $1", old
    )
    await extract(api, "new")
    since = str(await api.database.pool.fetchval("SELECT (now() - interval '7 days')::text"))
    assert await listed(api, since=since.replace(" ", "T") + ":00") == ["new"]
    assert await listed(api, since=since.replace(" ", "T") + ":00", reviewed=False) == ["new"]


@pytest.mark.parametrize("role", ["reader", "member", "admin"])
async def test_members_see_in_their_queue_what_they_said_alone_and_review_nothing_else(api: Api, role: str) -> None:
    pool = api.database.pool
    project = await pool.fetchval("SELECT default_project('ann')")
    await pool.execute("INSERT INTO project_members (project_id, user_id, role) VALUES ($1, 'bob', $2)", project, role)
    conversation = await pool.fetchval(
        "INSERT INTO conversations (user_id, title, visibility) VALUES ('ann', 't', 'project') RETURNING id"
    )
    message = await pool.fetchval(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'x', 'user') "
        "RETURNING id", conversation,
    )  # fmt: skip
    async with api.database.connection() as connection:
        new = NewMemory("seen by all", source_kind="message", source_id=message)
        row = await insert_memory(connection, "ann", new)
    assert row is not None
    assert await listed(api, "bob", projectId=str(project)) == ["seen by all"]
    assert await waiting(api, "bob") == []
    assert await api.code(KEEP, "bob", ids=[str(row.id)]) == "FORBIDDEN"
    assert await waiting(api) == ["seen by all"]
