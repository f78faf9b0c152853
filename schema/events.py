"""What subscriptions deliver: a cursor, and the thing that changed."""

from datetime import datetime
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from schema.enums import described
from schema.intents import Intent, IntentStatus
from schema.messages import Message, MessageStatus
from schema.notifications import Notification


@strawberry.enum(description="What happened.")
class EventKind(Enum):
    CONVERSATION_CREATED = described("conversation_created", "A conversation began.")
    CONVERSATION_UPDATED = described("conversation_updated", "A conversation changed.")
    CONVERSATION_DELETED = described("conversation_deleted", "A conversation was deleted.")
    MESSAGE_CREATED = described("message_created", "A message was written.")
    MESSAGE_UPDATED = described("message_updated", "A message changed.")
    MESSAGE_DELETED = described("message_deleted", "A message was deleted.")
    INTENT_CREATED = described("intent_created", "An intent was written down.")
    INTENT_UPDATED = described("intent_updated", "An intent changed or moved on.")
    INTENT_DELETED = described("intent_deleted", "An intent was deleted.")
    NOTIFICATION_CREATED = described("notification_created", "A notification arrived.")
    NOTIFICATION_READ = described("notification_read", "A notification was read.")
    SPECIFICATION_CREATED = described("specification_created", "A specification was saved.")
    SPECIFICATION_UPDATED = described("specification_updated", "A specification was revised.")
    SPECIFICATION_DELETED = described("specification_deleted", "A specification was deleted.")
    MEMORY_CREATED = described("memory_created", "Something was remembered.")
    MEMORY_UPDATED = described("memory_updated", "A memory changed.")
    MEMORY_DELETED = described("memory_deleted", "A memory was deleted.")
    CHOICE_POINT_CREATED = described("choice_point_created", "A choice was laid out.")
    CHOICE_POINT_DECIDED = described("choice_point_decided", "A choice was made.")
    CONTRADICTION_FOUND = described("contradiction_found", "A contradiction was found.")
    CONTRADICTION_RESOLVED = described("contradiction_resolved", "A contradiction was settled.")


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


@strawberry.type(description="Something that happened: an entry in the append-only record of all that happens.")
class Event:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="What happened.")
    subject_id: strawberry.ID = strawberry.field(description="What it happened to; `node` finds it while it exists.")
    caused_by: strawberry.ID | None = strawberry.field(
        description="The subject of the event that led to this one; null when nothing but a person or the clock did."
    )
    payload: JSON = strawberry.field(description="What was so at that moment, for example `status`.")
    created_at: datetime = strawberry.field(description="When it happened.")
