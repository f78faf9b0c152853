"""create_intent: a task, a reminder or other work."""

from app.gate.assignments import notify_assignee
from app.gate.checks import check_intent
from app.tools.agents import AGENT
from app.tools.arguments import enum_in, id_in, time_of
from app.tools.hand_over import attach_draft, plan_hand_over
from app.tools.intents import assignee_id_in, checked_repetition
from app.tools.outputs import brief, intent_output, spoken_time, zone_name
from app.tools.paths import PATHS, checked_paths
from app.tools.projects import project_in
from app.tools.tool import (
    Arguments,
    Change,
    ForAgents,
    Tool,
    ToolContext,
    ToolResult,
    id_of,
    optional,
    parameters,
    text,
    texts,
    time,
)
from resolvers.checks import checked_key, checked_labels, checked_metadata, checked_priority, checked_text
from sql.errors import BadUserInput
from sql.repositories.conversations import NO_CONVERSATION, touch_conversation
from sql.repositories.intents import NewIntent, insert_intent
from sql.repositories.projects import check_project
from sql.rows import JsonObject
from sql.sentences import Sentence, sentence

ASSIGNEE: JsonObject = {
    "type": "string",
    "enum": ["PERSON", "ASSISTANT"],
    "description": "Whose work it is; PERSON: a to-do of the user, which no worker does.",
}
TYPES = ["QUESTION", "TASK", "SPECIFICATION", "REMEMBER", "REMINDER", "CODE_EXECUTION"]


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    new = _to_new_intent(context, arguments)
    if arguments.get("conversationId") is not None and new.conversation_id is not None:
        await touch_conversation(context.connection, context.user_id, new.conversation_id)
    await check_project(context.connection, context.user_id, new.project_id, new.conversation_id, new=True)
    handed = await plan_hand_over(context, new)
    row, is_new = await insert_intent(context.connection, new if handed is None else handed.new)
    changes = [Change("intent", row.id)] if is_new else []
    if is_new:
        row = await check_intent(context.connection, row, actor=context.actor)
        await notify_assignee(context.connection, row, context.user_id)
    if is_new and handed is not None:
        row, attached = await attach_draft(context, row, handed)
        changes += attached
    return ToolResult("intent", row.id, intent_output(context, row), row, changes)


def _to_new_intent(context: ToolContext, arguments: Arguments) -> NewIntent:
    intent_type, due_at = enum_in(arguments, "intentType"), time_of(arguments, "dueAt")
    if intent_type == "reminder" and due_at is None:
        raise BadUserInput("intent.due_at_missing")
    given = arguments.get("conversationId")
    # What an agent records is its own work, or that of its user, unless it says otherwise.
    assignee = enum_in(arguments, "assignee") or ("person" if context.agent else "assistant")
    reason = context.reason
    return NewIntent(
        user_id=context.user_id,
        description=checked_text(arguments["description"], "description", max_bytes=context.limits.max_content_bytes),
        actor=context.actor,
        intent_type=intent_type,
        classification=_classification(context, intent_type),
        priority=checked_priority(arguments.get("priority") or 0),
        due_at=due_at,
        max_attempts=context.limits.max_attempts,
        metadata=_metadata(context, arguments),
        project_id=project_in(context, arguments),
        conversation_id=context.conversation_id
        if given is None
        else id_in(arguments, "conversationId", NO_CONVERSATION),
        source_message_id=context.message_id,
        idempotency_key=checked_key(arguments.get("idempotencyKey")),
        assignee=assignee,
        assignee_id=assignee_id_in(context, arguments, assignee),
        labels=checked_labels(arguments.get("labels")),
        recurrence=checked_repetition(arguments.get("recurrence"), due_at),
        reason=None if reason is None else reason.text,
        reason_key=None if reason is None else reason.key,
        reason_params=None if reason is None else reason.params,
    )


def _classification(context: ToolContext, intent_type: str | None) -> JsonObject | None:
    """Why it has its type, when the call gives a reason."""
    if intent_type is None or context.reason is None or context.confidence is None:
        return None
    return {
        "intentType": intent_type,
        "confidence": context.confidence,
        "reason": context.reason.text,
        "key": context.reason.key,
        "params": context.reason.params,
        "classifier": context.actor,
    }


def _metadata(context: ToolContext, arguments: Arguments) -> JsonObject:
    """The client's own data; for a call because of a message, the language and the time zone of the message.

    Only the server says which agent recorded the work, because the agent may change it, and others are told its name.
    """
    given = {key: each for key, each in checked_metadata(arguments.get("metadata")).items() if key != AGENT}
    if arguments.get(PATHS):
        given = {**given, PATHS: checked_paths(arguments[PATHS])}
    if context.agent:
        given = {**given, AGENT: context.actor}
    if context.message_id is None or context.person:
        return given
    zone = zone_name(context)
    return {"language": context.language, **({"timezone": zone} if zone else {}), **given}


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    description, due_at = brief(arguments["description"]), time_of(arguments, "dueAt")
    is_reminder = enum_in(arguments, "intentType") == "reminder"
    if due_at is None:
        key = "action.create_intent.reminder" if is_reminder else "action.create_intent.work"
        return sentence(key, description=description)
    key = "action.create_intent.reminder_at" if is_reminder else "action.create_intent.work_at"
    return sentence(key, description=description, time=spoken_time(context, due_at))


TOOL = Tool(
    name="create_intent",
    description={
        "en": "Create a work item: a task, a reminder (needs dueAt), a specification to draft, or code to run. Only "
        "for work that the user asks for and that this conversation does not already deliver.",
        "ja": "作業項目を作成します：タスク、リマインダー（dueAtが必要）、作成する仕様書、実行するコード。"
        "利用者が頼んだ作業で、この会話の返答そのものでは済まないものだけに使います。",
    },
    parameters=parameters(
        ["description"],
        description=text("The work, in the user's words, without the time."),
        intentType=optional(
            {"type": "string", "enum": TYPES, "description": "The type; classified later when absent."}
        ),
        priority={"type": "integer", "minimum": 0, "maximum": 10, "description": "0 (usual) to 10 (urgent)."},
        dueAt=optional(time("When it is due; when to notify, for a REMINDER.")),
        assignee=optional(ASSIGNEE),
        labels=texts("Labels to filter by."),
        paths=texts("Files or folders that the work changes."),
        recurrence=optional(text("An RRULE of RFC 5545; dueAt is the first time.")),
        conversationId=optional(id_of("The conversation that it belongs to; the current one when absent.")),
    ),
    run=run,
    summary=summary,
    writes=True,
    unasked=False,
    for_agents=ForAgents(
        "Create a work item: a task, a reminder (with dueAt), a specification to draft, or code to run.",
        (
            "conversationId",
            "labels",
        ),
    ),
)
