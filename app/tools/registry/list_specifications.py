"""list_specifications: titles and statuses of documents."""

from app.tools.arguments import enums_in
from app.tools.outputs import SPECIFICATION, listed, specification_output
from app.tools.tool import LIMIT, Arguments, ForAgents, Tool, ToolContext, ToolResult, parameters, texts
from resolvers.checks import checked_tags
from sql.repositories.specifications import ALL_STATUSES, list_specifications

STATUSES = ["DRAFT", "REVIEW", "APPROVED"]


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    rows = await list_specifications(
        context.connection,
        context.user_id,
        count=arguments.get("limit") or 20,
        statuses=enums_in(arguments, "status") or ALL_STATUSES,
        tags=checked_tags(arguments.get("tags")),
        project_id=context.project_id,
    )
    return ToolResult(output=[specification_output(context, row) for row in rows])


TOOL = Tool(
    name="list_specifications",
    description={
        "en": "List specifications with their titles and statuses, newest first.",
        "ja": "仕様書の題名と状態を新しい順に一覧します。",
    },
    parameters=parameters(
        status={"type": "array", "items": {"type": "string", "enum": STATUSES}, "description": "Only these statuses."},
        tags=texts("Only specifications with all of these tags."),
        limit=LIMIT,
    ),
    run=run,
    for_agents=ForAgents("List specifications.", ("tags",)),
    output=listed(SPECIFICATION),
)
