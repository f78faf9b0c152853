"""All subscriptions on one page."""

from collections.abc import AsyncIterator

import strawberry

from resolvers.changes import intent_changed, message_changed, notification_added, reply_streamed
from resolvers.events import event_appended
from schema.events import Event, IntentChangedEvent, MessageChangedEvent, NotificationAddedEvent, ReplyChunk

RESUME = "With `after` it resumes after that cursor, without gaps or repetitions; without it, it starts now."


@strawberry.type(description="All subscriptions. Each payload has a `cursor` to resume from.")
class Subscription:
    notification_added: AsyncIterator[NotificationAddedEvent] = strawberry.field(
        is_subscription=True, resolver=notification_added, description=f"Each notification as it arrives. {RESUME}"
    )
    message_changed: AsyncIterator[MessageChangedEvent] = strawberry.field(
        is_subscription=True,
        resolver=message_changed,
        description=f"Each message written, changed or deleted, in one conversation or in all. {RESUME}",
    )
    intent_changed: AsyncIterator[IntentChangedEvent] = strawberry.field(
        is_subscription=True, resolver=intent_changed, description=f"Each change of these intents, or of all. {RESUME}"
    )
    event_appended: AsyncIterator[Event] = strawberry.field(
        is_subscription=True,
        resolver=event_appended,
        description=f"Everything that happens, or what is of these kinds. {RESUME}",
    )
    reply_streamed: AsyncIterator[ReplyChunk] = strawberry.field(
        is_subscription=True,
        resolver=reply_streamed,
        description="The text of a reply while it is written: first the existing text from `fromOffset`, then each new "
        "part. Ends with the reply.",
    )
