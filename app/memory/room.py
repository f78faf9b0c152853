"""What one process has of the memory, made from its settings."""

from dataclasses import dataclass

from app.assistant.ports import Clock
from app.memory.context.assembler import ContextAssembler
from app.memory.embedding.factory import build_embedder
from app.memory.embedding.models import EmbeddingModels
from app.memory.nearest import Nearest
from app.memory.search import Search
from app.settings import Settings
from sql.pool import Database


@dataclass(frozen=True, slots=True)
class MemoryRoom:
    """Nothing in it holds a connection or has loaded a model before it is asked for the first time."""

    models: EmbeddingModels
    nearest: Nearest
    search: Search
    assembler: ContextAssembler


def open_memory(database: Database, settings: Settings, clock: Clock) -> MemoryRoom:
    models = EmbeddingModels(database, build_embedder(settings))
    search = Search(database, models, clock, settings.timezone)
    assembler = ContextAssembler(
        database, search, max_tokens=settings.context_tokens, connections=settings.pool_max_size // 2
    )
    return MemoryRoom(models, Nearest(database, models), search, assembler)
