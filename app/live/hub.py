"""Who follows which events: replay from a cursor, then live, with nothing lost between and nothing twice."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

from app.live.bus import Bus, News
from app.live.reader import EventReader
from resolvers.ports import Occurrence
from sql.errors import BadUserInput, CursorExpired, ResonantError
from sql.event_position import EventCursor, Position
from sql.pool import Database
from sql.repositories.events import (
    EventStream,
    Snapshot,
    get_event_stream,
    get_snapshot,
    list_settled_events_of_user,
)
from sql.rows import EventRow

PAGE = 200
LARGEST_ID = 2**63 - 1


class TooSlow(ResonantError):
    """You read more slowly than things happen; subscribe again with `after` set to the last cursor you have seen."""

    code = "TOO_SLOW"


class Follower:
    """A bounded queue of what one subscription has not taken yet."""

    def __init__(self, kinds: frozenset[str] | None, bound: int) -> None:
        self._kinds = kinds
        self._bound = bound
        self._queue: deque[Occurrence] = deque()
        self._filled = asyncio.Event()
        self._overflowed = False

    def offer(self, occurrence: Occurrence) -> None:
        """Queue it, or note that this follower cannot keep up; never waits."""
        if self._overflowed or (self._kinds is not None and occurrence.event.kind not in self._kinds):
            return
        if len(self._queue) >= self._bound:
            self._overflowed = True
            self._queue.clear()
        else:
            self._queue.append(occurrence)
        self._filled.set()

    async def take(self) -> Occurrence:
        """The next one, waited for. Raises TooSlow when some had to be dropped."""
        while not self._queue:
            if self._overflowed:
                raise TooSlow
            self._filled.clear()
            await self._filled.wait()
        return self._queue.popleft()


class EventHub:
    """Hands each event to the followers of its user. Implements resolvers.ports.EventFeed."""

    def __init__(self, database: Database, bus: Bus, *, poll_seconds: float, bound: int = 1000) -> None:
        self._database = database
        self._bus = bus
        self._bound = bound
        self._reader = EventReader(database, self._deliver, poll_seconds=poll_seconds)
        self._followers: defaultdict[str, set[Follower]] = defaultdict(set)
        self._starting = asyncio.Lock()
        self._stream: EventStream | None = None

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

    def _hear(self, news: News) -> None:
        if news.users is None or not news.users.isdisjoint(self._followers):
            self._reader.wake()

    def _deliver(self, events: Sequence[EventRow]) -> None:
        for event in events:
            followers = self._followers.get(event.user_id)
            if followers and self._stream:
                cursor = EventCursor(self._stream.id, Position(event.xid, event.id)).encode()
                occurrence = Occurrence(cursor, event)
                for follower in followers:
                    follower.offer(occurrence)

    async def follow(
        self, viewer_id: str, *, kinds: frozenset[str] | None = None, after: str | None = None
    ) -> AsyncGenerator[Occurrence, None]:
        """The viewer's events after the cursor, or from now on. Raises BadUserInput, CursorExpired, TooSlow."""
        last: Position | None = None
        if after is not None:
            last = await self._checked_position(EventCursor.decode(after))
            # The bulk of a long absence is read before anything is queued, so that it cannot overflow the queue.
            async for occurrence in self._replay(viewer_id, kinds, last):
                last = _place_of(occurrence)
                yield occurrence
        async with self._registered(viewer_id, kinds) as (follower, snapshot):
            if last is not None:
                async for occurrence in self._replay(viewer_id, kinds, last):
                    last = _place_of(occurrence)
                    yield occurrence
            while True:
                occurrence = await follower.take()
                seen = snapshot.sees(occurrence.event.xid) if last is None else _place_of(occurrence) <= last
                if not seen:
                    yield occurrence

    async def _checked_position(self, cursor: EventCursor) -> Position:
        async with self._database.connection() as connection:
            stream = await get_event_stream(connection)
            snapshot = await get_snapshot(connection)
        if cursor.stream != stream.id or cursor.position < stream.trimmed:
            raise CursorExpired
        if cursor.position.xid >= snapshot.xmax:
            raise BadUserInput("`after` lies in the future; use a cursor that a payload carried.")
        return cursor.position

    async def _replay(
        self, viewer_id: str, kinds: frozenset[str] | None, position: Position
    ) -> AsyncGenerator[Occurrence, None]:
        stream_id = (await self._get_stream()).id
        while True:
            async with self._database.connection() as connection:
                page = await list_settled_events_of_user(connection, viewer_id, position, PAGE)
            for event in page:
                position = Position(event.xid, event.id)
                if kinds is None or event.kind in kinds:
                    yield Occurrence(EventCursor(stream_id, position).encode(), event)
            if len(page) < PAGE:
                return

    async def _get_stream(self) -> EventStream:
        if self._stream is None:
            async with self._database.connection() as connection:
                self._stream = await get_event_stream(connection)
        return self._stream

    @asynccontextmanager
    async def _registered(
        self, viewer_id: str, kinds: frozenset[str] | None
    ) -> AsyncIterator[tuple[Follower, Snapshot]]:
        """A follower that gets everything from now on, and what was committed when it began."""
        follower = Follower(kinds, self._bound)
        self._followers[viewer_id].add(follower)
        try:
            # Registered first: what commits before the snapshot is told apart by it, what commits after is queued.
            yield follower, await self._start_reading()
        finally:
            self._followers[viewer_id].discard(follower)
            if not self._followers[viewer_id]:
                del self._followers[viewer_id]
            if not self._followers:
                self._reader.position = None

    async def _start_reading(self) -> Snapshot:
        await self._get_stream()
        async with self._starting, self._database.connection() as connection:
            snapshot = await get_snapshot(connection)
            if self._reader.position is None:
                self._reader.position = Position(snapshot.xmin - 1, LARGEST_ID)
        self._reader.wake()
        return snapshot


def _place_of(occurrence: Occurrence) -> Position:
    return Position(occurrence.event.xid, occurrence.event.id)
