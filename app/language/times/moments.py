"""The moment that a day, an hour and a zone mean together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.language.times import calendar
from app.language.times.hours import END_OF_DAY, MORNING, NotRead, Said, hour_of
from app.language.times.parts import Clock, Day, Join, Part, PartOfDay, Relation, Shift, Unread, Zone

HALF_A_DAY = timedelta(hours=12)
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
DAYS = {"day": 1, "week": 7, "fortnight": 14}
MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is, and whether a clock time was said."""

    at: datetime
    clock: bool


def sort_parts(parts: Sequence[Part]) -> Said:
    """The parts by kind; of a range only its beginning. Raises NotRead for words that cannot be read."""
    said, in_range = Said(), False
    for part in parts:
        if isinstance(part, Unread):
            raise NotRead
        if isinstance(part, Join):
            if part.role in ("or", "and", "limit"):
                raise NotRead
            in_range = in_range or part.role in ("range", "start")
        elif isinstance(part, Clock):
            if not (in_range and said.clocks):
                said.clocks.append(part)
        elif not (in_range and said.days and isinstance(part, Day)):
            _sort(said, part)
    if len(said.clocks) > 1 or len({zone.zone for zone in said.zones}) > 1 or len(said.parts) > 2:
        raise NotRead
    return said


def _sort(said: Said, part: Part) -> None:
    match part:
        case Day():
            said.days.append(part)
        case PartOfDay():
            said.parts.append(part)
        case Zone():
            said.zones.append(part)
        case Shift():
            said.shifts.append(part)
        case Relation():
            said.relations.append(part)


def moment_of(parts: Sequence[Part], now: datetime, *, deadline: bool, early: bool) -> Moment:
    """The moment. `now` is aware and in the zone of the user; `early`: small hours are in the morning.

    Raises NotRead (or another ValueError, or OverflowError) when the parts do not mean exactly one time.
    """
    said = sort_parts(parts)
    if not said.shifts:
        return combine(said, now, deadline=deadline, early=early)
    anchored = _anchored(parts)
    if anchored is not None:
        shift, direction, others = anchored
        return _from_anchor(shift, direction, others, now, deadline=deadline, early=early)
    if len(said.shifts) > 1 or said.days or said.shifts[0].direction == 0 or said.shifts[0].relative:
        raise NotRead
    return _from_now(said, said.shifts[0], now, deadline=deadline, early=early)


def _anchored(parts: Sequence[Part]) -> tuple[Shift, int, list[Part]] | None:
    """The duration, its direction and the time from which it counts: "a week from Friday", 「金曜の1週間後」."""
    for index, part in enumerate(parts):
        if not isinstance(part, Shift):
            continue
        rest = [other for other in parts[index + 1 :] if not isinstance(other, Join)]
        before = [other for other in parts[:index] if isinstance(other, Day | Clock | PartOfDay)]
        if part.direction == 0:
            joined = list(parts[index + 1 :])
            relation = rest[0].direction if rest and isinstance(rest[0], Relation) else _starts(joined)
            anchor: list[Part] = [other for other in joined if not isinstance(other, Relation)]
            if before or not any(isinstance(other, Day | Clock | PartOfDay | Shift) for other in anchor):
                raise NotRead
            return part, relation, anchor
        if part.anchored and before:
            return part, part.direction, [*parts[:index], *parts[index + 1 :]]
    return None


def _starts(parts: Sequence[Part]) -> int:
    if parts and isinstance(parts[0], Join) and parts[0].role in ("start", "plain"):
        return 1  # "a week from Friday", "a week on Friday"
    raise NotRead


def _from_anchor(
    shift: Shift, direction: int, parts: list[Part], now: datetime, *, deadline: bool, early: bool
) -> Moment:
    said = sort_parts(parts)
    if shift.unit in SECONDS or said.shifts or not said.days:
        if shift.unit in SECONDS and not said.clocks:
            raise NotRead
        anchor = moment_of(parts, now, deadline=deadline, early=early)
        return Moment(add(anchor.at, shift.amount * direction, shift.unit), bool(said.clocks))
    start = datetime.combine(_day_of(said.days, now.date(), deadline) or now.date(), MORNING, UTC)
    day = add(start, shift.amount * direction, shift.unit).date()
    said.days, said.relations = [Day(lambda today, _: day)], []
    return combine(said, now, deadline=deadline, early=early)


def _from_now(said: Said, shift: Shift, now: datetime, *, deadline: bool, early: bool) -> Moment:
    at = add(now, shift.amount * shift.direction, shift.unit)
    if not (said.clocks or said.parts):
        if said.zones:
            raise NotRead
        return Moment(at, clock=shift.unit in SECONDS)
    if shift.unit in SECONDS or shift.amount != int(shift.amount):
        raise NotRead
    day = at.date()
    said.days.append(Day(lambda today, _: day))
    return combine(said, now, deadline=deadline, early=early)


def add(at: datetime, amount: float, unit: str) -> datetime:
    """The time later by whole units of the calendar, which keep the local time, or by exact seconds."""
    zone = at.tzinfo
    if unit in MONTHS:
        if amount * MONTHS[unit] != int(amount * MONTHS[unit]):
            raise NotRead
        return local(calendar.add_months(at.date(), int(amount * MONTHS[unit])), at.time(), zone)
    if unit in DAYS and amount * DAYS[unit] == int(amount * DAYS[unit]):
        return local(at.date() + timedelta(days=amount * DAYS[unit]), at.time(), zone)
    seconds = amount * (SECONDS.get(unit) or DAYS[unit] * 86400)
    return (at.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)


def local(day: date, hour: time, zone: tzinfo | None) -> datetime:
    """The moment; an hour that daylight saving time skips is moved to the hour that clocks show instead."""
    return datetime.combine(day, hour, zone).astimezone(UTC).astimezone(zone)


def is_after(at: datetime, now: datetime) -> bool:
    # Python compares two times of one zone by their local time, which is wrong in the repeated hour of autumn.
    return at.astimezone(UTC) > now.astimezone(UTC)


def combine(said: Said, now: datetime, *, deadline: bool, early: bool) -> Moment:
    """The moment of a day, an hour and a zone. Without a day it is the next such hour."""
    zone = said.zones[0].zone if said.zones else now.tzinfo
    if said.zones and not said.clocks:
        raise NotRead
    there = now.astimezone(zone)
    day = _day_of(said.days, there.date(), deadline)
    if said.zones and day != _day_of(said.days, now.date(), deadline):
        raise NotRead  # "tomorrow at 9am PST" while it is another day there
    if day and not (said.clocks or said.parts) and any(each.direction < 0 for each in said.relations):
        day -= timedelta(days=1)  # "before Friday" ends on Thursday
    hour, shift_days = hour_of(said, deadline, early)
    found = _at(day, hour, shift_days, there, said)
    return Moment(found.astimezone(now.tzinfo), clock=bool(said.clocks))


def _at(day: date | None, hour: time, days: int, now: datetime, said: Said) -> datetime:
    """The moment: an open hour of today that is over means the one after noon; a day without an hour, its rest."""
    at = local((day or now.date()) + timedelta(days=days), hour, now.tzinfo)
    if is_after(at, now):
        return at
    if day is None:
        evening = local(now.date(), hour, now.tzinfo) + HALF_A_DAY
        if said.clocks and said.clocks[0].next and said.clocks[0].open and not said.parts and is_after(evening, now):
            return evening
        return local(now.date() + timedelta(days=days + 1), hour, now.tzinfo)
    if day == now.date():
        if not said.clocks:
            return local(day, END_OF_DAY, now.tzinfo) if not said.parts else at
        later = local(day, (datetime.combine(day, hour) + HALF_A_DAY).time(), now.tzinfo)
        if said.clocks[0].open and not said.parts and hour < time(12) and is_after(later, now):
            return later
    return at


def _day_of(days: Sequence[Day], today: date, deadline: bool) -> date | None:
    """The day that all words mean: "Friday, 15 January" must be a Friday."""
    weeks = [day.week for day in days if day.week is not None]
    weekdays = [day.weekday for day in days if day.weekday is not None]
    if len(days) == 2 and len(weeks) == len(weekdays) == 1:
        return calendar.weekday_of(today, weekdays[0], weeks[0])  # "Tuesday next week"
    found: date | None = None
    for each in sorted(days, key=lambda day: day.weekday is not None):
        day = each.resolve(today, deadline)
        if found is None:
            found = day
        elif each.weekday is not None and found.weekday() == each.weekday:
            continue
        elif found != day:
            raise NotRead
    return found
