"""update_intent: another description, time or priority of an open work item."""

from datetime import date, datetime
from types import EllipsisType

from app.gate.assignments import notify_assignee
from app.gate.checks import check_intent
from app.language.catalogue import stored_text
from app.tools.agents import AGENT
from app.tools.arguments import enum_in, time_of
from app.tools.hand_over import needs_model
from app.tools.intents import assignee_id_in, checked_repetition, lock_named, summary_of
from app.tools.outputs import intent_output, spoken_time
from app.tools.paths import PATHS, checked_paths
from app.tools.registry.create_intent import ASSIGNEE
from app.tools.tool import (
    Arguments,
    ForAgents,
    OnlyProposed,
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
from app.tools.undo import change_of
from resolvers.checks import checked_labels, checked_metadata, checked_priority, checked_text
from sql.errors import BadUserInput, Conflict
from sql.repositories.intents import update_intent
from sql.repositories.person_intents import check_editable, reopen_intent
from sql.rows import IntentRow, JsonObject
from sql.sentences import Sentence
from sql.skipped_days import NAME, skip_days

CONTENT = ("description", "priority", "dueAt", "recurrence", "skip")
MAX_SKIPPED = 60


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    intent = await lock_named(context, arguments)
    change = await change_of(context, "intent", intent.id)
    intent = await _reopened(context, intent, arguments)
    assignee = enum_in(arguments, "assignee") or intent.assignee
    if assignee != intent.assignee or any(name in arguments for name in CONTENT):
        check_editable(intent)
    if assignee == "assistant" != intent.assignee and needs_model(intent.intent_type) and not context.model_configured:
        raise Conflict("intent.no_model")
    description = intent.description
    if "description" in arguments:
        limit = context.limits.max_content_bytes
        description = checked_text(arguments["description"] or "", "description", max_bytes=limit)
    if description != intent.description and intent.status == "awaiting_confirmation" and not context.person:
        # Rewording settles its contradictions and answers what it waits for.
        raise OnlyProposed(stored_text("action.person_answers"))
    priority, labels = arguments.get("priority"), arguments.get("labels")
    due_at = time_of(arguments, "dueAt") if "dueAt" in arguments else intent.due_at
    metadata = _metadata(intent, arguments)
    repetition = _repetition(intent, arguments, due_at)
    if days := _skipped(arguments):
        skipped = skip_days(intent, days, context.now)
        repetition = ... if skipped.due_at == due_at else skipped.rule
        due_at, metadata = skipped.due_at, {**metadata, NAME: skipped.days}
    row = await update_intent(
        context.connection,
        intent,
        description=description,
        priority=intent.priority if priority is None else checked_priority(priority),
        due_at=due_at,
        metadata=metadata,
        actor=context.actor,
        assignee=assignee,
        assignee_id=assignee_id_in(context, arguments, assignee),
        labels=None if labels is None else checked_labels(labels),
        recurrence=repetition,
    )
    if description != intent.description:
        row = await check_intent(context.connection, row, actor=context.actor)
    if row.assignee_id != intent.assignee_id:
        await notify_assignee(context.connection, row, context.user_id)
    return ToolResult("intent", row.id, intent_output(context, row), row, [change])


def _metadata(intent: IntentRow, arguments: Arguments) -> JsonObject:
    """The client's own data, with the agent that the server has named, and the paths. Raises BadUserInput."""
    given = checked_metadata(arguments["metadata"]) if "metadata" in arguments else intent.metadata
    agent = {AGENT: intent.metadata[AGENT]} if AGENT in intent.metadata else {}
    paths = {PATHS: checked_paths(arguments[PATHS])} if PATHS in arguments else {}
    return {**{key: each for key, each in given.items() if key != AGENT}, **agent, **paths}


def _skipped(arguments: Arguments) -> list[date]:
    """The days to leave out. Raises BadUserInput."""
    given = arguments.get("skip") or []
    if len(given) > MAX_SKIPPED:
        raise BadUserInput("input.too_many", field="skip", given=len(given), maximum=MAX_SKIPPED)
    try:
        return [date.fromisoformat(str(each)) for each in given]
    except ValueError:
        raise BadUserInput("intent.skip_is_no_day", given=", ".join(map(str, given))[:80]) from None


async def _reopened(context: ToolContext, intent: IntentRow, arguments: Arguments) -> IntentRow:
    """The intent; a reminder that has fired is pending again when it gets a later time (snooze)."""
    at = time_of(arguments, "dueAt")
    fired = intent.intent_type == "reminder" and intent.status == "completed"
    if not fired or at is None or at <= context.now:
        return intent
    return await reopen_intent(context.connection, intent, actor=context.actor, reason=None, due_at=at)


def _repetition(intent: IntentRow, arguments: Arguments, due_at: datetime | None) -> str | EllipsisType | None:
    """The new rule, or ... when only this occurrence changes. Raises BadUserInput."""
    if "recurrence" in arguments:
        return checked_repetition(arguments["recurrence"], due_at)
    checked_repetition(intent.recurrence, due_at)
    return ...


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    due_at = time_of(arguments, "dueAt")
    if days := _skipped(arguments):
        shown = [each.isoformat() for each in days]
        return await summary_of(
            context, arguments, "action.update_intent.skip", "action.update_intent.skip.one_of", days=shown
        )
    if due_at is None:
        return await summary_of(context, arguments, "action.update_intent", "action.update_intent.one_of")
    keys = ("action.update_intent.time", "action.update_intent.time.one_of")
    return await summary_of(context, arguments, *keys, time=spoken_time(context, due_at))


TOOL = Tool(
    name="update_intent",
    description={
        "en": "Change the description, time, repetition, labels or priority of an open work item that the user named, "
        "or hand it over.",
        "ja": "利用者が指した未完了の作業項目の内容・日時・繰り返し・ラベル・優先度・担当を変更します。",
    },
    parameters=parameters(
        ["id"],
        id=id_of("The id of the work item."),
        description=text("The new description."),
        priority={"type": "integer", "minimum": 0, "maximum": 10, "description": "0 (usual) to 10 (urgent)."},
        dueAt=optional(time("The new time; null removes it. Without recurrence, of this occurrence only.")),
        assignee=optional(ASSIGNEE),
        labels=optional(texts("Replaces all labels.")),
        paths=texts("Replaces its paths."),
        recurrence=optional(text("An RRULE of RFC 5545; null ends the repetition.")),
        skip=optional(texts("Days (2026-12-03) on which a repeating item is left out; it goes on afterwards.")),
        expectedVersion=optional({"type": "integer", "description": "The version that the change is based on."}),
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents(
        "Change a work item.",
        (
            "skip",
            "expectedVersion",
        ),
    ),
    destructive=True,
    idempotent=True,
)
