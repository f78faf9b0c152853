"""The time span that a query names: "last Tuesday", 「先週」, "in March", in the time zone of the user."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.language import period_parts, periods_english, periods_japanese
from app.language.spans import Span

QUERY_CHARACTERS = 2000  # as many as a search reads
READ_CHARACTERS = 500  # a time further in is a part of what is searched for, and 46 patterns are tried
READINGS = tuple(
    (re.compile(pattern), reading) for pattern, reading in (*periods_english.READINGS, *periods_japanese.READINGS)
)
PARTICLE = re.compile(r"^[にのはも、,]+|^(?:から|まで|頃|ごろ)")


@dataclass(frozen=True, slots=True)
class Period:
    """The span from `since` to before `until`; `rest` is the query without its time, unless nothing else is left."""

    since: datetime
    until: datetime
    rest: str

    def widened(self) -> "Period":
        """The span extended by its own length on both sides, at least a day, because memories of dates are inexact."""
        more = max(self.until - self.since, timedelta(days=1))
        return replace(self, since=self.since - more, until=self.until + more)


def find_period(query: str, now: datetime, timezone: str) -> Period | None:
    """The first span that the query names, or None. `now` is aware; `timezone` is an IANA name.

    Only the first 500 characters of the query are read.
    """
    zone = ZoneInfo(timezone)
    plain = unicodedata.normalize("NFKC", query[:QUERY_CHARACTERS])[:QUERY_CHARACTERS]
    for pattern, reading in READINGS:
        match = pattern.search(plain, 0, READ_CHARACTERS)
        if match is None:
            continue
        try:
            span, start, end = _with_part(plain, match, reading(match, now.astimezone(zone).date()))
            since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in span)
            found = Period(since, until, _without(plain, start, end) or query)
            found.widened()
        except (ValueError, OverflowError):  # the 31st of February, or 3000 years ago
            continue
        return found
    return None


def _with_part(plain: str, match: re.Match[str], span: Span) -> tuple[Span, int, int]:
    """The part of the span that the query names, or the span, and its place in the query. Raises ValueError."""
    start, end = match.span()
    if later := period_parts.after(plain, end):
        return period_parts.part_of(span, later["part"]), start, later.end()
    if earlier := period_parts.before(plain, start):
        return period_parts.part_of(span, earlier["part"]), start - len(earlier[0]), end
    if inner := match.groupdict().get("part"):
        return period_parts.part_of(span, inner), start, end
    return span, start, end


def _without(plain: str, start: int, end: int) -> str:
    after = PARTICLE.sub("", plain[end:])
    return " ".join(f"{plain[:start]} {after}".split())
