"""What one subscription has not taken yet of the events that are read for it."""

import asyncio
from collections import deque

from resolvers.ports import Occurrence
from sql.errors import ResonantError


class Overflowed(Exception):
    """Some were dropped: they have to be read from the table."""


class Follower:
    """A bounded queue of live events."""

    def __init__(self, kinds: frozenset[str] | None, bound: int) -> None:
        self._kinds = kinds
        self._bound = bound
        self._queue: deque[Occurrence] = deque()
        self._filled = asyncio.Event()
        self._end: Exception | None = None

    def offer(self, occurrence: Occurrence) -> None:
        """Queue it; never waits. When too many wait, all are dropped, because the table has them too."""
        if self._end is None and (self._kinds is None or occurrence.event.kind in self._kinds):
            if len(self._queue) >= self._bound:
                self._queue.clear()
                self._end = Overflowed()
            else:
                self._queue.append(occurrence)
            self._filled.set()

    def fail(self, failure: ResonantError) -> None:
        """End it: what comes next cannot be told."""
        self._end = self._end or failure
        self._filled.set()

    async def take(self) -> Occurrence:
        """The next one, waited for. Raises Overflowed, or what it was failed with."""
        while not self._queue:
            if self._end is not None:
                raise self._end
            self._filled.clear()
            await self._filled.wait()
        return self._queue.popleft()
