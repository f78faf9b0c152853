"""Intents are classified, processed, retried and cancelled; each result and notification is stored once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.models.ports import AssistantError, Turn
from sql.repositories.intent_claims import claim_intents, finish_intent, release_expired_intents
from sql.repositories.intents import mark_intent_cancelled
from tests.fakes.classifier import RecordingClassifier
from tests.workers.conftest import Workshop


async def test_an_intent_is_classified_and_processed_and_the_user_is_notified(workshop: Workshop) -> None:
    workshop.assistant.script("1. Plan\n", "2. Done")
    intent = await workshop.insert_intent("認証の設計をまとめてください")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed")
    assert row["intent_type"] == "task"
    assert row["classification"]["confidence"] > 0.5
    assert row["result"]["text"] == "1. Plan\n2. Done"
    assert row["result"]["model"] == "scripted-1"
    assert row["progress"] == 1
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert (notification["title"], notification["notification_type"]) == ("完了しました", "success")
    assert notification["intent_id"] == intent
    history = await workshop.pool.fetch("SELECT to_status FROM intent_transitions ORDER BY id")
    assert [step["to_status"] for step in history] == ["pending", "processing", "completed"]


async def test_an_intent_is_classified_with_the_previous_messages_of_its_conversation(workshop: Workshop) -> None:
    workshop.classifier = recording = RecordingClassifier()
    await workshop.say("another talk")
    reply = await workshop.say("we moved to Kafka")
    conversation = (await workshop.row("messages", reply))["conversation_id"]
    intent = await workshop.insert_intent("do that for the orders too", conversation_id=conversation)
    await workshop.pool.execute(
        "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'later', 'user')",
        conversation,
    )
    alone = await workshop.insert_intent("do this")
    async with workshop.bridge("intent"):
        for each in (intent, alone):
            await workshop.until_status("intents", each, "completed")
    assert recording.before == {"do that for the orders too": [Turn("user", "we moved to Kafka")], "do this": []}


async def test_the_most_urgent_intent_is_claimed_first(workshop: Workshop) -> None:
    order = [("low", 0), ("high", 9), ("middle", 5), ("high too", 9)]
    for description, priority in order:
        await workshop.insert_intent(description, priority=priority, intent_type="question")
    async with workshop.services.database.connection() as connection:
        claims = [
            (await claim_intents(connection, "b", actor="t", count=1, lease_seconds=60))[0].intent.description
            for _ in order
        ]
    assert claims == ["high", "high too", "middle", "low"]


async def test_intents_of_each_type_are_processed(workshop: Workshop) -> None:
    kinds = ("question", "task", "specification", "remember")
    intents = [await workshop.insert_intent(f"do the {kind}", intent_type=kind) for kind in kinds]
    async with workshop.bridge("intent"):
        for intent, kind in zip(intents, kinds, strict=True):
            row = await workshop.until_status("intents", intent, "completed")
            assert row["result"]["handler"] == kind
            assert row["result"]["text"]


async def test_disabled_code_execution_fails_with_a_reason_and_is_not_retried(workshop: Workshop) -> None:
    intent = await workshop.insert_intent("run the tests", intent_type="code_execution")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert row["error_key"] == "code.disabled"
    assert row["attempts"] == 1


async def test_a_reminder_fires_once_when_it_is_due(workshop: Workshop) -> None:
    due = datetime.now(UTC) + timedelta(seconds=1)
    intent = await workshop.insert_intent("stand up", intent_type="reminder", due_at=due, next_attempt_at=due)
    async with workshop.bridge("intent"), workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed")
    assert row["processed_at"] >= due
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert (notification["title"], notification["message"]) == ("Reminder", "stand up")


async def test_a_reminder_that_came_due_while_nothing_ran_fires_at_start(workshop: Workshop) -> None:
    due = datetime.now(UTC) - timedelta(days=1)
    intent = await workshop.insert_intent("stand up", intent_type="reminder", due_at=due, next_attempt_at=due)
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed")


async def test_an_untyped_reminder_is_classified_and_waits_until_it_is_due(workshop: Workshop) -> None:
    intent = await workshop.insert_intent("remind me tomorrow at 9 to stand up")
    async with workshop.bridge("intent"):
        row = await workshop.until(
            lambda: workshop.pool.fetchrow("SELECT * FROM intents WHERE next_attempt_at IS NOT NULL")
        )
    assert (row["id"], row["intent_type"], row["status"], row["attempts"]) == (intent, "reminder", "pending", 0)
    assert row["next_attempt_at"] == row["due_at"]


async def test_a_reminder_whose_time_cannot_be_read_asks_for_it(workshop: Workshop) -> None:
    said = {
        "remind me on February 30 to pay the rent": ("intent.reminder_time_unread", {"words": "February 30"}),
        "あとで水を飲むのをリマインドして": ("intent.reminder_time_unread", {"words": "あとで"}),
        "remind me on 2020-01-01 to rest": ("intent.reminder_time_past", None),
    }
    intents = {await workshop.insert_intent(text): expected for text, expected in said.items()}
    async with workshop.bridge("intent"):
        for intent, (key, params) in intents.items():
            row = await workshop.until_status("intents", intent, "awaiting_confirmation")
            assert (row["intent_type"], row["due_at"], row["reason_key"]) == ("reminder", None, key)
            assert params is None or row["reason_params"] == params
        due = datetime.now(UTC) - timedelta(minutes=1)
        first = next(iter(intents))
        await workshop.pool.execute(
            "UPDATE intents SET status = 'pending', due_at = $2, actor = 'ann' WHERE id = $1", first, due
        )
        await workshop.until_status("intents", first, "completed")
    titles = await workshop.pool.fetch("SELECT notification_type FROM notifications ORDER BY id")
    assert sorted(row["notification_type"] for row in titles) == ["info", "warning", "warning", "warning"]


async def test_cancelling_reaches_a_running_model_within_a_second(workshop: Workshop) -> None:
    workshop.assistant.script("half", 3600.0)
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        async with workshop.services.database.transaction() as connection:
            await mark_intent_cancelled(connection, intent, actor="ann", reason="changed my mind")
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.cancelled))
    row = await workshop.row("intents", intent)
    assert (row["status"], row["result"]) == ("cancelled", None)
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 0


async def test_a_retryable_failure_is_retried_and_its_reason_is_stored(workshop: Workshop) -> None:
    workshop.assistant.script(AssistantError("model.overloaded", retryable=True))
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed")
    assert row["attempts"] == 2
    assert row["error"] is None
    history = await workshop.pool.fetch("SELECT to_status, key FROM intent_transitions ORDER BY id")
    assert [step["to_status"] for step in history] == ["pending", "processing", "pending", "processing", "completed"]
    assert history[2]["key"] == "intent.retry_later"


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [(AssistantError("model.key_rejected", retryable=False), 1), (RuntimeError("password=hunter2"), 1)],
)
async def test_a_permanent_failure_is_stored_with_its_reason_and_notified_once(
    workshop: Workshop, failure: Exception, attempts: int
) -> None:
    workshop.assistant.script(failure)
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert row["attempts"] == attempts
    assert "hunter2" not in row["error"]
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert notification["notification_type"] == "error"
    assert notification["key"] == "notification.failed"
    assert notification["params"] == {
        "intent": "write it",
        "reason": {"key": row["error_key"], "params": row["error_params"]},
    }


async def test_an_intent_whose_bridge_dies_at_each_attempt_fails(workshop: Workshop) -> None:
    intent = await workshop.insert_intent("write it", intent_type="task", attempts=3, max_attempts=3)
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert "3 times" in row["error"]


async def test_two_bridges_process_hundreds_of_intents_once_each(workshop: Workshop) -> None:
    intents = [await workshop.insert_intent(f"keep {number}", intent_type="remember") for number in range(200)]
    async with workshop.bridge("intent"), workshop.bridge("intent"):
        for intent in intents:
            await workshop.until_status("intents", intent, "completed")
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 200
    assert await workshop.pool.fetchval("SELECT max(attempts) FROM intents") == 1
    assert await workshop.pool.fetchval("SELECT count(*) FROM intent_transitions") == 600


async def test_a_zombie_with_an_old_fence_writes_nothing(workshop: Workshop) -> None:
    await workshop.insert_intent("write it", intent_type="task")
    async with workshop.services.database.connection() as connection:
        [zombie] = await claim_intents(connection, "zombie", actor="z", count=1, lease_seconds=0)
        await asyncio.sleep(0.01)
        assert await release_expired_intents(connection, actor="t", reason="lost") == {"ann"}
        [holder] = await claim_intents(connection, "holder", actor="h", count=1, lease_seconds=60)
        assert not await finish_intent(connection, zombie, status="completed", actor="z", result={"text": "dead"})
        assert await finish_intent(connection, holder, status="completed", actor="h", result={"text": "alive"})
    assert await workshop.pool.fetchval("SELECT result ->> 'text' FROM intents") == "alive"


async def test_a_bridge_that_stops_hands_over_and_leaves_the_list(workshop: Workshop) -> None:
    workshop.assistant.script("half", 3600.0)
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        assert await workshop.pool.fetchval("SELECT count(*) FROM bridge_heartbeats") == 1
    row = await workshop.row("intents", intent)
    assert (row["status"], row["attempts"]) == ("pending", 0)
    assert await workshop.pool.fetchval("SELECT count(*) FROM bridge_heartbeats") == 0


async def test_a_recurring_reminder_fires_and_creates_the_next_one(workshop: Workshop) -> None:
    due = datetime.now(UTC) - timedelta(minutes=5)
    intent = await workshop.insert_intent(
        "stand up", intent_type="reminder", due_at=due, next_attempt_at=due, recurrence="FREQ=DAILY", labels=["team"]
    )
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed")
    following = await workshop.pool.fetchrow("SELECT * FROM intents WHERE id <> $1", intent)
    assert following is not None
    assert (following["status"], following["recurrence"], following["labels"]) == ("pending", "FREQ=DAILY", ["team"])
    assert following["due_at"] == following["next_attempt_at"] == due + timedelta(days=1)


async def test_unfinished_work_notifies_once_when_it_is_due_and_is_not_claimed(workshop: Workshop) -> None:
    past = datetime.now(UTC) - timedelta(minutes=5)
    todo = await workshop.insert_intent("buy milk", assignee="person", due_at=past)
    reminder = await workshop.insert_intent("call Bob", assignee="person", intent_type="reminder", due_at=past)
    await workshop.insert_intent("done already", assignee="person", status="completed", due_at=past)
    await workshop.insert_intent("next year", assignee="person", due_at=past + timedelta(days=365))
    async with workshop.bridge("intent"), workshop.bridge("intent"):
        await workshop.until(
            lambda: workshop.pool.fetchval("SELECT count(*) = 2 FROM intents WHERE due_notified_at IS NOT NULL")
        )
        fenced = await workshop.insert_intent("write it", intent_type="task")
        await workshop.until_status("intents", fenced, "completed")
    shown = await workshop.pool.fetch(
        "SELECT n.title, n.message, i.status FROM notifications AS n JOIN intents AS i ON i.id = n.intent_id "
        "WHERE i.id = ANY($1)",
        [todo, reminder],
    )
    assert sorted(tuple(row) for row in shown) == [
        ("Due now", "buy milk", "pending"),
        ("Reminder", "call Bob", "pending"),
    ]
