"""The memory services of one process, built from its settings, and their background maintenance."""

from dataclasses import dataclass

from app.language.dictionary.package import find_file
from app.live.bus.bus import Bus, run_on_changes
from app.memory.context.assembler import ContextAssembler
from app.memory.extraction.extractor import MemoryExtractor, SupersededMemories
from app.memory.extraction.summaries import Summariser, archive_expired, archive_surplus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.search.searcher import Nearest, Search
from app.memory.search.translations import Dictionary
from app.models.factory import ModelSource, build_embedder
from app.models.ports import Clock, Embedder
from app.settings import Settings
from app.text_process import TextWork
from sql.pool import Database


@dataclass(frozen=True, slots=True)
class MemoryServices:
    """Connections and models are opened with the first use."""

    models: EmbeddingModels
    nearest: Nearest
    search: Search
    assembler: ContextAssembler


def open_memory(
    database: Database, settings: Settings, clock: Clock, *, embedder: Embedder | None = None
) -> MemoryServices:
    """The services on a pool; with the embedder of another one, or a new one."""
    models = EmbeddingModels(database, embedder or build_embedder(settings))
    search = Search(database, models, clock, settings.server_timezone, Dictionary(find_file()))
    assembler = ContextAssembler(
        database, search, max_tokens=settings.memory_context_tokens, connections=settings.database_pool_max_size // 2
    )
    return MemoryServices(models, Nearest(database, models), search, assembler)


class MemoryMaintenance:
    """Runs in any number of processes; each claims its work."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        search: Search,
        models: ModelSource,
        clock: Clock,
        superseded: SupersededMemories,
        *,
        capacity: int,
        poll_seconds: float,
        work: TextWork | None = None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._search = search
        self._models = models
        self._clock = clock
        self._superseded = superseded
        self._capacity = capacity
        self._work = work
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Run until cancelled; failures are logged and retried."""
        await run_on_changes(self._bus, self.run_once, name="memory maintenance", poll_seconds=self._poll_seconds)

    async def run_once(self) -> None:
        """Do all work that is due."""
        assistant = (await self._models.current()).assistant
        extractor = MemoryExtractor(
            self._database, self._bus, self._search, assistant, self._clock, self._superseded, self._work
        )
        while users := await extractor.process_batch():
            for user in sorted(users):
                await archive_surplus(self._database, assistant, user, self._capacity, self._work)
        for user in await Summariser(self._database, assistant, self._work).process_due() | await archive_expired(
            self._database
        ):
            self._bus.announce(user)
