"""Execute once, encode once: subscriptions with the same document, variables and viewer share one stream.

What a client has missed is read for it alone; then it joins the others. Two viewers never share.
"""

import asyncio
from contextlib import aclosing
from typing import Any

import orjson
import structlog

from app.live.bookmark import Bookmark
from app.live.feeds import EventsFromNowOn, MissedEvents
from app.live.hub import EventHub
from app.live.member import Member, is_allowed
from app.live.ports import Access, ContextFor, Errors, OperationRunner, Sink, Variables
from sql.errors import TimedOut, Unavailable
from sql.event_position import EventCursor

log = structlog.get_logger()

PASSING = frozenset({Unavailable.code, TimedOut.code})
PAUSE = 0.5
LONGEST_TURN = 0.025
Key = tuple[str, str | None, str, str, bytes]


class SharedStream:
    """One execution of a subscription from now on, for all its members."""

    def __init__(self, subscriptions: "Subscriptions", operation: Any, variables: Variables, access: Access) -> None:
        self._subscriptions = subscriptions
        self._operation = operation
        self._variables = variables
        self._access = access
        self._members: dict[Member, None] = {}
        self._delivered: Bookmark
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
        bookmark = await self._subscriptions.hub.bookmark(self._access.viewer.id, None)
        # Without what is committed but not settled: a member that resumes may still have to see it. Each member leaves
        # out itself what it has seen.
        self._delivered = Bookmark(bookmark.stream, bookmark.place)
        self.began.set()
        while True:
            errors = await self._deliver_while_it_lasts()
            if errors is None or not any(each["extensions"]["code"] in PASSING for each in errors):
                return errors
            await asyncio.sleep(PAUSE)

    async def _deliver_while_it_lasts(self) -> Errors | None:
        """One run of the subscription, behind what was delivered last."""
        subscriptions = self._subscriptions
        feed = EventsFromNowOn(subscriptions.hub, Bookmark(self._delivered.stream, self._delivered.place))
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
        if point is None:
            if await self._deliver_alone(operation, variables, sink):
                sink.end(None)
            return
        try:
            await self._join(operation, variables, sink, last_seen or point.cursor, point.variables)
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
        async def catch_up(bookmark: Bookmark) -> bool:
            return await self._deliver_alone(operation, variables, sink, MissedEvents(self.hub, bookmark))

        viewer_id = sink.access.viewer.id
        bookmark = None if cursor is None else await self.hub.bookmark(viewer_id, cursor)
        # The bulk of a long absence comes first, while nothing has to be kept back for this client.
        if bookmark is not None and not await catch_up(bookmark):
            return
        member = Member(sink)
        stream = self._stream_for(operation, shared_variables, sink.access)
        stream.join(member)
        try:
            await stream.began.wait()
            if bookmark is None:
                bookmark = await self.hub.bookmark(viewer_id, None)
            elif not await catch_up(bookmark):
                return
            while await member.check() and not member.go_live(bookmark):
                if not await catch_up(bookmark):
                    return
            await member.ended.wait()
        finally:
            if stream.leave(member):
                self.forget(stream)

    def _stream_for(self, operation: Any, variables: Variables, access: Access) -> SharedStream:
        key = (
            operation.text,
            operation.name,
            access.viewer.id,
            access.viewer.role,
            orjson.dumps(variables, option=orjson.OPT_SORT_KEYS),
        )
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = SharedStream(self, operation, variables, access)
        return stream

    async def _deliver_alone(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        feed: MissedEvents | None = None,
    ) -> bool:
        """Run it for this sink only; False when it failed, which the sink is told."""
        deliveries = self.runner.subscribe(operation, variables, lambda: self.context_for(sink.access, feed))
        async with aclosing(deliveries):
            async for cursor, response in deliveries:
                if "data" not in response:
                    sink.end(response["errors"])
                    return False
                if not await is_allowed(sink):
                    return False
                await sink.room()
                sink.put(cursor, orjson.dumps(response).decode())
        return True
