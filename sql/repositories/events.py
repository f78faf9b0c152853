"""Events in commit order."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from sql.event_cursor import EventCursor, EventPosition
from sql.rows import EventRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class EventStream:
    """The stream that this database's cursors belong to, and its last trimmed position."""

    id: UUID
    trimmed: EventPosition

    def has_all_after(self, cursor: EventCursor) -> bool:
        """Whether all events after the cursor are still stored."""
        return cursor.stream == self.id and cursor.position >= self.trimmed


@dataclass(frozen=True, slots=True)
class EventPage:
    """Settled events of a stream in commit order; `unsettled` when committed but unsettled events follow."""

    stream: EventStream
    events: list[EventRow]
    unsettled: bool


@dataclass(frozen=True, slots=True)
class LatestEvents:
    """The end of a user's stream at one moment: the last settled event, and the committed events after it.

    It consists of events and not of a snapshot of transactions, because a server that crashes may reuse the ids of
    transactions that wrote nothing.
    """

    last: EventPosition
    unsettled: frozenset[EventPosition]


async def get_event_stream(connection: Connection) -> tuple[EventStream, int]:
    """The stream, and the first transaction id that is not assigned."""
    record = await statements.find_event_stream(connection)
    return EventStream(record["id"], EventPosition(record["trimmed_xid"], record["trimmed_id"])), record["next_xid"]


async def get_last_position(connection: Connection) -> EventPosition:
    """The position of the last settled event."""
    record = await statements.find_last_event(connection)
    return EventPosition(record["xid"], record["id"])


async def get_latest_events(connection: Connection, user_id: str) -> LatestEvents:
    settled, unsettled = list[EventPosition](), set[EventPosition]()
    async for record in statements.list_latest_events_of_user(connection, user_id=user_id):
        position = EventPosition(record["xid"], record["id"])
        if record["settled"]:
            settled.append(position)
        else:
            unsettled.add(position)
    return LatestEvents(max(settled), frozenset(unsettled))


def _to_event(record: asyncpg.Record) -> EventRow:
    return EventRow(
        xid=record["xid"],
        id=record["id"],
        user_id=record["user_id"],
        scope_id=record["scope_id"],
        project_id=record["project_id"],
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
            stream = EventStream(record["stream"], EventPosition(record["trimmed_xid"], record["trimmed_id"]))
        if record["xid"] is None:
            break
        if not record["settled"]:
            return EventPage(stream, events, unsettled=True)
        events.append(_to_event(record))
    if stream is None:
        raise LookupError("the event_stream table has lost its row")
    return EventPage(stream, events, unsettled=False)


async def list_events_after(connection: Connection, position: EventPosition, count: int) -> EventPage:
    """Events of all users after the position."""
    return await _to_page(statements.list_events_after(connection, xid=position.xid, event_id=position.id, count=count))


async def list_audiences(connection: Connection, scopes: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The users who see each of the scopes; one that nobody sees is absent."""
    records = statements.list_audiences(connection, scopes=list(scopes))
    return {record["scope_id"]: frozenset(record["users"]) async for record in records}


async def may_share_rows(connection: Connection, user_id: str, events: Sequence[EventRow]) -> bool:
    """Whether what the user sees of the events is what all see who see their scopes.

    The user sees the scopes, and the messages and intents have not left them. Needs a connection for all users.
    """
    may: bool = await statements.may_share_rows(
        connection,
        user_id=user_id,
        subjects=[event.subject_id for event in events],
        scopes=[event.scope_id for event in events],
    )
    return may


async def list_events_of_user_after(
    connection: Connection, user_id: str, position: EventPosition, count: int
) -> EventPage:
    """Events of one user after the position."""
    return await _to_page(
        statements.list_events_of_user_after(
            connection, user_id=user_id, xid=position.xid, event_id=position.id, count=count
        )
    )


async def list_events_of_chain(connection: Connection, user_id: str, subject_id: UUID, count: int) -> list[EventRow]:
    """The events of the subject, of all that led to it, and of all that it led to, oldest first."""
    records = statements.list_events_of_chain(connection, user_id=user_id, subject_id=subject_id, count=count)
    return [EventRow(**record) async for record in records]


async def set_cause(connection: Connection, subject_id: UUID) -> None:
    """Make the subject the cause of all events of this transaction."""
    await statements.set_cause(connection, id=str(subject_id))


async def clear_cause(connection: Connection) -> None:
    """Events of the transaction get their own causes again."""
    await statements.set_cause(connection, id="")


async def trim_events(connection: Connection, age: timedelta, count: int) -> int | None:
    """Delete at most `count` events older than `age`; returns how many, or None while another process trims."""
    if not await statements.try_lock_trimming(connection):
        return None
    deleted: int = await statements.trim_events(connection, age=age, count=count)
    return deleted
