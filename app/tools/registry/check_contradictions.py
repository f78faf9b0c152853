"""check_contradictions: whether a text contradicts accepted decisions."""

from app.gate.checks import find_conflicts
from app.gate.statements import Conflict, Statement
from app.language.topics import topic_key, topic_of
from app.tools.arguments import enum_in
from app.tools.outputs import NUMBER, TEXT, brief, listed, shape
from app.tools.registry.record_decision import KINDS
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, optional, parameters, text
from resolvers.checks import checked_text
from resolvers.decision_checks import MAX_LABEL, checked_topic, optional_line
from sql.repositories.projects import find_project_of_new
from sql.rows import JsonObject


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    statement = _statement(context, arguments)
    project_id = await find_project_of_new(
        context.connection, context.user_id, context.project_id, context.conversation_id
    )
    conflicts = await find_conflicts(context.connection, context.user_id, project_id, statement)
    return ToolResult(output=[_output(each) for each in conflicts], row=conflicts)


def _statement(context: ToolContext, arguments: Arguments) -> Statement:
    """The text as a request, or as a decision when anything of a decision is given. Raises BadUserInput."""
    said = checked_text(arguments["text"], "text", max_bytes=context.limits.max_content_bytes)
    kind, topic = enum_in(arguments, "kind"), arguments.get("topic")
    chosen, value = (optional_line(arguments.get(name), name, MAX_LABEL) for name in ("chosen", "value"))
    if not (kind or topic or chosen or value):
        return Statement(said)
    known = checked_topic(topic) if topic else topic_of(said) or (topic_of(chosen) if chosen else None) or ""
    return Statement(
        said,
        kind="decision",
        decision_kind=kind or ("value" if value else "choice"),
        topic_key=topic_key(known) if known else "",
        chosen=chosen,
        value=value,
    )


def _output(conflict: Conflict) -> JsonObject:
    return {
        "number": conflict.decision.number,
        "id": str(conflict.decision.id),
        "title": brief(conflict.decision.title),
        "kind": conflict.kind.upper(),
        "confidence": round(conflict.confidence, 2),
        "explanation": conflict.explanation.text,
    }


TOOL = Tool(
    name="check_contradictions",
    description={
        "en": "Check whether a plan or a new decision contradicts accepted decisions, without recording anything. "
        "Returns the decisions with number and sentence; an empty list when nothing speaks against it.",
        "ja": "計画や新しい決定が、有効な決定と矛盾しないかを、何も記録せずに確かめます。"
        "矛盾する決定を番号と文で返します。矛盾がなければ空の一覧です。",
    },
    parameters=parameters(
        ["text"],
        text=text("The plan, or the new decision in one sentence."),
        kind=optional({"type": "string", "enum": KINDS, "description": "The kind of a new decision."}),
        topic=optional(text("What the new decision settles; derived from the text when absent.")),
        chosen=optional(text("The chosen option of a CHOICE.")),
        value=optional(text("The value of a VALUE.")),
    ),
    run=run,
    for_agents=ForAgents("Check a plan before you act: returns the accepted decisions that it contradicts."),
    output=listed(shape(number=NUMBER, id=TEXT, title=TEXT, kind=TEXT, confidence=NUMBER, explanation=TEXT)),
)
