"""Execute once, encode once: subscriptions with the same document, variables and viewer share one stream.

What a client has missed is read for it alone; then it joins the others. Two viewers never share.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from copy import copy
from functools import partial
from typing import Any, TypeVar

import orjson
import structlog

from app.live.finite_stream import Failed, FiniteStream
from app.live.hub import EventHub
from app.live.ports import Access, ContextFor, Errors, OperationRunner, Sink, Variables
from app.live.position import ReadPosition
from app.live.shared_feeds import EventsFromNowOn, MissedEvents
from app.live.shared_member import Member
from sql.errors import TimedOut, Unauthenticated, Unavailable
from sql.event_position import EventCursor

log = structlog.get_logger()

PASSING = frozenset({Unavailable.code, TimedOut.code})
PAUSE = 0.5
LONGEST_TURN = 0.025
Answer = TypeVar("Answer")
Key = tuple[str, str | None, str, str, bytes]


def will_pass(errors: Errors | None) -> bool:
    """Whether they say that the database is away."""
    return any(each["extensions"]["code"] in PASSING for each in errors or ())


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """What comes of asking; a database that is away is waited for."""
    while True:
        try:
            return await ask()
        except (Unavailable, TimedOut):
            await asyncio.sleep(PAUSE)


def _key(operation: Any, variables: Variables, access: Access) -> Key:
    """The same for those who get the same."""
    return (
        operation.text,
        operation.name,
        access.viewer.id,
        access.viewer.role,
        orjson.dumps(variables, option=orjson.OPT_SORT_KEYS),
    )


class SharedStream:
    """One execution of a subscription from now on, for all its members."""

    def __init__(self, subscriptions: "Subscriptions", operation: Any, variables: Variables, access: Access) -> None:
        self._subscriptions = subscriptions
        self._operation = operation
        self._variables = variables
        self._access = access
        self._members: dict[Member, None] = {}
        self._delivered: ReadPosition
        self.began = asyncio.Event()
        """Set when everything that happens from now on reaches the members, or when the stream has ended."""
        self._running = asyncio.create_task(self._run(), name="shared subscription")

    def join(self, member: Member) -> None:
        self._members[member] = None

    def leave(self, member: Member) -> bool:
        """Whether nobody is left; then the stream has ended."""
        self._members.pop(member, None)
        if not self._members:
            self._running.cancel()
            return True
        self._access = next(iter(self._members)).access
        return False

    async def _run(self) -> None:
        errors: Errors | None = None
        try:
            errors = await self._deliver_all()
        except Exception as failure:
            errors = self._subscriptions.runner.failure(failure)["errors"]
        finally:
            self._subscriptions.forget(self)
            self.began.set()
        for member in list(self._members):
            member.end(errors)

    async def _deliver_all(self) -> Errors | None:
        """Hand each response to all members; the errors with which it ended. A database that is away is waited for."""
        bookmark = await patiently(lambda: self._subscriptions.hub.bookmark(self._access.viewer.id, None))
        # Without what is committed but not settled: a member that resumes may still have to see it. Each member leaves
        # out itself what it has seen.
        self._delivered = ReadPosition(bookmark.stream, bookmark.place)
        self.began.set()
        while True:
            errors = await self._deliver_while_it_lasts()
            if not will_pass(errors):
                return errors
            await asyncio.sleep(PAUSE)

    async def _deliver_while_it_lasts(self) -> Errors | None:
        """One run of the subscription, behind what was delivered last."""
        subscriptions = self._subscriptions
        feed = EventsFromNowOn(subscriptions.hub, ReadPosition(self._delivered.stream, self._delivered.place))
        deliveries = subscriptions.runner.subscribe(
            self._operation, self._variables, lambda: subscriptions.context_for(self._access, feed)
        )
        loop = asyncio.get_running_loop()
        turn_began = loop.time()
        async with aclosing(deliveries):
            async for cursor, response in deliveries:
                if "data" not in response:
                    errors: Errors = response["errors"]
                    return errors
                await self._hand_out(cursor, orjson.dumps(response).decode())
                # What is handed out in one turn of the event loop leaves together; but others want their turn too.
                if loop.time() - turn_began > LONGEST_TURN:
                    await asyncio.sleep(0)
                    turn_began = loop.time()
        return None

    async def _hand_out(self, cursor: str | None, payload: str) -> None:
        if cursor is None:
            raise LookupError("a subscription that can be resumed delivered something without a cursor")
        position = EventCursor.decode(cursor).position
        now = asyncio.get_running_loop().time()
        for member in list(self._members):
            if await member.check(now):
                member.offer(position, cursor, payload)
        self._delivered.place = position


class Subscriptions:
    """Runs subscriptions, shared where they can be. One a process."""

    def __init__(self, runner: OperationRunner, hub: EventHub, context_for: ContextFor) -> None:
        self.runner = runner
        self.hub = hub
        self.context_for = context_for
        self._streams: dict[Key, SharedStream] = {}
        self._finite_streams: dict[Key, FiniteStream] = {}

    async def run(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        last_seen: str | None = None,
    ) -> None:
        """Deliver to the sink until the subscription ends, which the sink is told; cancel it to leave.

        `last_seen` is a cursor that stands in place of the one in the operation.
        """
        argument = self.runner.resume_argument(operation)
        point = argument.point(variables) if argument else None
        try:
            await patiently(lambda: self.runner.admit(operation, variables, self.context_for(sink.access)))
            if not self.runner.is_resumable(operation):
                await self._deliver_finite(operation, variables, sink)
                sink.end(None)
            elif point is None:
                await self._deliver_alone(operation, variables, sink, partial(self.context_for, sink.access))
                sink.end(None)
            else:
                await self._join(operation, variables, sink, last_seen or point.cursor, point.variables)
        except Unauthenticated as refusal:
            sink.refuse(refusal.message)
        except Failed as failed:
            sink.end(failed.errors)
        except Exception as failure:
            sink.end(self.runner.failure(failure)["errors"])

    def forget(self, stream: SharedStream) -> None:
        """It has ended: whoever comes next begins another."""
        for key in [key for key, each in self._streams.items() if each is stream]:
            del self._streams[key]

    async def _join(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        cursor: str | None,
        shared_variables: Variables,
    ) -> None:
        viewer_id = sink.access.viewer.id
        bookmark = None if cursor is None else await patiently(lambda: self.hub.bookmark(viewer_id, cursor))
        if bookmark is not None:
            # The bulk of a long absence comes first, while nothing has to be kept back for this client.
            await self._deliver_missed(operation, variables, sink, bookmark)
        member = Member(sink)
        stream = self._stream_for(operation, shared_variables, sink.access)
        stream.join(member)
        try:
            await stream.began.wait()
            if bookmark is None:
                bookmark = await patiently(lambda: self.hub.bookmark(viewer_id, None))
            else:
                await self._deliver_missed(operation, variables, sink, bookmark)
            while await member.check() and not member.go_live(bookmark):
                await self._deliver_missed(operation, variables, sink, bookmark)
            await member.ended
        finally:
            if stream.leave(member):
                self.forget(stream)

    def _stream_for(self, operation: Any, variables: Variables, access: Access) -> SharedStream:
        key = _key(operation, variables, access)
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = SharedStream(self, operation, variables, access)
        return stream

    async def _deliver_finite(self, operation: Any, variables: Variables | None, sink: Sink) -> None:
        """What ends by itself, from its beginning. Raises Failed, Unauthenticated."""
        key = _key(operation, variables or {}, sink.access)
        stream = self._finite_streams.get(key)
        if stream is None or stream.over:
            context_for = partial(self.context_for, sink.access)
            stream = self._finite_streams[key] = FiniteStream(self.runner, operation, variables, context_for)
        stream.members += 1
        try:
            await stream.deliver(sink)
        finally:
            stream.members -= 1
            if not stream.members:
                stream.cancel()
                if self._finite_streams.get(key) is stream:
                    del self._finite_streams[key]

    async def _deliver_missed(
        self, operation: Any, variables: Variables | None, sink: Sink, bookmark: ReadPosition
    ) -> None:
        """What stands behind the bookmark, which moves along. A database that is away is waited for. Raises Failed."""
        while True:
            reading = copy(bookmark)
            context_for = partial(self.context_for, sink.access, MissedEvents(self.hub, reading))
            try:
                await self._deliver_alone(operation, variables, sink, context_for, bookmark)
            except Failed as failed:
                if not will_pass(failed.errors):
                    raise
                await asyncio.sleep(PAUSE)
            else:
                bookmark.place = reading.place
                return

    async def _deliver_alone(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        context_for: Callable[[], object],
        delivered: ReadPosition | None = None,
    ) -> None:
        """Run it for this sink only; `delivered` moves along. Raises Failed, Unauthenticated."""
        async with aclosing(self.runner.subscribe(operation, variables, context_for)) as deliveries:
            async for cursor, response in deliveries:
                if "data" not in response:
                    raise Failed(response["errors"])
                await sink.access.check()
                await sink.room()
                sink.put(cursor, orjson.dumps(response).decode())
                if delivered is not None and cursor is not None:
                    delivered.place = EventCursor.decode(cursor).position
