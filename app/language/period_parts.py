"""Parts of a month or a year that a query names: 先月上旬, 2024年夏, "in early March", "the summer of 2024"."""

import re
from datetime import date, timedelta

from app.language.data import any_of, read_data
from app.language.spans import Span, month_of

PARTS: dict[str, dict[str, str]] = read_data(__file__, "times.toml")["parts"]
AFTER = re.compile(rf"の?(?P<part>{any_of(sorted(PARTS['ja'], key=len, reverse=True))})")
BEFORE = re.compile(rf"(?i:\b(?P<part>{any_of(PARTS['en'])})[ -]$)")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
# The first month and the number of months of a part of a year.
MONTHS = {"first": (1, 3), "middle": (5, 4), "last": (12, 1), "first half": (1, 6), "second half": (7, 6)}
TENTH, TWENTIETH = 10, 20


def after(plain: str, end: int) -> re.Match[str] | None:
    """The Japanese part directly after this place."""
    return AFTER.match(plain, end)


def before(plain: str, start: int) -> re.Match[str] | None:
    """The English part directly before this place."""
    return BEFORE.search(plain[max(0, start - 12) : start])


def part_of(span: Span, word: str) -> Span:
    """The part of a month or a year. Raises ValueError for another span or part."""
    part = PARTS["ja"].get(word) or PARTS["en"][word.lower()]
    first, end = span
    if first.day == 1 and month_of(first.year, first.month) == span:
        return _part_of_month(span, part)
    if (first.month, first.day, end) == (1, 1, date(first.year + 1, 1, 1)):
        return _part_of_year(first.year, part)
    raise ValueError(part)


def season_of(year: int, name: str) -> Span:
    """Three months; the winter of a year ends in February of the next one."""
    return _months(year, SEASONS["autumn" if name == "fall" else name], 3)


def _part_of_month(span: Span, part: str) -> Span:
    first, end = span
    tenth, twentieth = first + timedelta(days=TENTH), first + timedelta(days=TWENTIETH)
    half = first + timedelta(days=15)
    parts = {"first": (first, tenth), "middle": (tenth, twentieth), "last": (twentieth, end)}
    parts |= {"first half": (first, half), "second half": (half, end)}
    if part not in parts:
        raise ValueError(part)
    return parts[part]


def _part_of_year(year: int, part: str) -> Span:
    if part in SEASONS:
        return season_of(year, part)
    begin, count = {"first": (1, 3), "middle": (5, 4), "last": (12, 1), "first half": (1, 6), "second half": (7, 6)}[
        part
    ]
    return _months(year, begin, count)


def _months(year: int, begin: int, count: int) -> Span:
    last = begin + count - 2
    return date(year, begin, 1), month_of(year + last // 12, last % 12 + 1)[1]
