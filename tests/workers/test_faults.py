"""Faults around a bridge: broken connections, differing clocks, messages that change during the work."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sql.repositories.intents import find_intents, mark_intent_cancelled, mark_intent_pending
from sql.repositories.messages import mark_reply_stopped
from tests.fakes.clock import SlowClock
from tests.workers.conftest import Workshop

CUT_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name <> 'test'"
)


async def test_a_reply_is_written_although_connections_break(workshop: Workshop) -> None:
    words = [f"{number} " for number in range(20)]
    workshop.assistant.script(*(step for word in words for step in (word, 0.05)))
    reply = await workshop.say("count, please")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", reply, "streaming")
        for _ in range(4):
            await asyncio.sleep(0.2)
            await workshop.pool.execute(CUT_ALL)
        row = await workshop.until_status("messages", reply, "complete", "failed")
    assert (row["status"], row["content"], row["attempts"]) == ("complete", "".join(words), 1)
    assert len(workshop.assistant.prompts) == 1
    assert await workshop.pool.fetchval("SELECT count(*) FROM intents WHERE source_message_id IS NOT NULL") <= 1


async def test_an_intent_is_processed_although_connections_break(workshop: Workshop) -> None:
    workshop.assistant.script("the ", 0.5, "result")
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        await workshop.pool.execute(CUT_ALL)
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert (row["status"], row["result"]["text"], row["attempts"]) == ("completed", "the result", 1)
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1


async def test_stopping_and_regenerating_at_once_ends_the_first_model_call(workshop: Workshop) -> None:
    workshop.assistant.script("first", 3600.0)
    workshop.assistant.script("second")
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        async with workshop.services.database.transaction() as connection:
            await mark_reply_stopped(connection, "ann", reply)
        again = await workshop.regenerate(reply)
        row = await workshop.until_status("messages", again, "complete")
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.cancelled))
    assert row["content"] == "second"
    assert (await workshop.row("messages", reply))["status"] == "stopped"


async def test_cancelling_and_retrying_at_once_ends_the_first_model_call(workshop: Workshop) -> None:
    workshop.assistant.script("first", 3600.0)
    workshop.assistant.script("second")
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        async with workshop.services.database.transaction() as connection:
            await mark_intent_cancelled(connection, intent, actor="ann", reason=None)
            [row] = await find_intents(connection, "ann", [intent])
            await mark_intent_pending(connection, row, actor="ann", reason="again")
        workshop.services.bus.announce("ann")
        done = await workshop.until_status("intents", intent, "completed")
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.cancelled))
    assert done["result"]["text"] == "second"
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1


async def test_a_slow_clock_does_not_postpone_a_due_reminder_for_ever(workshop: Workshop) -> None:
    workshop.clock = SlowClock(timedelta(hours=1))
    due = datetime.now(UTC)
    intent = await workshop.insert_intent("stand up", intent_type="reminder", due_at=due, next_attempt_at=due)
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed")
    assert await workshop.pool.fetchval("SELECT count(*) FROM intent_transitions") == 3


async def test_a_reply_whose_bridge_dies_at_each_attempt_fails_with_a_reason(workshop: Workshop) -> None:
    reply = await workshop.say("hi", announce=False)
    await workshop.pool.execute("UPDATE messages SET attempts = 3 WHERE id = $1", reply)
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete", "failed")
    assert row["status"] == "failed"
    assert "3 times" in row["error"]
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1


@pytest.mark.parametrize("kind", ["intent", "message"])
async def test_no_connection_is_held_during_model_calls(workshop: Workshop, kind: str) -> None:
    busy = workshop.services.settings.worker_concurrency
    assert busy > workshop.services.database.pool.get_max_size()
    for number in range(busy):
        workshop.assistant.script("half", 3600.0)
        await (
            workshop.insert_intent(f"write {number}", intent_type="task")
            if kind == "intent"
            else workshop.say(f"{number}")
        )
    async with workshop.bridge("intent" if kind == "intent" else "message"):
        await workshop.until(lambda: asyncio.sleep(0, len(workshop.assistant.prompts) == busy))
        async with workshop.services.database.connection() as connection:
            assert await connection.fetchval("SELECT 1") == 1


async def test_characters_that_the_database_cannot_store_are_replaced(workshop: Workshop) -> None:
    workshop.assistant.script("a\x00b", " \ud83d", "\ude00 c")
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete", "failed")
    assert (row["status"], row["content"]) == ("complete", "a\ufffdb 😀 c")


async def test_the_failure_of_a_long_intent_shows_its_reason(workshop: Workshop) -> None:
    intent = await workshop.insert_intent("run this " * 100, intent_type="code_execution")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert row["error"] in await workshop.pool.fetchval("SELECT message FROM notifications")
