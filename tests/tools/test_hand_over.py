"""Without a model, work that needs one is a to-do of the person from the beginning."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from sql.repositories.intents import find_intents
from sql.rows import ActionRow, IntentRow
from tests.tools.conftest import Toolbox

WITHOUT_MODEL = [
    ("TASK", "PostgreSQLの移行手順を比較して", "PERSON", False),
    ("QUESTION", "PostgreSQLとは何ですか", "PERSON", False),
    ("SPECIFICATION", "PostgreSQL移行の仕様書を書いてください", "PERSON", True),
    ("REMINDER", "PostgreSQLの更新", "ASSISTANT", False),
    ("REMEMBER", "PostgreSQLは16を使う", "ASSISTANT", False),
    ("CODE_EXECUTION", "PostgreSQLのテストを実行して", "ASSISTANT", False),
    (None, "PostgreSQLの移行手順を比較して", "ASSISTANT", False),
]


@pytest.mark.parametrize("person", [True, False])
async def test_without_a_model_work_that_needs_one_is_a_to_do_when_it_is_created(
    toolbox_without_model: Toolbox, person: bool
) -> None:
    toolbox = toolbox_without_model
    await toolbox.perform("record_decision", title="PostgreSQLを使う", topic="database", chosen="PostgreSQL")
    await toolbox.perform("remember", content="ステージング環境は遅い")
    for kind, description, assignee, has_draft in WITHOUT_MODEL:
        arguments: dict[str, Any] = {"description": description, "intentType": kind}
        if kind == "REMINDER":
            arguments["dueAt"] = datetime(2099, 1, 1, tzinfo=UTC) if person else "2099-01-01T09:00:00+09:00"
        if person:
            async with toolbox.database.transaction() as connection:
                row = await toolbox.runner.run(connection, "ann", "create_intent", arguments)
        else:
            action = await toolbox.perform("create_intent", **arguments)
            row = await subject_of(toolbox, action)
        assert (row.assignee.upper(), row.status) == (assignee, "pending"), kind
        if assignee == "ASSISTANT":
            assert "related" not in row.metadata
            continue
        related = row.metadata["related"]
        assert "PostgreSQLを使う" in related[0]["text"], related
        assert all("ステージング" not in each["text"] for each in related)
        [change] = await history(toolbox, row.id)
        assert change == "intent.needs_model"
        assert ("specificationId" in row.metadata) == has_draft
        if has_draft:
            draft = await toolbox.value("SELECT content FROM specifications WHERE status = 'draft'")
            assert "言語モデルなし" in draft
            assert "PostgreSQLを使う" in draft
        if has_draft and not person:
            await toolbox.undo(action)
            assert await toolbox.value("SELECT count(*) FROM specifications") == 0


async def subject_of(toolbox: Toolbox, action: ActionRow) -> IntentRow:
    assert action.subject_id is not None
    async with toolbox.database.connection() as connection:
        [row] = await find_intents(connection, "ann", [action.subject_id])
    return row


async def history(toolbox: Toolbox, intent_id: UUID) -> list[str]:
    async with toolbox.database.connection() as connection:
        rows = await connection.fetch("SELECT key FROM intent_transitions WHERE intent_id = $1 ORDER BY id", intent_id)
    return [row["key"] for row in rows]


async def test_without_a_model_a_revision_is_a_to_do_that_names_its_specification(
    toolbox_without_model: Toolbox,
) -> None:
    toolbox = toolbox_without_model
    saved = [
        (await toolbox.perform("write_specification", title=title, content="本文")).subject_id
        for title in ("認証設計の要点", "検索の設計")
    ]
    for description, assignee, named in (
        ("認証の設計書に多要素認証を追加して", "person", str(saved[0])),
        ("設計書に多要素認証を追加して", "assistant", None),  # the bridge asks which one
    ):
        action = await toolbox.perform("create_intent", description=description, intentType="SPECIFICATION")
        row = await subject_of(toolbox, action)
        assert (row.assignee, row.metadata.get("specificationId")) == (assignee, named)
    assert await toolbox.value("SELECT count(*) FROM specifications") == 2


async def test_a_to_do_is_not_handed_to_an_assistant_that_has_no_model(toolbox_without_model: Toolbox) -> None:
    toolbox = toolbox_without_model
    task = await toolbox.perform("create_intent", description="棚卸し", intentType="TASK")
    handed = await toolbox.perform("update_intent", id=str(task.subject_id), assignee="ASSISTANT")
    assert (handed.status, handed.reason_key) == ("failed", "intent.no_model")
    reminder = await toolbox.perform(
        "create_intent",
        description="棚卸し",
        intentType="REMINDER",
        dueAt="2099-01-01T09:00:00+09:00",
        assignee="PERSON",
    )
    handed = await toolbox.perform("update_intent", id=str(reminder.subject_id), assignee="ASSISTANT")
    assert handed.status == "done"
