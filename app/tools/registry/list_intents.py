"""list_intents: work items and reminders by status, type and words."""

from app.tools.arguments import enum_in, enums_in
from app.tools.outputs import INTENT, intent_output, listed
from app.tools.registry.create_intent import ASSIGNEE, TYPES
from app.tools.tool import LIMIT, Arguments, ForAgents, Tool, ToolContext, ToolResult, optional, parameters, texts
from resolvers.checks import checked_labels
from sql.repositories.intent_lists import IntentFilter, list_intents

OPEN = ("pending", "awaiting_confirmation", "processing")
STATUSES = ["PENDING", "AWAITING_CONFIRMATION", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"]


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    within = IntentFilter(
        enums_in(arguments, "status") or OPEN,
        enums_in(arguments, "intentType"),
        assignee=enum_in(arguments, "assignee"),
        labels=tuple(checked_labels(arguments.get("labels"))),
        project_id=context.project_id,
    )
    count = arguments.get("limit") or 20
    rows = await list_intents(context.connection, context.user_id, within, "newest", count=count, after=None)
    return ToolResult(output=[intent_output(context, row) for row in rows])


TOOL = Tool(
    name="list_intents",
    description={
        "en": "List work items and reminders, newest first; the open ones unless a status is given.",
        "ja": "作業項目とリマインダーを新しい順に一覧します。statusを指定しなければ未完了のものだけです。",
    },
    parameters=parameters(
        status={"type": "array", "items": {"type": "string", "enum": STATUSES}, "description": "Only these statuses."},
        intentType={"type": "array", "items": {"type": "string", "enum": TYPES}, "description": "Only these types."},
        assignee=optional({**ASSIGNEE, "description": "Only the work of this assignee."}),
        labels=texts("Only those with all of these labels."),
        limit=LIMIT,
    ),
    run=run,
    for_agents=ForAgents("List work items; the open ones unless a status is given."),
    output=listed(INTENT),
)
