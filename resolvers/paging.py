"""Keyset paging: arguments, cursors and pages."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from resolvers.views import Computed, view, views
from schema.paging import PageInfo
from sql.errors import BadUserInput
from sql.paging import FIRST_ID, LAST_ID, PageRange

DEFAULT_PAGE = 20
MAX_PAGE = 100
MAX_CURSOR_CHARACTERS = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row")
Edge = TypeVar("Edge")


def page_size(first: int | None, last: int | None = None) -> int:
    """The number of rows of a page, by default 20. Raises BadUserInput for both arguments, or outside of 1..100."""
    if first is not None and last is not None:
        raise BadUserInput("page.first_and_last")
    name, size = ("last", last) if last is not None else ("first", DEFAULT_PAGE if first is None else first)
    if size is None or not 1 <= size <= MAX_PAGE:
        raise BadUserInput("input.out_of_range", field=name, given=size, minimum=1, maximum=MAX_PAGE)
    return size


# All parents of a level have the same arguments.
@lru_cache(maxsize=64)
def page_range_of(
    first: int | None, after: str | None, last: int | None = None, before: str | None = None
) -> PageRange:
    """The range of Relay's arguments: one row more than the page, to know whether there are more."""
    return PageRange(
        count=page_size(first, last) + 1,
        after=FIRST_ID if after is None else id_from_cursor(after),
        before=LAST_ID if before is None else id_from_cursor(before),
        backward=last is not None,
    )


def _encoded(kind: bytes, *parts: bytes) -> str:
    return urlsafe_b64encode(kind + b"".join(parts)).rstrip(b"=").decode()


def _decoded(cursor: str, kind: bytes, size: int) -> bytes:
    # Base64 ignores other characters, so a cursor of any length could be valid.
    if len(cursor) > MAX_CURSOR_CHARACTERS:
        raise BadUserInput("cursor.not_of_list")
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    if raw[:1] != kind or len(raw) != size + 1:
        raise BadUserInput("cursor.not_of_list")
    return raw[1:]


def id_cursor(row_id: UUID) -> str:
    return _encoded(b"i", row_id.bytes)


def id_from_cursor(cursor: str) -> UUID:
    return UUID(bytes=_decoded(cursor, b"i", 16))


def time_cursor(at: datetime, row_id: UUID) -> str:
    return _encoded(b"t", struct.pack(">q", (at - EPOCH) // timedelta(microseconds=1)), row_id.bytes)


def time_from_cursor(cursor: str) -> tuple[datetime, UUID]:
    raw = _decoded(cursor, b"t", 24)
    try:
        at = EPOCH + timedelta(microseconds=struct.unpack(">q", raw[:8])[0])
    except OverflowError:
        raise BadUserInput("cursor.not_of_list") from None
    return at, UUID(bytes=raw[8:])


def priority_cursor(priority: int, row_id: UUID) -> str:
    return _encoded(b"p", bytes([priority]), row_id.bytes)


def priority_from_cursor(cursor: str) -> tuple[int, UUID]:
    raw = _decoded(cursor, b"p", 17)
    return raw[0], UUID(bytes=raw[1:])


@dataclass(slots=True)
class Page:
    """The row of a PageInfo; its cursors are encoded on access."""

    has_next_page: bool
    has_previous_page: bool
    edges: Sequence[Any]

    def cursor_at(self, index: int) -> str | None:
        return self.edges[index].cursor if self.edges else None


to_page_info = view(
    PageInfo,
    start_cursor=Computed(lambda page: page.cursor_at(0)),
    end_cursor=Computed(lambda page: page.cursor_at(-1)),
)


def to_page(
    rows: Sequence[Row],
    size: int,
    to_edge: Callable[[Row], Edge],
    *,
    backward: bool = False,
    has_previous: bool = False,
    has_next: bool = False,
) -> tuple[list[Edge], PageInfo]:
    """The edges in the order of the list, and their PageInfo.

    `rows`: at most `size` + 1 rows in the order of the query, which is reversed when `backward`.
    """
    more = len(rows) > size
    shown = list(rows[:size])
    if backward:
        shown.reverse()
    edges = views(to_edge, shown)
    page = Page(
        has_next_page=has_next if backward else more,
        has_previous_page=more if backward else has_previous,
        edges=edges,
    )
    return edges, to_page_info(page)
