"""start_intent: the user begins a to-do."""

from app.tools.intents import lock_named, summary_of
from app.tools.outputs import intent_output
from app.tools.paths import PATHS, checked_paths
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, parameters, texts
from app.tools.undo import change_of
from sql.repositories.intents import add_intent_metadata
from sql.repositories.person_intents import start_intent
from sql.sentences import Sentence


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    intent = await lock_named(context, arguments)
    change = await change_of(context, "intent", intent.id)
    if arguments.get(PATHS):
        await add_intent_metadata(context.connection, intent.id, {PATHS: checked_paths(arguments[PATHS])})
    row = await start_intent(context.connection, intent, actor=context.actor)
    return ToolResult("intent", row.id, intent_output(context, row), row, [change])


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    return await summary_of(context, arguments, "action.start_intent", "action.start_intent.one_of")


TOOL = Tool(
    name="start_intent",
    description={
        "en": "Start a to-do that the user says they have begun.",
        "ja": "利用者が始めたと言った自分のタスクを着手済みにします。",
    },
    parameters=parameters(
        ["id"],
        id=id_of("The id of the work item."),
        paths=texts("Replaces its paths."),
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Start a work item."),
)
