"""What the memory does by itself: makes memories, sums conversations up, lets expire, makes room."""

import asyncio

import structlog

from app.assistant.ports import Assistant, Clock
from app.live.bus import Bus, News
from app.memory.keeping.keeper import Keeper
from app.memory.keeping.limits import archive_expired, make_room
from app.memory.keeping.summaries import Summariser
from app.memory.search import Search
from sql.errors import ResonantError
from sql.pool import Database

log = structlog.get_logger()

LONGEST_PAUSE = 60.0


class Housekeeping:
    """Runs beside the bridges, in any number of processes: what one has claimed the others leave."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        search: Search,
        assistant: Assistant,
        clock: Clock,
        *,
        capacity: int,
        poll_seconds: float,
    ) -> None:
        self._database = database
        self._bus = bus
        self._assistant = assistant
        self._keeper = Keeper(database, bus, search, assistant, clock)
        self._summariser = Summariser(database, assistant)
        self._capacity = capacity
        self._poll_seconds = poll_seconds
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Whatever fails is logged and tried again: nothing else may suffer from it."""
        pause = self._poll_seconds
        async with self._bus.listening(self._hear):
            while True:
                try:
                    await self.tidy()
                    pause = self._poll_seconds
                except ResonantError as failure:
                    pause = min(pause * 2, LONGEST_PAUSE)
                    log.warning("the memory is not tidied", reason=failure.message, seconds=pause)
                except Exception:
                    pause = min(pause * 2, LONGEST_PAUSE)
                    log.exception("the memory could not be tidied; it is tried again", seconds=pause)
                await self._rest(pause)

    async def tidy(self) -> None:
        """Do everything that is due."""
        while users := await self._keeper.work():
            for user in sorted(users):
                await make_room(self._database, self._assistant, user, self._capacity)
        for user in await self._summariser.work() | await archive_expired(self._database):
            self._bus.announce(user)

    def _hear(self, news: News) -> None:
        if news.users is None or news.users:
            self._wake.set()

    async def _rest(self, seconds: float) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass
