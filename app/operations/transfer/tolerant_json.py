"""JSON as exports contain it: with unpaired surrogates, a byte order mark, or bytes that are not UTF-8."""

import json
from typing import Any

import orjson

from app.language.text import storable
from sql.sentences import Sentence, sentence

MAX_DEPTH = 100
INTEGER_BITS, FLOAT_BITS = 63, 1024  # larger integers become floats, as orjson reads them, or are missing
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LeftOut(Exception):
    """An entry cannot be imported; `why` is the reason for the report."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why)
        self.why = why


def loads(content: bytes) -> Any:
    """The value, with characters that cannot be stored replaced. Raises LeftOut when it is not JSON."""
    try:
        value = orjson.loads(content.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError:
        # orjson refuses unpaired surrogates; the parser of the standard library accepts them.
        try:
            value = json.loads(content.decode("utf-8-sig", errors="replace"), parse_constant=_no_constant)
        except RecursionError:
            raise LeftOut(sentence("import.too_deep", maximum=MAX_DEPTH)) from None
        except ValueError as error:
            raise LeftOut(sentence("import.not_json", detail=str(error))) from None
    return cleaned(value)


def cleaned(value: Any, depth: int = 0) -> Any:
    """The value with characters replaced that PostgreSQL cannot store. Raises LeftOut above MAX_DEPTH levels."""
    if isinstance(value, str):
        return storable(value)
    if depth > MAX_DEPTH:
        raise LeftOut(sentence("import.too_deep", maximum=MAX_DEPTH))
    if isinstance(value, dict):
        return {storable(name): cleaned(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [cleaned(each, depth + 1) for each in value]
    if isinstance(value, int) and value.bit_length() > INTEGER_BITS:
        return float(value) if value.bit_length() < FLOAT_BITS else None
    return value


def _no_constant(name: str) -> None:
    """NaN and Infinity are not JSON, but a number that is missing is better than a conversation that is missing."""
