"""Reminders and due work over simulated weeks: each time notifies once, in the time zone of the user."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.clock import SetClock
from tests.workers.conftest import Workshop

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2027, 3, 15, 10, tzinfo=BERLIN)  # the clocks change on 28 March
WEEK = timedelta(days=7)


@pytest.fixture
async def clock(workshop: Workshop) -> SetClock:
    """The clock of the bridges, one minute before the first Monday at ten."""
    await workshop.pool.execute("UPDATE users SET timezone = 'Europe/Berlin' WHERE id = 'ann'")
    clock = SetClock(MONDAY - timedelta(minutes=1))
    workshop.clock = clock
    return clock


async def notified(workshop: Workshop, count: int) -> list[tuple[str, dict[str, Any], UUID]]:
    """The key, the params and the intent of the first `count` notifications, once they exist."""
    await workshop.until(lambda: workshop.pool.fetchval("SELECT count(*) >= $1 FROM notifications", count))
    rows = await workshop.pool.fetch("SELECT key, params, intent_id FROM notifications ORDER BY id")
    assert len(rows) == count
    return [(row["key"], row["params"], row["intent_id"]) for row in rows]


async def pending(workshop: Workshop) -> list[datetime]:
    """When the pending intents are due, in the zone of the user, once what was claimed has ended."""
    await workshop.until(lambda: workshop.pool.fetchval("SELECT count(*) = 0 FROM intents WHERE status = 'processing'"))
    rows = await workshop.pool.fetch("SELECT due_at FROM intents WHERE status = 'pending'")
    return [row["due_at"].astimezone(BERLIN) for row in rows]


async def test_a_weekly_reminder_fires_once_a_week_over_a_change_of_the_clock(
    workshop: Workshop, clock: SetClock
) -> None:
    await workshop.insert_intent(
        "毎週月曜10時に水を飲むのをリマインドして", intent_type="reminder", due_at=MONDAY, next_attempt_at=MONDAY,
        recurrence="FREQ=WEEKLY;BYDAY=MO",
    )  # fmt: skip
    async with workshop.bridge("intent"), workshop.bridge("intent"):
        for week in range(4):
            clock.at = (MONDAY + week * WEEK).replace(second=2)
            shown = await notified(workshop, week + 1)
            assert shown[-1][:2] == ("notification.reminder", {"intent": "水を飲む"})
            assert await pending(workshop) == [MONDAY + (week + 1) * WEEK]  # wall-clock time: always at ten
        clock.at = MONDAY + 9 * WEEK + timedelta(hours=3)  # nothing ran for five weeks
        shown = await notified(workshop, 5)
        assert shown[-1][:2] == ("notification.reminder_missed", {"intent": "水を飲む", "missed": 5})
        assert await pending(workshop) == [MONDAY + 10 * WEEK]


async def test_unfinished_work_notifies_once_when_due_and_once_when_overdue(
    workshop: Workshop, clock: SetClock
) -> None:
    mine = await workshop.insert_intent("buy milk", assignee="person", due_at=MONDAY)
    held = await workshop.insert_intent("write it", status="awaiting_confirmation", due_at=MONDAY)
    done = await workshop.insert_intent("call Bob", assignee="person", due_at=MONDAY)
    async with AsyncExitStack() as bridges:
        for _ in range(2):
            await bridges.enter_async_context(workshop.bridge("intent"))
        clock.at = MONDAY
        shown = await notified(workshop, 3)
        assert {(key, intent) for key, _, intent in shown} == {
            ("notification.due", intent) for intent in (mine, held, done)
        }
        await workshop.pool.execute("UPDATE intents SET status = 'completed' WHERE id = $1", done)
        moved = await workshop.insert_intent("later", assignee="person", due_at=MONDAY)
        await notified(workshop, 4)
        await workshop.pool.execute("UPDATE intents SET due_at = $2 WHERE id = $1", moved, MONDAY + 2 * WEEK)
        clock.at = MONDAY.replace(day=16, hour=9)  # the next morning
        shown = await notified(workshop, 6)
        assert {(key, intent) for key, _, intent in shown[4:]} == {
            ("notification.overdue", mine), ("notification.overdue", held),
        }  # fmt: skip
        clock.at = MONDAY + 2 * WEEK + timedelta(days=3)  # nothing ran from before it was due until it was overdue
        assert (await notified(workshop, 7))[-1][::2] == ("notification.overdue", moved)


async def test_work_of_an_archived_project_waits_until_it_is_restored(workshop: Workshop, clock: SetClock) -> None:
    pool = workshop.pool
    project = await pool.fetchval("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'o', 'o') RETURNING id")
    archive = "UPDATE projects SET archived_at = CASE WHEN $2 THEN now() END WHERE id = $1"
    daily: dict[str, Any] = {"due_at": MONDAY, "next_attempt_at": MONDAY, "recurrence": "FREQ=DAILY"}
    old = [
        await workshop.insert_intent("リマインド：水", intent_type="reminder", project_id=project, **daily),
        await workshop.insert_intent("buy milk", assignee="person", due_at=MONDAY, project_id=project),
        await workshop.insert_intent("a question", intent_type="question", project_id=project),
    ]
    late = await workshop.insert_intent("call Bob", assignee="person", due_at=MONDAY - WEEK, project_id=project)
    await pool.execute("UPDATE intents SET due_notified_at = now(), overdue_at = $2 WHERE id = $1", late, MONDAY)
    reply = await workshop.say("hello", announce=False)
    await pool.execute(
        "UPDATE conversations AS c SET project_id = $2 FROM messages AS m WHERE m.id = $1 AND c.id = m.conversation_id",
        reply,
        project,
    )
    await pool.execute(archive, project, True)
    again = await workshop.insert_intent("failed before", status="failed", intent_type="question", project_id=project)
    await pool.execute("UPDATE intents SET status = 'pending' WHERE id = $1", again)
    seen = await workshop.insert_intent("seen", assignee="person", due_at=MONDAY)
    clock.at = MONDAY + timedelta(days=2, hours=1)
    async with workshop.bridge("intent"), workshop.bridge("message"):
        other = await workshop.say("hello")
        await workshop.until_status("messages", other, "complete")
        assert [intent for _, _, intent in await notified(workshop, 1)] == [seen]
        idle = await pool.fetch("SELECT status FROM intents WHERE id = ANY($1)", [*old, late, again])
        assert {row["status"] for row in idle} == {"pending"}
        assert (await workshop.row("messages", reply))["status"] == "pending"
        await pool.execute(archive, project, False)
        workshop.services.bus.announce("ann")
        for each in (old[2], again):
            await workshop.until_status("intents", each, "completed")
        await workshop.until_status("messages", reply, "complete")
        keys = {intent: (key, params.get("missed")) for key, params, intent in await notified(workshop, 6)}
        assert keys[old[0]] == ("notification.reminder_missed", 2)
        assert (keys[old[1]][0], keys[late][0]) == ("notification.overdue", "notification.overdue")


async def test_a_slow_clock_of_a_worker_does_not_delay_what_is_due_or_overdue(
    workshop: Workshop, clock: SetClock
) -> None:
    clock.at = datetime.now(UTC) - timedelta(days=2)
    past = clock.at + timedelta(hours=40)  # the worker sees it in the future
    due = await workshop.insert_intent("buy milk", assignee="person", due_at=past)
    late = await workshop.insert_intent("call Bob", assignee="person", due_at=clock.at - timedelta(days=1))
    await workshop.pool.execute("UPDATE intents SET due_notified_at = now(), overdue_at = $2 WHERE id = $1", late, past)
    async with workshop.bridge("intent"):
        shown = await notified(workshop, 2)
        assert {(key, intent) for key, _, intent in shown} == {
            ("notification.due", due),
            ("notification.overdue", late),
        }
