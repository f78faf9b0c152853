"""Reads new events from the outbox table in commit order, once per process.

An event is settled when its transaction id is below the snapshot horizon (`pg_snapshot_xmin`): no older transaction
can commit any more, so reading settled events in order of (xid, id) skips nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

from app.retry import Backoff, poll_forever
from sql.event_cursor import EventPosition
from sql.pool import Database
from sql.repositories.events import EventPage, get_last_position, list_audiences, list_events_after
from sql.statements import Connection

BATCH_SIZE = 500
MIN_PAUSE = 0.002
MAX_PAUSE = 0.1
RETRY = Backoff(first=0.5, longest=0.5)
Audiences = Mapping[UUID, frozenset[str]]
"""The users who see each scope."""


class EventReader:
    """Reads when woken, and every `poll_seconds` in case a hint was lost.

    `deliver` is called with each page, who sees each scope, and the position after which the page was read.
    """

    def __init__(
        self, database: Database, deliver: Callable[[EventPage, Audiences, EventPosition], None], *, poll_seconds: float
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._starting = asyncio.Lock()
        self._position: EventPosition | None = None
        self._pause = poll_seconds

    def wake(self) -> None:
        """Read soon: there may be new events."""
        self._woken.set()

    async def start(self) -> None:
        """Deliver every event that settles from now on. Raises Unavailable, TimedOut."""
        async with self._starting:
            if self._position is None:
                async with self._database.connection() as connection:
                    self._position = await get_last_position(connection)
        self.wake()

    def pause(self) -> None:
        """Stop reading until the next `start`, because there are no subscribers."""
        self._position = None

    @property
    def is_paused(self) -> bool:
        return self._position is None

    async def run(self) -> None:
        """Read until cancelled. While the database is unavailable, wait; no event is skipped."""
        await poll_forever(self._read, name="event reader", seconds=self._poll_seconds, wake=self._woken, backoff=RETRY)

    async def _read(self) -> float:
        """Deliver all settled events; returns the seconds until the next read unless woken earlier."""
        while (start := self._position) is not None:
            async with self._database.connection() as connection:
                page = await list_events_after(connection, start, BATCH_SIZE)
                audiences = await read_audiences(connection, page)
            if self._position is not start:  # paused, or paused and started again, while the query ran
                continue
            if page.events:
                self._position = EventPosition(page.events[-1].xid, page.events[-1].id)
            self._deliver(page, audiences, start)
            if page.unsettled:
                # An older transaction is still open. Nothing announces its end, so poll soon, with growing pauses.
                self._pause = MIN_PAUSE if page.events else min(max(self._pause, MIN_PAUSE / 2) * 2, MAX_PAUSE)
                return self._pause
            if len(page.events) < BATCH_SIZE:
                break
        self._pause = self._poll_seconds
        return self._pause


async def read_audiences(connection: Connection, page: EventPage) -> Audiences:
    """Who sees the events. Read after the page, so that who has left a project meanwhile gets none of its events."""
    scopes = {event.scope_id for event in page.events}
    scopes |= {UUID(event.payload["toScope"]) for event in page.events if "toScope" in event.payload}
    return await list_audiences(connection, scopes) if scopes else {}
