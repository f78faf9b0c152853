"""Builds the parts of times from the matches of the English rules."""

import re
from collections.abc import Callable
from datetime import UTC, date, timedelta

from app.language.times import calendar
from app.language.times.english_repeats import to_weekday
from app.language.times.numbers import (
    day_of_year,
    to_month,
    to_number,
    to_unit,
)
from app.language.times.parts import WORDS, Clock, Day, Half, Join, Part, PartOfDay, Shift, Zone

DATA = WORDS["english"]
Builder = Callable[[re.Match[str]], Part | tuple[Part, ...]]


def to_digital(m: re.Match[str]) -> Part:
    hour, minute, second = int(m[1]), int(m[2]), int(m[3] or 0)
    return to_clock(hour, minute, second, m[4], padded=m[1].startswith("0"))


def to_clock(hour: int, minute: int, second: int = 0, half: str | None = None, *, padded: bool = False) -> Part:
    """A clock time. Raises ValueError when no clock shows it."""
    if minute > 59 or second > 59 or hour > 29 or (half and not 1 <= hour <= 12):
        raise ValueError("no such hour")
    if half:
        said: Half = "am" if half == "a" else "pm"
        return Clock(hour % 12 + (12 if said == "pm" else 0), minute, second, said)
    return Clock(hour, minute, second, open=not padded and 1 <= hour <= 12)


def two_hours(m: re.Match[str]) -> tuple[Part, ...]:
    """ "At 9 and 17"."""
    return to_clock(int(m[1]), 0), Join("or" if m[2] == "or" else "and"), to_clock(int(m[3]), 0)


def to_spoken(m: re.Match[str]) -> Part:
    """Half past three, quarter to five, ten past nine."""
    minute = {"half": 30, "quarter": 15, "a quarter": 15}.get(m[1]) or int(to_number(m[1]))
    hour = int(to_number(m[3]))
    if not 1 <= hour <= 12 or not 0 < minute < 60:
        raise ValueError("no such hour")
    if m[2] == "to":
        hour, minute = (hour - 1) or 12, 60 - minute
    half = m[4]
    return to_clock(hour, minute, 0, half)


def to_range(m: re.Match[str]) -> Part:
    """The beginning of "3-4pm" and "11 to 1pm"."""
    start, end = int(m[1]), int(m[3])
    half = m[5] if start % 12 <= end % 12 else "a" if m[5] == "p" else "p"
    return to_clock(start, int(m[2] or 0), 0, half)


def to_compact(m: re.Match[str]) -> tuple[Part, ...]:
    """20281115T210000Z."""
    day = date(int(m[1]), int(m[2]), int(m[3]))
    hour = to_clock(int(m[4]), int(m[5]), int(m[6] or 0), padded=True)
    at: tuple[Part, ...] = (Day(lambda today, _: day), hour)
    return (*at, Zone(UTC)) if m[7] else at


def to_shift(m: re.Match[str], direction: int, *, deadline: bool = False) -> Part:
    half = 0.5 if m[3] else 0
    return Shift(to_number(m[1]) + half, to_unit(m[2]), direction, deadline=deadline)


def to_two_units(m: re.Match[str]) -> Part:
    first, second = to_unit(m[2]), to_unit(m[4])
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if first not in seconds or second not in seconds:
        raise ValueError("units of different kinds")
    return Shift(to_number(m[1]) * seconds[first] + to_number(m[3]) * seconds[second], "second", 1)


def said_weekday(m: re.Match[str]) -> Part:
    weekday, which = to_weekday(m[2]), (m[1] or "").strip()
    if which in ("last", "past"):
        return Day(lambda today, _: today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1))
    weeks = {"next": 1, "this": 0}.get(which)
    return Day(
        lambda today, _: calendar.weekday_of(today, weekday, weeks), weekday=None if weeks is not None else weekday
    )


def to_nth_of_month(m: re.Match[str]) -> Part:
    nth, weekday = DATA["ordinals"][m[1]], to_weekday(m[2])
    if m[4]:
        month, year = to_month(m[4]), int(m[5]) if m[5] else None
        return Day(
            lambda today, _: calendar.nth_weekday(
                calendar.named_month(today, month, year, False).replace(day=1), weekday, nth
            ),
        )
    months = 1 if m[3] == "next" else 0
    return Day(
        lambda today, _: calendar.nth_weekday(calendar.add_months(today.replace(day=1), months), weekday, nth),
    )


def said_month(m: re.Match[str]) -> Part:
    month, year = to_month(m[2]), int(m[3]) if m[3] else None
    if m[1] in ("by", "before", "until"):
        raise ValueError("the beginning or the end of the month")
    if m[1] == "last":
        return Day(lambda today, _: date(today.year - (month >= today.month), month, 1))
    if m[1] == "next":
        return Day(lambda today, _: to_next_named(today, month))
    return Day(lambda today, _: calendar.named_month(today, month, year, False))


def to_next_named(today: date, month: int) -> date:
    """The month in the next year, which "next March" means in April; in January it may be either."""
    if month > today.month:
        raise ValueError("of this year or of the next one")
    return date(today.year + 1, month, 1)


def to_month_edge(m: re.Match[str]) -> Part:
    month, year, end = to_month(m[2]), int(m[3]) if m[3] else None, m[1] in ("end", "last day")
    if end:
        return Day(lambda today, _: calendar.named_month(today, month, year, True))
    return Day(lambda today, _: calendar.named_month(today, month, year, False).replace(day=1))


def to_period_end(m: re.Match[str]) -> Part:
    ahead = 1 if m[1] == "next" else 0
    if m[2] == "week":
        return Day(lambda today, _: calendar.week_of(today, ahead, True))
    if m[2] == "month":
        return Day(lambda today, _: calendar.month_end(today, ahead))
    return Day(lambda today, _: today.replace(year=today.year + ahead, month=12, day=31))


def to_period_start(m: re.Match[str]) -> Part:
    if m[1] == "week":
        return Day(lambda today, _: calendar.week_of(today, 1, False))
    if m[1] == "month":
        return Day(lambda today, _: calendar.month_of(today, 1, False))
    return Day(lambda today, _: today.replace(year=today.year + 1, month=1, day=1))


def to_ordinal(m: re.Match[str]) -> Part:
    return to_month_day(m[1], m[2])


def to_month_day(said: str, which: str | None) -> Part:
    day, months = int(said), {"next": 1, "this": 0}.get(which or "")
    if not 1 <= day <= 31:
        raise ValueError("no month has that day")
    return Day(lambda today, _: calendar.of_month(today, day, months))


def to_holiday(m: re.Match[str]) -> Part:
    month, day = (int(part) for part in DATA["holidays"][m[1]].split("-"))
    return day_of_year(month, day, int(m[2]) if m[2] else None)


def to_days(count: int) -> Day:
    return Day(lambda today, _: today + timedelta(days=count))


def to_part(name: str, *, weak: bool = False) -> Builder:
    return lambda m: PartOfDay(name, weak)
