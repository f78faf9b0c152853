"""Who follows which events: replay from a bookmark, then live, with nothing lost between and nothing twice."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

from app.live.bus.bus import Bus, News
from app.live.follower import Follower, Overflowed
from app.live.position import ReadPosition
from app.live.reader import EventReader
from resolvers.ports import Occurrence
from sql.errors import BadUserInput, CursorExpired
from sql.event_position import EventCursor, Position
from sql.pool import Database
from sql.repositories.events import (
    EventPage,
    EventStream,
    get_event_stream,
    get_latest_events,
    list_events_of_chain,
    list_events_of_user_after,
)
from sql.rows import EventRow
from sql.statements import Connection

PAGE = 200
LONGEST_TRACE = 10_000
# How many followers read the table at a time.
READERS = 4


class EventHub:
    """Hands each event to the followers of its user. Implements resolvers.ports.EventFeed.

    A follower may have `bound` live events waiting; one that is further behind reads them from the table again.
    `delivered` hears of all that was handed on.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        poll_seconds: float,
        bound: int = 1000,
        delivered: Callable[[Sequence[EventRow]], None] = lambda events: None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._bound = bound
        self._delivered = delivered
        self._reader = EventReader(database, self._deliver, poll_seconds=poll_seconds)
        self._followers: defaultdict[str, set[Follower]] = defaultdict(set)
        self._stream: UUID | None = None
        self._turns = asyncio.Semaphore(READERS)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["EventHub"]:
        """Reading, whenever somebody follows, for as long as the block runs."""
        reading = asyncio.create_task(self._reader.run(), name="event reader")
        try:
            async with self._bus.listening(self._hear):
                yield self
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def follow(
        self, viewer_id: str, *, kinds: frozenset[str] | None = None, after: str | None = None
    ) -> AsyncGenerator[Occurrence, None]:
        """The viewer's events after the cursor, or from now on. Raises BadUserInput, CursorExpired."""
        async with aclosing(self.follow_from(await self.bookmark(viewer_id, after), viewer_id, kinds)) as occurrences:
            async for occurrence in occurrences:
                yield occurrence

    async def latest(self, viewer_id: str) -> str:
        """The cursor of where the viewer's events stand: what is not behind it can be read by now."""
        bookmark = await self.bookmark(viewer_id, None)
        return EventCursor(bookmark.stream, bookmark.place).encode()

    async def bookmark(self, viewer_id: str, after: str | None) -> ReadPosition:
        """The place that the cursor names, or the end of the viewer's stream. Raises BadUserInput, CursorExpired."""
        cursor = None if after is None else EventCursor.decode(after)
        async with self._connection() as connection:
            stream, next_xid = await get_event_stream(connection)
            if cursor is None:
                latest = await get_latest_events(connection, viewer_id)
                return ReadPosition(stream.id, latest.last, latest.beyond)
        if not stream.holds(cursor):
            raise CursorExpired
        if cursor.position.xid >= next_xid:
            raise BadUserInput("`after` lies in the future; use a cursor that a payload carried.")
        return ReadPosition(stream.id, cursor.position)

    async def follow_from(
        self, bookmark: ReadPosition, viewer_id: str, kinds: frozenset[str] | None
    ) -> AsyncGenerator[Occurrence, None]:
        """What is behind the bookmark, which moves along. Raises CursorExpired."""
        while True:
            # The bulk of a long absence is read before anything is queued, so that it cannot overflow the queue.
            async for occurrence in self.replay(bookmark, viewer_id, kinds):
                yield occurrence
            try:
                async with self._registered(viewer_id, kinds) as follower:
                    async for occurrence in self.replay(bookmark, viewer_id, kinds):
                        yield occurrence
                    while True:
                        occurrence = await follower.take()
                        if bookmark.pass_over(place_of(occurrence.event)):
                            yield occurrence
            except Overflowed:
                continue

    async def replay(
        self, bookmark: ReadPosition, viewer_id: str, kinds: frozenset[str] | None
    ) -> AsyncGenerator[Occurrence, None]:
        """What has settled behind the bookmark, which moves along; ends there. Raises CursorExpired."""
        page_is_full = True
        while page_is_full:
            async with self._connection() as connection:
                page = await list_events_of_user_after(connection, viewer_id, bookmark.place, PAGE)
            # Asked of each page: what is read slowly may be trimmed meanwhile.
            if not page.stream.holds(EventCursor(bookmark.stream, bookmark.place)):
                raise CursorExpired
            for event in page.events:
                if bookmark.pass_over(place_of(event)) and (kinds is None or event.kind in kinds):
                    yield to_occurrence(page.stream, event)
            page_is_full = len(page.events) == PAGE

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[Occurrence]:
        """The events of the causal chain through the subject, oldest first; the first 10,000 of them."""
        async with self._database.connection() as connection:
            stream, _ = await get_event_stream(connection)
            events = await list_events_of_chain(connection, viewer_id, subject_id, LONGEST_TRACE)
        return [to_occurrence(stream, event) for event in events]

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """In turn: thousands who come back at once wait here, and not for a connection until it is too late."""
        async with self._turns, self._database.connection() as connection:
            yield connection

    def _hear(self, news: News) -> None:
        if news.users is None or not news.users.isdisjoint(self._followers):
            self._reader.wake()

    def _deliver(self, page: EventPage, behind: Position) -> None:
        self._stream = self._stream or page.stream.id
        if not page.stream.holds(EventCursor(self._stream, behind)):
            self._expire()
            return
        for event in page.events:
            followers = self._followers.get(event.user_id)
            if followers:
                occurrence = to_occurrence(page.stream, event)
                for follower in followers:
                    follower.offer(occurrence)
        self._delivered(page.events)

    def _expire(self) -> None:
        """What was to be read next is gone: everybody has to start afresh."""
        for followers in self._followers.values():
            for follower in followers:
                follower.fail(CursorExpired())
        self._stream = None
        self._reader.rest()

    @asynccontextmanager
    async def _registered(self, viewer_id: str, kinds: frozenset[str] | None) -> AsyncIterator[Follower]:
        """A follower that gets everything that settles from now on."""
        follower = Follower(kinds, self._bound)
        self._followers[viewer_id].add(follower)
        try:
            await self._reader.start()
            yield follower
        finally:
            self._followers[viewer_id].discard(follower)
            if not self._followers[viewer_id]:
                del self._followers[viewer_id]
            if not self._followers:
                self._reader.rest()


def place_of(event: EventRow) -> Position:
    return Position(event.xid, event.id)


def to_occurrence(stream: EventStream, event: EventRow) -> Occurrence:
    return Occurrence(EventCursor(stream.id, place_of(event)).encode(), event)
