"""Delivery to the members of a project: who gets an event, from when on and until when, and what they share."""

import asyncio
import json
from contextlib import AsyncExitStack, aclosing
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLObjectType, get_named_type

from app.graphql.viewer_fields import SAME_FOR_ALL
from app.identity.local_mode import LocalAccess
from app.live.hub import EventFilter
from resolvers.ports import EventWithCursor, ReplyPiece
from resolvers.root import schema
from sql.errors import NotFound
from sql.rows import UserRow
from tests.live.conftest import Live
from tests.live.test_replies import assembled, save
from tests.live.test_sharing import ANN, BOB, Backend, RecordingSink
from tests.timeouts import TIMEOUT

CAROL = UserRow("carol", "Carol", "member")
EVENTS = (
    "subscription($project: ID, $after: String) "
    "{ eventAppended(projectId: $project, after: $after) { cursor kind subjectId payload } }"
)
MESSAGES = "subscription { messageChanged { cursor kind messageId message { id content status } } }"


@pytest.fixture
async def project(live: Live) -> UUID:
    """A project of Ann (admin) and Bob (member). Carol is in no project of theirs."""
    await live.database.pool.execute("INSERT INTO users VALUES ('carol', 'Carol', 'member')")
    created: UUID = await live.database.pool.fetchval(
        "INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Shared', 'shared') RETURNING id"
    )
    await set_role(live, created, "bob", "member")
    return created


@pytest.fixture
def backend(live: Live) -> Backend:
    return Backend(live)


async def set_role(live: Live, project: UUID, user: str, role: str | None) -> None:
    await live.database.pool.execute(
        "INSERT INTO project_members (project_id, user_id, role) VALUES ($1, $2, $3) "
        "ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role",
        project,
        user,
        role,
    )
    live.bus.announce(user)


async def converse(live: Live, project: UUID, visibility: str = "project", user: str = "ann") -> UUID:
    created: UUID = await live.database.pool.fetchval(
        "INSERT INTO conversations (user_id, project_id, title, visibility) VALUES ($1, $2, 't', $3) RETURNING id",
        user,
        project,
        visibility,
    )
    return created


async def say(live: Live, conversation: UUID, content: str, user: str = "ann") -> UUID:
    created: UUID = await live.database.pool.fetchval(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ($1, $2, $3, 'user') "
        "RETURNING id",
        user,
        conversation,
        content,
    )
    live.bus.announce(user)
    return created


async def ask(live: Live, project: UUID, description: str, user: str = "ann") -> UUID:
    created: UUID = await live.database.pool.fetchval(
        "INSERT INTO intents (user_id, project_id, description, actor) VALUES ($1, $2, $3, $1) RETURNING id",
        user,
        project,
        description,
    )
    live.bus.announce(user)
    return created


def subjects(sink: RecordingSink) -> list[str]:
    return [json.loads(payload)["data"]["eventAppended"]["subjectId"] for payload in sink.payloads]


def kinds_of(sink: RecordingSink, subject: UUID) -> list[str]:
    events = [json.loads(payload)["data"]["eventAppended"] for payload in sink.payloads]
    return [event["kind"] for event in events if event["subjectId"] == str(subject)]


async def until_told(sink: RecordingSink, subject: UUID, count: int = 1) -> None:
    async with asyncio.timeout(TIMEOUT):
        while len(kinds_of(sink, subject)) < count:
            assert not sink.ended, sink.errors
            await asyncio.sleep(0.01)


async def settle(live: Live, project: UUID, sink: RecordingSink) -> None:
    """Wait until the sink has an event of the project that is younger than all others."""
    await until_told(sink, await ask(live, project, "the last"))


async def replayed(live: Live, user: str, after: str) -> list[EventWithCursor]:
    position = await live.hub.start_position(user, after)
    return [item async for item in live.hub.replay(position, user, EventFilter())]


async def test_shared_record_reaches_all_members_and_private_one_only_its_author(
    backend: Backend, live: Live, project: UUID
) -> None:
    async with (
        backend.subscribed(EVENTS) as ann,
        backend.subscribed(EVENTS, BOB) as bob,
        backend.subscribed(EVENTS, CAROL) as carol,
    ):
        shared, private = await converse(live, project), await converse(live, project, "private")
        said, whispered = await say(live, shared, "to all"), await say(live, private, "to me")
        wanted = await ask(live, project, "of the project", "bob")
        own = await ask(live, await default_project(live, "carol"), "of carol", "carol")
        for sink in (ann, bob):
            await settle(live, project, sink)
            assert {str(said), str(wanted), str(shared)} <= set(subjects(sink))
        await until_told(carol, own)
        assert str(whispered) in subjects(ann)
        assert not {str(private), str(whispered)} & set(subjects(bob))
        assert set(subjects(carol)) == {str(own)}
    assert not backend.subscriptions._shared


async def default_project(live: Live, user: str) -> UUID:
    found: UUID = await live.database.pool.fetchval("SELECT default_project($1)", user)
    return found


async def test_joining_shows_the_events_of_the_project_from_then_on(
    backend: Backend, live: Live, project: UUID
) -> None:
    async with backend.subscribed(EVENTS, CAROL) as carol, backend.subscribed(EVENTS) as ann:
        before = await ask(live, project, "before")
        await until_told(ann, before)
        await set_role(live, project, "carol", "reader")
        await until_told(carol, project)
        after = await ask(live, project, "afterwards")
        await until_told(carol, after)
        assert str(before) not in subjects(carol)


@pytest.mark.parametrize("filtered", [False, True])
async def test_delivery_ends_with_the_role_and_an_old_cursor_shows_nothing(
    backend: Backend, live: Live, project: UUID, filtered: bool
) -> None:
    cursor = await live.hub.latest("bob")
    variables: dict[str, Any] = {"project": str(project)} if filtered else {}
    async with backend.subscribed(EVENTS, **variables) as ann, backend.subscribed(EVENTS, BOB, **variables) as bob:
        await settle(live, project, bob)
        await set_role(live, project, "bob", None)
        secret = await ask(live, project, "secret")
        await settle(live, project, ann)
        assert str(secret) in subjects(ann)
        own = await ask(live, await default_project(live, "bob"), "of bob", "bob")
        if not filtered:
            await until_told(bob, own)
            assert kinds_of(bob, project)[-1] == "PROJECT_DELETED"
        assert str(secret) not in subjects(bob)
    missed = await replayed(live, "bob", cursor)
    assert {item.event.subject_id for item in missed} == {project, own}
    assert [item.event.kind for item in missed if item.event.subject_id == project] == ["project_deleted"]


async def test_record_that_leaves_a_scope_is_reported_there_once(backend: Backend, live: Live, project: UUID) -> None:
    other: UUID = await live.database.pool.fetchval(
        "INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Other', 'other') RETURNING id"
    )
    conversation, intent = await converse(live, project), await ask(live, project, "moves")
    pool = live.database.pool
    async with backend.subscribed(EVENTS) as ann, backend.subscribed(EVENTS, BOB) as bob:
        await pool.execute("UPDATE conversations SET visibility = 'private' WHERE id = $1", conversation)
        await pool.execute("UPDATE intents SET project_id = $2 WHERE id = $1", intent, other)
        await say(live, conversation, "between us")
        await settle(live, project, bob)
        await settle(live, project, ann)
        for sink in (ann, bob):
            assert kinds_of(sink, conversation) == ["CONVERSATION_UPDATED"]
            assert kinds_of(sink, intent) == ["INTENT_UPDATED"]
        payloads = [json.loads(payload)["data"]["eventAppended"] for payload in bob.payloads]
        assert all(
            "toScope" in each["payload"] for each in payloads if each["subjectId"] in map(str, (conversation, intent))
        )
        assert not [each for each in payloads if each["kind"] == "MESSAGE_CREATED"]


async def test_deletion_of_a_project_reaches_all_who_were_members(backend: Backend, live: Live, project: UUID) -> None:
    async with backend.subscribed(EVENTS) as ann, backend.subscribed(EVENTS, BOB) as bob:
        await live.database.pool.execute("DELETE FROM projects WHERE id = $1", project)
        live.bus.announce("ann")
        for sink in (ann, bob):
            await until_told(sink, project)
            assert kinds_of(sink, project) == ["PROJECT_DELETED"]


async def begin_shared_reply(live: Live, project: UUID) -> UUID:
    asked = await say(live, await converse(live, project), "a question")
    reply: UUID = await live.database.pool.fetchval(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, fence, claimed_by, "
        "lease_until) SELECT user_id, conversation_id, '', 'kana', 'streaming', id, 1, 'bridge', "
        "now() + interval '1 minute' FROM messages WHERE id = $1 RETURNING id",
        asked,
    )
    return reply


async def test_reply_streams_to_members_until_its_conversation_becomes_private(live: Live, project: UUID) -> None:
    reply = await begin_shared_reply(live, project)
    with pytest.raises(NotFound):
        await anext(live.replies.follow("carol", reply, 0))
    async with asyncio.timeout(TIMEOUT), AsyncExitStack() as stack:
        ann, bob = [
            await stack.enter_async_context(aclosing(live.replies.follow(user, reply, 0))) for user in ("ann", "bob")
        ]
        received: list[ReplyPiece] = []
        for pieces in (ann, bob):
            await anext(pieces)
        live.publisher.publish(reply, 1, 0, "for all ", "streaming")
        assert (await anext(ann)).text == (await anext(bob)).text == "for all "
        await live.database.pool.execute("UPDATE conversations SET visibility = 'private'")
        live.publisher.publish(reply, 1, 8, "for me", "streaming")
        await save(live, reply, "for all for me", "complete")
        live.publisher.publish(reply, 1, 14, "", "complete")
        with pytest.raises(NotFound):
            while True:
                received.append(await anext(bob))
        assert received == []
        assert assembled([piece async for piece in ann], "for all ") == "for all for me"


async def test_members_share_one_execution_and_encoding(backend: Backend, live: Live, project: UUID) -> None:
    conversation = await converse(live, project)
    async with backend.subscribed(MESSAGES) as ann, backend.subscribed(MESSAGES, BOB) as bob:
        assert len(backend.subscriptions._shared) == 1
        before = backend.contexts
        await say(live, conversation, "to all")
        await ann.until(1)
        await bob.until(1)
        assert ann.payloads[0] is bob.payloads[0]
        assert backend.contexts - before == 2  # the subscription and its one response
        alone = await say(live, await converse(live, project, "private", "bob"), "x", "bob")
        await bob.until(2)
        assert str(alone) in bob.payloads[1]
        await say(live, conversation, "again")
        await ann.until(2)
        assert "again" in ann.payloads[1]


async def test_message_that_moved_to_another_project_is_not_shared(backend: Backend, live: Live, project: UUID) -> None:
    """Who sees both projects reads it, the other does not, in any order of their subscriptions."""
    other: UUID = await live.database.pool.fetchval(
        "INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Other', 'other') RETURNING id"
    )
    conversation = await converse(live, project)
    async with backend.subscribed(MESSAGES) as ann, backend.subscribed(MESSAGES, BOB) as bob:
        async with live.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO messages (user_id, conversation_id, content, message_type) "
                "VALUES ('ann', $1, 'for the other project', 'user')",
                conversation,
            )
            await connection.execute("UPDATE conversations SET project_id = $2 WHERE id = $1", conversation, other)
        live.bus.announce("ann")
        await ann.until(1)
        await bob.until(1)
        assert "for the other project" in ann.payloads[0]
        assert json.loads(bob.payloads[0])["data"]["messageChanged"]["message"] is None


async def test_refused_viewer_does_not_join_the_subscription_of_others(
    backend: Backend, live: Live, project: UUID
) -> None:
    async with (
        backend.subscribed(EVENTS, project=str(project)) as ann,
        backend.subscribed(EVENTS, CAROL, project=str(project)) as carol,
    ):
        await carol.until(1)
        assert carol.errors is not None
        assert carol.errors[0]["extensions"]["code"] == "NOT_FOUND"
        await settle(live, project, ann)
        assert carol.payloads == []


def documents() -> list[tuple[str, bool]]:
    """A subscription for each field of the types that events have, and whether viewers may share it."""
    types = schema._schema.type_map
    paths = {
        "Event": "eventAppended { cursor %s }",
        "MessageChangedEvent": "messageChanged { cursor %s }",
        "Message": "messageChanged { cursor message { %s } }",
        "IntentChangedEvent": "intentChanged { cursor %s }",
        "Intent": "intentChanged { cursor intent { %s } }",
        "Classification": "intentChanged { cursor intent { classification { %s } } }",
        "Project": "intentChanged { cursor intent { project { %s } } }",
        "NotificationAddedEvent": "notificationAdded { cursor %s }",
    }
    found = []
    for name, path in paths.items():
        of_type = types[name]
        assert isinstance(of_type, GraphQLObjectType)
        assert SAME_FOR_ALL.get(name, frozenset()) <= of_type.fields.keys(), f"unknown fields of {name}"
        for field, declared in of_type.fields.items():
            is_object = hasattr(get_named_type(declared.type), "fields") or hasattr(
                get_named_type(declared.type), "types"
            )
            selected = f"{field} {{ __typename }}" if is_object else field
            found.append((f"subscription {{ {path % selected} }}", field in SAME_FOR_ALL.get(name, ())))
    assert set(SAME_FOR_ALL) <= {*paths, "Subscription"}
    return found


def test_only_listed_fields_are_shared(backend: Backend) -> None:
    for document, shared in documents():
        operation = backend.executor.prepare(document)
        assert backend.executor.is_same_for_all(operation) == shared, document
    in_fragment = (
        "subscription { messageChanged { ...F } } fragment F on MessageChangedEvent { message { actions { id } } }"
    )
    assert not backend.executor.is_same_for_all(backend.executor.prepare(in_fragment))


async def test_each_shared_field_has_the_same_bytes_for_all_members(
    backend: Backend, live: Live, project: UUID
) -> None:
    """Each member is executed alone here, from a cursor, for records of different authors and states."""
    cursors = {viewer.id: await live.hub.latest(viewer.id) for viewer in (ANN, BOB)}
    for user in ("ann", "bob"):
        conversation = await converse(live, project, user=user)
        asked = await ask(live, project, f"work of {user}", user)
        await live.database.pool.execute(
            "UPDATE intents SET due_at = now(), labels = ARRAY['x'], priority = 3, assignee = 'person', "
            "assignee_id = $2 WHERE id = $1",
            asked,
            user,
        )
        said = await say(live, conversation, f"# 文 of {user}", user)
        await live.database.pool.execute("UPDATE messages SET metadata = '{\"a\": 1}' WHERE id = $1", said)
        await ask(live, project, f"deleted by {user}", user)
        await live.database.pool.execute("DELETE FROM intents WHERE description = $1", f"deleted by {user}")
    for document, shared in documents():
        if shared:
            field = document.partition("{ ")[2]
            name = field.split(" ")[0]
            resumed = document.replace("subscription", "subscription($after: String)").replace(
                name, f"{name}(after: $after)", 1
            )
            taken = [await alone(backend, resumed, viewer, cursors[viewer.id]) for viewer in (ANN, BOB)]
            assert taken[0] == taken[1], document
            assert taken[0], document


async def alone(backend: Backend, document: str, viewer: UserRow, after: str) -> list[str]:
    """The responses of a replay as this viewer."""
    sink = RecordingSink(LocalAccess(viewer))
    position = await backend.live.hub.start_position(viewer.id, after)
    await backend.subscriptions._replay(backend.executor.prepare(document), {"after": None}, sink, position)
    return sink.payloads
