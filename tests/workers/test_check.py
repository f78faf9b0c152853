"""A contradicting intent waits, the user is notified once, and it continues as the user decides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.ports import Candidate
from app.workers.intents.contradictions.prior_records import find_prior_records
from sql.paging import LAST_ID
from tests.decided import decide_with
from tests.workers.conftest import Workshop
from tests.workers.test_handlers import intent as intent_row

UNSAVED = intent_row("task", "not saved")


async def only_notification(workshop: Workshop) -> Any:
    [row] = await workshop.pool.fetch("SELECT * FROM notifications")
    return row


async def test_a_contradicting_intent_waits_and_the_warning_links_both(workshop: Workshop) -> None:
    choice = await decide_with(workshop.services.database, "Which database?", "PostgreSQL", "MySQL")
    intent = await workshop.insert_intent("Store the orders in MySQL")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "awaiting_confirmation", "completed")
    assert (row["status"], row["attempts"], row["claimed_by"]) == ("awaiting_confirmation", 0, None)
    [found] = await workshop.pool.fetch("SELECT * FROM contradictions")
    assert (found["kind"], found["status"], found["conflicts_with_decision_id"]) == ("tech_stack", "pending", choice)
    warning = await only_notification(workshop)
    assert (warning["notification_type"], warning["intent_id"]) == ("warning", intent)
    assert "MySQL" in warning["message"]
    assert "PostgreSQL" in warning["message"]
    assert warning["metadata"] == {
        "contradictionId": str(found["id"]),
        "kind": "tech_stack",
        "conflictsWith": {"kind": "decision", "id": str(choice)},
    }
    assert workshop.assistant.prompts == []
    kinds = [event["kind"] for event in await workshop.pool.fetch("SELECT kind FROM events ORDER BY id")]
    assert kinds.count("contradiction_found") == 1


async def test_a_duplicate_is_held_and_links_the_first_intent(workshop: Workshop) -> None:
    first = await workshop.insert_intent("Write the tests for the payment module", intent_type="task")
    second = await workshop.insert_intent("Please add tests for the payment module")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", first, "completed")
        await workshop.until_status("intents", second, "awaiting_confirmation")
    [found] = await workshop.pool.fetch("SELECT * FROM contradictions")
    assert (found["kind"], found["intent_id"], found["other_intent_id"]) == ("duplicate", second, first)


async def test_an_approved_specification_counts_and_a_draft_does_not(workshop: Workshop) -> None:
    save = "INSERT INTO specifications (user_id, title, content, status, author) VALUES ('ann', 'API', $1, $2, 'ann')"
    await workshop.pool.execute(save, "The web client is built with React.", "draft")
    await workshop.pool.execute(save, "All endpoints require authentication.", "approved")
    free = await workshop.insert_intent("Build the login page with Vue")
    held = await workshop.insert_intent("Make the export endpoint work without authentication")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", free, "completed")
        await workshop.until_status("intents", held, "awaiting_confirmation")
    [found] = await workshop.pool.fetch("SELECT * FROM contradictions")
    assert (found["kind"], found["specification_id"] is not None) == ("policy_shift", True)


async def test_decisions_of_another_user_do_not_count(workshop: Workshop) -> None:
    await workshop.pool.execute("INSERT INTO users VALUES ('bob', 'Bob', 'member')")
    await decide_with(workshop.services.database, "Which database?", "PostgreSQL", "MySQL", user="bob")
    intent = await workshop.insert_intent("Store the orders in MySQL")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed")


async def test_a_reminder_is_never_held(workshop: Workshop) -> None:
    due = datetime.now(UTC) - timedelta(minutes=1)
    intents = [
        await workshop.insert_intent("always take a break", intent_type="reminder", due_at=due) for _ in range(2)
    ]
    async with workshop.bridge("intent"):
        for intent in intents:
            await workshop.until_status("intents", intent, "completed")


async def test_an_approved_intent_continues_and_is_not_checked_again(workshop: Workshop) -> None:
    await decide_with(workshop.services.database, "Which database?", "PostgreSQL", "MySQL")
    intent = await workshop.insert_intent("Store the orders in MySQL", intent_type="task")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
        await workshop.pool.execute(
            "UPDATE contradictions SET status = 'approved', rationale = 'ten letters', resolved_by = 'ann', "
            "resolved_at = now()"
        )
        await workshop.pool.execute("UPDATE intents SET status = 'pending', actor = 'ann' WHERE id = $1", intent)
        await workshop.until_status("intents", intent, "completed")
    assert await workshop.pool.fetchval("SELECT count(*) FROM contradictions") == 1


async def test_a_reworded_intent_is_checked_again(workshop: Workshop) -> None:
    await decide_with(workshop.services.database, "Which database?", "PostgreSQL", "MySQL")
    intent = await workshop.insert_intent("Store the orders in MySQL", intent_type="task")
    reword = "UPDATE intents SET status = 'pending', description = $2, actor = 'ann', reason = NULL WHERE id = $1"
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
        await workshop.pool.execute(reword, intent, "Store the orders in SQLite")
        await workshop.until(lambda: workshop.pool.fetchval("SELECT count(*) = 2 FROM contradictions"))
        await workshop.until_status("intents", intent, "awaiting_confirmation")
        await workshop.pool.execute(reword, intent, "Store the orders in PostgreSQL")
        await workshop.until_status("intents", intent, "completed")
    rows = await workshop.pool.fetch("SELECT status, rationale FROM contradictions")
    assert [tuple(row) for row in rows] == [("modified", "The intent was reworded.")] * 2


async def test_a_record_near_in_meaning_is_compared_without_shared_terms(workshop: Workshop) -> None:
    first = await workshop.insert_intent("Look into the slow nightly job of the importer", intent_type="task")
    services = workshop.services
    async with services.database.connection() as connection:
        project = await connection.fetchval("SELECT default_project('ann')")
        description = "Investigate the slow nightly job of the loader"
        intent = replace(UNSAVED, id=LAST_ID, project_id=project, description=description)
        by_words = await find_prior_records(connection, replace(intent, description="zzz"), {})
        by_meaning = await find_prior_records(connection, replace(intent, description="zzz"), {first: 0.9})
    assert by_words == []
    [record] = by_meaning
    assert (record.id, record.similarity, record.open) == (first, 0.9, True)
    found = await LocalJudge().judge(Candidate(intent.description, "task"), by_meaning)
    assert [each.kind for each in found] == ["duplicate"]


async def test_a_decision_that_was_accepted_after_the_intent_was_created_holds_it_when_it_is_claimed(
    workshop: Workshop,
) -> None:
    held = [
        await workshop.insert_intent(text, intent_type="task")
        for text in (
            "ファイルのアップロードの上限を50MBにして",
            "Merge the login fix without a review",
            "Build a native mobile app for the orders",
        )
    ]
    free = await workshop.insert_intent("Show an error when an upload is larger than 10 MB", intent_type="task")
    database = workshop.services.database
    decided = [
        await decide_with(database, "Uploads are limited to 10 MB", kind="value", topic="upload size", value="10 MB"),
        await decide_with(database, "レビューなしでマージしない", kind="rule", topic="レビュー"),
        await decide_with(database, "A native mobile app is out of scope", kind="scope", topic="mobile app"),
    ]
    async with workshop.bridge("intent"):
        for intent in held:
            await workshop.until_status("intents", intent, "awaiting_confirmation")
        await workshop.until_status("intents", free, "completed")
    rows = await workshop.pool.fetch("SELECT intent_id, conflicts_with_decision_id, judge FROM contradictions")
    assert {tuple(row) for row in rows} == {(*pair, "gate") for pair in zip(held, decided, strict=True)}


async def test_a_claimed_intent_is_compared_with_what_was_decided_since_it_was_compared(workshop: Workshop) -> None:
    """It was compared once, and did not finish. A settled contradiction is not found again."""
    database, pool = workshop.services.database, workshop.pool
    texts = ("Store the orders in MySQL", "Store the invoices in MySQL", "Always store the logs in MySQL")
    held, free, settled = [await workshop.insert_intent(text, intent_type="task") for text in texts]
    old = await decide_with(database, "Cache: Redis", "Redis", topic="cache")
    await pool.execute("UPDATE decisions SET updated_at = now() - interval '2 hours' WHERE id = $1", old)
    await pool.execute("UPDATE intents SET checked_at = now() - interval '1 hour'")
    new = await decide_with(database, "Database: PostgreSQL", "PostgreSQL", topic="database")
    await pool.execute("UPDATE intents SET checked_at = now() + interval '1 hour' WHERE id = $1", free)
    await pool.execute(
        "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge, status, rationale, "
        "resolved_by, resolved_at, conflicts_with_decision_id) "
        "VALUES ('ann', $1, 'tech_stack', 1, 'x', 'gate', 'approved', 'ten letters', 'ann', now(), $2)", settled, new,
    )  # fmt: skip
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", held, "awaiting_confirmation")
        for intent in (free, settled):
            await workshop.until_status("intents", intent, "completed")
    found = await pool.fetch("SELECT conflicts_with_decision_id FROM contradictions WHERE intent_id = $1", held)
    assert [row[0] for row in found] == [new]
