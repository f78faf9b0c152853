"""The parts of a stated time that the word rules find in a text: a day, an hour, a zone, a duration, a repetition."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Literal

from app.language.data import read_data

WORDS = read_data(__file__, "words.toml")

Half = Literal["am", "pm"]
Resolve = Callable[[date, bool], date]
"""The day, from today and from whether the end of a period is meant. Raises ValueError or OverflowError for none."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day. `weekday` (Monday is 0): only a weekday is said. `week`: only a week is said, counted from this one."""

    resolve: Resolve
    weekday: int | None = None
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour from 0 to 29: 25 is one o'clock of the next day. `open` when it may be before or after noon.

    `next`: without a day, the next time that a clock with twelve hours shows it.
    """

    hour: int
    minute: int = 0
    second: int = 0
    half: Half | None = None
    open: bool = False
    next: bool = False


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """Morning, evening. `weak`: it counts only next to another part ("good morning" is no time)."""

    name: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone; it counts only next to an hour."""

    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Shift:
    """A duration in units. `direction`: 1 from now, -1 ago, 0 from the time that follows the relation.

    `anchored`: it may also count from the time before it (「金曜の1週間後」);
    `relative`: only from something before it (「会議の10分前」).
    """

    amount: float
    unit: str
    direction: int
    anchored: bool = False
    relative: bool = False
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """ "before" (-1) or "after" (1), between a duration and the time from which it counts."""

    direction: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repetition in the terms of RFC 5545. `nth` counts the weekday in its month; -1 is the last one."""

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    month_days: tuple[int, ...] = ()
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A word between parts, which belongs to a time only there."""

    role: Literal["plain", "the", "of", "or", "and", "deadline", "start", "since", "range", "limit"] = "plain"


@dataclass(frozen=True, slots=True)
class Unread:
    """A time that cannot be read exactly. `soft`: words that often mean no time at all ("later")."""

    soft: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """A word that contains a word for a time, but is none."""


Part = Day | Clock | PartOfDay | Zone | Shift | Relation | Repeat | Join | Unread | Nothing


@dataclass(frozen=True, slots=True)
class Token:
    """A part and its place in the normalised text."""

    start: int
    end: int
    part: Part


def weekdays_from(first: int, last: int) -> tuple[int, ...]:
    """The weekdays from one to another, over the weekend when the last one is before the first one."""
    return tuple(sorted((first + ahead) % 7 for ahead in range((last - first) % 7 + 1)))
