"""What the memory does by itself: makes memories, sums conversations up, lets expire, makes room."""

from app.live.bus.bus import Bus
from app.memory.extraction.capacity import archive_expired, make_room
from app.memory.extraction.extractor import MemoryExtractor
from app.memory.extraction.ports import Overturning
from app.memory.extraction.summaries import Summariser
from app.memory.polling import run_on_news
from app.memory.search.searcher import Search
from app.models.ports import Assistant, Clock
from sql.pool import Database


class MemoryMaintenance:
    """Runs beside the bridges, in any number of processes: what one has claimed the others leave."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        search: Search,
        assistant: Assistant,
        clock: Clock,
        overturning: Overturning,
        *,
        capacity: int,
        poll_seconds: float,
    ) -> None:
        self._database = database
        self._bus = bus
        self._assistant = assistant
        self._keeper = MemoryExtractor(database, bus, search, assistant, clock, overturning)
        self._summariser = Summariser(database, assistant)
        self._capacity = capacity
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Until cancelled; whatever fails, nothing else suffers from it."""
        await run_on_news(self._bus, self.tidy, name="memory maintenance", poll_seconds=self._poll_seconds)

    async def tidy(self) -> None:
        """Do everything that is due."""
        while users := await self._keeper.work():
            for user in sorted(users):
                await make_room(self._database, self._assistant, user, self._capacity)
        for user in await self._summariser.work() | await archive_expired(self._database):
            self._bus.announce(user)
