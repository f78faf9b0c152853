"""Usage of one user per day. `bounds` are the times at which the days begin, and the end of the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class MessageDay:
    """Messages of one day. `median_seconds` is the duration of an answer."""

    messages: int
    answers: int
    median_seconds: float | None
    input_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class IntentDay:
    """Intents that ended on one day. `median_seconds` is the duration of the last attempt."""

    completed: int
    failed: int
    median_seconds: float | None
    input_tokens: int
    cached_tokens: int
    output_tokens: int


async def list_message_days(connection: Connection, user_id: str, bounds: Sequence[datetime]) -> list[MessageDay]:
    """One per day, in order."""
    records = statements.list_message_days(connection, user_id=user_id, bounds=bounds)
    return [MessageDay(**record) async for record in records]


async def list_intent_days(connection: Connection, user_id: str, bounds: Sequence[datetime]) -> list[IntentDay]:
    """One per day, in order."""
    records = statements.list_intent_days(connection, user_id=user_id, bounds=bounds)
    return [IntentDay(**record) async for record in records]


async def list_status_counts(
    connection: Connection, user_id: str, ends: Sequence[datetime]
) -> list[tuple[int, str, int]]:
    """Index of the time in `ends`, status, and how many intents had it just before that time."""
    records = statements.list_status_counts(connection, user_id=user_id, ends=ends)
    return [(record["position"], record["status"], record["count"]) async for record in records]
