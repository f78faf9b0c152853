"""The one reader of events in a process: takes what has settled, in commit order, and hands it on."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from sql.errors import ResonantError
from sql.event_position import Position
from sql.pool import Database
from sql.repositories.events import list_events_after
from sql.rows import EventRow

log = structlog.get_logger()

BATCH = 500
SHORTEST_PAUSE = 0.002
LONGEST_PAUSE = 0.1
AFTER_A_FAILURE = 0.5


class EventReader:
    """Reads behind `position` when it is woken, and every `poll_seconds` in case a hint was lost."""

    def __init__(
        self, database: Database, deliver: Callable[[Sequence[EventRow]], None], *, poll_seconds: float
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self.position: Position | None = None
        """The last event handed on; None while nobody listens."""

    def wake(self) -> None:
        """There may be news."""
        self._woken.set()

    async def run(self) -> None:
        """Read until cancelled. A database that is away is waited for; nothing is skipped."""
        pause = self._poll_seconds
        failing = False
        while True:
            await self._wait(pause)
            try:
                pause = await self._read(pause)
                failing = False
            except ResonantError as failure:
                if not failing:
                    log.warning("events cannot be read; trying again", reason=failure.message)
                failing, pause = True, AFTER_A_FAILURE

    async def _wait(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _read(self, last_pause: float) -> float:
        """Hand on all that has settled; how long to wait when nothing wakes us before."""
        while (start := self.position) is not None:
            async with self._database.connection() as connection:
                events, unsettled = await list_events_after(connection, start, BATCH)
            if self.position is not start:  # everybody left meanwhile, or somebody came after that
                continue
            if events:
                self.position = Position(events[-1].xid, events[-1].id)
                self._deliver(events)
            if unsettled:
                # An older transaction is still open. Its end is not announced, so look again soon, but ever less often.
                return SHORTEST_PAUSE if events else min(max(last_pause, SHORTEST_PAUSE / 2) * 2, LONGEST_PAUSE)
            if len(events) < BATCH:
                break
        return self._poll_seconds
