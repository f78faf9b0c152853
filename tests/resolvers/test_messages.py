"""Sending, stopping, answering anew, editing and deleting messages, and the hostile input that must not get through."""

import asyncio
import json

import pytest

from tests.resolvers.conftest import Api

SEND = """
mutation Send($content: String!, $conversationId: ID, $metadata: JSON) {
  sendMessage(
    input: {content: $content, conversationId: $conversationId, metadata: $metadata, clientMutationId: "m1"}
  ) {
    clientMutationId
    message { id content messageType status metadata conversation { id title } }
    reply { id content messageType status replyTo { id } }
  }
}
"""
MESSAGES = """
query Messages($id: ID!) { messages(conversationId: $id, first: 100) { edges { node { id content status } } } }
"""
STOP = "mutation($id: ID!) { stopReply(messageId: $id) { status content } }"
REGENERATE = "mutation($id: ID!) { regenerateReply(messageId: $id) { status content } }"
CONTINUE = "mutation($id: ID!) { continueReply(messageId: $id) { id status content incomplete error } }"
EDIT = """
mutation($id: ID!, $content: String!) {
  editMessage(id: $id, content: $content) { message { id content } reply { id status } }
}
"""
DELETE = "mutation($id: ID!) { deleteMessage(id: $id) }"
UNKNOWN = "0199f2c4-0000-7000-8000-000000000000"


async def test_a_message_begins_a_conversation_and_a_pending_reply(api: Api) -> None:
    sent = (await api.data(SEND, content="来週までに認証機能の設計をまとめて\nよろしく"))["sendMessage"]
    assert sent["clientMutationId"] == "m1"
    assert sent["message"]["messageType"] == "USER"
    assert sent["message"]["status"] == "COMPLETE"
    assert sent["message"]["conversation"]["title"] == "来週までに認証機能の設計をまとめて"
    assert sent["reply"] == {
        "id": sent["reply"]["id"],
        "content": "",
        "messageType": "KANA",
        "status": "PENDING",
        "replyTo": {"id": sent["message"]["id"]},
    }
    assert api.announcements.users == ["ann"]


SEND_ONCE = """
mutation($content: String!, $key: String!) {
  sendMessage(input: {content: $content, idempotencyKey: $key}) { message { id conversation { id } } reply { id } }
}
"""


async def test_a_message_sent_again_under_its_key_is_said_once(api: Api) -> None:
    sent = await asyncio.gather(*(api.data(SEND_ONCE, content="once", key="k1") for _ in range(5)))
    assert all(each == sent[0] for each in sent)
    conversations = await api.data("{ conversations { edges { node { id } } } messages { edges { node { id } } } }")
    assert len(conversations["conversations"]["edges"]) == 1
    assert len(conversations["messages"]["edges"]) == 2
    assert await api.data(SEND_ONCE, content="once", key="k2") != sent[0]


async def test_a_key_belongs_to_one_user(api: Api) -> None:
    first = await api.data(SEND_ONCE, content="mine", key="k1")
    assert await api.data(SEND_ONCE, "bob", content="mine", key="k1") != first


async def test_what_was_sent_cannot_be_given_back_without_its_reply(api: Api) -> None:
    sent = (await api.data(SEND_ONCE, content="once", key="k1"))["sendMessage"]
    await api.data(DELETE, id=sent["reply"]["id"])
    assert (await api.code(SEND_ONCE, content="once", key="k1")) == "CONFLICT"


async def test_a_second_message_joins_the_conversation(api: Api) -> None:
    first = (await api.data(SEND, content="one"))["sendMessage"]["message"]
    second = (await api.data(SEND, content="two", conversationId=first["conversation"]["id"]))["sendMessage"]
    assert second["message"]["conversation"] == first["conversation"]
    listed = (await api.data(MESSAGES, id=first["conversation"]["id"]))["messages"]["edges"]
    assert [edge["node"]["content"] for edge in listed] == ["one", "", "two", ""]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("", "input.empty"),
        (" \n\t　", "input.empty"),
        ("a\x00b", "input.null_character"),
        ("a\ud800b", "input.invalid_unicode"),
        ("x" * (256 * 1024 + 1), "input.too_large"),
        ("あ" * 90_000, "input.too_large"),
    ],
)
async def test_content_that_cannot_be_kept_is_refused_with_what_to_do(api: Api, content: str, key: str) -> None:
    response = await api(SEND, content=content)
    extensions = response["errors"][0]["extensions"]
    assert (extensions["code"], extensions["key"]) == ("BAD_USER_INPUT", key)
    assert (await api.data("{ conversations { edges { node { id } } } }"))["conversations"]["edges"] == []


@pytest.mark.parametrize(
    "content", ["👩‍👩‍👧‍👦🏳️‍🌈", "x" * (256 * 1024), "\u202eabc", "e\u0301", "'; DROP TABLE messages; --"]
)
async def test_any_other_text_comes_back_as_it_was_sent(api: Api, content: str) -> None:
    assert (await api.data(SEND, content=content))["sendMessage"]["message"]["content"] == content


@pytest.mark.parametrize(
    "metadata", [[1], "text", 7, {"k": "a\x00b"}, {"k": "\ud800"}, {"k": 2**70}, {"k": "x" * 70_000}]
)
async def test_metadata_that_cannot_be_kept_is_refused(api: Api, metadata: object) -> None:
    assert await api.code(SEND, content="hello", metadata=metadata) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("status", "content", "incomplete"),
    [("failed", "Half an ans", True), ("failed", "", False), ("complete", "All", False), ("stopped", "Half", False)],
)
async def test_a_reply_is_incomplete_when_it_failed_after_some_text(
    api: Api, status: str, content: str, incomplete: bool
) -> None:
    sent = (await api.data(SEND, content="hello"))["sendMessage"]
    await api.database.pool.execute(
        "UPDATE messages SET status = $2, content = $3 WHERE id = $1", sent["reply"]["id"], status, content
    )
    read = "query($id: ID!) { message(id: $id) { incomplete } }"
    assert await api.data(read, id=sent["reply"]["id"]) == {"message": {"incomplete": incomplete}}
    assert await api.data(read, id=sent["message"]["id"]) == {"message": {"incomplete": False}}


async def test_only_a_reply_that_was_cut_off_is_continued_and_keeps_its_text(api: Api) -> None:
    sent = (await api.data(SEND, content="hello"))["sendMessage"]
    reply = sent["reply"]["id"]
    change = "UPDATE messages SET status = $2, content = $3, error = 'Cut.' WHERE id = $1"
    for status, content in [("pending", ""), ("complete", "All"), ("stopped", "Half"), ("failed", "")]:
        await api.database.pool.execute(change, reply, status, content)
        refused = (await api(CONTINUE, id=reply))["errors"][0]["extensions"]
        assert (refused["code"], refused["key"]) == ("CONFLICT", "reply.not_incomplete")
    await api.database.pool.execute(change, reply, "failed", "Half 😀")
    assert await api.code(CONTINUE, "bob", id=reply) == "NOT_FOUND"
    assert await api.code(CONTINUE, id=sent["message"]["id"]) == "BAD_USER_INPUT"
    continued = (await api.data(CONTINUE, id=reply))["continueReply"]
    assert continued == {"id": reply, "status": "PENDING", "content": "Half 😀", "incomplete": False, "error": None}


async def test_metadata_comes_back_as_json(api: Api) -> None:
    metadata = {"timezone": "Asia/Tokyo", "nested": {"list": [1, 2.5, None, True]}}
    assert (await api.data(SEND, content="hello", metadata=metadata))["sendMessage"]["message"]["metadata"] == metadata


@pytest.mark.parametrize("conversation_id", [UNKNOWN, "no uuid", "", "'"])
async def test_an_unknown_conversation_is_not_found_and_nothing_is_kept(api: Api, conversation_id: str) -> None:
    assert await api.code(SEND, content="hello", conversationId=conversation_id) == "NOT_FOUND"
    assert (await api.data("{ messages { edges { node { id } } } }"))["messages"]["edges"] == []
    assert api.announcements.users == []


async def test_another_users_messages_are_not_found(api: Api) -> None:
    sent = (await api.data(SEND, content="mine"))["sendMessage"]
    message, reply, conversation = sent["message"]["id"], sent["reply"]["id"], sent["message"]["conversation"]["id"]
    assert await api.code(SEND, "bob", content="yours", conversationId=conversation) == "NOT_FOUND"
    assert await api.code(STOP, "bob", id=reply) == "NOT_FOUND"
    assert await api.code(REGENERATE, "bob", id=reply) == "NOT_FOUND"
    assert await api.code(EDIT, "bob", id=message, content="changed") == "NOT_FOUND"
    assert await api.code(DELETE, "bob", id=message) == "NOT_FOUND"
    assert await api.code(MESSAGES, "bob", id=conversation) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { message(id: $id) { id } }", "bob", id=message) == "NOT_FOUND"
    assert await api.code("query($id: ID!) { node(id: $id) { id } }", "bob", id=message) == "NOT_FOUND"
    assert (await api.data("{ messages { edges { node { id } } } }", "bob"))["messages"]["edges"] == []


async def test_a_viewer_reads_only(api: Api) -> None:
    assert await api.code(SEND, "vic", content="hello") == "FORBIDDEN"


async def test_stopping_keeps_the_text_and_is_harmless_afterwards(api: Api) -> None:
    reply = (await api.data(SEND, content="hello"))["sendMessage"]["reply"]["id"]
    await api.database.pool.execute("UPDATE messages SET status = 'streaming', content = 'so far' WHERE id = $1", reply)
    stopped = {"status": "STOPPED", "content": "so far"}
    assert (await api.data(STOP, id=reply))["stopReply"] == stopped
    assert (await api.data(STOP, id=reply))["stopReply"] == stopped


async def test_only_a_reply_can_be_stopped_or_written_anew(api: Api) -> None:
    message = (await api.data(SEND, content="hello"))["sendMessage"]["message"]["id"]
    assert await api.code(STOP, id=message) == "BAD_USER_INPUT"
    assert await api.code(REGENERATE, id=message) == "BAD_USER_INPUT"


async def test_a_reply_is_written_anew_only_when_it_has_ended(api: Api) -> None:
    reply = (await api.data(SEND, content="hello"))["sendMessage"]["reply"]["id"]
    assert await api.code(REGENERATE, id=reply) == "CONFLICT"
    await api.data(STOP, id=reply)
    assert (await api.data(REGENERATE, id=reply))["regenerateReply"] == {"status": "PENDING", "content": ""}


async def test_editing_answers_again_from_there_and_changes_no_record(api: Api) -> None:
    sent = (await api.data(SEND, content="first"))["sendMessage"]
    conversation = sent["message"]["conversation"]["id"]
    await api.data(SEND, content="later", conversationId=conversation)
    raised = await api.database.pool.fetchval(
        "INSERT INTO intents (user_id, description, actor, source_message_id) VALUES ('ann', 'do it', 'test', $1) "
        "RETURNING id",
        sent["message"]["id"],
    )
    edited = (await api.data(EDIT, id=sent["message"]["id"], content="changed"))["editMessage"]
    listed = (await api.data(MESSAGES, id=conversation))["messages"]["edges"]
    assert [edge["node"]["content"] for edge in listed] == ["changed", ""]
    assert listed[1]["node"] == {"id": edited["reply"]["id"], "content": "", "status": "PENDING"}
    intent = await api.data("query($id: ID!) { intent(id: $id) { status } }", id=str(raised))
    assert intent["intent"]["status"] == "PENDING"


async def test_a_reply_cannot_be_edited(api: Api) -> None:
    reply = (await api.data(SEND, content="hello"))["sendMessage"]["reply"]["id"]
    assert await api.code(EDIT, id=reply, content="mine now") == "BAD_USER_INPUT"


async def test_deleting_a_message_deletes_its_reply(api: Api) -> None:
    sent = (await api.data(SEND, content="hello"))["sendMessage"]
    assert await api.data(DELETE, id=sent["message"]["id"]) == {"deleteMessage": sent["message"]["id"]}
    assert await api.code("query($id: ID!) { message(id: $id) { id } }", id=sent["reply"]["id"]) == "NOT_FOUND"


async def test_each_change_leaves_its_event_in_the_same_transaction(api: Api) -> None:
    sent = (await api.data(SEND, content="hello"))["sendMessage"]
    await api.data(STOP, id=sent["reply"]["id"])
    await api.data(DELETE, id=sent["message"]["id"])
    rows = await api.database.pool.fetch(
        "SELECT kind, caused_by, payload FROM events WHERE kind <> 'project_created' ORDER BY xid, id"
    )
    assert [row["kind"] for row in rows[:4]] == [
        "conversation_created",
        "message_created",
        "message_created",
        "message_updated",
    ]
    assert sorted(row["kind"] for row in rows[4:]) == ["message_deleted", "message_deleted"]
    assert str(rows[2]["caused_by"]) == sent["message"]["id"]
    assert json.loads(json.dumps(rows[3]["payload"]))["status"] == "stopped"
