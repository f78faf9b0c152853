"""The record of events, read in commit order."""

from dataclasses import dataclass
from uuid import UUID

from sql.event_position import Position
from sql.rows import EventRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class EventStream:
    """Which stream this database's cursors belong to, and up to where it was trimmed."""

    id: UUID
    trimmed: Position


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was committed at one moment; fields as pg_current_snapshot has them."""

    xmin: int
    xmax: int
    in_progress: frozenset[int]

    def sees(self, xid: int) -> bool:
        """Whether the transaction had committed (or rolled back) then."""
        return xid < self.xmin or (xid < self.xmax and xid not in self.in_progress)


async def get_event_stream(connection: Connection) -> EventStream:
    record = await statements.find_event_stream(connection)
    return EventStream(record["id"], Position(record["trimmed_xid"], record["trimmed_id"]))


async def get_snapshot(connection: Connection) -> Snapshot:
    xmin, xmax, in_progress = (await statements.find_snapshot(connection)).split(":")
    return Snapshot(int(xmin), int(xmax), frozenset(int(xid) for xid in in_progress.split(",") if xid))


async def list_events_after(connection: Connection, position: Position, count: int) -> tuple[list[EventRow], bool]:
    """Everybody's settled events behind the position, and whether more stand behind them that are not settled yet."""
    events: list[EventRow] = []
    records = statements.list_events_after(connection, xid=position.xid, event_id=position.id, count=count)
    async for record in records:
        fields = dict(record)
        if not fields.pop("settled"):
            return events, True
        events.append(EventRow(**fields))
    return events, False


async def list_settled_events_of_user(
    connection: Connection, user_id: str, position: Position, count: int
) -> list[EventRow]:
    records = statements.list_settled_events_of_user(
        connection, user_id=user_id, xid=position.xid, event_id=position.id, count=count
    )
    return [EventRow(**record) async for record in records]
