"""What of a user's own comes nearest to a text in meaning: for duplicates, contradictions, and "similar"."""

from collections.abc import Mapping

import structlog

from app.memory.embedding.models import EmbeddingModels
from app.memory.embedding.ports import EmbedderError
from sql.pool import Database
from sql.repositories.embedding_models import find_active_model
from sql.repositories.nearest import Near, SearchFilter, list_nearest

log = structlog.get_logger()


class Nearest:
    """Embeds a text and asks for its neighbours. Holds no connection while the embedder works."""

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
    ) -> list[Near]:
        """The entries nearest to the text, each with its cosine similarity, the nearest first.

        Empty when nothing was embedded yet, or when the embedder is down, which is logged.
        """
        async with self._database.connection() as connection:
            model = await find_active_model(connection)
        embedder = None if model is None else self._models.embedder_of(model)
        if model is None or embedder is None:
            return []
        try:
            vector = await embedder.embed_query(text, importance)
        except EmbedderError as error:
            log.warning("a text could not be embedded; nothing is near it", reason=str(error))
            return []
        if not any(vector):
            return []
        async with self._database.connection() as connection:
            return await list_nearest(connection, user_id, model, vector, within, count)
