"""reopen_intent: work that has ended is wanted again, or a started to-do waits again."""

from app.gate.checks import check_intent
from app.tools.intents import lock_named, summary_of
from app.tools.outputs import intent_output
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, optional, parameters, text
from app.tools.undo import change_of
from resolvers.checks import checked_text
from sql.repositories.person_intents import find_unused_occurrence, reopen_intent
from sql.repositories.trash import move_to_trash
from sql.sentences import Sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    reason = arguments.get("reason")
    if reason is not None:
        checked_text(reason, "reason", max_bytes=context.limits.max_content_bytes)
    intent = await lock_named(context, arguments)
    changes = [await change_of(context, "intent", intent.id)]
    following = await find_unused_occurrence(context.connection, intent, now=context.now)
    if following is not None:
        changes.append(await change_of(context, "intent", following))
        await move_to_trash(context.connection, context.user_id, "intent", following, actor=context.actor)
    row = await reopen_intent(context.connection, intent, actor=context.actor, reason=reason)
    # What was cancelled while it was held is held again, and decisions may have been made since.
    row = await check_intent(context.connection, row, actor=context.actor)
    return ToolResult("intent", row.id, intent_output(context, row), row, changes)


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    return await summary_of(context, arguments, "action.reopen_intent", "action.reopen_intent.one_of")


TOOL = Tool(
    name="reopen_intent",
    description={
        "en": "Reopen a work item that has ended and that the user wants again, or put back a to-do that was started.",
        "ja": "終わった作業項目を再開するか、着手した自分のタスクを未着手に戻します。",
    },
    parameters=parameters(
        ["id"], id=id_of("The id of the work item."), reason=optional(text("Why, in the user's words."))
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Reopen a work item that has ended."),
)
