"""The record of events over GraphQL: what caused what, and everything as it happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from uuid import UUID

import pytest

from app.live.bus.bus import Bus
from app.live.hub import EventHub
from tests.resolvers.conftest import Api, open_api
from tests.timeouts import TIMEOUT

TRACE = "query($id: ID!) { trace(id: $id) { cursor kind subjectId causedBy payload createdAt } }"
SEND = """mutation($text: String!) {
  sendMessage(input: {content: $text}) { message { id conversation { id } } reply { id } }
}"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with (
        open_api(database_url) as opened,
        Bus("memory://").running() as bus,
        EventHub(opened.database, bus, poll_seconds=0.1).running() as hub,
    ):
        opened.events = hub
        yield opened


async def send(api: Api, text: str = "please write the design") -> dict[str, str]:
    sent = (await api.data(SEND, text=text))["sendMessage"]
    return {
        "message": sent["message"]["id"],
        "conversation": sent["message"]["conversation"]["id"],
        "reply": sent["reply"]["id"],
    }


async def raise_intent(api: Api, message: str) -> dict[str, str]:
    """What the bridges do: an intent out of the message, and a notification when it is done."""
    intent: UUID = await api.database.pool.fetchval(
        "INSERT INTO intents (user_id, description, source_message_id, actor) VALUES ('ann', 'd', $1, 'b') "
        "RETURNING id",
        UUID(message),
    )
    notification: UUID = await api.database.pool.fetchval(
        "INSERT INTO notifications (user_id, title, message, notification_type, intent_id) "
        "VALUES ('ann', 't', 'm', 'info', $1) RETURNING id",
        intent,
    )
    return {"intent": str(intent), "notification": str(notification)}


async def trace(api: Api, subject: str, names: dict[str, str], user: str = "ann") -> list[tuple[str, str, str | None]]:
    """Kind, subject and cause of each event, by the names of the ids."""
    by_id: dict[str | None, str | None] = {None: None, **{value: name for name, value in names.items()}}
    events = (await api.data(TRACE, user, id=subject))["trace"]
    return [(event["kind"], str(by_id[event["subjectId"]]), by_id[event["causedBy"]]) for event in events]


async def test_every_event_names_what_led_to_it_from_the_message_to_the_notification(api: Api) -> None:
    names = await send(api)
    await send(api, "something else")
    names |= await raise_intent(api, names["message"])
    whole = [
        ("MESSAGE_CREATED", "message", None),
        ("MESSAGE_CREATED", "reply", "message"),
        ("INTENT_CREATED", "intent", "message"),
        ("NOTIFICATION_CREATED", "notification", "intent"),
    ]
    assert await trace(api, names["message"], names) == whole
    assert await trace(api, names["intent"], names) == [whole[0], whole[2], whole[3]]
    assert await trace(api, names["notification"], names) == [whole[0], whole[2], whole[3]]
    assert await trace(api, names["reply"], names) == whole[:2]


async def test_what_an_edit_hides_and_begins_is_caused_by_the_edited_message(api: Api) -> None:
    names = await send(api)
    names |= await raise_intent(api, names["message"])
    edit = 'mutation($id: ID!) { editMessage(id: $id, content: "no, the plan") { message { id } reply { id } } }'
    made = (await api.data(edit, id=names["message"]))["editMessage"]
    names |= {"version": made["message"]["id"], "again": made["reply"]["id"]}
    assert (await trace(api, names["message"], names))[4:] == [
        ("MESSAGE_UPDATED", "reply", "message"),
        ("MESSAGE_CREATED", "version", "message"),
        ("MESSAGE_UPDATED", "message", None),
        ("MESSAGE_CREATED", "again", "version"),
    ]


async def test_what_goes_with_a_conversation_goes_because_of_it(api: Api) -> None:
    names = await send(api)
    names |= await raise_intent(api, names["message"])
    await api.data("mutation($id: ID!) { deleteConversation(id: $id) }", id=names["conversation"])
    deleted = [event for event in await trace(api, names["conversation"], names) if event[0].endswith("DELETED")]
    assert sorted(deleted) == [
        ("CONVERSATION_DELETED", "conversation", None),
        ("MESSAGE_DELETED", "message", "conversation"),
        ("MESSAGE_DELETED", "reply", "conversation"),
    ]


async def test_reading_a_notification_belongs_to_its_chain(api: Api) -> None:
    names = await send(api)
    names |= await raise_intent(api, names["message"])
    await api.data("mutation($ids: [ID!]) { markNotificationsRead(ids: $ids) }", ids=[names["notification"]])
    assert (await trace(api, names["message"], names))[-1] == ("NOTIFICATION_READ", "notification", "intent")


async def test_the_chain_of_another_user_and_of_nothing_is_not_found(api: Api) -> None:
    names = await send(api)
    assert await api.code(TRACE, "bob", id=names["message"]) == "NOT_FOUND"
    assert await api.code(TRACE, id="019f0000-0000-7000-8000-000000000000") == "NOT_FOUND"
    assert await api.code(TRACE, id="' OR true --") == "NOT_FOUND"


async def test_what_exists_has_an_empty_chain_when_its_events_were_trimmed(api: Api) -> None:
    names = await send(api)
    await api.database.pool.execute("DELETE FROM events")
    assert await trace(api, names["message"], names) == []


async def test_causes_that_go_in_circles_end(api: Api) -> None:
    one, other = UUID(int=1), UUID(int=2)
    for subject, cause in ((one, other), (other, one)):
        await api.database.pool.execute(
            "SELECT append_event(id, scope_id, NULL, 'memory_created', $1, $2, '{}') FROM users WHERE id = 'ann'",
            subject,
            cause,
        )
    events = (await api.data(TRACE, id=str(one)))["trace"]
    assert [event["subjectId"] for event in events] == [str(one), str(other)]


async def followed(api: Api, document: str, count: int, **variables: Any) -> list[dict[str, Any]]:
    context = await api.context("ann")
    found: list[dict[str, Any]] = []
    responses = api.executor.subscribe(api.executor.prepare(document), variables, lambda: context)
    async with asyncio.timeout(TIMEOUT), aclosing(responses):
        async for _, response in responses:
            found.append(response)
            if len(found) == count:
                break
    return found


APPENDED = """subscription($kinds: [EventKind!], $after: String) {
  eventAppended(kinds: $kinds, after: $after) { cursor kind subjectId causedBy payload createdAt }
}"""


async def test_everything_that_happens_can_be_followed_and_resumed(api: Api) -> None:
    following = asyncio.create_task(followed(api, APPENDED, 3))
    await asyncio.sleep(0.1)
    names = await send(api)
    events = [response["data"]["eventAppended"] for response in await following]
    assert [event["kind"] for event in events] == ["CONVERSATION_CREATED", "MESSAGE_CREATED", "MESSAGE_CREATED"]
    assert events[1]["payload"]["conversationId"] == names["conversation"]
    assert events == [event for event in events if event["createdAt"] and event["cursor"]]
    rest = await followed(api, APPENDED, 2, after=events[0]["cursor"])
    assert [response["data"]["eventAppended"] for response in rest] == events[1:]


async def test_only_the_wanted_kinds_arrive(api: Api) -> None:
    following = asyncio.create_task(followed(api, APPENDED, 2, kinds=["INTENT_CREATED", "NOTIFICATION_CREATED"]))
    await asyncio.sleep(0.1)
    names = await send(api)
    names |= await raise_intent(api, names["message"])
    kinds = [response["data"]["eventAppended"]["kind"] for response in await following]
    assert kinds == ["INTENT_CREATED", "NOTIFICATION_CREATED"]
