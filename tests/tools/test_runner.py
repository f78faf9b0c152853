"""Calls of tools become actions: done, proposed, failed, undone; each once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.language.catalogue import stored_text
from app.tools.calls import ToolCall
from app.tools.registry import TOOLS
from sql.errors import BadUserInput, Conflict, NotFound
from sql.rows import ActionRow
from tests.tools.conftest import Toolbox

REMINDER = {"description": "ペネトレーションテスト", "intentType": "REMINDER", "dueAt": "2026-12-02T09:00:00+09:00"}


def outcome(action: ActionRow) -> tuple[str, str | None, str | None]:
    return action.status, action.key, action.reason_key


async def test_a_reminder_is_created_and_undone(toolbox: Toolbox) -> None:
    action = await toolbox.perform("create_intent", **REMINDER)
    assert outcome(action) == ("done", "action.create_intent.reminder_at", None)
    assert action.summary == "リマインダー（2026-12-02 09:00）：ペネトレーションテスト"
    due = await toolbox.value("SELECT due_at FROM intents WHERE id = $1", action.subject_id)
    assert due == datetime(2026, 12, 2, tzinfo=UTC)
    assert await toolbox.undoable(action) == [True]
    assert (await toolbox.undo(action)).status == "undone"
    assert await toolbox.value("SELECT count(*) FROM intents") == 0
    with pytest.raises(Conflict, match=r"action\.not_undoable"):
        await toolbox.undo(action)


async def test_a_call_is_done_once_also_by_two_workers(toolbox: Toolbox) -> None:
    both = await asyncio.gather(*(toolbox.perform("create_intent", "call-1", **REMINDER) for _ in range(2)))
    assert both[0].id == both[1].id
    assert await toolbox.value("SELECT count(*) FROM intents") == 1
    later = await toolbox.perform("create_intent", "call-1", description="something else")
    assert later.id == both[0].id


@pytest.mark.parametrize(
    ("tool", "arguments", "key"),
    [
        ("create_intent", {}, "tool.argument_missing"),
        ("create_intent", {"description": 3}, "tool.argument_type"),
        ("create_intent", {"description": "x", "priority": True}, "tool.argument_type"),
        ("create_intent", {"description": "x", "priority": 11}, "input.out_of_range"),
        ("create_intent", {"description": "x", "intentType": "POEM"}, "tool.argument_not_allowed"),
        ("create_intent", {"description": "x", "dueAt": "tomorrow"}, "tool.argument_type"),
        ("create_intent", {"description": "x", "dueAt": "2026-12-02T09:00:00"}, "tool.time_without_offset"),
        ("create_intent", {"description": "x", "intentType": "REMINDER"}, "intent.due_at_missing"),
        ("create_intent", {"description": "x", "who": "me"}, "tool.argument_unknown"),
        ("create_intent", {"description": "   "}, "input.empty"),
        ("cancel_intent", {"id": "no id"}, "tool.argument_type"),
        ("cancel_intent", {"id": "01999999-0000-7000-8000-000000000000"}, "intent.not_found"),
        ("no_such_tool", {}, "tool.unknown"),
    ],
)
async def test_a_call_that_cannot_be_done_is_a_failed_action(
    toolbox: Toolbox, tool: str, arguments: dict[str, Any], key: str
) -> None:
    action = await toolbox.call(ToolCall(tool, arguments))
    assert (action.status, action.reason_key) == ("failed", key)
    assert action.reason
    assert await toolbox.undoable(action) == [False]


async def test_a_failed_call_leaves_the_rest_of_the_transaction(toolbox: Toolbox) -> None:
    async with toolbox.database.transaction() as connection:
        done = await toolbox.runner.perform(connection, toolbox.caller, ToolCall("create_intent", REMINDER))
        await toolbox.runner.perform(connection, toolbox.caller, ToolCall("create_intent", {"description": ""}))
    assert await toolbox.value("SELECT count(*) FROM intents WHERE id = $1", done.subject_id) == 1
    assert await toolbox.value("SELECT count(*) FROM actions") == 2


async def test_an_undo_restores_what_was_and_not_what_changed_since(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", description="ログイン画面", priority=2)
    changed = await toolbox.perform("update_intent", id=str(made.subject_id), description="ログアウト画面", priority=5)
    cancelled = await toolbox.perform("cancel_intent", id=str(made.subject_id))
    assert await toolbox.undoable(made, changed, cancelled) == [False, False, True]
    with pytest.raises(Conflict, match=r"action\.subject_changed"):
        await toolbox.undo(changed)
    await toolbox.undo(cancelled)
    await toolbox.undo(changed)
    row = await toolbox.value(
        "SELECT (description, status, priority)::text FROM intents WHERE id = $1", made.subject_id
    )
    assert row == "(ログイン画面,pending,2)"
    await toolbox.undo(made)
    kinds = await toolbox.value("SELECT array_agg(kind ORDER BY xid, id) FROM events WHERE kind LIKE 'action%'")
    assert kinds == ["action_created"] * 3 + ["action_updated"] * 3


async def test_an_undo_restores_whose_work_it_is_with_its_labels_and_repetition(toolbox: Toolbox) -> None:
    made = await toolbox.perform(
        "create_intent",
        description="ゴミ出し",
        assignee="PERSON",
        labels=["家"],
        dueAt="2026-12-04T08:00:00+09:00",
        recurrence="FREQ=WEEKLY",
    )
    intent = str(made.subject_id)
    started = await toolbox.perform("start_intent", id=intent)
    labelled = await toolbox.perform("update_intent", id=intent, labels=["外", "朝"], recurrence=None)
    await toolbox.undo(labelled)
    completed = await toolbox.perform("complete_intent", id=intent)
    assert await toolbox.value("SELECT count(*) FROM intents") == 2
    await toolbox.undo(completed)
    query = "SELECT (status, assignee, assignee_id, labels, recurrence)::text FROM intents"
    assert await toolbox.value(query) == "(processing,person,ann,{家},FREQ=WEEKLY)"
    assert await toolbox.value("SELECT count(*) FROM intents") == 1
    await toolbox.perform("complete_intent", id=intent)
    reopened = await toolbox.perform("reopen_intent", id=intent)
    assert await toolbox.value("SELECT string_agg(status, ',') FROM intents") == "pending"
    await toolbox.undo(reopened)
    assert await toolbox.value("SELECT string_agg(status, ',' ORDER BY id) FROM intents") == "completed,pending"
    await toolbox.perform("reopen_intent", id=intent)
    await toolbox.perform("start_intent", id=intent)
    await toolbox.undo(started)
    handed = await toolbox.perform("update_intent", id=intent, assignee="ASSISTANT")
    assert await toolbox.value("SELECT assignee_id FROM intents") is None
    await toolbox.undo(handed)
    assert await toolbox.value(query) == "(pending,person,ann,{家},FREQ=WEEKLY)"


async def test_an_undo_is_not_offered_once_a_worker_has_begun(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", description="ログイン画面")
    async with toolbox.database.connection() as connection:
        await connection.execute(
            "UPDATE intents SET status = 'processing', claimed_by = 'w', lease_until = now(), attempts = 1"
        )
        await connection.execute("UPDATE intents SET status = 'pending', claimed_by = NULL, lease_until = NULL")
    assert await toolbox.undoable(made) == [False]


async def test_a_cancelled_intent_gets_its_open_contradictions_back(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", description="MySQLで作る")
    async with toolbox.database.connection() as connection:
        await connection.execute("UPDATE intents SET status = 'awaiting_confirmation'")
        await connection.execute(
            "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge) "
            "VALUES ('ann', $1, 'dogma', 0.9, 'x', 'local')",
            made.subject_id,
        )
    cancelled = await toolbox.perform("cancel_intent", id=str(made.subject_id))
    assert await toolbox.value("SELECT status FROM contradictions") == "rejected"
    await toolbox.undo(cancelled)
    assert await toolbox.value("SELECT status FROM contradictions") == "pending"
    assert await toolbox.value("SELECT status FROM intents") == "awaiting_confirmation"


async def test_a_proposal_with_candidates_is_done_for_the_chosen_one(toolbox: Toolbox) -> None:
    first, second = [await toolbox.perform("create_intent", description=each) for each in ("a", "b")]
    assert first.subject_id
    assert second.subject_id
    proposed = await toolbox.call(
        ToolCall(
            "cancel_intent", candidates=[first.subject_id, second.subject_id], reason=stored_text("intent.retried")
        )
    )
    assert outcome(proposed) == ("proposed", "action.cancel_intent.one_of", "intent.retried")
    with pytest.raises(BadUserInput, match=r"tool\.argument_missing"):
        await toolbox.accept(proposed)
    done = await toolbox.accept(proposed, id=str(second.subject_id))
    assert (done.status, done.key, done.subject_id) == ("done", "action.cancel_intent", second.subject_id)
    assert await toolbox.value("SELECT status FROM intents WHERE id = $1", first.subject_id) == "pending"
    await toolbox.undo(done)
    assert await toolbox.value("SELECT status FROM intents WHERE id = $1", second.subject_id) == "pending"


async def test_a_proposal_is_edited_accepted_or_dismissed_once(toolbox: Toolbox) -> None:
    one, other = [
        await toolbox.call(ToolCall("remember", {"content": "火曜にデプロイ"}, propose=True)) for _ in range(2)
    ]
    assert one.status == "proposed"
    done = await toolbox.accept(one, content="水曜にデプロイ")
    assert done.arguments == {"content": "水曜にデプロイ"}
    assert done.summary == "記憶：水曜にデプロイ"
    assert await toolbox.value("SELECT content FROM memories") == "水曜にデプロイ"
    assert (await toolbox.dismiss(other)).status == "dismissed"
    for again in (one, other):
        with pytest.raises(Conflict, match=r"action\.not_proposed"):
            await toolbox.accept(again)
        with pytest.raises(Conflict, match=r"action\.not_proposed"):
            await toolbox.dismiss(again)


async def test_forgetting_archives_and_its_undo_restores(toolbox: Toolbox) -> None:
    made = await toolbox.perform("remember", content="火曜にデプロイ")
    forgotten = await toolbox.perform("forget", id=str(made.subject_id))
    assert forgotten.summary == "忘れる：火曜にデプロイ"
    assert await toolbox.value("SELECT archived FROM memories")
    await toolbox.undo(forgotten)
    assert not await toolbox.value("SELECT archived FROM memories")


async def test_a_revision_is_undone_as_a_new_revision(toolbox: Toolbox) -> None:
    made = await toolbox.perform("write_specification", title="認証", content="# 認証", tags=["auth"])
    async with toolbox.database.connection() as connection:
        await connection.execute("UPDATE specifications SET status = 'review'")
        await connection.execute("UPDATE specifications SET status = 'approved'")
    revised = await toolbox.perform("write_specification", id=str(made.subject_id), content="# 認証 2")
    assert await toolbox.value("SELECT (title, status, tags)::text FROM specifications") == "(認証,draft,{auth})"
    await toolbox.undo(revised)
    assert await toolbox.value("SELECT (content, status, version)::text FROM specifications") == '("# 認証",approved,5)'


async def test_a_decision_that_supersedes_is_undone_with_its_predecessor(toolbox: Toolbox) -> None:
    options = [{"label": "PostgreSQL"}, {"label": "MySQL", "rejectionReason": "運用の経験がない"}]
    first = await toolbox.perform("record_decision", title="DBはPostgreSQL", options=options, chosen="PostgreSQL")
    assert first.summary == "決定：DBはPostgreSQL"
    arguments: dict[str, Any] = {"title": "DBはMySQL", "chosen": "MySQL", "supersedes": [str(first.subject_id)]}
    proposed = await toolbox.perform("record_decision", **arguments)
    assert outcome(proposed) == ("proposed", "action.record_decision.replacing", "action.with_conflict")
    assert "決定1「DBはPostgreSQL" in (proposed.reason or "")
    toolbox.caller = replace(toolbox.caller, said_by_user="やっぱりMySQLにしましょう")
    second = await toolbox.perform("record_decision", **arguments)
    statuses = "SELECT array_agg(status ORDER BY number) FROM decisions"
    assert await toolbox.value(statuses) == ["superseded", "accepted"]
    [listed] = (await toolbox.read("list_decisions", topic="database")).output
    assert (listed["chosen"], listed["number"]) == ("MySQL", 2)
    hits = (await toolbox.read("search", query="MySQL", kinds=["DECISION"])).output
    assert {each["id"]: each["status"] for each in hits} == {
        str(first.subject_id): "SUPERSEDED", str(second.subject_id): "ACCEPTED"
    }  # fmt: skip
    assert await toolbox.undoable(first, second) == [False, True]
    await toolbox.undo(second)
    assert await toolbox.value(statuses) == ["accepted"]


async def test_only_a_person_accepts_a_decision(toolbox: Toolbox) -> None:
    made = await toolbox.perform("record_decision", title="a", kind="RULE", status="PROPOSED")
    toolbox.caller = replace(toolbox.caller, said_by_user="OK")
    arguments = {"id": str(made.subject_id), "status": "ACCEPTED", "reason": "OK"}
    proposed = await toolbox.perform("set_decision_status", **arguments)
    assert outcome(proposed) == ("proposed", "action.accept_decision", "action.person_decides")
    assert (await toolbox.accept(proposed)).status == "done"
    assert await toolbox.value("SELECT status FROM decisions") == "accepted"


async def test_records_of_another_user_are_not_found(toolbox: Toolbox) -> None:
    async with toolbox.database.connection() as connection:
        await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('bob', 'Bob', 'member')")
        his = await connection.fetchval(
            "INSERT INTO memories (user_id, content, kind) VALUES ('bob', 'secret', 'longterm') RETURNING id"
        )
    assert (await toolbox.perform("forget", id=str(his))).reason_key == "memory.not_found"
    with pytest.raises(NotFound):
        await toolbox.read("get_record", id=str(his))


async def test_tools_that_read_answer_with_bounded_records(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", **REMINDER)
    written = await toolbox.perform("write_specification", title="認証", content="本文")
    [listed] = (await toolbox.read("list_intents", intentType=["REMINDER"])).output
    assert (listed["id"], listed["dueAt"]) == (str(made.subject_id), "2026-12-02T09:00+09:00")
    [specification] = (await toolbox.read("list_specifications")).output
    assert "content" not in specification
    assert (await toolbox.read("read_specification", id=str(written.subject_id))).output["content"] == "本文"
    assert (await toolbox.read("get_record", id=str(made.subject_id))).output["status"] == "PENDING"
    changes = (await toolbox.read("changes_since", since="2020-01-01T00:00:00+00:00")).output["changes"]
    assert [each["kind"] for each in changes] == ["specification", "intent"]
    assert [each["event"] for each in (await toolbox.read("trace", id=str(made.subject_id))).output][-1]
    found = (await toolbox.read("search", query="認証", kinds=["SPECIFICATION"])).output
    assert [each["id"] for each in found] == [str(written.subject_id)]


def test_every_tool_describes_itself_in_both_languages_and_its_arguments() -> None:
    for tool in TOOLS.values():
        assert tool.description.keys() == {"en", "ja"}, tool.name
        assert tool.parameters["additionalProperties"] is False
        assert set(tool.parameters["required"]) <= tool.parameters["properties"].keys()
        assert all(each.get("description") for each in tool.parameters["properties"].values()), tool.name


async def test_what_speaks_against_a_plan_or_a_decision_is_listed_and_nothing_is_recorded(toolbox: Toolbox) -> None:
    choice = await toolbox.perform(
        "record_decision", title="PostgreSQLを使う", chosen="PostgreSQL", options=[{"label": "MySQL"}]
    )
    value = await toolbox.perform("record_decision", title="Session timeout", kind="VALUE", value="30 minutes")
    [found] = (await toolbox.read("check_contradictions", text="Store the orders in MySQL")).output
    assert (found["number"], found["id"], found["kind"]) == (1, str(choice.subject_id), "TECH_STACK")
    assert "decision 1" in found["explanation"]
    assert "PostgreSQLを使う" in found["explanation"]
    [found] = (
        await toolbox.read("check_contradictions", text="セッションのタイムアウトは1時間", kind="VALUE", value="1時間")
    ).output
    assert (found["number"], found["id"]) == (2, str(value.subject_id))
    [found] = (await toolbox.read("check_contradictions", text="保存先", topic="データベース", chosen="MySQL")).output
    assert found["number"] == 1
    for text, more in [
        ("Compare MySQL with PostgreSQL", {}),
        ("Session timeout", {"kind": "VALUE", "value": "1800 s"}),
    ]:
        assert (await toolbox.read("check_contradictions", text=text, **more)).output == []
    with pytest.raises(BadUserInput, match=r"input\.empty"):
        await toolbox.read("check_contradictions", text=" ")
    counts = "SELECT (SELECT count(*) FROM contradictions), (SELECT count(*) FROM intents)"
    assert await toolbox.value(f"SELECT row({counts[7:]})::text") == "(0,0)"


async def test_what_depends_on_a_decision_is_listed_with_the_reason_in_the_callers_language(toolbox: Toolbox) -> None:
    made = await toolbox.perform("record_decision", title="PostgreSQLを使う", kind="RULE")
    await toolbox.value(
        "INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
        "VALUES ('ann', '注文はPostgreSQL', 'longterm', 'decision', $1)", made.subject_id,
    )  # fmt: skip
    [found] = (await toolbox.read("preview_reversal", id=str(made.subject_id))).output
    assert (found["kind"], found["text"], found["distance"]) == ("memory", "注文はPostgreSQL", 1)
    assert found["reason"] == "決定1「PostgreSQLを使う」から得られた記憶です。"
    with pytest.raises(NotFound, match=r"decision\.not_found"):
        await toolbox.read("preview_reversal", id="01999999-0000-7000-8000-000000000000")
