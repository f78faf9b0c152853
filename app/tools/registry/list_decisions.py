"""list_decisions: decisions by status and topic."""

from app.language.topics import topic_key
from app.tools.arguments import enums_in, time_of
from app.tools.outputs import DECISION, decision_output, listed
from app.tools.tool import LIMIT, Arguments, ForAgents, Tool, ToolContext, ToolResult, parameters, text, time
from resolvers.decision_checks import checked_topic
from sql.repositories.decision_reads import DecisionFilter, list_decisions

MOST = 500  # all that are in force, in most projects: an agent gets them at the start of a session
STATUSES = ["PROPOSED", "ACCEPTED", "REJECTED", "SUPERSEDED", "WITHDRAWN"]


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    topic = arguments.get("topic")
    within = DecisionFilter(
        statuses=enums_in(arguments, "status") or ("accepted",),
        topic_key=None if topic is None else topic_key(checked_topic(topic)),
        as_of=time_of(arguments, "asOf"),
        project_id=context.project_id,
    )
    rows = await list_decisions(context.connection, context.user_id, within, count=arguments.get("limit") or 20)
    return ToolResult(output=[decision_output(context, row) for row in rows])


TOOL = Tool(
    name="list_decisions",
    description={
        "en": "List decisions, newest first; the accepted ones unless a status is given.",
        "ja": "決定を新しい順に一覧します。statusを指定しなければ有効な決定だけです。",
    },
    parameters=parameters(
        status={"type": "array", "items": {"type": "string", "enum": STATUSES}, "description": "Only these statuses."},
        topic=text('Only this topic, in any language: "database".'),
        asOf=time("The statuses of this moment."),
        limit={**LIMIT, "maximum": MOST},
    ),
    run=run,
    for_agents=ForAgents("List decisions; the accepted ones unless a status is given."),
    output=listed(DECISION),
)
