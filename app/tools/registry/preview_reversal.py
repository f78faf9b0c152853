"""preview_reversal: what depends on a decision."""

from app.language.catalogue import message_of, to_stored_text
from app.tools.arguments import id_in
from app.tools.outputs import SHORT, listed
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, parameters
from sql.repositories.decision_reads import NO_DECISION
from sql.repositories.impacts import Impact, list_impacts
from sql.rows import JsonObject


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    decision_id = id_in(arguments, "id", NO_DECISION)
    impacts = await list_impacts(context.connection, context.user_id, decision_id, shared=context.shared)
    notice = None if impacts.notice is None else to_stored_text(impacts.notice, context.language)
    return ToolResult(
        "decision",
        decision_id,
        output=[
            *(_output(context, each) for each in impacts.listed),
            *([{"notice": notice.text}] if notice else []),
        ],
        row=([(each, to_stored_text(each.reason)) for each in impacts.listed], notice),
    )


def _output(context: ToolContext, impact: Impact) -> JsonObject:
    return {
        "kind": impact.kind,
        "id": str(impact.id),
        "text": impact.text[:SHORT],
        "distance": impact.distance,
        "reason": message_of(impact.reason, context.language),
    }


TOOL = Tool(
    name="preview_reversal",
    description={
        "en": "List what depends on a decision and may be wrong once it is reversed: the work items, specifications, "
        "decisions, memories and answers that were made with it, nearest first, with the reason.",
        "ja": "ある決定を覆すと見直しが必要になるもの（その決定をもとにした作業項目、仕様書、決定、記憶、回答）を、"
        "近い順に理由とともに一覧します。",
    },
    parameters=parameters(["id"], id=id_of("The id of the decision.")),
    run=run,
    for_agents=ForAgents("List what depends on a decision."),
    output=listed({"type": "object"}),
)
