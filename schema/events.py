"""What subscriptions deliver: a cursor, and the thing that changed."""

from enum import Enum

import strawberry

from schema.intents import Intent, IntentStatus
from schema.messages import Message, MessageStatus
from schema.notifications import Notification


@strawberry.enum(description="What happened.")
class EventKind(Enum):
    CONVERSATION_CREATED = strawberry.enum_value("conversation_created", description="A conversation began.")
    CONVERSATION_UPDATED = strawberry.enum_value("conversation_updated", description="A conversation changed.")
    CONVERSATION_DELETED = strawberry.enum_value("conversation_deleted", description="A conversation was deleted.")
    MESSAGE_CREATED = strawberry.enum_value("message_created", description="A message was written.")
    MESSAGE_UPDATED = strawberry.enum_value("message_updated", description="A message changed.")
    MESSAGE_DELETED = strawberry.enum_value("message_deleted", description="A message was deleted.")
    INTENT_CREATED = strawberry.enum_value("intent_created", description="An intent was written down.")
    INTENT_UPDATED = strawberry.enum_value("intent_updated", description="An intent changed or moved on.")
    INTENT_DELETED = strawberry.enum_value("intent_deleted", description="An intent was deleted.")
    NOTIFICATION_CREATED = strawberry.enum_value("notification_created", description="A notification arrived.")
    NOTIFICATION_READ = strawberry.enum_value("notification_read", description="A notification was read.")
    SPECIFICATION_CREATED = strawberry.enum_value("specification_created", description="A specification was saved.")
    SPECIFICATION_UPDATED = strawberry.enum_value("specification_updated", description="A specification was revised.")
    SPECIFICATION_DELETED = strawberry.enum_value("specification_deleted", description="A specification was deleted.")
    MEMORY_CREATED = strawberry.enum_value("memory_created", description="Something was remembered.")
    MEMORY_UPDATED = strawberry.enum_value("memory_updated", description="A memory changed.")
    MEMORY_DELETED = strawberry.enum_value("memory_deleted", description="A memory was deleted.")
    CHOICE_POINT_CREATED = strawberry.enum_value("choice_point_created", description="A choice was laid out.")
    CHOICE_POINT_DECIDED = strawberry.enum_value("choice_point_decided", description="A choice was made.")
    CONTRADICTION_FOUND = strawberry.enum_value("contradiction_found", description="A contradiction was found.")
    CONTRADICTION_RESOLVED = strawberry.enum_value("contradiction_resolved", description="A contradiction was settled.")


CURSOR = "Give it as `after` to resume just behind this event."


@strawberry.type(description="A notification that arrived.")
class NotificationAddedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    notification: Notification = strawberry.field(description="The notification.")
    unread_count: int = strawberry.field(description="How many are not read now.")


@strawberry.type(description="A message that was written, changed or deleted.")
class MessageChangedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="What happened to it.")
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    message: Message | None = strawberry.field(description="The message as it is now; null when deleted.")


@strawberry.type(description="An intent that was written down, changed, moved on or was deleted.")
class IntentChangedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="What happened to it.")
    intent_id: strawberry.ID = strawberry.field(description="Which intent.")
    intent: Intent | None = strawberry.field(description="The intent as it is now; null when deleted.")
    previous_status: IntentStatus | None = strawberry.field(description="Where it stood before; null when created.")


@strawberry.type(description="A piece of a reply as it is written.")
class ReplyChunk:
    message_id: strawberry.ID = strawberry.field(description="Which reply.")
    offset: int = strawberry.field(
        description="Where the piece begins, in characters (Unicode code points). Lower than what you hold means "
        "that the reply was started anew: replace from there."
    )
    text: str = strawberry.field(description="The piece.")
    status: MessageStatus = strawberry.field(description="How far the reply has come.")
