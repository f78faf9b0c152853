"""Subscriptions: changes of notifications, messages, intents and replies, from any cursor."""

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

import strawberry

from resolvers.checks import checked_id
from resolvers.context import Info
from resolvers.intents import to_intent
from resolvers.messages import to_message
from resolvers.notifications import to_notification
from resolvers.projects import checked_visible_project
from schema.events import EventKind, IntentChangedEvent, MessageChangedEvent, NotificationAddedEvent, ReplyChunk
from schema.intents import IntentStatus
from schema.messages import MessageStatus
from sql.errors import BadUserInput, NotFound
from sql.repositories import conversations, intents, messages, notifications
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.intents import NO_INTENT
from sql.repositories.messages import NO_MESSAGE
from sql.rows import IntentRow, MessageRow, NotificationRow

Row = TypeVar("Row", IntentRow, MessageRow, NotificationRow)

MESSAGE_KINDS = frozenset({"message_created", "message_updated", "message_deleted"})
INTENT_KINDS = frozenset({"intent_created", "intent_updated", "intent_deleted"})
NOTIFICATION_KINDS = frozenset({"notification_created"})


def _still_in(project_id: UUID | None, rows: list[Row]) -> list[Row]:
    """Without the rows that were moved to another project since the event."""
    return rows if project_id is None else [row for row in rows if row.project_id == project_id]


async def notification_added(
    info: Info, project_id: strawberry.ID | None = None, after: str | None = None
) -> AsyncIterator[NotificationAddedEvent]:
    context, project = info.context, await checked_visible_project(info, project_id)
    async for item in context.events.follow(
        context.viewer.id, kinds=NOTIFICATION_KINDS, project_id=project, after=after
    ):
        async with context.database.connection() as connection:
            rows = await notifications.find_notifications(connection, context.viewer.id, [item.event.subject_id])
            unread = await notifications.count_unread_notifications(connection, context.viewer.id)
        for row in _still_in(project, rows):  # empty when it has been deleted
            yield NotificationAddedEvent(cursor=item.cursor, notification=to_notification(row), unread_count=unread)


async def _check_conversation(info: Info, conversation_id: UUID) -> None:
    async with info.context.database.connection() as connection:
        if not await conversations.find_conversations(connection, info.context.viewer.id, [conversation_id]):
            raise NotFound(NO_CONVERSATION)


async def message_changed(
    info: Info,
    project_id: strawberry.ID | None = None,
    conversation_id: strawberry.ID | None = None,
    after: str | None = None,
) -> AsyncIterator[MessageChangedEvent]:
    context, project = info.context, await checked_visible_project(info, project_id)
    only = None if conversation_id is None else str(checked_id(conversation_id, NO_CONVERSATION))
    if only is not None:
        await _check_conversation(info, UUID(only))
    async for item in context.events.follow(context.viewer.id, kinds=MESSAGE_KINDS, project_id=project, after=after):
        event = item.event
        if only is not None and event.payload["conversationId"] != only:
            continue
        async with context.database.connection() as connection:
            rows = await messages.find_messages(connection, context.viewer.id, [event.subject_id])
        rows = _still_in(project, rows)
        yield MessageChangedEvent(
            cursor=item.cursor,
            kind=EventKind(event.kind),
            message_id=strawberry.ID(str(event.subject_id)),
            message=to_message(rows[0]) if rows else None,
        )


async def intent_changed(
    info: Info,
    project_id: strawberry.ID | None = None,
    ids: list[strawberry.ID] | None = None,
    after: str | None = None,
) -> AsyncIterator[IntentChangedEvent]:
    context, project = info.context, await checked_visible_project(info, project_id)
    only = None if ids is None else frozenset(checked_id(each, NO_INTENT) for each in ids)
    async for item in context.events.follow(context.viewer.id, kinds=INTENT_KINDS, project_id=project, after=after):
        event = item.event
        if only is not None and event.subject_id not in only:
            continue
        async with context.database.connection() as connection:
            rows = await intents.find_intents(connection, context.viewer.id, [event.subject_id])
        rows = _still_in(project, rows)
        previous = event.payload.get("previousStatus")
        yield IntentChangedEvent(
            cursor=item.cursor,
            kind=EventKind(event.kind),
            intent_id=strawberry.ID(str(event.subject_id)),
            intent=to_intent(rows[0]) if rows else None,
            previous_status=None if previous is None else IntentStatus(previous),
        )


async def reply_streamed(
    info: Info, message_id: strawberry.ID, from_offset: int | None = 0
) -> AsyncIterator[ReplyChunk]:
    offset = from_offset or 0
    if offset < 0:
        raise BadUserInput("input.negative", field="fromOffset", given=offset)
    reply_id = checked_id(message_id, NO_MESSAGE)
    async for piece in info.context.replies.follow(info.context.viewer.id, reply_id, offset):
        yield ReplyChunk(
            message_id=strawberry.ID(str(piece.message_id)),
            offset=piece.offset,
            text=piece.text,
            status=MessageStatus(piece.status),
        )
