"""Versions of messages: editing, answering again, switching between them, deleting, and who may do that."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest

from sql.paging import LAST_ID
from sql.repositories.known_records import list_past_actions
from sql.repositories.memory_work import claim_memory_work
from sql.repositories.messages import list_turns_before
from tests.resolvers.conftest import Api

SEND = """
mutation($content: String!, $id: ID) {
  sendMessage(input: {content: $content, conversationId: $id, metadata: {timezone: "Asia/Tokyo"}}) {
    message { id conversation { id } } reply { id }
  }
}
"""
EDIT = """
mutation($id: ID!, $content: String!) {
  editMessage(id: $id, content: $content) {
    message { id content metadata versions { id } } reply { id status replyTo { id } }
  }
}
"""
REGENERATE = "mutation($id: ID!) { regenerateReply(messageId: $id) { id status content versions { id } } }"
SELECT = "mutation($id: ID!) { selectVersion(messageId: $id) { id updatedAt } }"
DELETE = "mutation($id: ID!) { deleteMessage(id: $id) }"
RESTORE = "mutation($id: ID!) { restore(id: $id) { id } }"
SHOWN = """
query($id: ID!) {
  conversation(id: $id) {
    updatedAt
    messages(last: 50) { edges { node { id content shown status versions { id content shown } } } }
  }
}
"""
ALL = """
query($id: ID!) {
  conversation(id: $id) {
    messages(first: 50, allVersions: true) { edges { node { content shown branchOf { content } } } }
  }
}
"""
MESSAGE = "query($id: ID!) { message(id: $id) { content shown status versions { content shown } } }"
SEARCH = "query($text: String!) { search(query: $text) { node { ... on Message { content } } } }"
PREVIEW = """
query($id: ID!) { previewContext(conversationId: $id, content: "and then?") { items { layer text } } }
"""
LEFT = """
query($id: ID!) { message(id: $id) { actionsOfOtherVersions { id summary undoable message { id } } } }
"""


@dataclass
class Chat:
    """One conversation of ann; `answered` finishes the reply that was asked for last."""

    api: Api
    id: str = ""

    async def say(self, content: str, answer: str) -> tuple[str, str]:
        sent = (await self.api.data(SEND, content=content, id=self.id or None))["sendMessage"]
        self.id = sent["message"]["conversation"]["id"]
        await self.answer(sent["reply"]["id"], answer)
        return sent["message"]["id"], sent["reply"]["id"]

    async def edit(self, message: str, content: str, answer: str) -> tuple[str, str]:
        edited = (await self.api.data(EDIT, id=message, content=content))["editMessage"]
        await self.answer(edited["reply"]["id"], answer)
        return edited["message"]["id"], edited["reply"]["id"]

    async def regenerate(self, reply: str, answer: str) -> str:
        again: str = (await self.api.data(REGENERATE, id=reply))["regenerateReply"]["id"]
        await self.answer(again, answer)
        return again

    async def answer(self, reply: str, content: str) -> None:
        await self.api.database.pool.execute(
            "UPDATE messages SET status = 'complete', content = $2 WHERE id = $1", UUID(reply), content
        )

    async def shown(self) -> list[str]:
        edges = (await self.api.data(SHOWN, id=self.id))["conversation"]["messages"]["edges"]
        assert all(edge["node"]["shown"] for edge in edges)
        return [edge["node"]["content"] for edge in edges]

    async def turns(self) -> list[str]:
        items = (await self.api.data(PREVIEW, id=self.id))["previewContext"]["items"]
        return [item["text"] for item in items if item["layer"] == "WORKING"]

    async def found(self, text: str) -> list[str]:
        return [hit["node"].get("content") for hit in (await self.api.data(SEARCH, text=text))["search"]]


@pytest.fixture
def chat(api: Api) -> Chat:
    return Chat(api)


async def test_both_versions_of_an_edited_message_can_be_read_and_switched(chat: Chat) -> None:
    first, _ = await chat.say("plan with zebras", "zebra answer")
    await chat.say("later about zebras", "later answer")
    edited, reply = await chat.edit(first, "plan with yaks", "yak answer")
    assert edited != first
    assert await chat.shown() == await chat.turns() == ["plan with yaks", "yak answer"]
    assert await chat.found("zebras") == []
    assert await chat.found("with yaks plan") == ["plan with yaks", "yak answer"]
    message = (await chat.api.data(MESSAGE, id=first))["message"]
    assert message["shown"] is False
    assert message["versions"] == [
        {"content": "plan with zebras", "shown": False}, {"content": "plan with yaks", "shown": True},
    ]  # fmt: skip

    await chat.say("more about yaks", "more answer")
    before = (await chat.api.data(SHOWN, id=chat.id))["conversation"]["updatedAt"]
    selected = (await chat.api.data(SELECT, id=first))["selectVersion"]
    assert selected == {"id": chat.id, "updatedAt": before}
    zebras = ["plan with zebras", "zebra answer", "later about zebras", "later answer"]
    assert await chat.shown() == await chat.turns() == zebras
    assert set(await chat.found("zebras")) >= {"plan with zebras", "later about zebras"}
    assert await chat.found("yaks") == []
    await chat.api.data(SELECT, id=edited)
    assert await chat.shown() == ["plan with yaks", "yak answer", "more about yaks", "more answer"]
    await chat.api.data(SELECT, id=reply)  # is shown already
    assert len(await chat.shown()) == 4
    everything = (await chat.api.data(ALL, id=chat.id))["conversation"]["messages"]["edges"]
    assert [(e["node"]["content"], (e["node"]["branchOf"] or {}).get("content")) for e in everything] == [
        ("plan with zebras", None), ("zebra answer", "plan with zebras"), ("later about zebras", "plan with zebras"),
        ("later answer", "plan with zebras"), ("plan with yaks", None), ("yak answer", "plan with yaks"),
        ("more about yaks", "plan with yaks"), ("more answer", "plan with yaks"),
    ]  # fmt: skip


async def test_a_reply_that_is_written_again_is_a_version_with_its_own_branch(chat: Chat) -> None:
    _, reply = await chat.say("question", "first answer")
    await chat.say("go on", "went on")
    again = await chat.regenerate(reply, "second answer")
    assert await chat.shown() == ["question", "second answer"]
    third = await chat.regenerate(again, "third answer")
    edges = (await chat.api.data(SHOWN, id=chat.id))["conversation"]["messages"]["edges"]
    assert [version["id"] for version in edges[1]["node"]["versions"]] == [reply, again, third]
    assert [version["id"] for version in edges[0]["node"]["versions"]] == [edges[0]["node"]["id"]]
    nested, _ = await chat.say("below third", "nested")
    await chat.edit(nested, "below third, edited", "nested again")
    await chat.api.data(SELECT, id=reply)
    assert await chat.shown() == ["question", "first answer", "go on", "went on"]
    await chat.api.data(SELECT, id=third)
    assert await chat.shown() == ["question", "third answer", "below third, edited", "nested again"]
    await chat.api.data(SELECT, id=reply)
    await chat.api.data(SELECT, id=nested)  # also selects the version above it
    assert await chat.shown() == ["question", "third answer", "below third", "nested"]


async def test_only_a_reply_that_failed_without_a_text_is_written_again_in_its_place(chat: Chat) -> None:
    _, reply = await chat.say("question", "")
    change = "UPDATE messages SET status = $2, content = $3 WHERE id = $1"
    await chat.api.database.pool.execute(change, UUID(reply), "failed", "")
    assert (await chat.api.data(REGENERATE, id=reply))["regenerateReply"]["id"] == reply
    for status, content in [("failed", "half"), ("stopped", ""), ("complete", "all")]:
        await chat.api.database.pool.execute(change, UUID(reply), status, content)
        again = (await chat.api.data(REGENERATE, id=reply))["regenerateReply"]
        assert again["id"] != reply
        assert (again["status"], again["content"], again["versions"][0]["id"]) == ("PENDING", "", reply)
        await chat.answer(again["id"], "again")


async def test_a_reply_that_is_being_written_is_stopped_by_an_edit_and_goes_on_after_a_switch(chat: Chat) -> None:
    first, answered = await chat.say("one", "answer one")
    sent = (await chat.api.data(SEND, content="two", id=chat.id))["sendMessage"]
    assert await chat.api.code(REGENERATE, id=sent["reply"]["id"]) == "CONFLICT"
    edited = (await chat.api.data(EDIT, id=first, content="one, edited"))["editMessage"]
    status = {
        each: (await chat.api.data(MESSAGE, id=each))["message"]["status"] for each in (answered, sent["reply"]["id"])
    }
    assert status == {answered: "COMPLETE", sent["reply"]["id"]: "STOPPED"}
    assert edited["reply"] == {
        "id": edited["reply"]["id"], "status": "PENDING", "replyTo": {"id": edited["message"]["id"]}
    }  # fmt: skip
    assert edited["message"]["metadata"] == {"timezone": "Asia/Tokyo"}
    await chat.api.data(SELECT, id=first)
    assert (await chat.api.data(MESSAGE, id=edited["reply"]["id"]))["message"]["status"] == "PENDING"
    async with chat.api.database.connection() as connection:
        before = ("ann", UUID(chat.id), UUID(edited["reply"]["id"]))
        turns = await list_turns_before(connection, *before, 10, path=UUID(edited["reply"]["id"]))
        assert [turn.content for turn in turns] == ["one, edited"]
        last = ("ann", UUID(chat.id), LAST_ID)
        assert [turn.content for turn in await list_turns_before(connection, *last, 10, path=None)] == [
            "one", "answer one", "two",
        ]  # fmt: skip


async def test_edits_at_the_same_time_are_all_versions_and_one_is_shown(chat: Chat) -> None:
    first, _ = await chat.say("zero", "answer")
    contents = [f"edit {number}" for number in range(4)]
    await asyncio.gather(
        *(chat.api.data(EDIT, id=first, content=content) for content in contents),
        *(chat.api.data(SEND, content=f"new {number}", id=chat.id) for number in range(2)),
    )
    versions = (await chat.api.data(MESSAGE, id=first))["message"]["versions"]
    assert {version["content"] for version in versions} == {"zero", *contents}
    shown = [version["content"] for version in versions if version["shown"]]
    assert shown == [versions[-1]["content"]] == (await chat.shown())[:1]


async def test_the_actions_of_the_other_versions_stay_and_are_offered_to_be_undone(chat: Chat) -> None:
    first, _ = await chat.say("remember the ferry", "done")
    second, _ = await chat.say("remember the train", "done")
    project = "SELECT project_id FROM conversations WHERE id = $1"
    insert = f"""
    INSERT INTO actions (user_id, project_id, message_id, tool, summary, status, actor, undo)
    VALUES ('ann', ({project}), $2, 'save_memory', $3, $4, 'test', $5)
    """  # noqa: S608
    undo: dict[str, list[object]] = {"changes": []}
    for message, summary, status in [
        (first, "ferry", "done"), (first, "maybe", "proposed"), (second, "train", "done"), (second, "gone", "undone"),
    ]:  # fmt: skip
        await chat.api.database.pool.execute(insert, UUID(chat.id), UUID(message), summary, status, undo)
    assert (await chat.api.data(LEFT, id=first))["message"]["actionsOfOtherVersions"] == []
    edited, _ = await chat.edit(first, "remember the plane", "done")
    left = (await chat.api.data(LEFT, id=edited))["message"]["actionsOfOtherVersions"]
    assert [(each["summary"], each["message"]["id"]) for each in left] == [("ferry", first), ("train", second)]
    async with chat.api.database.connection() as connection:
        here = ("ann", UUID(chat.id))
        assert await list_past_actions(connection, *here, LAST_ID, 10) == []
        reply = await connection.fetchval("SELECT id FROM messages WHERE reply_to = $1", UUID(second))
        assert len(await list_past_actions(connection, *here, reply, 10)) == 4
    assert await chat.api.code(LEFT, "bob", id=edited) == "NOT_FOUND"
    await chat.api.data(SELECT, id=first)
    assert (await chat.api.data(LEFT, id=first))["message"]["actionsOfOtherVersions"] == []
    assert len((await chat.api.data(LEFT, id=edited))["message"]["actionsOfOtherVersions"]) == 2


async def test_memories_are_extracted_from_what_is_shown_and_a_summary_follows_the_branch(chat: Chat) -> None:
    first, _ = await chat.say("I like trains", "good")
    edited, _ = await chat.edit(first, "I like planes", "good")
    pool = chat.api.database.pool
    summarized = "UPDATE summary_work SET summarized_up_to = $2, messages = 0 WHERE conversation_id = $1"
    summary = "SELECT summary FROM conversations WHERE id = $1"

    async def claimed() -> set[str]:
        async with chat.api.database.connection() as connection:
            await connection.execute("UPDATE memory_work SET claimed_until = NULL")
            work = await claim_memory_work(connection, count=10, lease_seconds=60, min_age_seconds=0)
            return {str(each.subject_id) for each in work}

    assert await claimed() == {edited}
    await pool.execute("UPDATE conversations SET summary = 'about planes'")
    await pool.execute(summarized, UUID(chat.id), UUID(edited))
    await chat.api.data(SELECT, id=first)
    assert await claimed() == {first}
    assert await pool.fetchval(summary, UUID(chat.id)) is None
    (work,) = await pool.fetch("SELECT messages, summarized_up_to FROM summary_work")
    assert tuple(work) == (4, None)
    overview = (await chat.api.data("{ overview(days: 1) { messages answers } }"))["overview"]
    assert [(day["messages"], day["answers"]) for day in overview] == [(1, 1)]


async def test_deleting_a_version_deletes_its_branch_and_deleting_the_only_one_keeps_what_follows(chat: Chat) -> None:
    first, reply = await chat.say("one", "answer one")
    second, _ = await chat.say("two", "answer two")
    edited, _ = await chat.edit(second, "two, edited", "answer two again")
    await chat.say("three", "answer three")
    await chat.api.data(DELETE, id=edited)
    assert await chat.shown() == ["one", "answer one", "two", "answer two"]
    assert await chat.found("three") == []
    await chat.api.data(RESTORE, id=edited)
    edited_branch = ["two, edited", "answer two again", "three", "answer three"]
    assert await chat.shown() == ["one", "answer one", *edited_branch]
    assert "three" in await chat.found("three")
    await chat.api.data(DELETE, id=second)  # is not shown
    assert await chat.shown() == ["one", "answer one", *edited_branch]
    again = await chat.regenerate(reply, "answer one again")
    await chat.say("four", "answer four")
    await chat.api.data(DELETE, id=first)
    assert await chat.shown() == ["four", "answer four"]
    left = [await chat.api.code(MESSAGE, id=each) for each in (first, reply, again, second)]
    assert left == ["NOT_FOUND"] * 4
    await chat.say("five", "answer five")
    await chat.api.data(RESTORE, id=first)
    assert await chat.shown() == ["one", "answer one again", "four", "answer four", "five", "answer five"]
    await chat.api.data(SELECT, id=reply)
    assert await chat.shown() == ["one", "answer one", *edited_branch]
    await chat.api.data(RESTORE, id=second)
    assert await chat.shown() == ["one", "answer one", "two", "answer two"]


async def test_a_switch_tells_other_screens_about_the_versions_only(chat: Chat) -> None:
    first, _ = await chat.say("one", "answer")
    edited, _ = await chat.edit(first, "one, edited", "answer again")
    last = await chat.api.database.pool.fetchval("SELECT max(id) FROM events")
    await chat.api.data(SELECT, id=first)
    await chat.api.data(SELECT, id=first)
    rows = await chat.api.database.pool.fetch(
        "SELECT kind, subject_id, payload->'shown' AS shown FROM events WHERE id > $1 ORDER BY id", last
    )
    found = [(row["kind"], str(row["subject_id"]), row["shown"]) for row in rows]
    assert found == [("message_updated", edited, False), ("message_updated", first, True)]


async def test_another_user_cannot_switch_or_read_versions(chat: Chat) -> None:
    first, reply = await chat.say("mine", "answer")
    edited, _ = await chat.edit(first, "mine, edited", "answer")
    for message in (first, edited, reply):
        assert await chat.api.code(SELECT, "bob", id=message) == "NOT_FOUND"
        assert await chat.api.code(MESSAGE, "bob", id=message) == "NOT_FOUND"
    assert await chat.api.code(SELECT, "vic", id=first) == "FORBIDDEN"
    assert await chat.api.code(SELECT, id="no id") == "NOT_FOUND"
    assert (await chat.shown())[0] == "mine, edited"


async def test_a_page_of_versions_takes_one_statement_more_and_none_without_them(chat: Chat) -> None:
    for number in range(5):
        last, _ = await chat.say(f"message {number}", "answer")
    await chat.shown()
    plain = len(chat.api.database.statements)
    for reply in await chat.api.database.pool.fetch("SELECT id FROM messages WHERE reply_to = $1", UUID(last)):
        await chat.regenerate(str(reply["id"]), "again")
    await chat.edit(last, "edited", "answer")
    await chat.shown()
    await chat.shown()
    assert len(chat.api.database.statements) == plain + 1
