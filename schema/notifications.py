"""Notifications: what a person should hear of."""

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
from schema.relations import Info, coming


@strawberry.enum(description="How a notification is meant.")
class NotificationType(Enum):
    INFO = described("info", "Good to know.")
    SUCCESS = described("success", "Something is done.")
    WARNING = described("warning", "Something wants attention.")
    ERROR = described("error", "Something failed.")


@strawberry.type(description="Something a person should hear of.")
class Notification(Node):
    id: strawberry.ID = strawberry.field(description="The notification's id; ids sort in the order of arrival.")
    title: str = strawberry.field(description="What it is about, in a few words.")
    message: str = strawberry.field(description="What happened.")
    key: str | None = strawberry.field(
        description="The key of `message` in the message catalogues, and with `.title` appended that of `title`; null "
        "for text that a model or a person wrote."
    )
    params: JSON | None = strawberry.field(description=params_of("key"))
    notification_type: NotificationType = strawberry.field(description="How it is meant.")
    is_read: bool = strawberry.field(description="Whether it was read.")
    metadata: JSON = strawberry.field(description="What else is known about it.")
    created_at: datetime = strawberry.field(description="When it was written.")
    intent_id: strawberry.Private[UUID | None]
    source_message_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The intent it tells of.")
    def intent(self, info: Info) -> Intent | None:
        return coming(info.context.relations.intent(self.intent_id)) if self.intent_id else None

    @strawberry.field(description="The message it tells of.")
    def source_message(self, info: Info) -> Message | None:
        return coming(info.context.relations.message(self.source_message_id)) if self.source_message_id else None


@strawberry.type(description="A notification's place in a list.")
class NotificationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Notification = strawberry.field(description="The notification.")


@strawberry.type(description="A page of notifications, latest first.")
class NotificationConnection:
    edges: list[NotificationEdge] = strawberry.field(description="The notifications of this page, latest first.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="How many of all notifications are not read yet.")
    async def unread_count(self, info: Info) -> int:
        return await info.context.relations.unread_notification_count()
