"""Reads new events from the outbox table in commit order, once per process.

An event is settled when its transaction id is below the snapshot horizon (`pg_snapshot_xmin`): no older transaction
can commit any more, so reading settled events in order of (xid, id) skips nothing.
"""

import asyncio
from collections.abc import Callable

import structlog

from sql.errors import ResonantError
from sql.event_position import Position
from sql.pool import Database
from sql.repositories.events import EventPage, get_last_position, list_events_after

log = structlog.get_logger()

BATCH_SIZE = 500
MIN_PAUSE = 0.002
MAX_PAUSE = 0.1
PAUSE_AFTER_FAILURE = 0.5


class EventReader:
    """Reads when woken, and every `poll_seconds` in case a hint was lost.

    `deliver` is called with each page and the position after which the page was read.
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
        """Read soon: there may be new events."""
        self._woken.set()

    async def start(self) -> None:
        """Deliver every event that settles from now on. Raises Unavailable, TimedOut."""
        async with self._starting:
            if self._position is None:
                async with self._database.connection() as connection:
                    self._position = await get_last_position(connection)
        self.wake()

    def pause(self) -> None:
        """Stop reading until the next `start`, because there are no subscribers."""
        self._position = None

    @property
    def is_paused(self) -> bool:
        return self._position is None

    async def run(self) -> None:
        """Read until cancelled. While the database is unavailable, wait; no event is skipped."""
        pause = self._poll_seconds
        while True:
            await self._wait(pause)
            try:
                pause = await self._read(pause)
                self._failing = False
            except Exception as failure:
                self._log_failure(failure)
                pause = PAUSE_AFTER_FAILURE

    def _log_failure(self, failure: Exception) -> None:
        """Log an expected failure once until it ends, and every other one with its traceback."""
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
        """Deliver all settled events; returns the seconds until the next read unless woken earlier."""
        while (start := self._position) is not None:
            async with self._database.connection() as connection:
                page = await list_events_after(connection, start, BATCH_SIZE)
            if self._position is not start:  # paused, or paused and started again, while the query ran
                continue
            if page.events:
                self._position = Position(page.events[-1].xid, page.events[-1].id)
            self._deliver(page, start)
            if page.unsettled:
                # An older transaction is still open. Nothing announces its end, so poll soon, with growing pauses.
                return MIN_PAUSE if page.events else min(max(last_pause, MIN_PAUSE / 2) * 2, MAX_PAUSE)
            if len(page.events) < BATCH_SIZE:
                break
        return self._poll_seconds
