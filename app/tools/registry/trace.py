"""trace: what led to a record and what it led to."""

from app.tools.arguments import id_in
from app.tools.outputs import TEXT, TEXT_OR_NULL, listed, shape, shown_time
from app.tools.tool import Arguments, ForAgents, Tool, ToolContext, ToolResult, id_of, parameters
from sql.errors import NotFound
from sql.repositories.events import list_events_of_chain
from sql.repositories.nodes import NO_NODE, find_node_kind

MAX_EVENTS = 100


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    record_id = id_in(arguments, "id", NO_NODE)
    found = await list_events_of_chain(context.connection, context.user_id, record_id, MAX_EVENTS)
    events = [each for each in found if context.may_read(each.scope_id)]
    if not found and await find_node_kind(context.connection, context.user_id, record_id) is None:
        raise NotFound(NO_NODE)
    return ToolResult(
        output=[
            {
                "event": event.kind,
                "id": str(event.subject_id),
                "causedBy": None if event.caused_by is None else str(event.caused_by),
                "at": shown_time(context, event.created_at),
                "details": event.payload,
            }
            for event in events
        ]
    )


TOOL = Tool(
    name="trace",
    description={
        "en": "Show what led to a record and what it led to: its chain of events, oldest first.",
        "ja": "ある記録の経緯と影響を、出来事の連鎖として古い順に示します。",
    },
    parameters=parameters(["id"], id=id_of("The id of the record.")),
    run=run,
    for_agents=ForAgents("Show what led to a record and what came of it."),
    output=listed(shape(event=TEXT, id=TEXT, causedBy=TEXT_OR_NULL, at=TEXT_OR_NULL)),
)
