"""Repetitions as RFC 5545 rules, and their first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.language.times import calendar
from app.language.times.hours import NotRead, hour_of
from app.language.times.moments import add, is_after, local, moment_of, sort_parts
from app.language.times.parts import Clock, Day, Join, Part, PartOfDay, Repeat, Unread

NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SEARCHED_DAYS = 366 * 8 + 2  # 29 February may be eight years away
EXACT = {"MINUTELY": "minute", "HOURLY": "hour"}


@dataclass(frozen=True, slots=True)
class Occurrences:
    """An RRULE value and the first time, in the zone of the user."""

    rule: str
    first: datetime
    clock: bool


def occurrences_of(parts: Sequence[Part], now: datetime, *, early: bool) -> Occurrences:
    """The repetition. Raises NotRead (or another ValueError) when the parts do not mean exactly one."""
    repeats = [part for part in parts if isinstance(part, Repeat)]
    if any(
        isinstance(part, Unread) or (isinstance(part, Join) and part.role in ("or", "and", "limit")) for part in parts
    ):
        raise NotRead
    repeat = _merged(repeats)
    others = [part for part in parts if not isinstance(part, Repeat)]
    hours, until, since = _limits(others)
    said = sort_parts(hours)
    if said.days or said.shifts or said.relations or said.zones:
        raise NotRead
    start = moment_of(since, now, deadline=False, early=early).at.date() if since else now.date()
    end = moment_of(until, now, deadline=True, early=early).at if until else None
    clock = bool(said.clocks)
    if repeat.weekdays and {part.name for part in said.parts} == {"small hours"}:
        raise NotRead  # midnight may begin or end the day
    if repeat.frequency in EXACT:
        if clock or said.parts or since:
            raise NotRead
        first = add(now, repeat.interval, EXACT[repeat.frequency])
    else:
        first = _first(repeat, start, now, *hour_of(said, False, early))
    return Occurrences(_rule(repeat, end), first, clock)


def several_occurrences_of(parts: Sequence[Part], now: datetime, *, early: bool) -> list[Occurrences]:
    """The repetitions that have hours of their own: 「毎週月曜9時と木曜14時」, "daily at 9 and 17".

    Weekdays with the same hour are one repetition. Raises NotRead (or another ValueError) when one has no hour.
    """
    timed: dict[tuple[Part, ...], list[Repeat]] = {}
    for repeat, hours in _with_hours(parts):
        timed.setdefault(hours, []).append(repeat)
    return [
        occurrences_of((each, *hours), now, early=early)
        for hours, repeats in timed.items()
        for each in _joined_weekdays(repeats)
    ]


def _with_hours(parts: Sequence[Part]) -> list[tuple[Repeat, tuple[Part, ...]]]:
    """Each repetition with its hour; a weekday after a repetition repeats as that does."""
    repeats = [part for part in parts if isinstance(part, Repeat)]
    if not repeats or repeats[0].frequency in EXACT:
        raise NotRead
    current, hours = repeats[0], list[Part]()
    found: list[tuple[Repeat, tuple[Part, ...]]] = []
    place = parts.index(current)
    for part in (*parts[:place], *parts[place + 1 :]):
        if isinstance(part, Join) and part.role in ("plain", "of", "and"):
            continue
        following = _repeated(part, repeats[0])
        if following is not None or (isinstance(part, Clock) and any(isinstance(each, Clock) for each in hours)):
            found.append((current, tuple(hours)))
            current, hours = following or current, []
        if following is None:
            if not isinstance(part, Clock | PartOfDay):
                raise NotRead
            hours.append(part)
    found.append((current, tuple(hours)))
    if not any(own for _, own in found[:-1]):  # 「毎週月曜と毎週木曜の9時」
        found = [(each, tuple(hours)) for each, _ in found]
    if len(found) < 2 or not all(any(isinstance(each, Clock) for each in own) for _, own in found):
        raise NotRead
    return found


def _repeated(part: Part, before: Repeat) -> Repeat | None:
    """The part as a repetition; a weekday alone is one of the weekly repetition before it."""
    if isinstance(part, Repeat):
        return part
    if before.frequency != "WEEKLY" or before.nth is not None:
        return None
    if not isinstance(part, Day) or part.weekday is None or part.week is not None:
        return None
    return Repeat("WEEKLY", before.interval, (part.weekday,))


def _joined_weekdays(repeats: Sequence[Repeat]) -> list[Repeat]:
    if all(each.frequency == "WEEKLY" and each.interval == repeats[0].interval and each.weekdays for each in repeats):
        weekdays = sorted({day for each in repeats for day in each.weekdays})
        return [Repeat("WEEKLY", repeats[0].interval, tuple(weekdays))]
    return list(dict.fromkeys(repeats))


def _merged(repeats: Sequence[Repeat]) -> Repeat:
    """One repetition. "Every weekday" may be said with "every morning"."""
    special = [each for each in repeats if each != Repeat("DAILY")]
    if len(set(special)) > 1:
        raise NotRead
    repeat = special[0] if special else repeats[0]
    bare = not (repeat.weekdays or repeat.month_days)
    if bare and repeat.frequency in ("WEEKLY", "MONTHLY", "YEARLY"):
        raise NotRead  # it does not say on which day
    return repeat


def _limits(parts: Sequence[Part]) -> tuple[list[Part], list[Part], list[Part]]:
    """The hour, the parts after "until", and the parts of "starting Monday" or 「明日から」."""
    hours: list[Part] = []
    until: list[Part] = []
    since: list[Part] = []
    place = hours
    for index, part in enumerate(parts):
        role = part.role if isinstance(part, Join) else None
        if role == "deadline":
            if any(isinstance(each, Day) for each in parts[index + 1 :]):
                place = until
            elif days := [each for each in hours if isinstance(each, Day)]:
                until, hours[:] = list(days), [each for each in hours if not isinstance(each, Day)]
        elif role == "start":
            if days := [each for each in hours if isinstance(each, Day)]:
                since, hours[:] = list(days), [each for each in hours if not isinstance(each, Day)]
            elif index + 1 < len(parts) and isinstance(parts[index + 1], Day):
                place = since
        elif role is None:
            (place if isinstance(part, Day) else hours).append(part)
    return hours, until, since


def _first(repeat: Repeat, start: date, now: datetime, hour: time, days: int) -> datetime:
    for ahead in range(SEARCHED_DAYS):
        day = start + timedelta(days=ahead)
        if not _falls_on(repeat, day):
            continue
        at = local(day + timedelta(days=days), hour, now.tzinfo)
        if is_after(at, now):
            return at
    raise NotRead


def _falls_on(repeat: Repeat, day: date) -> bool:
    if repeat.month is not None and day.month != repeat.month:
        return False
    if repeat.month_days:
        last = calendar.month_end(day, 0).day
        return any(day.day == (each if each > 0 else last + 1 + each) for each in repeat.month_days)
    if not repeat.weekdays:
        return True
    if day.weekday() not in repeat.weekdays:
        return False
    if repeat.nth is None:
        return True
    try:
        return calendar.nth_weekday(day.replace(day=1), repeat.weekdays[0], repeat.nth) == day
    except ValueError:
        return False


def _rule(repeat: Repeat, end: datetime | None) -> str:
    parts = [f"FREQ={repeat.frequency}"]
    if repeat.interval > 1:
        parts.append(f"INTERVAL={repeat.interval}")
    if repeat.month is not None:
        parts.append(f"BYMONTH={repeat.month}")
    if repeat.month_days:
        parts.append("BYMONTHDAY=" + ",".join(str(day) for day in repeat.month_days))
    if repeat.weekdays:
        nth = "" if repeat.nth is None else str(repeat.nth)
        parts.append("BYDAY=" + ",".join(nth + NAMES[day] for day in repeat.weekdays))
    if end is not None:
        parts.append(f"UNTIL={end.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return ";".join(parts)
