"""One shared execution of a subscription: each event is executed once and encoded once for all its subscribers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar
from uuid import UUID

import orjson

from app.language.catalogue import message_of
from app.live.hub import EventFilter, EventHub, ReadPosition
from app.live.ports import Access, ContextFor, Errors, OperationRunner, Sink, Variables
from app.retry import DATABASE_UNAVAILABLE, retry
from resolvers.ports import EventWithCursor
from sql.errors import Unauthenticated
from sql.event_cursor import EventCursor, EventPosition

TRANSIENT_CODES = frozenset(each.code for each in DATABASE_UNAVAILABLE)
RETRY_SECONDS = 0.5
MAX_HELD_BACK = 1000
MAX_SECONDS_PER_TURN = 0.025
Result = TypeVar("Result")


def is_transient(errors: Errors | None) -> bool:
    """Whether the errors say that the database is unavailable."""
    return any(each["extensions"]["code"] in TRANSIENT_CODES for each in errors or ())


async def retry_until_available(call: Callable[[], Awaitable[Result]]) -> Result:
    """The result of the call, repeated while the database is unavailable."""
    return await retry(
        call, lambda failure, attempt: RETRY_SECONDS if isinstance(failure, DATABASE_UNAVAILABLE) else None
    )


async def check_access(sink: Sink, since: float | None = None) -> bool:
    """Whether the access of the sink is still valid; closes the sink when it is not."""
    try:
        await sink.access.check(since)
    except Unauthenticated as refusal:
        sink.close_unauthorized(message_of(refusal))
        return False
    return True


class _PositionedFeed:
    """An EventFeed that starts at the given position and ignores the cursor in the operation.

    Implements resolvers.ports.EventFeed.
    """

    def __init__(self, hub: EventHub, position: ReadPosition) -> None:
        self._hub = hub
        self._position = position

    async def latest(self, viewer_id: str) -> str:
        return await self._hub.latest(viewer_id)

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[EventWithCursor]:
        return await self._hub.trace(viewer_id, subject_id)


class ReplayFeed(_PositionedFeed):
    """The settled events after the position, then the end; advances the position."""

    def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncIterator[EventWithCursor]:
        return self._hub.replay(self._position, viewer_id, EventFilter(kinds, project_id))


class LiveFeed(_PositionedFeed):
    """The events after the position, without an end."""

    def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncIterator[EventWithCursor]:
        return self._hub.follow_from(self._position, viewer_id, EventFilter(kinds, project_id))


class Subscriber:
    """One client of a shared subscription. Holds responses back until its own replay has finished."""

    __slots__ = ("_held_back", "_overflowed", "_position", "_sink", "access", "ended")

    def __init__(self, sink: Sink) -> None:
        self.access = sink.access
        self._sink = sink
        self._position: ReadPosition | None = None
        self._held_back: list[tuple[EventPosition, str, str]] = []
        self._overflowed = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def check(self, since: float | None = None) -> bool:
        """Whether the client may receive the next response; closes its sink when it may not."""
        return await check_access(self._sink, since)

    def put(self, position: EventPosition, cursor: str, payload: str) -> None:
        """Pass the next response of the shared subscription to the client, unless it has it already; never waits."""
        if self._position is not None:
            if self._position.advance(position):
                self._sink.put(cursor, payload)
        elif len(self._held_back) < MAX_HELD_BACK:
            self._held_back.append((position, cursor, payload))
        else:
            self._overflowed = True

    def go_live(self, position: ReadPosition) -> bool:
        """Switch to live responses after the position; False when too many were held back: replay once more."""
        held_back, self._held_back = self._held_back, []
        if self._overflowed:
            self._overflowed = False
            return False
        self._position = position
        for event_position, cursor, payload in held_back:
            self.put(event_position, cursor, payload)
        return True

    def end(self, errors: Errors | None) -> None:
        """The shared subscription has ended."""
        self._sink.end(errors)
        if not self.ended.done():  # cancelled when the client has left
            self.ended.set_result(None)


class SharedSubscription:
    """Executes a subscription from now on and passes each response to all its subscribers.

    `on_end` is called when the execution has ended, before the subscribers are notified.
    """

    def __init__(
        self,
        runner: OperationRunner,
        hub: EventHub,
        context_for: ContextFor,
        operation: Any,
        variables: Variables,
        access: Access,
        on_end: "Callable[[SharedSubscription], None]",
    ) -> None:
        self._runner = runner
        self._hub = hub
        self._context_for = context_for
        self._operation = operation
        self._variables = variables
        self._access = access
        self._on_end = on_end
        self._subscribers: dict[Subscriber, None] = {}
        self._delivered: ReadPosition
        self.started = asyncio.Event()
        """Set when every event from now on reaches the subscribers, or when the execution has ended."""
        self._running = asyncio.create_task(self._run(), name="shared subscription")

    def join(self, subscriber: Subscriber) -> None:
        self._subscribers[subscriber] = None

    def leave(self, subscriber: Subscriber) -> bool:
        """Remove the subscriber. True when it was the last one; then the execution is cancelled."""
        self._subscribers.pop(subscriber, None)
        if not self._subscribers:
            self._running.cancel()
            return True
        self._access = next(iter(self._subscribers)).access
        return False

    async def _run(self) -> None:
        errors: Errors | None = None
        try:
            errors = await self._deliver_all()
        except Exception as failure:
            errors = self._runner.failure(failure)["errors"]
        finally:
            self._on_end(self)
            self.started.set()
        for subscriber in list(self._subscribers):
            subscriber.end(errors)

    async def _deliver_all(self) -> Errors | None:
        """Deliver until the subscription ends and return its errors; restarts after an outage of the database."""
        start = await retry_until_available(lambda: self._hub.start_position(self._access.viewer.id, None))
        # Without `also_read`: a subscriber that resumes may still need events that are committed but not settled.
        # Each subscriber drops what it has read.
        self._delivered = ReadPosition(start.stream, start.last_read)
        self.started.set()
        while True:
            errors = await self._execute_once()
            if not is_transient(errors):
                return errors
            await asyncio.sleep(RETRY_SECONDS)

    async def _execute_once(self) -> Errors | None:
        """One execution of the subscription, starting after the last delivered event."""
        feed = LiveFeed(self._hub, ReadPosition(self._delivered.stream, self._delivered.last_read))
        deliveries = self._runner.subscribe(
            self._operation, self._variables, lambda: self._context_for(self._access, feed)
        )
        loop = asyncio.get_running_loop()
        turn_started = loop.time()
        async with aclosing(deliveries):
            async for cursor, response in deliveries:
                if "data" not in response:
                    errors: Errors = response["errors"]
                    return errors
                await self._distribute(cursor, orjson.dumps(response).decode())
                # Responses of one turn of the event loop are sent together, but other tasks must run as well.
                if loop.time() - turn_started > MAX_SECONDS_PER_TURN:
                    await asyncio.sleep(0)
                    turn_started = loop.time()
        return None

    async def _distribute(self, cursor: str | None, payload: str) -> None:
        if cursor is None:
            raise LookupError("a resumable subscription delivered a response without a cursor")
        position = EventCursor.decode(cursor).position
        now = asyncio.get_running_loop().time()
        for subscriber in list(self._subscribers):
            if await subscriber.check(now):
                subscriber.put(position, cursor, payload)
        self._delivered.last_read = position
