"""update_intent: another description, time or priority of an open work item."""

from app.gate.checks import check_intent
from app.tools.arguments import time_of
from app.tools.intents import EDITABLE, lock_named, summary_of
from app.tools.outputs import intent_output, spoken_time
from app.tools.tool import Arguments, Tool, ToolContext, ToolResult, id_of, optional, parameters, text, time
from app.tools.undo import change_of
from resolvers.checks import checked_metadata, checked_priority, checked_text
from sql.errors import Conflict
from sql.repositories.intents import update_intent
from sql.sentences import Sentence

CONTENT = ("description", "priority", "dueAt")


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    intent = await lock_named(context, arguments)
    if intent.status not in EDITABLE and any(name in arguments for name in CONTENT):
        raise Conflict("intent.not_editable", status=intent.status.upper())
    change = await change_of(context, "intent", intent.id)
    description = intent.description
    if "description" in arguments:
        limit = context.limits.max_content_bytes
        description = checked_text(arguments["description"] or "", "description", max_bytes=limit)
    priority = arguments.get("priority")
    row = await update_intent(
        context.connection,
        intent,
        description=description,
        priority=intent.priority if priority is None else checked_priority(priority),
        due_at=time_of(arguments, "dueAt") if "dueAt" in arguments else intent.due_at,
        metadata=checked_metadata(arguments["metadata"]) if "metadata" in arguments else intent.metadata,
        actor=context.actor,
    )
    if description != intent.description:
        row = await check_intent(context.connection, row, actor=context.actor)
    return ToolResult("intent", row.id, intent_output(context, row), row, [change])


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    due_at = time_of(arguments, "dueAt")
    if due_at is None:
        return await summary_of(context, arguments, "action.update_intent", "action.update_intent.one_of")
    keys = ("action.update_intent.time", "action.update_intent.time.one_of")
    return await summary_of(context, arguments, *keys, time=spoken_time(context, due_at))


TOOL = Tool(
    name="update_intent",
    description={
        "en": "Change the description, the time or the priority of an open work item that the user named.",
        "ja": "利用者が指した未完了の作業項目の内容・日時・優先度を変更します。",
    },
    parameters=parameters(
        ["id"],
        id=id_of("The id of the work item."),
        description=text("The new description."),
        priority={"type": "integer", "minimum": 0, "maximum": 10, "description": "0 (usual) to 10 (urgent)."},
        dueAt=optional(time("The new time; null removes it.")),
        expectedVersion=optional({"type": "integer", "description": "The version that the change is based on."}),
    ),
    run=run,
    summary=summary,
    writes=True,
)
