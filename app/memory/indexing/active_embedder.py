"""The configured embedder, and the embedder of queries while a new model is being introduced."""

from collections.abc import Mapping
from time import monotonic

import structlog

from app.errors import StartError
from app.language.catalogue import message_of
from app.models.embedders.local import HashedEmbedder, StaticEmbedder
from app.models.embedders.multilingual import MultilingualEmbedder
from app.models.ports import Embedder, EmbedderError, Vector, WrongDimension
from sql.pool import Database
from sql.repositories.embedding_models import register_model
from sql.service_rows import EmbeddingModelRow

log = structlog.get_logger()

LARGEST_DIMENSION = 4000  # of a halfvec in an HNSW index
PAUSE_SECONDS = 30.0


def check_dimension(name: str, dimension: int, known: EmbeddingModelRow | None) -> None:
    """Raises WrongDimension when pgvector cannot index such vectors, or the stored ones have another dimension."""
    if dimension > LARGEST_DIMENSION:
        raise WrongDimension("embedder.too_many_dimensions", model=name, dimension=dimension, maximum=LARGEST_DIMENSION)
    if known is not None and known.dimension != dimension:
        raise WrongDimension("embedder.dimension_changed", model=name, dimension=dimension, stored=known.dimension)


class EmbeddingModels:
    """The configured embedder, and the embedders of earlier settings that are still available."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self.configured = embedder
        offline = (MultilingualEmbedder(), StaticEmbedder(), HashedEmbedder())
        self._known: dict[str, Embedder] = {each.name: each for each in (*offline, embedder)}
        self._target: EmbeddingModelRow | None = None
        self._paused_until = 0.0

    async def target(self) -> EmbeddingModelRow:
        """The row of the configured model. Raises EmbedderError when the embedder is unavailable or unusable."""
        if self._target is None:
            dimension = await self.configured.probe()
            check_dimension(self.configured.name, dimension, None)
            async with self._database.connection() as connection:
                row = await register_model(connection, self.configured.name, dimension)
            check_dimension(row.name, dimension, row)
            self._target = row
        return self._target

    def embedder_of(self, model: EmbeddingModelRow) -> Embedder | None:
        """The embedder of this model; None when it is not configured any more."""
        return self._known.get(model.name)

    async def embed_query(
        self, model: EmbeddingModelRow | None, text: str, importance: Mapping[str, float] | None = None
    ) -> Vector | None:
        """The query's vector; None when there is none, then search uses words only. A failure is logged.

        After a failure the embedder is not called for 30 seconds, so that it does not slow down every search.
        """
        embedder = None if model is None else self.embedder_of(model)
        if embedder is None or monotonic() < self._paused_until:
            return None
        try:
            vector = await embedder.embed_query(text, importance)
        except EmbedderError as error:
            self._paused_until = monotonic() + PAUSE_SECONDS
            log.warning("the query could not be embedded; searching by words only", reason=message_of(error))
            return None
        return vector if any(vector) else None

    def across_languages(self, model: EmbeddingModelRow, query: Vector) -> Vector | None:
        """The part of the query's vector that finds other languages; None when the model has none."""
        embedder = self.embedder_of(model)
        return None if embedder is None else embedder.across_languages(query)

    async def check(self) -> str | None:
        """Check the embedder at start: its failure as a sentence, or None. Raises StartError for a wrong dimension."""
        try:
            await self.target()
        except WrongDimension as error:
            raise StartError(message_of(error)) from None
        except EmbedderError as error:
            log.error("the embedder is unavailable; search uses words only", reason=message_of(error))
            return message_of(error)
        return None

    async def close(self) -> None:
        for embedder in self._known.values():
            await embedder.close()
