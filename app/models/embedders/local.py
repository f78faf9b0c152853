"""Embedders that run in this process: one with static vectors, and one that compares only spelling.

The first uses wordllama's token vectors, pooled with our own weights. The tokenizer and the table are read from the
package's files; the package's own loader needs the network. The vector of a text is the mean of its token vectors minus
the mean of the table. Tokens of a query are weighted by the idf of their word among the user's texts. Tokens of a
passage have equal weights, so its vector never becomes outdated.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

from app.language.words import normalised, word_spans
from app.models.ports import EmbedderError, Vector

PACKAGE = "wordllama"
WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
COMMON_WORD = 0.2  # the weight of a stop word in a query
ROWS_AT_ONCE = 2000
DIMENSION = 512
QUERY_CHARACTERS = 4000
SHORT_QUERY = 300  # takes two milliseconds; 2,000 kanji take 30


class StaticEmbedder:
    """Implements app.models.ports.Embedder. The first text opens the files, in 0.1 s and 45 MB."""

    name = "wordllama-l2-supercat-256"

    def __init__(self) -> None:
        self._table: _Table | None = None
        self._opening = asyncio.Lock()

    async def probe(self) -> int:
        """Reads only the header of the file, not the weights."""
        return _read_header(_package() / WEIGHTS)[2][1]

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        table = await self._get_table()
        # The thread normalises too: texts are cut into chunks, so each call that holds the interpreter is short.
        return await asyncio.to_thread(lambda: table.embed([normalised(text) for text in texts]))

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        table, plain = await self._get_table(), _query(text)
        if len(plain) <= SHORT_QUERY:
            return table.embed_weighted(plain, importance)
        return await asyncio.to_thread(table.embed_weighted, plain, importance)

    async def _get_table(self) -> "_Table":
        async with self._opening:
            if self._table is None:
                self._table = await asyncio.to_thread(_Table, _package())
            return self._table

    def across_languages(self, query: Vector) -> Vector | None:
        return None

    async def close(self) -> None:
        self._table = None


def _package() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderError("embedder.package_missing", package=PACKAGE)
    return Path(spec.origin).parent


def _read_header(path: Path) -> tuple[int, str, tuple[int, int]]:
    """Offset in bytes, data type and shape of the only tensor of a safetensors file."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            head = json.loads(file.read(size))
    except (OSError, ValueError) as error:
        raise EmbedderError("embedder.package_unreadable", package=PACKAGE, file=path.name) from error
    tensor = head["embedding.weight"]
    return 8 + size + tensor["data_offsets"][0], tensor["dtype"], tuple(tensor["shape"])


class _Table:
    """The memory-mapped token vectors and their tokenizer. Imports numpy only when it is created."""

    def __init__(self, package: Path) -> None:
        import numpy
        from tokenizers import Tokenizer

        self._numpy = numpy
        offset, kind, shape = _read_header(package / WEIGHTS)
        if kind != "F16":
            raise EmbedderError("embedder.package_unsupported", package=PACKAGE, file=WEIGHTS, type=kind)
        self._rows: Any = numpy.memmap(package / WEIGHTS, numpy.float16, "r", offset, shape)
        self._middle = self._mean(package / WEIGHTS, offset, shape)
        self._tokenizer = Tokenizer.from_file(str(package / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def _mean(self, path: Path, offset: int, shape: tuple[int, int]) -> Any:
        """The mean of all rows, read in parts without the map: touching all its pages would keep 16 MB resident."""
        numpy = self._numpy
        total = numpy.zeros(shape[1])
        for start in range(0, shape[0], ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, shape[0] - start) * shape[1]
            rows = numpy.fromfile(path, numpy.float16, count, offset=offset + start * shape[1] * 2)
            total += rows.reshape(-1, shape[1]).sum(0, dtype=numpy.float64)
        return (total / shape[0]).astype(numpy.float32)

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [self._pooled(tokens.ids, None) for tokens in encoded]

    def embed_weighted(self, text: str, importance: Mapping[str, float] | None) -> Vector:
        tokens = self._tokenizer.encode(text, add_special_tokens=False)
        if importance is None:
            return self._pooled(tokens.ids, None)
        letters = _letter_weights(text, importance)
        weights = [max(letters[start:end], default=COMMON_WORD) for start, end in tokens.offsets]
        return self._pooled(tokens.ids, weights)

    def _pooled(self, ids: Sequence[int], weights: Sequence[float] | None) -> Vector:
        numpy = self._numpy
        if not ids:
            return [0.0] * len(self._middle)
        rows = self._rows[ids].astype(numpy.float32) - self._middle
        pooled = rows.sum(0) if weights is None else numpy.asarray(weights, numpy.float32) @ rows
        length = float(numpy.linalg.norm(pooled))
        vector: list[float] = (pooled / length if length else pooled).tolist()
        return vector


def _letter_weights(text: str, importance: Mapping[str, float]) -> list[float]:
    """The weight of each character: that of its word; a CJK character is in two pairs and gets their mean."""
    found: list[list[float]] = [[] for _ in text]
    for start, end in word_spans(text):
        weight = importance.get(text[start:end], COMMON_WORD)
        for place in range(start, end):
            found[place].append(weight)
    return [sum(weights) / len(weights) if weights else 0.0 for weights in found]


class HashedEmbedder:
    """Implements app.models.ports.Embedder without weights: hashes words and pairs of CJK characters.

    A text has the same vector on every machine.
    """

    name = "hashed-512"

    async def probe(self) -> int:
        return DIMENSION

    async def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return await asyncio.to_thread(lambda: [_embed(normalised(text), None) for text in texts])

    async def embed_query(self, text: str, importance: Mapping[str, float] | None = None) -> Vector:
        return _embed(_query(text), importance)

    def across_languages(self, query: Vector) -> Vector | None:
        return None

    async def close(self) -> None:
        """There is nothing to close."""


def _query(text: str) -> str:
    """The beginning of the normal form, which may be 18 times as long as the text."""
    return normalised(text)[:QUERY_CHARACTERS]


def _embed(plain: str, importance: Mapping[str, float] | None) -> Vector:
    vector = [0.0] * DIMENSION
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
