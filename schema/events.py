"""Payloads of subscriptions: a cursor and the changed record."""

from datetime import datetime
from enum import Enum

import strawberry
from strawberry.scalars import JSON

from schema.enums import described
from schema.intents import Intent, IntentStatus
from schema.messages import Message, MessageStatus
from schema.notifications import Notification


@strawberry.enum(description="The kinds of events.")
class EventKind(Enum):
    PROJECT_CREATED = described("project_created", "A project was created.")
    PROJECT_UPDATED = described("project_updated", "A project changed.")
    PROJECT_DELETED = described("project_deleted", "A project was deleted.")
    CONVERSATION_CREATED = described("conversation_created", "A conversation was created.")
    CONVERSATION_UPDATED = described("conversation_updated", "A conversation changed.")
    CONVERSATION_DELETED = described("conversation_deleted", "A conversation was deleted.")
    MESSAGE_CREATED = described("message_created", "A message was written.")
    MESSAGE_UPDATED = described("message_updated", "A message changed.")
    MESSAGE_DELETED = described("message_deleted", "A message was deleted.")
    INTENT_CREATED = described("intent_created", "An intent was created.")
    INTENT_UPDATED = described("intent_updated", "An intent changed, or got another status.")
    INTENT_DELETED = described("intent_deleted", "An intent was deleted.")
    NOTIFICATION_CREATED = described("notification_created", "A notification was created.")
    NOTIFICATION_READ = described("notification_read", "A notification was read.")
    SPECIFICATION_CREATED = described("specification_created", "A specification was created.")
    SPECIFICATION_UPDATED = described("specification_updated", "A specification was revised.")
    SPECIFICATION_DELETED = described("specification_deleted", "A specification was deleted.")
    MEMORY_CREATED = described("memory_created", "A memory was created.")
    MEMORY_UPDATED = described("memory_updated", "A memory changed.")
    MEMORY_DELETED = described("memory_deleted", "A memory was deleted.")
    ACTION_CREATED = described("action_created", "A tool was called because of a message, or a call was proposed.")
    ACTION_UPDATED = described("action_updated", "An action was accepted, dismissed or undone.")
    DECISION_CREATED = described("decision_created", "A decision was recorded.")
    DECISION_UPDATED = described("decision_updated", "A decision changed, or got another status.")
    DECISION_DELETED = described("decision_deleted", "A decision was deleted.")
    CONTRADICTION_FOUND = described("contradiction_found", "A contradiction was found.")
    CONTRADICTION_RESOLVED = described("contradiction_resolved", "A contradiction was resolved.")


CURSOR = "Send it as `after` to resume after this event."


@strawberry.type(description="A new notification.")
class NotificationAddedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    notification: Notification = strawberry.field(description="The notification.")
    unread_count: int = strawberry.field(description="The number of unread notifications now.")


@strawberry.type(description="A message that was created, changed or deleted.")
class MessageChangedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="The kind of change.")
    message_id: strawberry.ID = strawberry.field(description="The id of the message.")
    message: Message | None = strawberry.field(description="The message now; null when it is deleted.")


@strawberry.type(description="An intent that was created, changed or deleted.")
class IntentChangedEvent:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="The kind of change.")
    intent_id: strawberry.ID = strawberry.field(description="The id of the intent.")
    intent: Intent | None = strawberry.field(description="The intent now; null when it is deleted.")
    previous_status: IntentStatus | None = strawberry.field(
        description="The status before the change; null for a new intent."
    )


@strawberry.type(description="A part of a reply while it is written.")
class ReplyChunk:
    message_id: strawberry.ID = strawberry.field(description="The id of the reply.")
    offset: int = strawberry.field(
        description="The position of this part, in characters (Unicode code points). When it is lower than the length "
        "that you have, the reply was restarted: replace the text from there."
    )
    text: str = strawberry.field(description="The text of this part.")
    status: MessageStatus = strawberry.field(description="The status of the reply.")


@strawberry.type(description="An entry of the append-only record of all changes.")
class Event:
    cursor: str = strawberry.field(description=CURSOR)
    kind: EventKind = strawberry.field(description="The kind of event.")
    subject_id: strawberry.ID = strawberry.field(
        description="The id of the row that changed; `node` finds it while it exists."
    )
    caused_by: strawberry.ID | None = strawberry.field(
        description="The subject of the event that caused this one; null when a person or a timer caused it."
    )
    payload: JSON = strawberry.field(description="Details at that time, for example `status`.")
    created_at: datetime = strawberry.field(description="When it happened.")
