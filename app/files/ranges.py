"""Byte ranges of a download (RFC 9110, section 14): one range per request."""

import re
from dataclasses import dataclass

from starlette.requests import Request

# More than one range is allowed to be answered with the whole file.
ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `start` to the one before `end`."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The range has no byte of the file."""


def part_of(request: Request, size: int, etag: str) -> Part | None:
    """The part that a GET asks for; None for the whole file. Raises Unsatisfiable.

    With If-Range, the part counts only for the file that the client has a part of. A file never changes, so only its
    ETag is compared.
    """
    found = ONE_RANGE.fullmatch(request.headers.get("range", "")[:100])
    condition = request.headers.get("if-range")
    if request.method != "GET" or found is None or found[1] == found[2] == "" or condition not in (None, etag):
        return None
    if found[1] == "":
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), size if found[2] == "" else int(found[2]) + 1
        if found[2] != "" and end <= start:
            return None  # not a range
    if start >= size:
        raise Unsatisfiable
    return Part(start, min(end, size))
