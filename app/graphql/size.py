"""The size of values in the response, in bytes of JSON."""

from typing import Any

import orjson

# Of a text of other scripts, a character takes up to 3 bytes (4 outside of the basic plane).
EXACT = 1024


def size_of(value: Any) -> int:
    """Exact for JSON and for long texts; an estimate for texts of at most 1,024 characters."""
    if value.__class__ is str and len(value) <= EXACT:
        return len(value) if value.isascii() else 3 * len(value)
    try:
        return len(orjson.dumps(value))
    except orjson.JSONEncodeError:
        return len(str(value))
