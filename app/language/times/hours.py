"""The hour that a clock time and a part of the day mean together."""

from dataclasses import dataclass, field
from datetime import time

from app.language.times.parts import WORDS, Clock, Day, PartOfDay, Relation, Shift, Zone

MORNING = time(9, 0)
END_OF_DAY = time(23, 59)
LATEST_SMALL_HOUR = 6  # "at 3" means 15:00, because hardly anything is due between one and six
PARTS: dict[str, dict[str, int | str]] = WORDS["parts"]


class NotRead(ValueError):
    """The parts do not make one time."""


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
    if "small hours" in names and clock.hour < 24:
        if said_day and "night" not in names:
            raise NotRead
        return clock.hour + (24 if "night" in names else 0)
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
