"""The embedder for 16 languages: wordllama's token vectors and a multilingual sentence encoder in one vector.

A passage has both parts with equal lengths, so one index serves all questions. A question weighs the parts: wordllama
separates similar English texts better, and covers Japanese less well. Without `importance` the parts are equal, so the
cosine of a text with itself is one.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from threading import Event

from app.language.text import is_japanese
from app.models.embedders.daemon_thread import DaemonThread
from app.models.embedders.local import QUERY_CHARACTERS, StaticEmbedder
from app.models.embedders.sentences import DIMENSION, SentenceEncoder, find_package, return_freed_memory
from app.models.ports import Vector

# The weights of the two parts in a question, chosen on the development sets; `tests/bench/retrieval.py` measures them.
ENGLISH = (0.5, 0.5)
JAPANESE = (0.3, 0.4)
EQUAL = (1.0, 1.0)


class MultilingualEmbedder:
    """Implements app.models.ports.Embedder. The first text loads both models, in a second and 130 MB."""

    name = "wordllama-l2-supercat-256+use-multilingual-3-256"

    def __init__(self) -> None:
        self._words = StaticEmbedder()
        self._encoder: SentenceEncoder | None = None
        # Two threads would only slow down each other, and each keeps memory that it has freed.
        self._thread = DaemonThread("embedding")
        self._closed = Event()

    async def probe(self) -> int:
        find_package()
        return await self._words.probe() + DIMENSION

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        words = await self._words.embed_passages(texts)
        sentences = await self._encode(texts)
        return [_joined(*parts, EQUAL) for parts in zip(words, sentences, strict=True)]

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        words = await self._words.embed_query(text, importance)
        [sentence] = await self._encode([text[:QUERY_CHARACTERS]])
        return _joined(words, sentence, parts_of(text) if importance is not None else EQUAL)

    def across_languages(self, query: Vector) -> Vector:
        """The query's vector with the sentence part alone: wordllama's part is near to texts of one language only."""
        words = len(query) - DIMENSION
        return [*[0.0] * words, *query[words:]]

    async def _encode(self, texts: Sequence[str]) -> list[Vector]:
        return await self._thread.run(lambda: self._encode_now(texts))

    def _encode_now(self, texts: Sequence[str]) -> list[Vector]:
        if self._encoder is None:
            self._encoder = SentenceEncoder()
            return_freed_memory()
        vectors: list[Vector] = self._encoder.encode(texts, self._closed.is_set).tolist()
        return vectors

    async def close(self) -> None:
        self._closed.set()
        self._thread.close()
        await self._words.close()


def parts_of(question: str) -> tuple[float, float]:
    """The weights of both parts in the vector of a question."""
    return JAPANESE if is_japanese(question) else ENGLISH


def _joined(words: Vector, sentence: Vector, parts: tuple[float, float]) -> Vector:
    """Both vectors, weighted, as one of length one. The part of a text without tokens is zero."""
    whole = [parts[0] * value for value in words] + [parts[1] * value for value in sentence]
    length = sqrt(sum(value * value for value in whole))
    return [value / length for value in whole] if length else whole
