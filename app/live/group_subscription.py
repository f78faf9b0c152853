"""One execution of a subscription for several viewers, for fields that are the same for all who see an event.

An event in a project's scope is executed once, as one of the viewers who see it, and encoded once for all of them. It
is executed for each viewer alone when its row has left the scope, when the execution failed, or when it is private.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson

from app.live.hub import EventFilter, EventForUsers, EventHub, ReadPosition, position_of
from app.live.ports import Access, Errors, Response
from app.live.shared_subscription import (
    MAX_SECONDS_PER_TURN,
    RETRY_SECONDS,
    SharedSubscription,
    Subscriber,
    is_transient,
    retry_until_available,
)
from app.retry import DATABASE_UNAVAILABLE
from resolvers.ports import EventWithCursor
from sql.errors import NotFound
from sql.event_cursor import EventCursor
from sql.pool import ALL_USERS, current_user

MAX_CONCURRENT = 4  # executions for viewers alone
Delivery = tuple[str | None, Response]


class GivenFeed:
    """These events, then the end. Implements resolvers.ports.EventFeed."""

    def __init__(self, hub: EventHub, items: Sequence[EventWithCursor] = ()) -> None:
        self._hub = hub
        self._items = items

    async def follow(
        self,
        viewer_id: str,
        *,
        kinds: frozenset[str] | None = None,
        project_id: UUID | None = None,
        after: str | None = None,
    ) -> AsyncIterator[EventWithCursor]:
        wanted = EventFilter(kinds, project_id)
        for item in self._items:
            if item.event in wanted:
                yield item

    async def latest(self, viewer_id: str) -> str:
        return await self._hub.latest(viewer_id)

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[EventWithCursor]:
        return await self._hub.trace(viewer_id, subject_id)


class GroupSubscription(SharedSubscription):
    """Executes for all viewers who have subscribed, and passes each event's response to those who see it."""

    def __init__(self, *arguments: Any) -> None:
        self._viewers: dict[str, dict[Subscriber, None]] = {}
        super().__init__(*arguments)

    def join(self, subscriber: Subscriber) -> None:
        super().join(subscriber)
        self._viewers.setdefault(subscriber.access.viewer.id, {})[subscriber] = None

    def leave(self, subscriber: Subscriber) -> bool:
        viewer_id = subscriber.access.viewer.id
        mine = self._viewers.get(viewer_id, {})
        mine.pop(subscriber, None)
        if not mine:
            self._viewers.pop(viewer_id, None)
        return super().leave(subscriber)

    async def _deliver_all(self) -> Errors | None:
        current_user.set(ALL_USERS)  # of this task; an execution has one of its own
        self._delivered = await retry_until_available(self._hub.present)
        self.started.set()
        while True:
            try:
                await self._follow()
            except DATABASE_UNAVAILABLE:
                await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        position = ReadPosition(self._delivered.stream, self._delivered.last_read)
        async with aclosing(self._hub.follow_group(position, self._viewers)) as pages:
            async for page in pages:
                for is_shared, items in groupby(page, _is_of_project):
                    deliver = self._deliver_shared if is_shared else self._deliver_alone
                    await deliver(list(items))
                self._delivered.last_read = position_of(page[-1].event)

    async def _deliver_shared(self, items: list[EventForUsers]) -> None:
        for users, same in groupby(items, lambda item: item.users):
            together = list(same)
            deliveries = await self._execute_shared(together, users) if len(users) > 1 else None
            if deliveries is None:
                await self._deliver_alone(together)
            else:
                await self._pass_on(deliveries, users)

    async def _execute_shared(self, items: list[EventForUsers], users: frozenset[str]) -> list[Delivery] | None:
        """The responses for all these users; None when they may differ."""
        access = next((self._access_of(user) for user in users if user in self._viewers), None)
        if access is None or not await self._hub.may_share(access.viewer.id, items):
            return None
        deliveries = await self._execute(access, items)
        complete = all(response.keys() == {"data"} for _, response in deliveries)
        # Asked again: what was read may have been in another scope, or unseen, meanwhile.
        return deliveries if complete and await self._hub.may_share(access.viewer.id, items) else None

    async def _deliver_alone(self, items: list[EventForUsers]) -> None:
        """Execute the events as each viewer who sees them."""
        turns = asyncio.Semaphore(MAX_CONCURRENT)

        async def deliver_to(user: str) -> None:
            async with turns:
                if user in self._viewers:
                    own = [item for item in items if user in item.users]
                    await self._pass_on(await self._execute(self._access_of(user), own), frozenset({user}))

        users = frozenset[str]().union(*(item.users for item in items))
        results = await asyncio.gather(*map(deliver_to, users), return_exceptions=True)
        if failure := next((each for each in results if each is not None), None):
            raise failure

    def _access_of(self, user: str) -> Access:
        return next(iter(self._viewers[user])).access

    async def _execute(self, access: Access, items: Sequence[EventWithCursor]) -> list[Delivery]:
        """The responses to these events for the viewer of the access; repeated while the database is unavailable."""
        while True:
            # In a task of its own, because the context sets the database user of its task.
            deliveries = await asyncio.create_task(self._collect(access, items))
            if not deliveries or not is_transient(deliveries[-1][1].get("errors")):
                return deliveries
            await asyncio.sleep(RETRY_SECONDS)

    async def _collect(self, access: Access, items: Sequence[EventWithCursor]) -> list[Delivery]:
        feed = GivenFeed(self._hub, items)
        responses = self._runner.subscribe(self._operation, self._variables, lambda: self._context_for(access, feed))
        async with aclosing(responses):
            return [each async for each in responses]

    async def _pass_on(self, deliveries: list[Delivery], users: frozenset[str]) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        await self._check_together(users, now)
        turn_started = loop.time()
        for cursor, response in deliveries:
            if "data" not in response:
                self._end_of(users, response["errors"])
                return
            if cursor is None:
                raise LookupError("a resumable subscription delivered a response without a cursor")
            position, payload = EventCursor.decode(cursor).position, orjson.dumps(response).decode()
            for subscriber in list(self._subscribers_of(users)):
                if await subscriber.check(now):
                    subscriber.put(position, cursor, payload)
            # Responses of one turn of the event loop are sent together, but other tasks must run as well.
            if loop.time() - turn_started > MAX_SECONDS_PER_TURN:
                await asyncio.sleep(0)
                turn_started = loop.time()

    async def _check_together(self, users: frozenset[str], now: float) -> None:
        """Check the access of all subscribers of these users by one statement."""
        due = [each for each in self._subscribers_of(users) if not each.access.is_checked_since(now)]
        if due:
            await asyncio.gather(*(each.check() for each in due))

    def _subscribers_of(self, users: frozenset[str]) -> Iterator[Subscriber]:
        for user in users:
            yield from self._viewers.get(user, ())

    def _end_of(self, users: frozenset[str], errors: Errors) -> None:
        """An execution for these users has failed. Who no longer sees a project gets nothing more of it."""
        if errors[0]["extensions"]["code"] != NotFound.code:
            for subscriber in list(self._subscribers_of(users)):
                subscriber.end(errors)


def _is_of_project(item: EventForUsers) -> bool:
    return item.event.scope_id == item.event.project_id
