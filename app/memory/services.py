"""The memory services of one process, built from its settings."""

from dataclasses import dataclass

from app.memory.context.assembler import ContextAssembler
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.search.searcher import Nearest, Search
from app.models.factory import build_embedder
from app.models.ports import Clock
from app.settings import Settings
from sql.pool import Database


@dataclass(frozen=True, slots=True)
class MemoryServices:
    """Connections and models are opened with the first use."""

    models: EmbeddingModels
    nearest: Nearest
    search: Search
    assembler: ContextAssembler


def open_memory(database: Database, settings: Settings, clock: Clock) -> MemoryServices:
    models = EmbeddingModels(database, build_embedder(settings))
    search = Search(database, models, clock, settings.server_timezone)
    assembler = ContextAssembler(
        database, search, max_tokens=settings.memory_context_tokens, connections=settings.database_pool_max_size // 2
    )
    return MemoryServices(models, Nearest(database, models), search, assembler)
