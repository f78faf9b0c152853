"""Queries and mutations of notifications."""

import strawberry

from resolvers.checks import checked_id
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import visible_project
from resolvers.views import Computed, EnumColumn, IdColumn, SameRow, view
from schema.notifications import Notification, NotificationConnection, NotificationEdge, NotificationType
from sql.errors import BadUserInput
from sql.paging import LAST_ID
from sql.repositories import notifications as repository

NO_NOTIFICATION = "notification.not_found"
MAX_IDS = 1000


to_notification = view(
    Notification,
    id=IdColumn("id"),
    notification_type=EnumColumn("notification_type", NotificationType),
)
to_edge = view(NotificationEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_notification))


async def list_notifications(
    info: Info,
    project_id: strawberry.ID | None = None,
    unread_only: bool | None = False,
    first: int | None = None,
    after: str | None = None,
) -> NotificationConnection:
    size = page_size(first)
    before = LAST_ID if after is None else id_from_cursor(after)
    async with info.context.database.connection() as connection:
        rows = await repository.list_notifications(
            connection,
            info.context.viewer.id,
            count=size + 1,
            before=before,
            unread_only=bool(unread_only),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
        )
    edges, page_info = to_page(
        rows,
        size,
        to_edge,
        has_previous=after is not None,
    )
    return NotificationConnection(edges=edges, page_info=page_info)


async def mark_notifications_read(info: Info, ids: list[strawberry.ID] | None = None) -> int:
    if ids is not None and len(ids) > MAX_IDS:
        raise BadUserInput("input.too_many", field="ids", given=len(ids), maximum=MAX_IDS)
    known = None if ids is None else [checked_id(each, NO_NOTIFICATION) for each in ids]
    async with info.context.writing() as connection:
        return await repository.mark_notifications_read(connection, info.context.viewer.id, known)
