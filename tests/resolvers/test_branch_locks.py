"""Changes of branches and deletions lock rows in the same order as workers and new messages do."""

import asyncio
from uuid import UUID

from sql.paging import LAST_ID
from sql.repositories import branches, trash
from sql.repositories.conversations import touch_conversation
from sql.repositories.intents import NewIntent, insert_intent
from sql.repositories.messages import insert_message
from sql.repositories.reply_claims import mark_intents_extracted
from tests.graphql.test_deadline import WAITING, eventually
from tests.resolvers.conftest import Api

SEND = """
mutation($id: ID) {
  sendMessage(input: {content: "one", conversationId: $id}) { message { id conversation { id } } reply { id } }
}
"""
EDIT = 'mutation($id: ID!) { editMessage(id: $id, content: "two") { message { content } } }'
DELETE = "mutation($id: ID!) { deleteMessage(id: $id) }"
DELETE_CONVERSATION = "mutation($id: ID!) { deleteConversation(id: $id) }"
RESTORE = "mutation($id: ID!) { restore(id: $id) { id } }"


async def test_an_edit_waits_for_a_worker_that_records_an_intent_of_the_conversation(api: Api) -> None:
    sent = (await api.data(SEND))["sendMessage"]["message"]
    message_id, conversation_id = UUID(sent["id"]), UUID(sent["conversation"]["id"])
    async with api.database.transaction() as worker:
        await mark_intents_extracted(worker, message_id)
        editing = asyncio.create_task(api.data(EDIT, id=sent["id"]))
        await eventually(api, WAITING, 1)
        new = NewIntent("ann", "do it", "message-bridge", conversation_id=conversation_id, source_message_id=message_id)
        await insert_intent(worker, new)
    assert (await editing)["editMessage"]["message"]["content"] == "two"


async def test_two_messages_of_a_conversation_are_restored_at_the_same_time(api: Api) -> None:
    first = (await api.data(SEND))["sendMessage"]["message"]
    second = (await api.data(SEND, id=first["conversation"]["id"]))["sendMessage"]["message"]
    both = asyncio.Barrier(2)

    async def restore(message_id: str) -> None:
        async with api.database.transaction() as connection:
            await trash.restore(connection, "ann", UUID(message_id))
            await both.wait()
            await branches.show_restored(connection, "ann", UUID(message_id))

    for each in (first, second):
        await api.data(DELETE, id=each["id"])
    await asyncio.gather(restore(first["id"]), restore(second["id"]))
    shown = "SELECT count(*) FROM messages WHERE message_type = 'user' AND shown"
    assert await api.database.pool.fetchval(shown) == 2


async def test_a_conversation_is_deleted_after_a_worker_has_recorded_an_intent_of_it(api: Api) -> None:
    sent = (await api.data(SEND))["sendMessage"]["message"]
    message_id, conversation_id = UUID(sent["id"]), UUID(sent["conversation"]["id"])
    async with api.database.transaction() as worker:
        await mark_intents_extracted(worker, message_id)
        deleting = asyncio.create_task(api.data(DELETE_CONVERSATION, id=str(conversation_id)))
        await eventually(api, WAITING, 1)
        new = NewIntent("ann", "do it", "message-bridge", conversation_id=conversation_id, source_message_id=message_id)
        await insert_intent(worker, new)
    await deleting
    await api.data(RESTORE, id=str(conversation_id))
    assert await api.database.pool.fetchval("SELECT conversation_id FROM intents") == conversation_id


async def test_a_message_is_sent_while_the_branches_of_an_imported_conversation_are_shown(api: Api) -> None:
    sent = (await api.data(SEND))["sendMessage"]["message"]
    conversation_id = UUID(sent["conversation"]["id"])
    await api.data(EDIT, id=sent["id"])
    async with api.database.transaction() as connection:
        await connection.execute("UPDATE messages SET shown = NOT shown")
        await connection.execute("UPDATE summary_work SET summarized_up_to = $1", LAST_ID)

    async def show() -> None:
        async with api.database.transaction() as connection:
            await branches.show_selected(connection, conversation_id)

    async with api.database.transaction() as sending:
        await touch_conversation(sending, "ann", conversation_id)
        showing = asyncio.create_task(show())
        await eventually(api, WAITING, 1)
        await insert_message(sending, "ann", conversation_id, "three", message_type="user")
    await showing
    shown = "SELECT content FROM messages WHERE message_type = 'user' AND shown ORDER BY id"
    assert [row["content"] for row in await api.database.pool.fetch(shown)] == ["two", "three"]


async def test_a_message_waits_for_its_conversation_that_is_being_restored(api: Api) -> None:
    sent = (await api.data(SEND))["sendMessage"]["message"]
    conversation_id = UUID(sent["conversation"]["id"])
    await api.data(DELETE, id=sent["id"])
    await api.data(DELETE_CONVERSATION, id=str(conversation_id))
    async with api.database.transaction() as connection:
        await connection.execute("SELECT FROM trash WHERE record_id = $1 FOR UPDATE", conversation_id)
        restoring = asyncio.create_task(api.data(RESTORE, id=sent["id"]))
        await eventually(api, WAITING, 1)
        await trash.restore(connection, "ann", conversation_id)
    assert (await restoring)["restore"]["id"] == sent["id"]
    assert await api.database.pool.fetchval("SELECT count(*) FROM trash") == 0
