"""An embedder without weights: hashes words and pairs of CJK characters, so it compares spelling, not meaning."""

from collections.abc import Mapping, Sequence
from math import sqrt
from zlib import crc32

from app.language.words import normalised, word_spans
from app.models.ports import Vector

DIMENSION = 512


class HashedEmbedder:
    """Implements app.models.ports.Embedder; a text has the same vector on every machine."""

    name = "hashed-512"

    async def probe(self) -> int:
        return DIMENSION

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return [_embed(text, None) for text in texts]

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        return _embed(text, importance)

    async def close(self) -> None:
        """There is nothing to close."""


def _embed(text: str, importance: Mapping[str, float] | None) -> Vector:
    vector = [0.0] * DIMENSION
    plain = normalised(text)
    for start, end in word_spans(plain):
        word = plain[start:end]
        weight = 1.0 if importance is None else importance.get(word, 0.1)
        for feature in _features(word):
            number = crc32(feature.encode())
            vector[number % DIMENSION] += weight if number & 0x80000000 else -weight
    length = sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector


def _features(word: str) -> list[str]:
    """The word and its trigrams, so that forms of one word get similar vectors."""
    marked = f"<{word}>"
    return [marked, *(marked[start : start + 3] for start in range(len(marked) - 2) if len(word) > 3)]
