"""Notifications."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import params_of
from schema.enums import described
from schema.intents import Intent
from schema.messages import Message
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited


@strawberry.enum(description="The severities of notifications.")
class NotificationType(Enum):
    INFO = described("info", "Information.")
    SUCCESS = described("success", "Something was completed.")
    WARNING = described("warning", "Something needs attention.")
    ERROR = described("error", "Something failed.")


@strawberry.type(description="A notification for the user.")
class Notification(Node):
    id: strawberry.ID = strawberry.field(description="The id of the notification; ids sort in the order of arrival.")
    title: str = strawberry.field(description="The title, in a few words.")
    message: str = strawberry.field(description="What happened.")
    key: str | None = strawberry.field(
        description="The key of `message` in the message catalogues, and with `.title` appended that of `title`; null "
        "for text that a model or a person wrote."
    )
    params: JSON | None = strawberry.field(description=params_of("key"))
    notification_type: NotificationType = strawberry.field(description="The severity.")
    is_read: bool = strawberry.field(description="Whether the user has read it.")
    metadata: JSON = strawberry.field(description="Further details, for example the ids of related records.")
    created_at: datetime = strawberry.field(description="When it was created.")
    project_id: strawberry.Private[UUID]
    intent_id: strawberry.Private[UUID | None]
    source_message_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The project of what it is about.")
    def project(self, info: Info) -> Project:
        return awaited(info.context.relations.project(self.project_id))

    @strawberry.field(description="The intent that it is about, if any.")
    def intent(self, info: Info) -> Intent | None:
        return awaited(info.context.relations.intent(self.intent_id)) if self.intent_id else None

    @strawberry.field(description="The message that it is about, if any.")
    def source_message(self, info: Info) -> Message | None:
        return awaited(info.context.relations.message(self.source_message_id)) if self.source_message_id else None


@strawberry.type(description="A notification in a list.")
class NotificationEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Notification = strawberry.field(description="The notification.")


@strawberry.type(description="A page of notifications, latest first.")
class NotificationConnection:
    edges: list[NotificationEdge] = strawberry.field(description="The notifications of this page, latest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")

    @strawberry.field(description="The number of unread notifications in the whole list.")
    async def unread_count(self, info: Info) -> int:
        return await info.context.relations.unread_notification_count()
