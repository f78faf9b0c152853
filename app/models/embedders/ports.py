"""The port of embedding models and their failures."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sql.errors import ResonantError

Vector = Sequence[float]


class EmbedderError(ResonantError):
    """The embedding model failed."""

    code = "UNAVAILABLE"
    key = "embedder.unavailable"


class WrongDimension(EmbedderError):
    """The vectors do not fit the index, or the vectors of the same model that are already stored."""


class Embedder(Protocol):
    """Turns texts into vectors; their similarity is the cosine."""

    @property
    def name(self) -> str:
        """The name of the model. Vectors of different models are never compared."""

    async def probe(self) -> int:
        """The dimension of the vectors, from a test request. Raises EmbedderError that says what to do."""

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector per text, for texts that are searched. Raises EmbedderError."""

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        """The vector of a query. `importance` is the idf of each lower-case word among the user's texts.

        Raises EmbedderError.
        """

    async def close(self) -> None: ...
