"""Which embedder makes vectors now, and which one questions are asked with while another is being brought in."""

from collections.abc import Mapping
from time import monotonic

import structlog

from app.errors import StartError
from app.models.embedders.hashed import HashedEmbedder
from app.models.embedders.ports import Embedder, EmbedderError, Vector, WrongDimension
from app.models.embedders.static import StaticEmbedder
from sql.pool import Database
from sql.repositories.embedding_models import register_model
from sql.rows import EmbeddingModelRow

log = structlog.get_logger()

LARGEST_DIMENSION = 4000  # of a halfvec that an index can hold
REST_SECONDS = 30.0


def check_dimension(name: str, dimension: int, known: EmbeddingModelRow | None) -> None:
    """Raises WrongDimension when no index holds such vectors, or the model made others before."""
    if dimension > LARGEST_DIMENSION:
        raise WrongDimension(
            f"{name} makes vectors of {dimension} dimensions; "
            f"pgvector indexes {LARGEST_DIMENSION} at most, so choose another EMBEDDING_MODEL."
        )
    if known is not None and known.dimension != dimension:
        raise WrongDimension(
            f"{name} makes vectors of {dimension} dimensions now, and made {known.dimension} before; "
            "give the changed model another EMBEDDING_MODEL name, or put the old one back."
        )


class EmbeddingModels:
    """The configured embedder, and those of earlier settings that can still be asked."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self.configured = embedder
        self._known: dict[str, Embedder] = {each.name: each for each in (StaticEmbedder(), HashedEmbedder(), embedder)}
        self._target: EmbeddingModelRow | None = None
        self._rests_until = 0.0

    async def target(self) -> EmbeddingModelRow:
        """The configured model's row. Raises EmbedderError when the embedder cannot be asked or is not usable."""
        if self._target is None:
            dimension = await self.configured.probe()
            check_dimension(self.configured.name, dimension, None)
            async with self._database.connection() as connection:
                row = await register_model(connection, self.configured.name, dimension)
            check_dimension(row.name, dimension, row)
            self._target = row
        return self._target

    def embedder_of(self, model: EmbeddingModelRow) -> Embedder | None:
        """Who can make this model's vectors; None when the settings no longer tell."""
        return self._known.get(model.name)

    async def embed_query(
        self, model: EmbeddingModelRow | None, text: str, importance: Mapping[str, float] | None = None
    ) -> Vector | None:
        """The question's vector of this model; None when there can be none, which is logged: words are left to go by.

        An embedder that failed is left alone for half a minute, so that it slows down one search and not each.
        """
        embedder = None if model is None else self.embedder_of(model)
        if embedder is None or monotonic() < self._rests_until:
            return None
        try:
            vector = await embedder.embed_query(text, importance)
        except EmbedderError as error:
            self._rests_until = monotonic() + REST_SECONDS
            log.warning("a question could not be embedded; words alone are searched for", reason=str(error))
            return None
        return vector if any(vector) else None

    async def check(self) -> str | None:
        """At start: what keeps texts from being embedded, in a sentence. Raises StartError for a wrong dimension."""
        try:
            await self.target()
        except WrongDimension as error:
            raise StartError(str(error)) from None
        except EmbedderError as error:
            log.error("nothing can be embedded; search goes by words alone until this is mended", reason=str(error))
            return str(error)
        return None

    async def close(self) -> None:
        for embedder in self._known.values():
            await embedder.close()
