"""changes_since: what was created or changed since a time, or what happened since a cursor."""

from app.tools.arguments import time_of
from app.tools.outputs import TEXT, shape, shown_time
from app.tools.tool import LIMIT, Arguments, ForAgents, Tool, ToolContext, ToolResult, parameters, text, time
from sql.errors import BadUserInput, CursorExpired
from sql.event_cursor import EventCursor, EventPosition
from sql.repositories.changes import list_changes_since
from sql.repositories.events import get_event_stream, get_latest_events, list_events_of_user_after
from sql.repositories.nodes import list_private
from sql.rows import EventRow, JsonObject

DEFAULT = 20


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    count, cursor = arguments.get("limit") or DEFAULT, arguments.get("cursor")
    if cursor is not None:
        return ToolResult(output=await _events_after(context, EventCursor.decode(cursor), count))
    # Read first: what happens meanwhile is reported twice and never missed.
    latest = await _latest_cursor(context)
    return ToolResult(output={"changes": await _changes(context, arguments, count), "cursor": latest, "more": False})


async def _changes(context: ToolContext, arguments: Arguments, count: int) -> list[JsonObject]:
    """Records that were created or changed since the time, latest first; none without a time."""
    since = time_of(arguments, "since")
    if since is None:
        return []
    rows = await list_changes_since(context.connection, context.user_id, since, count, context.project_id)
    private = await list_private(context.connection, [row.id for row in rows]) if context.shared else set()
    return [
        {
            "kind": row.kind,
            "id": str(row.id),
            "text": row.text,
            "status": row.status.upper(),
            "isNew": row.created_at >= since,
            "changedAt": shown_time(context, row.changed_at),
        }
        for row in rows
        if row.id not in private
    ]


async def _latest_cursor(context: ToolContext) -> str:
    stream, _ = await get_event_stream(context.connection)
    latest = await get_latest_events(context.connection, context.user_id)
    return EventCursor(stream.id, latest.last).encode()


async def _events_after(context: ToolContext, cursor: EventCursor, count: int) -> JsonObject:
    """Events in commit order. Raises CursorExpired, BadUserInput."""
    stream, next_xid = await get_event_stream(context.connection)
    if not stream.has_all_after(cursor):
        raise CursorExpired
    if cursor.position.xid >= next_xid:
        raise BadUserInput("cursor.in_future")
    page = await list_events_of_user_after(context.connection, context.user_id, cursor.position, count)
    last = EventPosition(page.events[-1].xid, page.events[-1].id) if page.events else cursor.position
    return {
        "changes": [_event_output(context, each) for each in page.events if _is_of_project(context, each)],
        "cursor": EventCursor(stream.id, last).encode(),
        "more": len(page.events) == count,
    }


def _is_of_project(context: ToolContext, event: EventRow) -> bool:
    of_project = context.project_id is None or event.project_id is None or event.project_id == context.project_id
    return of_project and context.may_read(event.scope_id)


def _event_output(context: ToolContext, event: EventRow) -> JsonObject:
    return {
        "event": event.kind,
        "id": str(event.subject_id),
        "causedBy": None if event.caused_by is None else str(event.caused_by),
        "changedAt": shown_time(context, event.created_at),
        "details": event.payload,
    }


TOOL = Tool(
    name="changes_since",
    description={
        "en": "List the work items, specifications, decisions and memories that were created or changed since a time, "
        "latest first; or what happened since a cursor, in order.",
        "ja": "ある時点以後に作成または変更された作業項目、仕様書、決定、記憶を新しい順に一覧します。"
        "cursorを指定すると、その後の出来事を順に一覧します。",
    },
    parameters=parameters(since=time("Since when."), cursor=text("The cursor of an earlier call."), limit=LIMIT),
    run=run,
    for_agents=ForAgents(
        "What changed since a time, or since the cursor of an earlier call. Without both, the cursor of now."
    ),
    output=shape(changes={"type": "array", "items": {"type": "object"}}, cursor=TEXT, more={"type": "boolean"}),
)
