"""complete_intent: the user has done a to-do."""

from app.clock import zone_of
from app.tools.intents import lock_named, summary_of
from app.tools.outputs import intent_output, zone_name
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
)
from app.tools.undo import change_of
from resolvers.checks import checked_text
from sql.repositories.accounts import find_timezone
from sql.repositories.person_intents import complete_intent
from sql.sentences import Sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    note = arguments.get("note")
    if note is not None:
        checked_text(note, "note", max_bytes=context.limits.max_content_bytes)
    intent = await lock_named(context, arguments)
    change = await change_of(context, "intent", intent.id)
    account = await find_timezone(context.connection, context.user_id)
    row, following = await complete_intent(
        context.connection,
        intent,
        actor=context.actor,
        note=note,
        zone=zone_of(account, intent.metadata, zone_name(context) or "UTC"),
        now=context.now,
    )
    changes = [change] if following is None else [change, Change("intent", following.id)]
    return ToolResult("intent", row.id, intent_output(context, row), row, changes)


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    return await summary_of(context, arguments, "action.complete_intent", "action.complete_intent.one_of")


TOOL = Tool(
    name="complete_intent",
    description={
        "en": "Complete a to-do that the user says is done.",
        "ja": "利用者が終わったと言った自分のタスクを完了にします。",
    },
    parameters=parameters(
        ["id"], id=id_of("The id of the work item."), note=optional(text("What was done, in the user's words."))
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Complete a work item that is done."),
)
