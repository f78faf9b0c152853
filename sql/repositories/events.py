"""The record of events, read in commit order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from sql.event_position import EventCursor, Position
from sql.rows import EventRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class EventStream:
    """Which stream this database's cursors belong to, and up to where it was trimmed."""

    id: UUID
    trimmed: Position

    def holds(self, cursor: EventCursor) -> bool:
        """Whether everything behind the cursor is still there."""
        return cursor.stream == self.id and cursor.position >= self.trimmed


@dataclass(frozen=True, slots=True)
class EventPage:
    """Settled events of a stream in commit order; `unsettled` when more stand behind them that are not yet."""

    stream: EventStream
    events: list[EventRow]
    unsettled: bool


@dataclass(frozen=True, slots=True)
class LatestEvents:
    """Where a user's stream ended at one moment: the last settled event, and what had been committed behind it.

    Told by events rather than by a snapshot of transactions, because a server that crashes may hand out again the
    numbers of transactions that left nothing behind.
    """

    last: Position
    beyond: frozenset[Position]


async def get_event_stream(connection: Connection) -> tuple[EventStream, int]:
    """The stream, and the number of the first transaction that has not begun."""
    record = await statements.find_event_stream(connection)
    return EventStream(record["id"], Position(record["trimmed_xid"], record["trimmed_id"])), record["next_xid"]


async def get_last_position(connection: Connection) -> Position:
    """The place behind everything that is settled."""
    record = await statements.find_last_event(connection)
    return Position(record["xid"], record["id"])


async def get_latest_events(connection: Connection, user_id: str) -> LatestEvents:
    settled, beyond = list[Position](), set[Position]()
    async for record in statements.list_latest_events_of_user(connection, user_id=user_id):
        position = Position(record["xid"], record["id"])
        if record["settled"]:
            settled.append(position)
        else:
            beyond.add(position)
    return LatestEvents(max(settled), frozenset(beyond))


def _to_event(record: asyncpg.Record) -> EventRow:
    return EventRow(
        xid=record["xid"],
        id=record["id"],
        user_id=record["user_id"],
        kind=record["kind"],
        subject_id=record["subject_id"],
        caused_by=record["caused_by"],
        payload=record["payload"],
        created_at=record["created_at"],
    )


async def _to_page(records: AsyncIterator[asyncpg.Record]) -> EventPage:
    stream, events = None, list[EventRow]()
    async for record in records:
        if stream is None:
            stream = EventStream(record["stream"], Position(record["trimmed_xid"], record["trimmed_id"]))
        if record["xid"] is None:
            break
        if not record["settled"]:
            return EventPage(stream, events, unsettled=True)
        events.append(_to_event(record))
    if stream is None:
        raise LookupError("the event_stream table has lost its row")
    return EventPage(stream, events, unsettled=False)


async def list_events_after(connection: Connection, position: Position, count: int) -> EventPage:
    """Everybody's events behind the position."""
    return await _to_page(statements.list_events_after(connection, xid=position.xid, event_id=position.id, count=count))


async def list_events_of_user_after(connection: Connection, user_id: str, position: Position, count: int) -> EventPage:
    """One user's events behind the position."""
    return await _to_page(
        statements.list_events_of_user_after(
            connection, user_id=user_id, xid=position.xid, event_id=position.id, count=count
        )
    )


async def list_events_of_chain(connection: Connection, user_id: str, subject_id: UUID, count: int) -> list[EventRow]:
    """The events of everything that led to the subject, of itself, and of all that it led to; the oldest first."""
    records = statements.list_events_of_chain(connection, user_id=user_id, subject_id=subject_id, count=count)
    return [EventRow(**record) async for record in records]


async def set_cause(connection: Connection, subject_id: UUID) -> None:
    """Have every event of this transaction carry the subject as its cause."""
    await statements.set_cause(connection, id=str(subject_id))


async def trim_events(connection: Connection, age: timedelta, count: int) -> int | None:
    """Delete at most `count` of the oldest events of that age; how many, or None while another process trims."""
    if not await statements.take_turn_to_trim(connection):
        return None
    deleted: int = await statements.trim_events(connection, age=age, count=count)
    return deleted
