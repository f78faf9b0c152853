"""Encodes large responses in pieces, so that other requests are answered meanwhile.

One buffer of 25 MB takes a few hundred milliseconds to fill and to copy, and the event loop does nothing else.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

# Responses from this size on, in bytes, are encoded in pieces of about PIECE.
LARGE = 1024 * 1024
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class LargeResponse:
    """JSON in pieces."""

    pieces: list[bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))

    def with_extensions(self, extensions: dict[str, Any]) -> "LargeResponse":
        """The response, an object, with another member."""
        end = b',"extensions":' + orjson.dumps(extensions) + b"}"
        return LargeResponse([*self.pieces[:-1], self.pieces[-1][:-1] + end])


async def encode_large(response: dict[str, Any], maximum: int) -> LargeResponse | None:
    """The response as JSON; None when it has more than `maximum` bytes. Raises JSONEncodeError."""
    pieces, piece, total = list[bytes](), bytearray(), 0
    for part in _parts(response):
        piece += part
        if len(piece) >= PIECE:
            total += len(piece)
            if total > maximum:
                return None
            pieces.append(bytes(piece))
            piece = bytearray()
            await asyncio.sleep(0)
    pieces.append(bytes(piece))
    return LargeResponse(pieces) if total + len(piece) <= maximum else None


def _parts(value: Any) -> Iterator[bytes]:
    """The JSON of the value; no part is larger than its longest text."""
    if isinstance(value, dict) and value:
        opening = b"{"
        for key, each in value.items():
            yield opening + orjson.dumps(key) + b":"
            yield from _parts(each)
            opening = b","
        yield b"}"
    elif isinstance(value, list) and value:
        opening = b"["
        for each in value:
            yield opening
            yield from _parts(each)
            opening = b","
        yield b"]"
    else:
        yield orjson.dumps(value)
