"""The overview: figures per day."""

from datetime import datetime

import strawberry

from schema.intents import IntentStatus


@strawberry.type(description="The number of intents in one status.")
class StatusCount:
    status: IntentStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="The number of intents; never 0.")


@strawberry.type(
    description="The figures of one day in the viewer's time zone. Durations are medians, null without data."
)
class DayFigures:
    start: datetime = strawberry.field(description="The start of the day.")
    end: datetime = strawberry.field(description="The end of the day, which is the start of the next one.")
    messages: int = strawberry.field(description="The number of messages that the user wrote.")
    answers: int = strawberry.field(description="The number of complete replies that were started that day.")
    completed_intents: int = strawberry.field(description="The number of completed intents.")
    failed_intents: int = strawberry.field(description="The number of failed intents.")
    answer_seconds: float | None = strawberry.field(description="The median duration of a reply, in seconds.")
    intent_seconds: float | None = strawberry.field(
        description="The median duration of the last attempt of the intents that ended that day, in seconds."
    )
    input_tokens: int = strawberry.field(description="Input tokens, for replies and intents.")
    cached_tokens: int = strawberry.field(description="Input tokens from the provider's cache.")
    output_tokens: int = strawberry.field(description="Output tokens.")
    statuses: list[StatusCount] = strawberry.field(
        description="The statuses at the end of the day of the intents that still exist; for today, the statuses now."
    )
