"""Runs subscriptions: equal ones share one execution (execute once, encode once).

Subscriptions are equal when document, operation name, variables, viewer and role are equal. Two viewers share only what
is the same for all who see an event: see group_subscription.py.
A client with a cursor first gets a replay of its own, then joins the shared subscription:
1. Replay the backlog, before anything has to be held back for this client.
2. Join: from now on the shared subscription's responses are held back in the subscriber.
3. Replay again up to the present, then release the held back responses without those already sent.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from copy import copy
from functools import partial
from typing import Any

import orjson

from app.language.catalogue import message_of
from app.live.finite_subscription import FiniteSubscription, SubscriptionFailed
from app.live.group_subscription import GivenFeed, GroupSubscription
from app.live.hub import EventHub, ReadPosition
from app.live.ports import Access, ContextFor, OperationRunner, Sink, Variables
from app.live.shared_subscription import (
    RETRY_SECONDS,
    ReplayFeed,
    SharedSubscription,
    Subscriber,
    is_transient,
    retry_until_available,
)
from sql.errors import Unauthenticated
from sql.event_cursor import EventCursor

Key = tuple[str, str | None, str | None, str | None, bytes]


def _key(operation: Any, variables: Variables, access: Access | None) -> Key:
    """Equal for clients that receive the same responses; without an access, for those of all viewers."""
    return (
        operation.text,
        operation.name,
        None if access is None else access.viewer.id,
        None if access is None else access.viewer.role,
        orjson.dumps(variables, option=orjson.OPT_SORT_KEYS),
    )


class Subscriptions:
    """Runs and shares the subscriptions of one process."""

    def __init__(self, runner: OperationRunner, hub: EventHub, context_for: ContextFor) -> None:
        self.runner = runner
        self.hub = hub
        self.context_for = context_for
        self._shared: dict[Key, SharedSubscription] = {}
        self._finite: dict[Key, FiniteSubscription] = {}

    async def run(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        last_seen: str | None = None,
    ) -> None:
        """Send responses to the sink until the subscription ends, then call `sink.end`; cancel to unsubscribe.

        `last_seen` is a cursor that replaces the one in the operation.
        """
        argument = self.runner.resume_argument(operation)
        point = argument.point(variables) if argument else None
        try:
            await retry_until_available(lambda: self.runner.admit(operation, variables, self.context_for(sink.access)))
            if not self.runner.is_resumable(operation):
                await self._run_finite(operation, variables, sink)
                sink.end(None)
            elif point is None:
                await self._run_unshared(operation, variables, sink, partial(self.context_for, sink.access))
                sink.end(None)
            else:
                await self._run_shared(operation, variables, sink, last_seen or point.cursor, point.variables)
        except Unauthenticated as refusal:
            sink.close_unauthorized(message_of(refusal))
        except SubscriptionFailed as failed:
            sink.end(failed.errors)
        except Exception as failure:
            sink.end(self.runner.failure(failure)["errors"])

    async def _run_shared(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        cursor: str | None,
        shared_variables: Variables,
    ) -> None:
        viewer_id = sink.access.viewer.id
        position = None
        if cursor is not None:
            position = await retry_until_available(lambda: self.hub.start_position(viewer_id, cursor))
            # A long backlog is replayed first, while nothing has to be held back for this client.
            await self._replay(operation, variables, sink, position)
        key = self._key_for(operation, shared_variables, sink.access)
        if position is None and key[2] is None:
            # Refuses what this viewer may not subscribe to; the execution may be of another viewer.
            context_for = partial(self.context_for, sink.access, GivenFeed(self.hub))
            await self._run_unshared(operation, variables, sink, context_for)
        subscriber = Subscriber(sink)
        shared = self._shared_for(key, operation, shared_variables, sink.access)
        shared.join(subscriber)
        try:
            await shared.started.wait()
            if position is None:
                position = await retry_until_available(lambda: self.hub.start_position(viewer_id, None))
            else:
                await self._replay(operation, variables, sink, position)
            while await subscriber.check() and not subscriber.go_live(position):
                await self._replay(operation, variables, sink, position)
            await subscriber.ended
        finally:
            if shared.leave(subscriber):
                self._remove(shared)

    def _key_for(self, operation: Any, variables: Variables, access: Access) -> Key:
        """Without a viewer when viewers may share."""
        of_group = _key(operation, variables, None)
        if of_group in self._shared or self.runner.is_same_for_all(operation):
            return of_group
        return _key(operation, variables, access)

    def _shared_for(self, key: Key, operation: Any, variables: Variables, access: Access) -> SharedSubscription:
        shared = self._shared.get(key)
        if shared is None:
            kind = GroupSubscription if key[2] is None else SharedSubscription
            shared = self._shared[key] = kind(
                self.runner, self.hub, self.context_for, operation, variables, access, self._remove
            )
        return shared

    def _remove(self, shared: SharedSubscription) -> None:
        """Let the next subscriber start a new execution."""
        for key in [key for key, each in self._shared.items() if each is shared]:
            del self._shared[key]

    async def _run_finite(self, operation: Any, variables: Variables | None, sink: Sink) -> None:
        """Run a subscription that ends and has no cursor, shared. Raises SubscriptionFailed, Unauthenticated."""
        key = _key(operation, variables or {}, sink.access)
        finite = self._finite.get(key)
        if finite is None or finite.ended:
            context_for = partial(self.context_for, sink.access)
            finite = self._finite[key] = FiniteSubscription(self.runner, operation, variables, context_for)
        finite.subscribers += 1
        try:
            await finite.deliver(sink)
        finally:
            finite.subscribers -= 1
            if not finite.subscribers:
                finite.cancel()
                if self._finite.get(key) is finite:
                    del self._finite[key]

    async def _replay(self, operation: Any, variables: Variables | None, sink: Sink, position: ReadPosition) -> None:
        """Send the settled events after the position and advance it; retries while the database is unavailable.

        Raises SubscriptionFailed, Unauthenticated.
        """
        while True:
            reading = copy(position)
            context_for = partial(self.context_for, sink.access, ReplayFeed(self.hub, reading))
            try:
                await self._run_unshared(operation, variables, sink, context_for, position)
            except SubscriptionFailed as failed:
                if not is_transient(failed.errors):
                    raise
                await asyncio.sleep(RETRY_SECONDS)
            else:
                position.last_read = reading.last_read
                return

    async def _run_unshared(
        self,
        operation: Any,
        variables: Variables | None,
        sink: Sink,
        context_for: Callable[[], object],
        delivered: ReadPosition | None = None,
    ) -> None:
        """Execute for this sink only; advances `delivered`. Raises SubscriptionFailed, Unauthenticated."""
        async with aclosing(self.runner.subscribe(operation, variables, context_for)) as deliveries:
            async for cursor, response in deliveries:
                if "data" not in response:
                    raise SubscriptionFailed(response["errors"])
                await sink.access.check()
                await sink.wait_until_sent()
                sink.put(cursor, orjson.dumps(response).decode())
                if delivered is not None and cursor is not None:
                    delivered.last_read = EventCursor.decode(cursor).position
