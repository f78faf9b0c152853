"""record_decision: a choice, rule, value or scope that was decided."""

from typing import Any
from uuid import UUID

from app.gate.checks import check_decision
from app.language.catalogue import stored_text
from app.language.topics import topic_key, topic_of
from app.tools.arguments import enum_in, id_in
from app.tools.outputs import brief, decision_output
from app.tools.tool import (
    Arguments,
    Change,
    OnlyProposed,
    Tool,
    ToolContext,
    ToolResult,
    optional,
    parameters,
    text,
    texts,
)
from app.tools.undo import change_of
from resolvers.checks import checked_line, checked_tags
from sql.repositories.decision_options import DecisionOption
from sql.repositories.decisions import NO_DECISION, NewDecision, find_decisions, insert_decision
from sql.sentences import Sentence, sentence

KINDS = ["CHOICE", "RULE", "VALUE", "SCOPE"]
MAX_TITLE, MAX_LABEL, MAX_TEXT = 200, 500, 10_000


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    """Raises OnlyProposed when it would replace a decision although the user has said nothing."""
    replaced = [id_in({"id": each}, "id", NO_DECISION) for each in arguments.get("supersedes") or ()]
    if replaced and not (context.person or context.said_by_user):
        raise OnlyProposed(stored_text("decision.only_proposed"))
    changes = [await change_of(context, "decision", each) for each in replaced]
    row = await insert_decision(context.connection, _to_new_decision(context, arguments, replaced))
    row = await check_decision(context.connection, row, actor=context.actor)
    return ToolResult("decision", row.id, decision_output(context, row), row, [*changes, Change("decision", row.id)])


def _to_new_decision(context: ToolContext, arguments: Arguments, replaced: list[UUID]) -> NewDecision:
    title = checked_line(arguments["title"], "title", MAX_TITLE)
    chosen = _text(arguments, "chosen", MAX_LABEL)
    topic = _text(arguments, "topic", MAX_TITLE) or topic_of(title) or (topic_of(chosen) if chosen else None) or title
    reason = context.reason
    return NewDecision(
        user_id=context.user_id,
        title=title,
        topic=topic,
        topic_key=topic_key(topic),
        author=context.user_id,
        actor=context.actor,
        kind=enum_in(arguments, "kind") or "choice",
        context=_text(arguments, "context"),
        options=_options(arguments, chosen),
        chosen=chosen,
        value=_text(arguments, "value", MAX_LABEL),
        rationale=_text(arguments, "rationale"),
        consequences=_text(arguments, "consequences"),
        tags=checked_tags(arguments.get("tags")),
        supersedes=replaced,
        sources=[] if context.message_id is None else [("message", context.message_id)],
        conversation_id=context.conversation_id,
        reason=None if reason is None else reason.text,
        reason_key=None if reason is None else reason.key,
        reason_params=None if reason is None else reason.params,
    )


def _text(arguments: Arguments, name: str, maximum: int = MAX_TEXT) -> str | None:
    value = arguments.get(name)
    return checked_line(value, name, maximum) if value and value.strip() else None


def _options(arguments: Arguments, chosen: str | None) -> list[DecisionOption]:
    """The options; the chosen one is always among them."""
    given: list[Any] = list(arguments.get("options") or ())
    labels = [checked_line(each["label"], "options", MAX_LABEL) for each in given]
    reasons = [each.get("rejectionReason") for each in given]
    if chosen is not None and chosen not in labels:
        labels, reasons = [chosen, *labels], [None, *reasons]
    return [DecisionOption(label, why) for label, why in zip(labels, reasons, strict=True)]


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    title, replaced = brief(arguments["title"]), arguments.get("supersedes") or ()
    if not replaced:
        return sentence("action.record_decision", title=title)
    ids = [id_in({"id": each}, "id", NO_DECISION) for each in replaced]
    rows = await find_decisions(context.connection, context.user_id, ids)
    numbers = ", ".join(str(row.number) for row in rows)
    return sentence("action.record_decision.replacing", title=title, numbers=numbers)


TOOL = Tool(
    name="record_decision",
    description={
        "en": "Record what the user plainly decided: a CHOICE among options, a RULE (must or must never), a VALUE of a "
        "parameter, or the SCOPE. With `supersedes` only when the user said that an earlier decision is replaced.",
        "ja": "利用者がはっきり決めたことを記録します。CHOICE（選択肢からの選択）、RULE（必ず守ること・禁止）、"
        "VALUE（値）、SCOPE（対象範囲）。`supersedes` は、以前の決定を覆すと利用者が述べた場合だけ使います。",
    },
    parameters=parameters(
        ["title"],
        title=text("The decision in one sentence, in the user's words."),
        kind={"type": "string", "enum": KINDS, "description": "Default CHOICE."},
        topic=optional(text('What it settles, for example "database" or "session timeout".')),
        context=optional(text("The question and the forces.")),
        options={
            "type": "array",
            "description": "All options that were considered, with why the others were rejected.",
            "items": parameters(["label"], label=text("Its name."), rejectionReason=optional(text("Why not."))),
        },
        chosen=optional(text("The label of the chosen option, for a CHOICE.")),
        value=optional(text("The value with its unit, for a VALUE.")),
        rationale=optional(text("Why.")),
        consequences=optional(text("What follows from it.")),
        tags=texts("At most 10 tags."),
        supersedes=texts("The ids of the decisions that it replaces.", format="uuid"),
    ),
    run=run,
    summary=summary,
    writes=True,
    unasked=True,
)
