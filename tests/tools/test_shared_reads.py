"""What the assistant reads where others see the result: shared conversations, and the work of projects with members."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.memory.context.assembler import ContextAssembler, ContextRequest
from sql.errors import NotFound
from tests.tools.conftest import Toolbox

SECRET = "給与計算の合言葉は雪月花です"
ASKED = "給与計算の合言葉を調べてください"
CONVERSE = "INSERT INTO conversations (user_id, title, visibility, project_id) VALUES ('ann', 't', $1, $2) RETURNING id"
SAY = (
    "INSERT INTO messages (conversation_id, user_id, content, message_type) VALUES ($1, 'ann', $2, 'user') RETURNING id"
)
CAUSE = (
    "INSERT INTO record_causes (user_id, cause_kind, cause_id, effect_kind, effect_id, reason, project_id) "
    "VALUES ('ann', $1, $2, $3, $4, 'given', $5)"
)


async def in_conversation(toolbox: Toolbox, visibility: str, content: str = ASKED) -> Toolbox:
    """The tools, called because of a new message in a new conversation of ann."""
    project: UUID = await toolbox.value("SELECT default_project('ann')")
    conversation: UUID = await toolbox.value(CONVERSE, visibility, project)
    message: UUID = await toolbox.value(SAY, conversation, content)
    caller = replace(toolbox.caller, project_id=project, conversation_id=conversation, message_id=message)
    return replace(toolbox, caller=caller)


async def remembered(toolbox: Toolbox) -> UUID:
    """A memory from a private conversation."""
    private = await in_conversation(toolbox, "private", SECRET)
    memory = (await private.perform("remember", content=SECRET)).subject_id
    assert memory is not None
    return memory


async def read_all(toolbox: Toolbox, memory: UUID, decision: UUID, cursor: str) -> dict[str, str]:
    """What each tool that reads records of any kind gives, as JSON."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "found": ("search", {"query": ASKED}),
        "changed": ("changes_since", {"since": "2020-01-01T00:00:00+09:00"}),
        "events": ("changes_since", {"cursor": cursor, "limit": 50}),
        "trace": ("trace", {"id": str(memory)}),
        "impacts": ("preview_reversal", {"id": str(decision)}),
        "record": ("get_record", {"id": str(memory)}),
    }
    shown = dict[str, str]()
    for name, (tool, arguments) in calls.items():
        try:
            output = (await toolbox.read(tool, **arguments)).output
        except NotFound:
            output = None
        shown[name] = json.dumps(output, ensure_ascii=False)
    return shown


async def test_in_a_shared_conversation_tools_read_only_what_all_members_see(toolbox: Toolbox) -> None:
    cursor = (await toolbox.read("changes_since")).output["cursor"]
    memory = await remembered(toolbox)
    private, shared = await in_conversation(toolbox, "private"), await in_conversation(toolbox, "project")
    project = private.caller.project_id
    rule = (await private.perform("record_decision", title="毎月締める", topic="closing", chosen="毎月")).subject_id
    work = (await private.perform("create_intent", description="締め処理", assignee="PERSON")).subject_id
    assert rule is not None
    await toolbox.value(CAUSE, "decision", rule, "memory", memory, project)
    await toolbox.value(CAUSE, "memory", memory, "intent", work, project)
    of_author = await read_all(private, memory, rule, cursor)
    for name in ("found", "changed", "trace", "impacts", "record"):
        assert SECRET in of_author[name], (name, of_author[name])
    assert str(memory) in of_author["events"]
    of_all = await read_all(shared, memory, rule, cursor)
    for name, shown in of_all.items():
        assert SECRET not in shown, (name, shown)
        assert str(memory) not in shown, (name, shown)
    assert "毎月締める" in of_all["changed"]
    assert str(work) in of_all["impacts"]
    assert str(rule) in of_all["events"]


@pytest.mark.parametrize(("others", "visibility"), [(False, "private"), (True, "private"), (False, "project")])
async def test_work_is_given_private_records_only_while_nobody_else_sees_it(
    toolbox_without_model: Toolbox, others: bool, visibility: str
) -> None:
    alone = not others and visibility == "private"
    toolbox = toolbox_without_model
    await remembered(toolbox)
    asking = await in_conversation(toolbox, visibility)
    project = asking.caller.project_id
    if others:
        await toolbox.value("INSERT INTO users (id, display_name, role) VALUES ('bob', 'Bob', 'member')")
        await toolbox.value("SELECT set_member_role($1, 'bob', 'reader')", project)
    action = await asking.perform("create_intent", description=ASKED, intentType="TASK")
    metadata = await toolbox.value("SELECT metadata::text FROM intents WHERE id = $1", action.subject_id)
    assert (SECRET in metadata) == alone, metadata
    assembler = ContextAssembler(toolbox.database, toolbox.searcher, max_tokens=100_000, connections=4)
    soon = datetime.now(UTC) + timedelta(seconds=5)
    made_in = asking.caller.conversation_id
    request = ContextRequest("ann", "", ASKED, soon, project_id=project, is_work=True, made_in=made_in)
    context = await assembler.assemble(request)
    assert any(SECRET in item.text for item in context.items) == alone
