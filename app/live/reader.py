"""The one reader of events in a process: takes what has settled, in commit order, and hands it on."""

import asyncio
from collections.abc import Callable

import structlog

from sql.errors import ResonantError
from sql.event_position import Position
from sql.pool import Database
from sql.repositories.events import EventPage, get_last_position, list_events_after

log = structlog.get_logger()

BATCH = 500
SHORTEST_PAUSE = 0.002
LONGEST_PAUSE = 0.1
AFTER_A_FAILURE = 0.5


class EventReader:
    """Reads behind its position when it is woken, and every `poll_seconds` in case a hint was lost.

    `deliver` gets each page and the position that it was read behind.
    """

    def __init__(
        self, database: Database, deliver: Callable[[EventPage, Position], None], *, poll_seconds: float
    ) -> None:
        self._database = database
        self._deliver = deliver
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._starting = asyncio.Lock()
        self._position: Position | None = None
        self._failing = False

    def wake(self) -> None:
        """There may be news."""
        self._woken.set()

    async def start(self) -> None:
        """Hand on all that settles from now on. Raises Unavailable, TimedOut."""
        async with self._starting:
            if self._position is None:
                async with self._database.connection() as connection:
                    self._position = await get_last_position(connection)
        self.wake()

    def rest(self) -> None:
        """Nobody listens."""
        self._position = None

    @property
    def resting(self) -> bool:
        return self._position is None

    async def run(self) -> None:
        """Read until cancelled. A database that is away is waited for; nothing is skipped."""
        pause = self._poll_seconds
        while True:
            await self._wait(pause)
            try:
                pause = await self._read(pause)
                self._failing = False
            except Exception as failure:
                self._tell_of(failure)
                pause = AFTER_A_FAILURE

    def _tell_of(self, failure: Exception) -> None:
        """A database that is away is worth one line; whatever else is wrong must not end the reading either."""
        if not isinstance(failure, ResonantError):
            log.error("events cannot be read; trying again", exc_info=failure)
        elif not self._failing:
            log.warning("events cannot be read; trying again", reason=failure.message)
        self._failing = True

    async def _wait(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _read(self, last_pause: float) -> float:
        """Hand on all that has settled; how long to wait when nothing wakes us before."""
        while (start := self._position) is not None:
            async with self._database.connection() as connection:
                page = await list_events_after(connection, start, BATCH)
            if self._position is not start:  # everybody left meanwhile, or somebody came after that
                continue
            if page.events:
                self._position = Position(page.events[-1].xid, page.events[-1].id)
            self._deliver(page, start)
            if page.unsettled:
                # An older transaction is still open. Its end is not announced, so look again soon, but ever less often.
                return SHORTEST_PAUSE if page.events else min(max(last_pause, SHORTEST_PAUSE / 2) * 2, LONGEST_PAUSE)
            if len(page.events) < BATCH:
                break
        return self._poll_seconds
