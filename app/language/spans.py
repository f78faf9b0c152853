"""Spans of calendar days: a day, week, weekend, month, year or Japanese fiscal year before the present one."""

import re
from collections.abc import Callable
from datetime import date, timedelta

Span = tuple[date, date]
"""The first day, and the first day after it."""

Reading = Callable[[re.Match[str], date], Span]
"""The span that a match names; the date is today."""

FISCAL_YEAR_BEGINS = 4  # April


def day_of(day: date) -> Span:
    return day, day + timedelta(days=1)


def month_of(year: int, month: int) -> Span:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def year_of(year: int) -> Span:
    return date(year, 1, 1), date(year + 1, 1, 1)


def fiscal_year_of(year: int) -> Span:
    """The Japanese fiscal year that begins in April of this year."""
    return date(year, FISCAL_YEAR_BEGINS, 1), date(year + 1, FISCAL_YEAR_BEGINS, 1)


def unit_before(unit: str, today: date, count: int) -> Span:
    """The unit that is `count` units before the present one. Raises ValueError or OverflowError before year 1."""
    if unit == "day":
        return day_of(today - timedelta(days=count))
    monday = today - timedelta(days=today.weekday())
    if unit in ("week", "weekend"):
        monday -= timedelta(days=7 * count)
        return (monday if unit == "week" else monday + timedelta(days=5)), monday + timedelta(days=7)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - count
        return month_of(months // 12, months % 12 + 1)
    if unit == "fiscal year":
        return fiscal_year_of(today.year - (today.month < FISCAL_YEAR_BEGINS) - count)
    return year_of(today.year - count)


def weekday_before(index: int, today: date, weeks: int | None) -> Span:
    """The last such day before today, or the one in the week `weeks` before this one."""
    if weeks is None:
        return day_of(today - timedelta(days=(today.weekday() - index - 1) % 7 + 1))
    return day_of(today - timedelta(days=today.weekday() - index + 7 * weeks))


def calendar(today: date, year: int | None, month: int, day: int | None) -> Span:
    """A month or a day; without a year the latest one that has begun. Raises ValueError for the 31st of February."""
    if year is None:
        year = today.year - (date(today.year, month, day or 1) > today)
    return month_of(year, month) if day is None else day_of(date(year, month, day))
