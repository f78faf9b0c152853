"""The memory on a real database: two users, the hashed embedder, and an indexer that tests run explicitly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.live.bus.bus import Bus
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.indexer import Indexer
from app.memory.search.searcher import Nearest, Search
from app.memory.search.translations import Dictionary
from app.models.embedders.local import HashedEmbedder
from app.models.ports import Embedder, EmbedderError, Vector
from sql.pool import Database
from sql.repositories.nearest import SearchFilter, list_scopes

EVERYTHING = SearchFilter()


@dataclass
class Memory:
    """The memory services of a process; `index` updates vectors and statistics."""

    database: Database
    models: EmbeddingModels
    indexer: Indexer
    dictionary: Dictionary = field(default_factory=lambda: Dictionary(None))

    @property
    def nearest(self) -> Nearest:
        return Nearest(self.database, self.models)

    @property
    def search(self) -> Search:
        return Search(self.database, self.models, SystemClock(), "UTC", self.dictionary)

    async def index(self) -> int:
        done = await self.indexer.catch_up()
        return done + await self.indexer.switch_model()

    async def fetch(self, query: str, *arguments: Any) -> Any:
        return await self.database.pool.fetch(query, *arguments)

    async def value(self, query: str, *arguments: Any) -> Any:
        return await self.database.pool.fetchval(query, *arguments)

    async def scopes(self, user: str, within: SearchFilter = EVERYTHING) -> list[UUID]:
        async with self.database.connection() as connection:
            return await list_scopes(connection, user, within)

    async def scope(self, user: str) -> UUID:
        """The scope of what only this user sees in their default project."""
        found: UUID = await self.value("SELECT member_scope(default_project($1), $1)", user)
        return found

    async def converse(self, user: str = "ann") -> UUID:
        query = "INSERT INTO conversations (user_id, title) VALUES ($1, 't') RETURNING id"
        conversation: UUID = await self.value(query, user)
        return conversation

    async def say(self, *contents: str, user: str = "ann", conversation: UUID | None = None) -> list[UUID]:
        """Messages in one conversation, in this order."""
        place = conversation or await self.converse(user)
        query = (
            "INSERT INTO messages (user_id, conversation_id, content, message_type) "
            "VALUES ($1, $2, $3, 'user') RETURNING id"
        )
        return [await self.value(query, user, place, content) for content in contents]

    async def add_intent(self, description: str, user: str = "ann") -> UUID:
        query = "INSERT INTO intents (user_id, description, actor) VALUES ($1, $2, 'test') RETURNING id"
        intent: UUID = await self.value(query, user, description)
        return intent


def open_memory(database: Database, embedder: Embedder) -> Memory:
    models = EmbeddingModels(database, embedder)
    return Memory(database, models, Indexer(database, Bus("memory://"), models, poll_seconds=0.05, index_above=400))


class DeafEmbedder(HashedEmbedder):
    """Fails to embed queries."""

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        raise EmbedderError


@pytest.fixture
async def memory(database: Database) -> Memory:
    await database.pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner'), ('bob', 'Bob', 'member')")
    return open_memory(database, HashedEmbedder())
