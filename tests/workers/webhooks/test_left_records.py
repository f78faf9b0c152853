"""Deliveries of records that became private, or left the project, before they were sent."""

from typing import Any
from uuid import UUID

import pytest

from sql.repositories.webhook_deliveries import collect_deliveries
from tests.fakes.webhook_receiver import OK, Answer, Receiver, receiver
from tests.workers.webhooks.conftest import Hooks, add_project

LEFT = {"left": True}


async def add_conversation(hooks: Hooks) -> UUID:
    """A conversation that all members see."""
    [row] = await hooks.fetch(
        "INSERT INTO conversations (user_id, project_id, title, visibility) "
        "VALUES ('ann', $1, 'the offer', 'project') RETURNING id",
        hooks.project,
    )
    id: UUID = row["id"]
    return id


async def add_message(hooks: Hooks, conversation: UUID) -> UUID:
    [row] = await hooks.fetch(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'x', 'user') "
        "RETURNING id",
        conversation,
    )
    id: UUID = row["id"]
    return id


async def add_memory(hooks: Hooks, message: UUID) -> UUID:
    [row] = await hooks.fetch(
        "INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
        "VALUES ('ann', 'the offer is 900', 'longterm', 'message', $1) RETURNING id",
        message,
    )
    id: UUID = row["id"]
    return id


async def make_private(hooks: Hooks, conversation: UUID) -> None:
    await hooks.execute("UPDATE conversations SET visibility = 'private' WHERE id = $1", conversation)


async def collect(hooks: Hooks) -> None:
    """Make deliveries of all events, and send none."""
    async with hooks.workshop.services.database.connection() as connection:
        while await collect_deliveries(connection, hooks.clock.at):
            pass


async def sent(hooks: Hooks, target: Receiver) -> dict[str, list[tuple[str, Any]]]:
    """Send everything; the types and payloads by subject."""
    await collect(hooks)
    async with hooks.sending():
        await hooks.until_ended(len(await hooks.deliveries()))
    found: dict[str, list[tuple[str, Any]]] = {}
    for request in target.accepted:
        data = request.data["data"]
        found.setdefault(data["subjectId"], []).append((request.data["type"], data["payload"]))
    return found


async def test_memory_that_becomes_private_with_its_conversation_has_an_event_in_both_scopes(hooks: Hooks) -> None:
    conversation = await add_conversation(hooks)
    memory = await add_memory(hooks, await add_message(hooks, conversation))
    events = "SELECT scope_id = $2 AS shared, payload ? 'toScope' AS left FROM events WHERE subject_id = $1 ORDER BY id"
    await make_private(hooks, conversation)
    rows = await hooks.fetch(events, memory, hooks.project)
    assert [(row["shared"], row["left"]) for row in rows] == [(True, False), (False, False), (True, True)]
    await hooks.execute("UPDATE memories SET access_count = access_count + 1 WHERE id = $1", memory)
    await hooks.execute("UPDATE conversations SET visibility = 'project' WHERE id = $1", conversation)
    rows = await hooks.fetch(events, memory, hooks.project)
    assert [(row["shared"], row["left"]) for row in rows][3:] == [(True, False), (False, True)]


async def test_what_became_private_before_it_was_sent_says_only_that_it_left(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    conversation = await add_conversation(hooks)
    message = await add_message(hooks, conversation)
    memory = await add_memory(hooks, message)
    [action] = await hooks.fetch(
        "INSERT INTO actions (user_id, message_id, tool, summary, status, actor) "
        "VALUES ('ann', $1, 'record_decision', 's', 'done', 'test') RETURNING id",
        message,
    )
    intent = await hooks.change()
    await collect(hooks)
    await make_private(hooks, conversation)
    found = await sent(hooks, target)
    for subject in (conversation, memory):
        assert [payload for _, payload in found[str(subject)]] == [LEFT, LEFT], subject
    for subject in (message, action["id"]):
        assert [payload for _, payload in found[str(subject)]] == [LEFT], subject
    assert [payload["status"] for _, payload in found[str(intent)]] == ["pending"]
    stored = await hooks.fetch("SELECT payload::text FROM webhook_deliveries WHERE subject_id <> $1", intent)
    assert {row["payload"] for row in stored} == {'{"left": true}'}


async def test_repeated_request_does_not_have_what_became_private_after_the_first(hooks: Hooks) -> None:
    async with receiver(lambda request: Answer(500)) as target:
        await hooks.add(target.url)
        conversation = await add_conversation(hooks)
        async with hooks.sending():
            await hooks.until_attempts(1)
        assert target.received[0].data["data"]["payload"]["title"] == "the offer"
        await make_private(hooks, conversation)
        target.decide = lambda request: OK
        hooks.clock.at = (await hooks.deliveries())[0]["next_attempt_at"]
        found = await sent(hooks, target)
    assert found == {str(conversation): [("conversation.created", LEFT), ("conversation.updated", LEFT)]}


async def test_record_that_moves_to_another_project_leaves_only_its_own(hooks: Hooks, target: Receiver) -> None:
    other = await add_project(hooks.workshop, "other")
    await hooks.add(target.url)
    intent, stays = await hooks.change(2), await hooks.change(2)
    await collect(hooks)
    await hooks.execute("UPDATE intents SET project_id = $2 WHERE id = $1", intent, other)
    found = await sent(hooks, target)
    assert [payload for _, payload in found[str(intent)]] == [LEFT] * 3
    assert [payload["version"] for _, payload in found[str(stays)]] == [1, 2]


async def test_record_that_came_back_is_sent_with_what_happened_since(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    conversation = await add_conversation(hooks)
    await make_private(hooks, conversation)
    await hooks.execute("UPDATE conversations SET visibility = 'project' WHERE id = $1", conversation)
    found = await sent(hooks, target)
    assert [payload.get("title") for _, payload in found[str(conversation)]] == [None, None, "the offer"]


@pytest.mark.parametrize("deleted", [False, True])
async def test_webhook_that_waited_longer_than_events_are_kept_sends_nothing_private(
    hooks: Hooks, target: Receiver, deleted: bool
) -> None:
    webhook = await hooks.add(target.url, kinds=["conversation_created", "intent_created"])
    conversation, intent = await add_conversation(hooks), await hooks.change()
    await collect(hooks)
    await hooks.execute("UPDATE webhooks SET enabled = false WHERE id = $1", webhook)
    await make_private(hooks, conversation)
    if deleted:
        await hooks.execute("DELETE FROM conversations WHERE id = $1", conversation)
    await hooks.execute("DELETE FROM events")  # as LIVE_EVENT_RETENTION_DAYS later
    await hooks.execute("UPDATE webhooks SET enabled = true WHERE id = $1", webhook)
    found = await sent(hooks, target)
    assert found[str(conversation)] == [("conversation.created", LEFT)]
    assert found[str(intent)][0][1]["status"] == "pending"


async def test_deletion_of_a_record_that_did_not_leave_keeps_what_was_sent_before(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.add(target.url)
    conversation = await add_conversation(hooks)
    await hooks.execute("DELETE FROM conversations WHERE id = $1", conversation)
    found = await sent(hooks, target)
    [created, removed] = found[str(conversation)]
    assert created[1]["title"] == "the offer"
    assert removed == ("conversation.deleted", {})
