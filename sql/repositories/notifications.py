"""Notifications of one user."""

from collections.abc import Sequence
from uuid import UUID

from sql.paging import LAST_ID
from sql.rows import JsonObject, NotificationRow
from sql.statements import Connection, fetch_rows, in_projects, statements


async def insert_notification(
    connection: Connection,
    *user_ids: str,
    project_id: UUID | None = None,
    title: str,
    message: str,
    key: str | None = None,
    params: JsonObject | None = None,
    notification_type: str,
    intent_id: UUID | None = None,
    source_message_id: UUID | None = None,
    occurrence: str | None = None,
    metadata: JsonObject | None = None,
) -> None:
    """Notify the users, each at most once of an `occurrence`. No key: a model or a person wrote it.

    The project is that of the intent or of the message; `project_id` counts when there is neither. Who is no member of
    it, or has muted it, is not notified.
    """
    await statements.insert_notifications(
        connection,
        user_ids=list(dict.fromkeys(user_ids)),
        project_id=project_id,
        title=title,
        message=message,
        key=key,
        params=params,
        notification_type=notification_type,
        intent_id=intent_id,
        source_message_id=source_message_id,
        occurrence=occurrence,
        metadata=metadata or {},
    )


async def list_notifications(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID = LAST_ID,
    unread_only: bool = False,
    project_id: UUID | None = None,
) -> list[NotificationRow]:
    """Newest first."""
    listing = in_projects("list_unread_notifications" if unread_only else "list_notifications", project_id)
    return await fetch_rows(
        connection, listing, NotificationRow, user_id=user_id, project_id=project_id, before=before, count=count
    )


async def find_notifications(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[NotificationRow]:
    return await fetch_rows(connection, statements.find_notifications, NotificationRow, user_id=user_id, ids=ids)


async def count_unread_notifications(connection: Connection, user_id: str) -> int:
    unread: int = await statements.count_unread_notifications(connection, user_id=user_id)
    return unread


async def mark_notifications_read(connection: Connection, user_id: str, ids: Sequence[UUID] | None) -> int:
    """Mark these, or all when None; returns how many changed."""
    changed: int = await statements.mark_notifications_read(connection, user_id=user_id, ids=ids)
    return changed
