"""The moment that a day, an hour and a zone mean together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.language.times import calendar
from app.language.times.parts import WORDS, Clock, Day, Join, Part, PartOfDay, Relation, Shift, Unread, Zone

MORNING = time(9, 0)
END_OF_DAY = time(23, 59)
LATEST_SMALL_HOUR = 6  # "at 3" means 15:00, because hardly anything is due between one and six
HALF_A_DAY = timedelta(hours=12)
PARTS: dict[str, dict[str, int | str]] = WORDS["parts"]
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
DAYS = {"day": 1, "week": 7, "fortnight": 14}
MONTHS = {"month": 1, "year": 12}


class NotRead(ValueError):
    """The parts do not make one time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is, and whether a clock time was said."""

    at: datetime
    clock: bool


@dataclass(slots=True)
class Said:
    """The parts of one time, by kind."""

    days: list[Day] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    parts: list[PartOfDay] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    @property
    def clock(self) -> Clock | None:
        return self.clocks[0] if self.clocks else None


def sort_parts(parts: Sequence[Part]) -> Said:
    """The parts by kind; of a range only its beginning. Raises NotRead for words that cannot be read."""
    said, in_range = Said(), False
    for part in parts:
        if isinstance(part, Unread):
            raise NotRead
        if isinstance(part, Join):
            if part.role == "or":
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
    anchor = moment_of(parts, now, deadline=deadline, early=early)
    has_clock = any(isinstance(part, Clock) for part in parts)
    if shift.unit in SECONDS and not has_clock:
        raise NotRead
    return Moment(add(anchor.at, shift.amount * direction, shift.unit), has_clock)


def _from_now(said: Said, shift: Shift, now: datetime, *, deadline: bool, early: bool) -> Moment:
    at = add(now, shift.amount * shift.direction, shift.unit)
    if not (said.clocks or said.parts):
        if said.zones:
            raise NotRead
        return Moment(at, clock=shift.unit in SECONDS)
    if shift.unit in SECONDS or shift.amount != int(shift.amount):
        raise NotRead
    day = at.date()
    said.days.append(Day(lambda today, _: day, fixed=True))
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
    if said.zones and any(not day.fixed for day in said.days) and there.date() != now.date():
        raise NotRead  # "tomorrow at 9am PST" while it is another day there
    day = _day_of(said.days, there.date(), deadline)
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


def hour_of(said: Said, deadline: bool, early: bool) -> tuple[time, int]:
    """The hour, and the days after the day that was said: 25:00 is one o'clock of the next day."""
    names = {part.name for part in said.parts}
    if said.clock is None:
        if len(names - {"night"}) > 1:
            raise NotRead
        if not names:
            return (END_OF_DAY if deadline else MORNING), 0
        return time(int(PARTS[max(names, key=lambda name: int(PARTS[name]["hour"]))]["hour"])), 0
    hour = _resolved(said.clock, names, early, bool(said.days))
    return time(hour % 24, said.clock.minute, said.clock.second), hour // 24


def _resolved(clock: Clock, names: set[str], early: bool, said_day: bool) -> int:
    """The hour on the 24-hour clock; 24 and more are in the night after the day that was said."""
    if "small hours" in names and said_day and clock.hour < 24:
        raise NotRead
    halves = {str(PARTS[name]["half"]) for name in names if name != "noon"}
    if len(halves) > 1:
        raise NotRead
    half = next(iter(halves), None)
    if "night" in names and (clock.hour == 0 or (clock.hour < 5 and clock.half != "pm") or clock == _twelve(clock)):
        return clock.hour % 12 + 24
    return _said_hour(clock, half) if not clock.open else _open_hour(clock.hour, half, early)


def _twelve(clock: Clock) -> Clock:
    """Twelve o'clock without a half of the day."""
    return Clock(12, clock.minute, clock.second, open=True)


def _said_hour(clock: Clock, half: str | None) -> int:
    """An hour that has only one meaning; it must be in the half of the day that is said next to it."""
    hour = clock.hour
    if (half == "am" and 12 <= hour < 24) or (half == "pm" and 1 <= hour < 11 and clock.half is None):
        raise NotRead
    if clock.half is not None and half is not None and clock.half != half and hour < 24:
        raise NotRead
    return hour


def _open_hour(hour: int, half: str | None, early: bool) -> int:
    """An hour that may be before or after noon."""
    if half is not None:
        return hour % 12 + (12 if half == "pm" else 0)
    if hour == 12 or early:
        return hour
    return hour + 12 if hour <= LATEST_SMALL_HOUR else hour
