"""Event subscriptions: replay the outbox table after a cursor, then cut over to live events without gap or duplicate.

The algorithm for one subscriber:
1. Replay all settled events after the cursor from the table.
2. Register a live queue, then replay once more: events that settled before the registration are in the table, later
   ones arrive in the queue, and some arrive in both.
3. Read the queue and drop every event at or before the last position (de-duplication).
4. If the queue overflows, start again at step 1: the table holds everything that the queue dropped.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from app.live.bus.bus import Bus, BusMessage
from app.live.reader import Audiences, EventReader, read_audiences
from resolvers.ports import EventWithCursor
from sql.errors import BadUserInput, CursorExpired, ResonantError
from sql.event_cursor import EventCursor, EventPosition
from sql.pool import Database
from sql.repositories.events import (
    EventPage,
    EventStream,
    get_event_stream,
    get_last_position,
    get_latest_events,
    list_events_after,
    list_events_of_chain,
    list_events_of_user_after,
    may_share_rows,
)
from sql.rows import EventRow
from sql.statements import Connection

PAGE_SIZE = 200
MAX_TRACE_EVENTS = 10_000
MAX_CONCURRENT_REPLAYS = 4
MAX_TOGETHER = 50  # events of a group


class ReadPosition:
    """How far one subscriber has read: every event up to `last_read`, and the later ones in `also_read`."""

    __slots__ = ("also_read", "last_read", "stream")

    def __init__(
        self, stream: UUID, last_read: EventPosition, also_read: frozenset[EventPosition] = frozenset()
    ) -> None:
        self.stream = stream
        self.last_read = last_read
        self.also_read = also_read

    def advance(self, position: EventPosition) -> bool:
        """Move to the position; False when the event there was read before."""
        if position <= self.last_read:
            return False
        self.last_read = position
        return position not in self.also_read


class QueueOverflow(Exception):
    """Live events were dropped; the subscriber has to replay them from the table."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which of the viewer's events a subscriber gets; None is all."""

    kinds: frozenset[str] | None = None
    project_id: UUID | None = None

    def __contains__(self, event: EventRow) -> bool:
        if self.kinds is not None and event.kind not in self.kinds:
            return False
        project_id = self.project_id
        # A profile memory has no project. What was moved out of the project is no longer found in it.
        return (
            project_id is None
            or event.project_id in (project_id, None)
            or event.payload.get("fromProjectId") == str(project_id)
        )


@dataclass(frozen=True, slots=True)
class EventForUsers(EventWithCursor):
    """An event, and those of the viewers of a group who see it."""

    users: frozenset[str]


Item = TypeVar("Item", bound=EventWithCursor)


class LiveQueue(Generic[Item]):
    """Bounded queue of live events for one subscriber."""

    def __init__(self, wanted: EventFilter, max_size: int) -> None:
        self._wanted = wanted
        self._max_size = max_size
        self._queue: deque[Item] = deque()
        self._not_empty = asyncio.Event()
        self._failure: Exception | None = None

    def put(self, item: Item) -> None:
        """Queue the event without waiting. A full queue drops everything, because the table has the events too."""
        if self._failure is None and item.event in self._wanted:
            if len(self._queue) >= self._max_size:
                self._queue.clear()
                self._failure = QueueOverflow()
            else:
                self._queue.append(item)
            self._not_empty.set()

    def fail(self, failure: ResonantError) -> None:
        """Raise the failure in `get` after the queued events."""
        self._failure = self._failure or failure
        self._not_empty.set()

    async def get(self) -> Item:
        """Wait for the next event. Raises QueueOverflow, or the failure that was set."""
        while not self._queue:
            if self._failure is not None:
                raise self._failure
            self._not_empty.clear()
            await self._not_empty.wait()
        return self._queue.popleft()

    def get_waiting(self, count: int) -> list[Item]:
        """At most `count` events that have arrived already."""
        return [self._queue.popleft() for _ in range(min(count, len(self._queue)))]


class GroupQueue(LiveQueue[EventForUsers]):
    """Bounded queue of the live events that any of the viewers of a group sees. The viewers may change."""

    def __init__(self, viewers: Collection[str], max_size: int) -> None:
        super().__init__(EventFilter(), max_size)
        self._viewers = viewers

    def put_for(self, item: EventWithCursor, audience: frozenset[str]) -> None:
        users = audience.intersection(self._viewers)
        if users:
            self.put(EventForUsers(item.cursor, item.event, users))


class EventHub:
    """Delivers each event to the subscribers who see its scope. Implements resolvers.ports.EventFeed.

    Each subscriber has a live queue of at most `max_queue_size` events. `delivered` is called with every page of
    events that was put into queues.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        poll_seconds: float,
        max_queue_size: int = 1000,
        delivered: Callable[[Sequence[EventRow]], None] = lambda events: None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._max_queue_size = max_queue_size
        self._delivered = delivered
        self._reader = EventReader(database, self._deliver, poll_seconds=poll_seconds)
        self._queues: defaultdict[str, set[LiveQueue[EventWithCursor]]] = defaultdict(set)
        self._groups: set[GroupQueue] = set()
        self._stream: UUID | None = None
        self._replays = asyncio.Semaphore(MAX_CONCURRENT_REPLAYS)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["EventHub"]:
        """Read events while the block runs; without subscribers the reader is paused."""
        reading = asyncio.create_task(self._reader.run(), name="event reader")
        try:
            async with self._bus.listening(self._wake_reader):
                yield self
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncGenerator[EventWithCursor, None]:
        """The viewer's events after the cursor, or from now on. Raises BadUserInput, CursorExpired."""
        position = await self.start_position(viewer_id, after)
        async with aclosing(self.follow_from(position, viewer_id, EventFilter(kinds, project_id))) as items:
            async for item in items:
                yield item

    async def latest(self, viewer_id: str) -> str:
        """The cursor of the viewer's latest settled event."""
        position = await self.start_position(viewer_id, None)
        return EventCursor(position.stream, position.last_read).encode()

    async def start_position(self, viewer_id: str, after: str | None) -> ReadPosition:
        """The position of the cursor, or the end of the viewer's stream. Raises BadUserInput, CursorExpired."""
        cursor = None if after is None else EventCursor.decode(after)
        async with self._connection() as connection:
            stream, next_xid = await get_event_stream(connection)
            if cursor is None:
                latest = await get_latest_events(connection, viewer_id)
                return ReadPosition(stream.id, latest.last, latest.unsettled)
        if not stream.has_all_after(cursor):
            raise CursorExpired
        if cursor.position.xid >= next_xid:
            raise BadUserInput("cursor.in_future")
        return ReadPosition(stream.id, cursor.position)

    async def follow_from(
        self, position: ReadPosition, viewer_id: str, wanted: EventFilter
    ) -> AsyncGenerator[EventWithCursor, None]:
        """Replay the events after the position, then follow live events; advances `position`. Raises CursorExpired."""
        while True:
            # A long backlog is replayed before the queue exists, so that it cannot overflow the queue.
            async for item in self.replay(position, viewer_id, wanted):
                yield item
            try:
                async with self._registered(viewer_id, wanted) as queue:
                    async for item in self.replay(position, viewer_id, wanted):
                        yield item
                    while True:
                        item = await queue.get()
                        if position.advance(position_of(item.event)):
                            yield item
            except QueueOverflow:
                continue

    async def present(self) -> ReadPosition:
        """The position of the last settled event of all users."""
        async with self._connection() as connection:
            stream, _ = await get_event_stream(connection)
            return ReadPosition(stream.id, await get_last_position(connection))

    async def follow_group(
        self, position: ReadPosition, viewers: Collection[str]
    ) -> AsyncGenerator[list[EventForUsers], None]:
        """Like `follow_from`, the events that any of the viewers sees; those that arrive together come together.

        The viewers may change. Call it with a database connection for all users. Raises CursorExpired.
        """
        while True:
            async for page in self._replay_group(position, viewers):
                yield page
            try:
                async with self._registered_group(viewers) as queue:
                    async for page in self._replay_group(position, viewers):
                        yield page
                    while True:
                        items = [await queue.get(), *queue.get_waiting(MAX_TOGETHER - 1)]
                        new = [each for each in items if position.advance(position_of(each.event))]
                        if new:
                            yield new
            except QueueOverflow:
                continue

    async def _replay_group(
        self, position: ReadPosition, viewers: Collection[str]
    ) -> AsyncGenerator[list[EventForUsers], None]:
        page_is_full = True
        while page_is_full:
            async with self._connection() as connection:
                page = await list_events_after(connection, position.last_read, PAGE_SIZE)
                audiences = await read_audiences(connection, page)
            if not page.stream.has_all_after(EventCursor(position.stream, position.last_read)):
                raise CursorExpired
            found = []
            for event in page.events:
                users = audience_of(event, audiences).intersection(viewers)
                if position.advance(position_of(event)) and users:
                    item = with_cursor(page.stream, event)
                    found.append(EventForUsers(item.cursor, event, users))
            if found:
                yield found
            page_is_full = len(page.events) == PAGE_SIZE

    async def replay(
        self, position: ReadPosition, viewer_id: str, wanted: EventFilter
    ) -> AsyncGenerator[EventWithCursor, None]:
        """The settled events after the position, then the end; advances `position`. Raises CursorExpired."""
        page_is_full = True
        while page_is_full:
            async with self._connection() as connection:
                page = await list_events_of_user_after(connection, viewer_id, position.last_read, PAGE_SIZE)
            # Checked for each page: retention may trim events while a slow client reads.
            if not page.stream.has_all_after(EventCursor(position.stream, position.last_read)):
                raise CursorExpired
            for event in page.events:
                if position.advance(position_of(event)) and event in wanted:
                    yield with_cursor(page.stream, event)
            page_is_full = len(page.events) == PAGE_SIZE

    async def may_share(self, viewer_id: str, items: Sequence[EventWithCursor]) -> bool:
        """Whether what the viewer sees of the events is what all see who see their scopes."""
        async with self._connection() as connection:
            return await may_share_rows(connection, viewer_id, [item.event for item in items])

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[EventWithCursor]:
        """The events of the causal chain through the subject, oldest first, at most 10,000."""
        async with self._database.connection() as connection:
            stream, _ = await get_event_stream(connection)
            events = await list_events_of_chain(connection, viewer_id, subject_id, MAX_TRACE_EVENTS)
        return [with_cursor(stream, event) for event in events]

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection for a replay. Thousands of reconnecting clients queue here, not at the pool, which times out."""
        async with self._replays, self._database.connection() as connection:
            yield connection

    def _wake_reader(self, message: BusMessage) -> None:
        # A change by one member concerns the others too.
        if message.users is None or message.users:
            self._reader.wake()

    def _deliver(self, page: EventPage, audiences: Audiences, after: EventPosition) -> None:
        self._stream = self._stream or page.stream.id
        if not page.stream.has_all_after(EventCursor(self._stream, after)):
            self._fail_all_expired()
            return
        for event in page.events:
            audience = audience_of(event, audiences)
            users = audience.intersection(self._queues)
            if users or self._groups:
                item = with_cursor(page.stream, event)
                for user in users:
                    for queue in self._queues[user]:
                        queue.put(item)
                for group in self._groups:
                    group.put_for(item, audience)
        self._delivered(page.events)

    def _fail_all_expired(self) -> None:
        """Events were trimmed before they were read: every subscriber fails with CursorExpired."""
        for queues in self._queues.values():
            for queue in queues:
                queue.fail(CursorExpired())
        for group in self._groups:
            group.fail(CursorExpired())
        self._stream = None
        self._reader.pause()

    @asynccontextmanager
    async def _registered_group(self, viewers: Collection[str]) -> AsyncIterator[GroupQueue]:
        """Like `_registered`, for the viewers of a group."""
        queue = GroupQueue(viewers, self._max_queue_size)
        self._groups.add(queue)
        try:
            await self._reader.start()
            yield queue
        finally:
            self._groups.discard(queue)
            self._pause_without_queues()

    @asynccontextmanager
    async def _registered(self, viewer_id: str, wanted: EventFilter) -> AsyncIterator[LiveQueue[EventWithCursor]]:
        """A live queue that receives every event that settles from now on."""
        queue: LiveQueue[EventWithCursor] = LiveQueue(wanted, self._max_queue_size)
        self._queues[viewer_id].add(queue)
        try:
            await self._reader.start()
            yield queue
        finally:
            self._queues[viewer_id].discard(queue)
            if not self._queues[viewer_id]:
                del self._queues[viewer_id]
            self._pause_without_queues()

    def _pause_without_queues(self) -> None:
        if not self._queues and not self._groups:
            self._reader.pause()


def audience_of(event: EventRow, audiences: Audiences) -> frozenset[str]:
    """Who gets the event. Who sees the scope that a record moved to gets only the event there."""
    audience = audiences.get(event.scope_id, frozenset())
    moved_to = event.payload.get("toScope")
    return audience - audiences.get(UUID(moved_to), frozenset()) if moved_to else audience


def position_of(event: EventRow) -> EventPosition:
    return EventPosition(event.xid, event.id)


def with_cursor(stream: EventStream, event: EventRow) -> EventWithCursor:
    return EventWithCursor(EventCursor(stream.id, position_of(event)).encode(), event)
