"""get_record: one record by its id."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.language.text import truncate
from app.tools.agents import AGENT
from app.tools.arguments import id_in
from app.tools.outputs import (
    LONG,
    RECORD,
    decision_output,
    intent_output,
    memory_output,
    shown_time,
    specification_output,
)
from app.tools.paths import PATHS
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, parameters
from sql.errors import NotFound
from sql.repositories.actions import find_actions
from sql.repositories.decision_reads import find_decisions
from sql.repositories.intents import find_intents
from sql.repositories.memories import find_memories
from sql.repositories.messages import find_messages
from sql.repositories.nodes import NO_NODE, find_node_kind, list_private
from sql.repositories.specifications import find_specifications
from sql.rows import ActionRow, IntentRow, JsonObject, MessageRow
from sql.statements import Connection


def _message_output(context: ToolContext, row: MessageRow, *, full: bool = False) -> JsonObject:
    return {
        "kind": "message",
        "id": str(row.id),
        "author": row.message_type,
        "content": truncate(row.content, LONG),
        "createdAt": shown_time(context, row.created_at),
    }


Find = Callable[[Connection, str, Sequence[UUID]], Awaitable[list[Any]]]


def _action_output(context: ToolContext, row: ActionRow, *, full: bool = False) -> JsonObject:
    return {
        "kind": "action",
        "id": str(row.id),
        "tool": row.tool,
        "status": row.status.upper(),
        "summary": row.summary,
        "reason": row.reason,
        "subjectKind": row.subject_kind,
        "subjectId": None if row.subject_id is None else str(row.subject_id),
        "createdAt": shown_time(context, row.created_at),
    }


def _intent_output(context: ToolContext, row: IntentRow, *, full: bool = False) -> JsonObject:
    """With the agent that recorded it and the paths that it changes, when there are any."""
    return intent_output(context, row, full=full) | {
        key: row.metadata[key] for key in (AGENT, PATHS) if key in row.metadata
    }


READERS: Mapping[str, tuple[Find, Callable[..., JsonObject]]] = {
    "message": (find_messages, _message_output),
    "intent": (find_intents, _intent_output),
    "specification": (find_specifications, specification_output),
    "decision": (find_decisions, decision_output),
    "memory": (find_memories, memory_output),
    "action": (find_actions, _action_output),
}


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    record_id = id_in(arguments, "id", NO_NODE)
    kind = await find_node_kind(context.connection, context.user_id, record_id)
    if kind is None or kind not in READERS:
        raise NotFound(NO_NODE)
    if context.shared and await list_private(context.connection, [record_id]):
        raise NotFound(NO_NODE)
    find, output = READERS[kind]
    rows = await find(context.connection, context.user_id, [record_id])
    if not rows:
        raise NotFound(NO_NODE)
    return ToolResult(kind, record_id, output(context, rows[0], full=True), rows[0])


TOOL = Tool(
    name="get_record",
    description={
        "en": "Read one message, work item, specification, decision, memory or action by its id.",
        "ja": "メッセージ、作業項目、仕様書、決定、記憶、操作を、idを指定して1件読みます。",
    },
    parameters=parameters(["id"], id=id_of("The id of the record.")),
    run=run,
    for_agents=ForAgents("Read one record or action in full."),
    output=RECORD,
)
