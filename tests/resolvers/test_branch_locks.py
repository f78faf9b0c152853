"""Changes of branches take row locks in an order in which no worker and no other change waits for them for ever."""

import asyncio
from uuid import UUID

from sql.repositories import branches, trash
from sql.repositories.intents import NewIntent, insert_intent
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
