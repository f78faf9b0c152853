"""Queries and mutations of intents."""

from typing import cast

import strawberry

from resolvers.checks import checked_id, checked_key, checked_metadata, checked_priority, checked_text, checked_time
from resolvers.context import Info, Limits
from resolvers.paging import id_cursor, id_from_cursor, page_size, priority_cursor, priority_from_cursor, to_page
from resolvers.projects import checked_project_id, visible_project
from resolvers.views import Computed, EnumColumn, IdColumn, SameRow, view
from schema.intents import (
    Classification,
    CreateIntentInput,
    Intent,
    IntentConnection,
    IntentEdge,
    IntentOrder,
    IntentStatus,
    IntentTransition,
    IntentType,
    UpdateIntentInput,
)
from sql.errors import BadUserInput, Conflict, NotFound
from sql.repositories import conversations
from sql.repositories import intents as repository
from sql.repositories.contradictions import count_open_contradictions
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.intents import ALL_STATUSES, NO_INTENT, IntentFilter, NewIntent, Order
from sql.repositories.projects import check_project
from sql.rows import IntentRow, JsonObject

EDITABLE = ("pending", "awaiting_confirmation")


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
    status=EnumColumn("status", IntentStatus),
)
to_transition = view(
    IntentTransition,
    from_status=EnumColumn("from_status", IntentStatus),
    to_status=EnumColumn("to_status", IntentStatus),
)
to_edge = view(IntentEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_intent))
to_edge_by_priority = view(
    IntentEdge, cursor=Computed(lambda row: priority_cursor(row.priority, row.id)), node=SameRow(to_intent)
)


def to_intent_connection(
    rows: list[IntentRow], size: int, after: str | None, scope: object, *, by_priority: bool = False
) -> IntentConnection:
    edges, page_info = to_page(
        rows,
        size,
        to_edge_by_priority if by_priority else to_edge,
        has_previous=after is not None,
    )
    return IntentConnection(edges=edges, page_info=page_info, scope=scope)


async def list_intents(
    info: Info,
    project_id: strawberry.ID | None = None,
    status: list[IntentStatus] | None = None,
    intent_type: list[IntentType] | None = None,
    order_by: IntentOrder | None = IntentOrder.NEWEST,
    first: int | None = None,
    after: str | None = None,
) -> IntentConnection:
    size, order = page_size(first), cast(Order, (order_by or IntentOrder.NEWEST).value)
    by_priority = order == "priority"
    position = None
    if after is not None:
        position = priority_from_cursor(after) if by_priority else (0, id_from_cursor(after))
    async with info.context.database.connection() as connection:
        within = IntentFilter(
            statuses=ALL_STATUSES if status is None else tuple(each.value for each in status),
            types=None if intent_type is None else tuple(each.value for each in intent_type),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
        )
        rows = await repository.list_intents(
            connection, info.context.viewer.id, within, order, count=size + 1, after=position
        )
    return to_intent_connection(rows, size, after, within, by_priority=by_priority)


async def get_intent(info: Info, id: strawberry.ID) -> Intent | None:
    found = await info.context.relations.intent(checked_id(id, NO_INTENT))
    if found is None:
        raise NotFound(NO_INTENT)
    return found


def _to_new_intent(input: CreateIntentInput, viewer_id: str, limits: Limits) -> NewIntent:
    if input.intent_type is IntentType.REMINDER and input.due_at is None:
        raise BadUserInput("intent.due_at_missing")
    return NewIntent(
        user_id=viewer_id,
        description=checked_text(input.description, "description", max_bytes=limits.max_content_bytes),
        actor=viewer_id,
        intent_type=None if input.intent_type is None else input.intent_type.value,
        priority=checked_priority(input.priority or 0),
        due_at=checked_time(input.due_at),
        max_attempts=limits.max_attempts,
        metadata=checked_metadata(input.metadata),
        project_id=checked_project_id(input.project_id),
        conversation_id=None if input.conversation_id is None else checked_id(input.conversation_id, NO_CONVERSATION),
        idempotency_key=checked_key(input.idempotency_key),
    )


async def create_intent(info: Info, input: CreateIntentInput) -> Intent:
    context = info.context
    new = _to_new_intent(input, context.viewer.id, context.limits)
    async with context.writing() as connection:
        if new.conversation_id is not None:
            await conversations.touch_conversation(connection, context.viewer.id, new.conversation_id)
        await check_project(connection, context.viewer.id, new.project_id, new.conversation_id)
        row, _ = await repository.insert_intent(connection, new)
    return to_intent(row)


def _check_version(intent: IntentRow, expected: int | None) -> None:
    if expected is not None and expected != intent.version:
        raise Conflict("intent.changed", version=intent.version, expected=expected)


def _check_editable(intent: IntentRow) -> None:
    if intent.status not in EDITABLE:
        raise Conflict("intent.not_editable", status=intent.status.upper())


def _checked_description(input: UpdateIntentInput, intent: IntentRow, limits: Limits) -> str:
    """The description after the change; an absent one changes nothing. Raises BadUserInput when null or empty."""
    if input.description is strawberry.UNSET:
        return intent.description
    return checked_text(input.description or "", "description", max_bytes=limits.max_content_bytes)


async def update_intent(info: Info, input: UpdateIntentInput) -> Intent:
    context, intent_id = info.context, checked_id(input.id, NO_INTENT)
    async with context.writing() as connection:
        intent = await repository.lock_intent(connection, context.viewer.id, intent_id)
        _check_version(intent, input.expected_version)
        if (input.description, input.priority, input.due_at) != (strawberry.UNSET,) * 3:
            _check_editable(intent)
        row = await repository.update_intent(
            connection,
            intent,
            description=_checked_description(input, intent, context.limits),
            priority=intent.priority
            if input.priority in (strawberry.UNSET, None)
            else checked_priority(input.priority),
            due_at=intent.due_at if input.due_at is strawberry.UNSET else checked_time(input.due_at),
            metadata=intent.metadata if input.metadata is strawberry.UNSET else checked_metadata(input.metadata),
            actor=context.viewer.id,
        )
    return to_intent(row)


async def confirm_intent(info: Info, id: strawberry.ID) -> Intent:
    context, intent_id = info.context, checked_id(id, NO_INTENT)
    async with context.writing() as connection:
        intent = await repository.lock_intent(connection, context.viewer.id, intent_id)
        if intent.status != "awaiting_confirmation":
            raise Conflict("intent.not_awaiting_confirmation", status=intent.status.upper())
        if await count_open_contradictions(connection, context.viewer.id, intent_id):
            raise Conflict("intent.contradiction_open")
        row = await repository.confirm_intent(connection, intent, actor=context.viewer.id)
    return to_intent(row)


async def cancel_intent(info: Info, id: strawberry.ID, reason: str | None = None) -> Intent:
    context, intent_id = info.context, checked_id(id, NO_INTENT)
    if reason is not None:
        checked_text(reason, "reason", max_bytes=context.limits.max_content_bytes)
    async with context.writing() as connection:
        intent = await repository.lock_intent(connection, context.viewer.id, intent_id)
        if intent.status in ("completed", "failed", "cancelled"):
            raise Conflict("intent.ended", status=intent.status.upper())
        row = await repository.mark_intent_cancelled(connection, intent.id, actor=context.viewer.id, reason=reason)
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


async def delete_intent(info: Info, id: strawberry.ID) -> strawberry.ID:
    intent_id = checked_id(id, NO_INTENT)
    async with info.context.writing() as connection:
        await repository.delete_intent(connection, info.context.viewer.id, intent_id)
    return strawberry.ID(str(intent_id))
