"""cancel_intent: an open work item or reminder is no longer wanted."""

from app.tools.intents import ENDED, lock_named, summary_of
from app.tools.outputs import intent_output
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, optional, parameters, text
from app.tools.undo import change_of
from resolvers.checks import checked_text
from sql.errors import Conflict
from sql.repositories.intents import mark_intent_cancelled
from sql.sentences import Sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    reason = arguments.get("reason")
    if reason is not None:
        checked_text(reason, "reason", max_bytes=context.limits.max_content_bytes)
    intent = await lock_named(context, arguments)
    if intent.status in ENDED:
        raise Conflict("intent.ended", status=intent.status.upper())
    change = await change_of(context, "intent", intent.id)
    row = await mark_intent_cancelled(context.connection, intent.id, actor=context.actor, reason=reason)
    return ToolResult("intent", row.id, intent_output(context, row), row, [change])


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    return await summary_of(context, arguments, "action.cancel_intent", "action.cancel_intent.one_of")


TOOL = Tool(
    name="cancel_intent",
    description={
        "en": "Cancel an open work item or reminder that the user named.",
        "ja": "利用者が指した未完了の作業項目やリマインダーを取り消します。",
    },
    parameters=parameters(
        ["id"], id=id_of("The id of the work item."), reason=optional(text("Why, in the user's words."))
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Cancel a work item."),
    destructive=True,
)
