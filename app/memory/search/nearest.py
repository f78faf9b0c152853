"""Finds the entries of a user that are nearest to a text in meaning."""

from collections.abc import Mapping

from app.memory.indexing.active_embedder import EmbeddingModels
from sql.pool import Database
from sql.repositories.embedding_models import find_active_model
from sql.repositories.nearest import NearestEntry, SearchFilter, list_nearest


class Nearest:
    """Embeds a text and queries its nearest entries. Holds no connection while the embedder works."""

    def __init__(self, database: Database, models: EmbeddingModels) -> None:
        self._database = database
        self._models = models

    async def find(
        self,
        user_id: str,
        text: str,
        *,
        within: SearchFilter,
        count: int,
        importance: Mapping[str, float] | None = None,
    ) -> list[NearestEntry]:
        """The entries nearest to the text, nearest first, each with its cosine similarity.

        Empty when no model is active yet, or when the embedder fails, which is logged.
        """
        async with self._database.connection() as connection:
            model = await find_active_model(connection)
        vector = await self._models.embed_query(model, text, importance)
        if model is None or vector is None:
            return []
        async with self._database.connection() as connection:
            return await list_nearest(connection, user_id, model, vector, within, count)
