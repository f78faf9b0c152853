"""The overview: what happened on each of the last days, in numbers."""

from datetime import datetime

import strawberry

from schema.intents import IntentStatus


@strawberry.type(description="How many intents stood somewhere.")
class StatusCount:
    status: IntentStatus = strawberry.field(description="Where they stood.")
    count: int = strawberry.field(description="How many; never 0.")


@strawberry.type(
    description="One day of the reader's calendar in numbers. Times are medians, null where nothing ended."
)
class DayFigures:
    start: datetime = strawberry.field(description="When the day began.")
    end: datetime = strawberry.field(description="When it ended or ends: the next one's beginning.")
    messages: int = strawberry.field(description="How many messages the reader wrote.")
    answers: int = strawberry.field(description="How many answers were begun that day and are complete.")
    completed_intents: int = strawberry.field(description="How many intents were completed.")
    failed_intents: int = strawberry.field(description="How many intents failed.")
    answer_seconds: float | None = strawberry.field(description="How long writing an answer took.")
    intent_seconds: float | None = strawberry.field(
        description="How long intents that ended that day were worked on in their last attempt."
    )
    input_tokens: int = strawberry.field(description="Tokens that the model read, for answers and for intents.")
    cached_tokens: int = strawberry.field(description="Tokens that it took from the provider's cache.")
    output_tokens: int = strawberry.field(description="Tokens that it wrote.")
    statuses: list[StatusCount] = strawberry.field(
        description="Where the intents that still exist stood when the day ended; of today, where they stand."
    )
