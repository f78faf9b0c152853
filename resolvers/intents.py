"""Queries and mutations of intents."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import strawberry

from resolvers.checks import checked_id, checked_labels, checked_text, checked_zone
from resolvers.context import Info
from resolvers.paging import (
    id_cursor,
    id_from_cursor,
    page_size,
    priority_cursor,
    priority_from_cursor,
    time_cursor,
    time_from_cursor,
    to_page,
)
from resolvers.projects import visible_project
from resolvers.views import Computed, EnumColumn, IdColumn, SameRow, view
from schema.intents import (
    Classification,
    CreateIntentInput,
    Intent,
    IntentAssignee,
    IntentConnection,
    IntentEdge,
    IntentOrder,
    IntentStatus,
    IntentTransition,
    IntentType,
    TypedTask,
    UpdateIntentInput,
)
from sql.errors import Conflict, NotFound
from sql.repositories import intent_lists
from sql.repositories import intents as repository
from sql.repositories.contradictions import count_open_contradictions
from sql.repositories.conversations import END_OF_TIME
from sql.repositories.intent_lists import ALL_STATUSES, IntentFilter, Order
from sql.repositories.intents import NO_INTENT
from sql.repositories.trash import move_to_trash
from sql.rows import IntentRow, JsonObject


def to_classification(value: JsonObject | None) -> Classification | None:
    if value is None:
        return None
    return Classification(
        intent_type=IntentType(value["intentType"]),
        confidence=value["confidence"],
        reason=value["reason"],
        key=value.get("key"),
        params=value.get("params"),
        classifier=value["classifier"],
    )


to_intent = view(
    Intent,
    id=IdColumn("id"),
    intent_type=EnumColumn("intent_type", IntentType),
    classification=Computed(lambda row: to_classification(row.classification)),
    assignee=EnumColumn("assignee", IntentAssignee),
    status=EnumColumn("status", IntentStatus),
)
to_typed_task = view(TypedTask, assignee=EnumColumn("assignee", IntentAssignee))
to_transition = view(
    IntentTransition,
    from_status=EnumColumn("from_status", IntentStatus),
    to_status=EnumColumn("to_status", IntentStatus),
)
to_edge = view(IntentEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_intent))
to_edge_by_priority = view(
    IntentEdge, cursor=Computed(lambda row: priority_cursor(row.priority, row.id)), node=SameRow(to_intent)
)
to_edge_by_due = view(
    IntentEdge, cursor=Computed(lambda row: time_cursor(row.due_at or END_OF_TIME, row.id)), node=SameRow(to_intent)
)
MAX_LINE_BYTES = 4000
EDGES = {"priority": to_edge_by_priority, "due": to_edge_by_due}


def to_intent_connection(
    rows: list[IntentRow], size: int, after: str | None, scope: object, order: str = "oldest"
) -> IntentConnection:
    edges, page_info = to_page(rows, size, EDGES.get(order, to_edge), has_previous=after is not None)
    return IntentConnection(edges=edges, page_info=page_info, scope=scope)


async def list_intents(
    info: Info,
    project_id: strawberry.ID | None = None,
    assignee: IntentAssignee | None = None,
    labels: list[str] | None = None,
    status: list[IntentStatus] | None = None,
    intent_type: list[IntentType] | None = None,
    order_by: IntentOrder | None = IntentOrder.NEWEST,
    first: int | None = None,
    after: str | None = None,
) -> IntentConnection:
    size, order = page_size(first), cast(Order, (order_by or IntentOrder.NEWEST).value)
    async with info.context.database.connection() as connection:
        within = IntentFilter(
            statuses=ALL_STATUSES if status is None else tuple(each.value for each in status),
            types=None if intent_type is None else tuple(each.value for each in intent_type),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
            assignee=None if assignee is None else assignee.value,
            labels=tuple(checked_labels(labels)),
        )
        rows = await intent_lists.list_intents(
            connection, info.context.viewer.id, within, order, count=size + 1, after=_position(order, after)
        )
    return to_intent_connection(rows, size, after, within, order)


def _position(order: Order, after: str | None) -> tuple[Any, UUID] | None:
    if after is None:
        return None
    if order == "due":
        return time_from_cursor(after)
    return priority_from_cursor(after) if order == "priority" else (0, id_from_cursor(after))


async def get_intent(info: Info, id: strawberry.ID) -> Intent | None:
    found = await info.context.relations.intent(checked_id(id, NO_INTENT))
    if found is None:
        raise NotFound(NO_INTENT)
    return found


async def read_task(info: Info, text: str, timezone: str | None = None) -> TypedTask:
    context = info.context
    zone = await context.relations.timezone() or timezone or context.timezone
    line = checked_text(text, "text", max_bytes=MAX_LINE_BYTES)
    return to_typed_task(await context.read_typed_task(line, datetime.now(UTC), checked_zone(zone).key))


async def create_intent(info: Info, input: CreateIntentInput) -> Intent:
    context = info.context
    arguments = {
        "description": input.description,
        "intentType": None if input.intent_type is None else input.intent_type.name,
        "priority": input.priority,
        "dueAt": input.due_at,
        "metadata": input.metadata,
        "conversationId": input.conversation_id,
        "projectId": input.project_id,
        "assignee": None if input.assignee is None else input.assignee.name,
        "assigneeId": input.assignee_id,
        "labels": input.labels,
        "recurrence": input.recurrence,
        "idempotencyKey": input.idempotency_key,
    }
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "create_intent", arguments)
    return to_intent(row)


async def update_intent(info: Info, input: UpdateIntentInput) -> Intent:
    context = info.context
    given = {
        "id": input.id,
        "description": input.description,
        "priority": input.priority,
        "dueAt": input.due_at,
        "metadata": input.metadata,
        "assignee": None if input.assignee is None else input.assignee.name,
        "assigneeId": input.assignee_id,
        "labels": input.labels,
        "recurrence": input.recurrence,
        "expectedVersion": input.expected_version,
    }
    arguments = {name: value for name, value in given.items() if value is not strawberry.UNSET}
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "update_intent", arguments)
    return to_intent(row)


async def confirm_intent(info: Info, id: strawberry.ID) -> Intent:
    context, intent_id = info.context, checked_id(id, NO_INTENT)
    context.require_person()
    async with context.writing() as connection:
        intent = await repository.lock_intent(connection, context.viewer.id, intent_id)
        if intent.status != "awaiting_confirmation":
            raise Conflict("intent.not_awaiting_confirmation", status=intent.status.upper())
        if await count_open_contradictions(connection, intent_id):
            raise Conflict("intent.contradiction_open")
        row = await repository.confirm_intent(connection, intent, actor=context.viewer.id)
    return to_intent(row)


async def cancel_intent(info: Info, id: strawberry.ID, reason: str | None = None) -> Intent:
    context = info.context
    arguments = {"id": id, "reason": reason}
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "cancel_intent", arguments)
    return to_intent(row)


async def retry_intent(info: Info, id: strawberry.ID) -> Intent:
    context, intent_id = info.context, checked_id(id, NO_INTENT)
    async with context.writing() as connection:
        intent = await repository.lock_intent(connection, context.viewer.id, intent_id)
        if intent.status not in ("failed", "cancelled"):
            raise Conflict("intent.not_retryable", status=intent.status.upper())
        row = await repository.mark_intent_pending(
            connection,
            intent,
            actor=context.viewer.id,
            reason="Retried.",
            reason_key="intent.retried",
            reason_params={},
        )
    return to_intent(row)


async def start_intent(info: Info, id: strawberry.ID) -> Intent:
    context = info.context
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "start_intent", {"id": id})
    return to_intent(row)


async def complete_intent(info: Info, id: strawberry.ID, note: str | None = None) -> Intent:
    context = info.context
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "complete_intent", {"id": id, "note": note})
    return to_intent(row)


async def reopen_intent(info: Info, id: strawberry.ID, reason: str | None = None) -> Intent:
    context = info.context
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "reopen_intent", {"id": id, "reason": reason})
    return to_intent(row)


async def delete_intent(info: Info, id: strawberry.ID) -> strawberry.ID:
    intent_id, viewer_id = checked_id(id, NO_INTENT), info.context.viewer.id
    async with info.context.writing() as connection:
        await move_to_trash(connection, viewer_id, "intent", intent_id, actor=viewer_id)
    return strawberry.ID(str(intent_id))
