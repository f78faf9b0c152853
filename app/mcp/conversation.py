"""Finds the decisions and tasks in what a person wrote to an agent, by the rules of the assistant without a model."""

from collections.abc import Sequence
from dataclasses import replace

from app.assistant.offline import understand
from app.assistant.record import PastTurn, load_record_of_project
from app.language.catalogue import stored_text
from app.language.text import language_of
from app.mcp.declarations import MOST_MESSAGES
from app.text_process import TextWork
from app.tools.calls import Caller, ToolCall
from app.tools.registry import TOOLS
from sql.errors import BadUserInput
from sql.repositories.actions import list_actions
from sql.statements import Connection

PROPOSED = frozenset({"record_decision", "create_intent"})
EARLIER_ACTIONS = 1000
EARLIER_TURNS = 10


async def calls_in(connection: Connection, caller: Caller, messages: Sequence[str], work: TextWork) -> list[ToolCall]:
    """The calls to propose, without those that the agent has made before. Raises BadUserInput.

    `work` reads long messages.
    """
    if len(messages) > MOST_MESSAGES:
        raise BadUserInput("input.too_many", field="messages", given=len(messages), maximum=MOST_MESSAGES)
    record = await load_record_of_project(connection, caller.user_id, caller.project_id)
    known = [
        (each.tool, each.arguments)
        for each in await list_actions(
            connection, caller.user_id, count=EARLIER_ACTIONS, actor=caller.actor, project_id=record.project_id
        )
    ]
    found: list[ToolCall] = []
    turns: list[PastTurn] = []
    for text in messages:
        if not text.strip():
            continue
        before = replace(record, turns=turns[-EARLIER_TURNS:])
        understood = await understand(text, before, caller.now, language_of(text), work)
        turns.append(PastTurn("user", text))
        for call in understood.calls:
            if _is_proposed(call) and (call.tool, call.arguments) not in known:
                known.append((call.tool, dict(call.arguments)))
                found.append(replace(call, reason=stored_text("action.agent_read")))
    return found


def _is_proposed(call: ToolCall) -> bool:
    """Whether it records something new, and the tool has all that the rules found."""
    if call.tool not in PROPOSED or call.candidates:
        return False
    known: set[str] = set(TOOLS[call.tool].parameters["properties"])
    return call.arguments.keys() <= known
