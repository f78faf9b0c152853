"""changes_since: what was created or changed since a time."""

from app.tools.arguments import time_of
from app.tools.outputs import shown_time
from app.tools.tool import LIMIT, Arguments, Tool, ToolContext, ToolResult, parameters, time
from sql.errors import BadUserInput
from sql.repositories.changes import list_changes_since


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    since = time_of(arguments, "since")
    if since is None:
        raise BadUserInput("tool.argument_missing", name="since")
    rows = await list_changes_since(
        context.connection, context.user_id, since, arguments.get("limit") or 20, context.project_id
    )
    return ToolResult(
        output=[
            {
                "kind": row.kind,
                "id": str(row.id),
                "text": row.text,
                "status": row.status.upper(),
                "isNew": row.created_at >= since,
                "changedAt": shown_time(context, row.changed_at),
            }
            for row in rows
        ]
    )


TOOL = Tool(
    name="changes_since",
    description={
        "en": "List the work items, specifications, decisions and memories that were created or changed since a time, "
        "latest first.",
        "ja": "ある時点以後に作成または変更された作業項目、仕様書、決定、記憶を新しい順に一覧します。",
    },
    parameters=parameters(["since"], since=time("Since when."), limit=LIMIT),
    run=run,
)
