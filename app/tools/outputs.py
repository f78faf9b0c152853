"""Records as a model reads them: short JSON objects with bounded texts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.language.text import one_line, truncate
from app.tools.tool import ToolContext
from sql.rows import DecisionRow, IntentRow, JsonObject, MemoryRow, SpecificationRow

TEXT: JsonObject = {"type": "string"}
TEXT_OR_NULL: JsonObject = {"type": ["string", "null"]}
NUMBER: JsonObject = {"type": "number"}
SHORT = 300
LONG = 20_000  # characters of a text that is read in full


def shown_time(context: ToolContext, at: datetime | None) -> str | None:
    """The time in the user's zone."""
    return None if at is None else at.astimezone(context.now.tzinfo).isoformat(timespec="minutes")


def spoken_time(context: ToolContext, at: datetime) -> str:
    """The time in the user's zone, for a sentence."""
    return at.astimezone(context.now.tzinfo).strftime("%Y-%m-%d %H:%M")


def zone_name(context: ToolContext) -> str | None:
    """The IANA name of the user's zone, if it has one."""
    return context.now.tzinfo.key if isinstance(context.now.tzinfo, ZoneInfo) else None


def brief(text: str) -> str:
    """The text as one short line, for a summary."""
    return one_line(text, 120)


def intent_output(context: ToolContext, row: IntentRow, *, full: bool = False) -> JsonObject:
    output: JsonObject = {
        "kind": "intent",
        "id": str(row.id),
        "description": truncate(row.description, LONG if full else SHORT),
        "intentType": None if row.intent_type is None else row.intent_type.upper(),
        "status": row.status.upper(),
        "priority": row.priority,
        "assignee": row.assignee.upper(),
        "labels": row.labels,
        "recurrence": row.recurrence,
        "dueAt": shown_time(context, row.due_at),
        "createdAt": shown_time(context, row.created_at),
    }
    if full:
        output |= {"result": row.result, "error": row.error, "version": row.version}
    return output


def memory_output(context: ToolContext, row: MemoryRow, *, full: bool = False) -> JsonObject:
    return {
        "kind": "memory",
        "id": str(row.id),
        "content": truncate(row.content, LONG if full else SHORT),
        "archived": row.archived,
        "tags": row.tags,
        "createdAt": shown_time(context, row.created_at),
    }


def specification_output(context: ToolContext, row: SpecificationRow, *, full: bool = False) -> JsonObject:
    output: JsonObject = {
        "kind": "specification",
        "id": str(row.id),
        "title": row.title,
        "status": row.status.upper(),
        "version": row.version,
        "tags": row.tags,
        "updatedAt": shown_time(context, row.updated_at),
    }
    return output | ({"content": truncate(row.content, LONG)} if full else {})


def decision_output(context: ToolContext, row: DecisionRow, *, full: bool = False) -> JsonObject:
    output: JsonObject = {
        "kind": "decision",
        "id": str(row.id),
        "number": row.number,
        "title": row.title,
        "decisionKind": row.kind.upper(),
        "topic": row.topic,
        "status": row.status.upper(),
        "chosen": next((each["label"] for each in row.options if each["id"] == str(row.chosen_option_id)), None),
        "value": row.value,
        "rationale": None if row.rationale is None else truncate(row.rationale, LONG if full else SHORT),
        "decidedAt": shown_time(context, row.decided_at),
        "supersededBy": None if row.superseded_by is None else str(row.superseded_by),
    }
    if full:
        options = [{"label": each["label"], "rejectionReason": each["rejectionReason"]} for each in row.options]
        output |= {"options": options, "context": row.context, "consequences": row.consequences, "tags": row.tags}
    return output


def shape(**properties: JsonObject) -> JsonObject:
    """The JSON schema of an object that has these properties, and may have others."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def listed(item: JsonObject) -> JsonObject:
    """The JSON schema of a list."""
    return {"type": "array", "items": item}


# The JSON schemas of what the functions above return.
RECORD = shape(kind=TEXT, id=TEXT)
INTENT = shape(
    kind=TEXT,
    id=TEXT,
    description=TEXT,
    intentType=TEXT_OR_NULL,
    status=TEXT,
    priority=NUMBER,
    assignee=TEXT,
    labels=listed(TEXT),
    recurrence=TEXT_OR_NULL,
    dueAt=TEXT_OR_NULL,
    createdAt=TEXT_OR_NULL,
)
SPECIFICATION = shape(
    kind=TEXT, id=TEXT, title=TEXT, status=TEXT, version=NUMBER, tags=listed(TEXT), updatedAt=TEXT_OR_NULL
)
DECISION = shape(
    kind=TEXT,
    id=TEXT,
    number=NUMBER,
    title=TEXT,
    decisionKind=TEXT,
    topic=TEXT,
    status=TEXT,
    chosen=TEXT_OR_NULL,
    value=TEXT_OR_NULL,
    rationale=TEXT_OR_NULL,
    decidedAt=TEXT_OR_NULL,
    supersededBy=TEXT_OR_NULL,
)
