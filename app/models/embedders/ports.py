"""What the memory may ask of an embedder: vectors for texts, their dimension, and whether it works at all."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sql.errors import ResonantError

Vector = Sequence[float]


class EmbedderError(ResonantError):
    """The embedding model failed."""


class WrongDimension(EmbedderError):
    """The vectors do not fit the index, or the vectors of the same model that are already stored."""


class Embedder(Protocol):
    """Turns texts into vectors that are compared by the cosine of their angle."""

    @property
    def name(self) -> str:
        """The model's name; vectors of different names are never compared."""

    async def probe(self) -> int:
        """The dimension of the vectors, found by asking. Raises EmbedderError with what to do."""

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector a text, for what is to be found. Raises EmbedderError."""

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        """The vector of a question. `importance` tells how rare each lower-case word is among the user's texts.

        Raises EmbedderError.
        """

    async def close(self) -> None: ...
