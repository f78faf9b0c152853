"""A proposal says which accepted decision it contradicts, and accepting it leads to the usual hold."""

import pytest

from app.language.catalogue import stored_text
from app.tools.calls import ToolCall
from tests.tools.conftest import Toolbox

OPTIONS = [{"label": "PostgreSQL"}, {"label": "MySQL"}]
SUGGESTION = stored_text("assistant.sounds_like_suggestion")


async def decide(toolbox: Toolbox) -> None:
    await toolbox.perform("record_decision", title="DBはPostgreSQL", options=OPTIONS, chosen="PostgreSQL")


async def test_an_accepted_proposal_that_contradicts_is_held(toolbox: Toolbox) -> None:
    await decide(toolbox)
    arguments = {"title": "Use MySQL for database", "kind": "CHOICE", "topic": "database", "chosen": "MySQL"}
    proposed = await toolbox.call(ToolCall("record_decision", arguments, propose=True, reason=SUGGESTION))
    assert proposed.reason_key == "action.with_conflict"
    assert "決定1「DBはPostgreSQL」と矛盾します" in (proposed.reason or "")
    accepted = await toolbox.accept(proposed)
    assert accepted.status == "done"
    states = "SELECT array_agg(status ORDER BY number) FROM decisions"
    assert await toolbox.value(states) == ["accepted", "proposed"]
    assert await toolbox.value("SELECT count(*) FROM contradictions WHERE status = 'pending'") == 1


async def test_an_accepted_task_that_contradicts_waits_for_the_user(toolbox: Toolbox) -> None:
    await decide(toolbox)
    arguments = {"description": "MySQLのクラスタを用意する", "intentType": "TASK"}
    proposed = await toolbox.call(ToolCall("create_intent", arguments, propose=True))
    assert "決定1" in (proposed.reason or "")
    accepted = await toolbox.accept(proposed)
    status = await toolbox.value("SELECT status FROM intents WHERE id = $1", accepted.subject_id)
    assert status == "awaiting_confirmation"


@pytest.mark.parametrize("title", ["PostgreSQLのバージョンは17にする", "ログは毎日確認する"])
async def test_a_proposal_that_contradicts_nothing_keeps_its_reason(toolbox: Toolbox, title: str) -> None:
    await decide(toolbox)
    arguments = {"title": title, "kind": "RULE"}
    proposed = await toolbox.call(ToolCall("record_decision", arguments, propose=True, reason=SUGGESTION))
    assert proposed.reason_key == SUGGESTION.key
