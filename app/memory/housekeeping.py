"""What the memory does by itself: makes memories, sums conversations up, lets expire, makes room."""

from app.assistant.ports import Assistant, Clock
from app.live.bus import Bus
from app.memory.keeping.keeper import Keeper
from app.memory.keeping.limits import archive_expired, make_room
from app.memory.keeping.overturning import Overturning
from app.memory.keeping.summaries import Summariser
from app.memory.rounds import go_round
from app.memory.search import Search
from sql.pool import Database


class Housekeeping:
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
        self._keeper = Keeper(database, bus, search, assistant, clock, overturning)
        self._summariser = Summariser(database, assistant)
        self._capacity = capacity
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Until cancelled; whatever fails, nothing else suffers from it."""
        await go_round(self._bus, self.tidy, what="tidying the memory", poll_seconds=self._poll_seconds)

    async def tidy(self) -> None:
        """Do everything that is due."""
        while users := await self._keeper.work():
            for user in sorted(users):
                await make_room(self._database, self._assistant, user, self._capacity)
        for user in await self._summariser.work() | await archive_expired(self._database):
            self._bus.announce(user)
