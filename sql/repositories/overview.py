"""Usage of one user per day, in one project or in all that are not archived.

`bounds` are the times at which the days begin, and the end of the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.statements import Connection, in_projects


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


async def list_message_days(
    connection: Connection, user_id: str, bounds: Sequence[datetime], project_id: UUID | None = None
) -> list[MessageDay]:
    """One per day, in order."""
    listing = in_projects("list_message_days", project_id)
    records = listing(connection, user_id=user_id, project_id=project_id, bounds=bounds)
    return [MessageDay(**record) async for record in records]


async def list_intent_days(
    connection: Connection, user_id: str, bounds: Sequence[datetime], project_id: UUID | None = None
) -> list[IntentDay]:
    """One per day, in order."""
    listing = in_projects("list_intent_days", project_id)
    records = listing(connection, user_id=user_id, project_id=project_id, bounds=bounds)
    return [IntentDay(**record) async for record in records]


async def list_status_counts(
    connection: Connection, user_id: str, ends: Sequence[datetime], project_id: UUID | None = None
) -> list[tuple[int, str, int]]:
    """Index of the time in `ends`, status, and how many intents had it just before that time."""
    listing = in_projects("list_status_counts", project_id)
    records = listing(connection, user_id=user_id, project_id=project_id, ends=ends)
    return [(record["position"], record["status"], record["count"]) async for record in records]
