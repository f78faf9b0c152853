"""Citations over GraphQL: what a reader sees of a cited record, and what a context retrieved, gave and cited."""

from typing import Any
from uuid import UUID

import pytest

from sql.repositories.contexts import list_citations
from tests.resolvers.conftest import Api
from tests.resolvers.test_members import add
from tests.resolvers.test_projects import SENT, saved

CITATIONS = """query($id: ID!) { message(id: $id) {
  citations { number kind text { title excerpt recordedAt } record { ... on Memory { id } ... on Decision { id } } }
  context {
    items { layer number cited }
    layers { layer retrieved injected cited }
    leftOut { layer reason source { ... on Memory { id } } }
  }
} }"""
REMEMBER = "INSERT INTO memories (user_id, project_id, content, kind) VALUES ('ann', $1, $2, 'longterm') RETURNING id"
SNAPSHOT = """
INSERT INTO context_snapshots
    (subject_id, user_id, items, token_count, token_budget, assembled_ms, sources, left_out)
VALUES ($1, 'ann', $2, 1, 1, 1, $3, $4)
"""
CITE = """
INSERT INTO message_citations (message_id, user_id, number, place, record_kind, record_id)
VALUES ($1, 'ann', 2, 1, 'memory', $3), ($1, 'ann', 1, 2, 'memory', $2)
"""


def item(layer: str, record: UUID | None) -> dict[str, Any]:
    source = None if record is None else str(record)
    return {"layer": layer, "text": "", "tokens": 1, "reason": "", "kind": "memory", "source_id": source}


@pytest.fixture
async def shop(api: Api) -> str:
    await api.database.pool.execute("UPDATE users SET name = id WHERE id <> 'vic'")
    project = (await saved(api, name="Shop"))["id"]
    await add(api, project, "bob", "MEMBER")
    return project


@pytest.fixture
async def replied(api: Api, shop: str) -> tuple[str, list[UUID]]:
    """A reply in a shared conversation that cites [2] and [1] of three memories; the second is only ann's."""
    pool = api.database.pool
    shared: list[UUID] = [await pool.fetchval(REMEMBER, UUID(shop), text) for text in ("Friday\nat noon", "b", "c")]
    await pool.execute(
        "UPDATE memories SET scope_id = (SELECT scope_id FROM users WHERE id = 'ann') WHERE id = $1", shared[1]
    )
    sent = await api.data(SENT, input={"content": "hello", "projectId": shop})
    conversation = UUID(sent["sendMessage"]["message"]["conversation"]["id"])
    await pool.execute("UPDATE conversations SET visibility = 'project' WHERE id = $1", conversation)
    reply = await pool.fetchval("SELECT id FROM messages WHERE message_type = 'kana'")
    items = [item("system", None), item("semantic", shared[0]), item("semantic", shared[1])]
    sources = [{"number": place, "kind": "memory", "id": str(each)} for place, each in enumerate(shared[:2], start=1)]
    left_out = [{"layer": "semantic", "kind": "memory", "source_id": str(shared[2]), "reason": "budget", "score": 0.5}]
    await pool.execute(SNAPSHOT, reply, items, sources, left_out)
    await pool.execute(CITE, reply, *shared[:2])
    return str(reply), shared


async def test_citations_follow_the_text_and_have_what_a_card_shows(api: Api, replied: tuple[str, list[UUID]]) -> None:
    reply, memories = replied
    message = (await api.data(CITATIONS, id=reply))["message"]
    found = [(each["number"], each["kind"], each["record"]["id"]) for each in message["citations"]]
    assert found == [(2, "MEMORY", str(memories[1])), (1, "MEMORY", str(memories[0]))]
    text = message["citations"][1]["text"]
    assert (text["title"], text["excerpt"]) == ("Friday", "Friday\nat noon")
    context = message["context"]
    assert [(each["number"], each["cited"]) for each in context["items"]] == [(None, False), (1, True), (2, True)]
    assert context["layers"] == [{"layer": "SEMANTIC", "retrieved": 3, "injected": 2, "cited": 2}]
    assert context["leftOut"] == [{"layer": "SEMANTIC", "reason": "BUDGET", "source": {"id": str(memories[2])}}]


async def test_another_member_sees_no_record_that_is_private(api: Api, replied: tuple[str, list[UUID]]) -> None:
    reply, memories = replied
    private, shared = (await api.data(CITATIONS, "bob", id=reply))["message"]["citations"]
    assert (private["number"], private["record"], private["text"]) == (2, None, None)
    assert shared["record"] == {"id": str(memories[0])}


async def test_a_deleted_record_leaves_its_number_without_a_text(api: Api, replied: tuple[str, list[UUID]]) -> None:
    reply, memories = replied
    await api.data("mutation($id: ID!) { deleteMemory(id: $id) }", id=str(memories[0]))
    gone = (await api.data(CITATIONS, id=reply))["message"]["citations"][1]
    assert (gone["number"], gone["kind"], gone["record"], gone["text"]) == (1, "MEMORY", None, None)


async def test_citations_of_a_deleted_conversation_return_with_it(api: Api, replied: tuple[str, list[UUID]]) -> None:
    reply, _ = replied
    before = (await api.data(CITATIONS, id=reply))["message"]
    conversation = await api.database.pool.fetchval("SELECT conversation_id FROM messages WHERE id = $1", UUID(reply))
    await api.data("mutation($id: ID!) { deleteConversation(id: $id) }", id=str(conversation))
    assert await api.database.pool.fetchval("SELECT count(*) FROM message_citations") == 0
    await api.data("mutation($id: ID!) { restore(id: $id) { __typename } }", id=str(conversation))
    assert (await api.data(CITATIONS, id=reply))["message"] == before


async def test_a_restored_record_is_cited_again(api: Api, replied: tuple[str, list[UUID]]) -> None:
    reply, memories = replied
    await api.data("mutation($id: ID!) { deleteMemory(id: $id) }", id=str(memories[0]))
    await api.data("mutation($id: ID!) { restore(id: $id) { __typename } }", id=str(memories[0]))
    cited = (await api.data(CITATIONS, id=reply))["message"]["citations"][1]
    assert (cited["record"], cited["text"]["title"]) == ({"id": str(memories[0])}, "Friday")


async def test_a_member_who_lost_access_sees_neither_the_reply_nor_what_it_cites(
    api: Api, shop: str, replied: tuple[str, list[UUID]]
) -> None:
    reply, _ = replied
    assert (await api.data(CITATIONS, "bob", id=reply))["message"]["citations"][1]["record"]
    await api.database.pool.execute("DELETE FROM project_members WHERE project_id = $1 AND user_id = 'bob'", UUID(shop))
    assert (await api(CITATIONS, "bob", id=reply))["data"] == {"message": None}
    async with api.database.connection() as connection:
        assert await list_citations(connection, "bob", [UUID(reply)]) == []


async def test_nothing_of_a_record_that_is_private_now_is_left_in_a_reply_of_another_member(
    api: Api, replied: tuple[str, list[UUID]]
) -> None:
    """The card shows the record as it is now, not as it was when it was cited."""
    reply, memories = replied
    query = "query($id: ID!) { message(id: $id) { citations { text { title excerpt } } } }"
    assert "Friday" in str(await api.data(query, "bob", id=reply))
    await api.database.pool.execute(
        "UPDATE memories SET scope_id = (SELECT scope_id FROM users WHERE id = 'ann') WHERE id = $1", memories[0]
    )
    assert (await api.data(query, "bob", id=reply))["message"]["citations"] == [{"text": None}, {"text": None}]


async def test_a_message_of_the_user_has_no_citations(api: Api, replied: tuple[str, list[UUID]]) -> None:
    asked = await api.database.pool.fetchval("SELECT reply_to FROM messages WHERE id = $1", UUID(replied[0]))
    assert (await api.data(CITATIONS, id=str(asked)))["message"]["citations"] == []
