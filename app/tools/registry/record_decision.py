"""record_decision: a choice, a rule, a value or a scope that was decided."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.deferred_imports import imported
from app.gate.checks import check_decision
from app.language.catalogue import stored_text
from app.language.topics import topic_key, topic_of
from app.tools.arguments import enum_in
from app.tools.outputs import brief, decision_output
from app.tools.projects import project_in
from app.tools.tool import (
    Arguments,
    Change,
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
)
from app.tools.undo import change_of
from resolvers.checks import checked_id, checked_key, checked_line, checked_tags
from resolvers.decision_checks import (
    MAX_LABEL,
    MAX_TEXT,
    MAX_TITLE,
    MAX_TOPIC,
    checked_options,
    checked_topic,
    optional_line,
)
from sql.errors import BadUserInput, NotFound
from sql.repositories.decision_options import DecisionOption
from sql.repositories.decision_reads import NO_DECISION, find_decision_by_key, find_decisions
from sql.repositories.decisions import NewDecision, insert_decision
from sql.repositories.nodes import find_node_kind
from sql.repositories.projects import check_project
from sql.sentences import Sentence, sentence

KINDS = ["CHOICE", "RULE", "VALUE", "SCOPE"]
STATUSES = ["ACCEPTED", "PROPOSED"]
MAX_SOURCES = 20
SOURCE_KINDS = frozenset({"message", "intent", "specification", "decision", "memory"})


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    new = await to_new_decision(context, arguments)
    if new.supersedes and not context.person and not context.said_by_user:
        raise OnlyProposed(stored_text("decision.only_proposed"))
    connection = context.connection
    known = await find_decision_by_key(connection, new.user_id, new.idempotency_key)
    if known is not None:
        return ToolResult("decision", known.id, decision_output(context, known), known)
    changes = [await change_of(context, "decision", each) for each in new.supersedes]
    row = await insert_decision(connection, new)
    row = await check_decision(connection, row, actor=context.actor)
    return ToolResult("decision", row.id, decision_output(context, row), row, [*changes, Change("decision", row.id)])


async def to_new_decision(context: ToolContext, arguments: Arguments) -> NewDecision:
    """The checked arguments. Raises BadUserInput, NotFound."""
    title = checked_line(arguments["title"], "title", MAX_TITLE)
    # A decision in force has authority over what is done next, which only a person's words can give it.
    status = "proposed" if context.agent else enum_in(arguments, "status") or "accepted"
    if status not in ("accepted", "proposed"):
        raise BadUserInput("decision.status_of_new")
    chosen = _optional(arguments, "chosen", MAX_LABEL)
    given = arguments.get("topic")
    project_id = project_in(context, arguments)
    await check_project(context.connection, context.user_id, project_id, new=True)
    topic = unstated_topic(title, chosen) if given is None else checked_topic(given)
    reason = context.reason
    return NewDecision(
        user_id=context.user_id,
        title=title,
        topic=topic,
        topic_key=topic_key(topic),
        author=context.user_id,
        actor=context.actor,
        kind=enum_in(arguments, "kind") or await _unstated_kind(title, arguments),
        status="proposed" if status == "proposed" else "accepted",
        context=_optional(arguments, "context"),
        options=_options(arguments.get("options"), chosen if context.records_changes else None),
        chosen=chosen,
        value=_optional(arguments, "value", MAX_LABEL),
        rationale=_optional(arguments, "rationale"),
        consequences=_optional(arguments, "consequences"),
        tags=checked_tags(arguments.get("tags")),
        supersedes=[checked_id(str(each), NO_DECISION) for each in arguments.get("supersedes") or []],
        sources=await _sources(context, arguments.get("sourceIds")),
        project_id=project_id,
        conversation_id=context.conversation_id,
        idempotency_key=checked_key(arguments.get("idempotencyKey")),
        reason=None if reason is None else reason.text,
        reason_key=None if reason is None else reason.key,
        reason_params=None if reason is None else reason.params,
    )


def unstated_topic(title: str, chosen: str | None) -> str:
    """The topic that the title or the chosen option speaks about; the title when it is unknown."""
    return (topic_of(title) or (topic_of(chosen) if chosen else None) or title)[:MAX_TOPIC]


async def _unstated_kind(title: str, arguments: Arguments) -> str:
    """A rule when the sentence forbids something: as a choice, what it forbids would be what was chosen."""
    if any(arguments.get(name) for name in ("chosen", "options", "value")):
        return "choice"
    rules = await imported("app.gate.rules")
    return "rule" if rules.forbids(title) else "choice"


def _optional(arguments: Arguments, name: str, maximum: int = MAX_TEXT) -> str | None:
    return optional_line(arguments.get(name), name, maximum)


def _options(given: Sequence[Any] | None, chosen: str | None) -> list[DecisionOption]:
    """The options; a program may leave out the chosen one."""
    options = checked_options(given)
    if chosen is not None and all(chosen.casefold() != each.label.casefold() for each in options):
        options.insert(0, DecisionOption(chosen))
    return options


async def _sources(context: ToolContext, ids: Sequence[str] | None) -> list[tuple[str, UUID]]:
    """The kinds and ids of the records that it was taken from, with the message of the call."""
    given = list(dict.fromkeys(ids or []))
    if len(given) > MAX_SOURCES:
        raise BadUserInput("input.too_many", field="sourceIds", given=len(given), maximum=MAX_SOURCES)
    found = [] if context.message_id is None else [("message", context.message_id)]
    for each in given:
        source_id = checked_id(str(each), "decision.no_source")
        kind = await find_node_kind(context.connection, context.user_id, source_id)
        if kind is None or kind not in SOURCE_KINDS:
            raise NotFound("decision.no_source")
        found.append((kind, source_id))
    return list(dict.fromkeys(found))


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    title, replaced = brief(arguments["title"]), arguments.get("supersedes") or []
    if not replaced:
        return sentence("action.record_decision", title=title)
    ids = [checked_id(str(each), NO_DECISION) for each in replaced]
    rows = await find_decisions(context.connection, context.user_id, ids)
    return sentence("action.record_decision.replacing", title=title, numbers=", ".join(str(row.number) for row in rows))


OPTION = {
    "type": "object",
    "properties": {"label": text("The option."), "rejectionReason": optional(text("Why it was not chosen."))},
    "required": ["label"],
    "additionalProperties": False,
}
TOOL = Tool(
    name="record_decision",
    description={
        "en": "Record a decision that the user plainly stated. CHOICE: one of several options. RULE: must or never. "
        "VALUE: a parameter with its value. SCOPE: what is part of the work and what is not. `supersedes` names the "
        "accepted decisions that the user revised.",
        "ja": "利用者がはっきり述べた決定を記録します。CHOICEは選択肢からの選択、RULEは必須や禁止の規則、"
        "VALUEは値の決定、SCOPEは範囲の決定です。利用者が改めた決定は`supersedes`に指定します。",
    },
    parameters=parameters(
        ["title"],
        title=text("The decision in one sentence, in the user's language."),
        kind=optional({"type": "string", "enum": KINDS, "description": "The kind."}),
        status=optional({"type": "string", "enum": STATUSES, "description": "ACCEPTED unless it is only an idea."}),
        topic=optional(text('What it settles: "database", "session timeout".')),
        options={"type": ["array", "null"], "items": OPTION, "description": "All options, with the chosen one."},
        chosen=optional(text("The label of the chosen option.")),
        value=optional(text('The value with its unit, for VALUE: "30 minutes".')),
        rationale=optional(text("Why, if the user said it.")),
        context=optional(text("The question and the forces, if the user said them.")),
        consequences=optional(text("What follows from it, if the user said it.")),
        tags=texts("At most 10 tags."),
        supersedes={
            "type": ["array", "null"],
            "items": id_of("A decision."),
            "description": "The decisions that this one replaces.",
        },
        sourceIds={
            "type": ["array", "null"],
            "items": id_of("A record."),
            "description": "Other records that it was taken from.",
        },
    ),
    run=run,
    summary=summary,
    writes=True,
    unasked=True,
    for_agents=ForAgents(
        "Record a decision that was made; a person accepts it. CHOICE: one of several options. RULE: must or never. "
        "VALUE: a parameter. SCOPE: what is part of the work.",
        (
            "status",
            "tags",
            "sourceIds",
            "context",
            "consequences",
        ),
    ),
)
