"""The days on which a repeating intent is left out: the `skips` of its metadata, as dates in the zone of its user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sql.errors import BadUserInput, Conflict
from sql.recurrence import next_occurrence
from sql.rows import IntentRow, JsonObject

MOST_STEPS = 400
NAME = "skips"


@dataclass(frozen=True, slots=True)
class Skipped:
    """The time, the rule and the days of an intent after days of it were left out."""

    due_at: datetime
    rule: str
    days: list[str]


def skip_days(intent: IntentRow, days: Sequence[date], now: datetime) -> Skipped:
    """Leave out days of a repeating intent. `now` is in the zone of the user.

    Raises BadUserInput when it does not repeat, Conflict when no time is left.
    """
    if intent.recurrence is None or intent.due_at is None:
        raise BadUserInput("intent.skip_needs_recurrence")
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    skips = {*days_of(intent.metadata), *days}
    following: tuple[datetime, str] | None = (intent.due_at, intent.recurrence)
    if intent.due_at.astimezone(zone).date() in skips:
        following = next_kept(intent.recurrence, intent.occurs_at or intent.due_at, zone, now, skips)
    if following is None:
        raise Conflict("intent.skip_leaves_none")
    due_at, rule = following
    return Skipped(due_at, rule, sorted(each.isoformat() for each in skips if each >= now.date()))


def next_kept(
    rule: str, slot: datetime, zone: ZoneInfo, now: datetime, skips: set[date]
) -> tuple[datetime, str] | None:
    """As next_occurrence, without the days that are left out. Raises BadUserInput."""
    following = next_occurrence(rule, slot, zone, now)
    for _ in range(MOST_STEPS):
        if following is None or following[0].astimezone(zone).date() not in skips:
            return following
        at, rule = following
        following = next_occurrence(rule, at, zone, at)
    return None


def days_of(metadata: JsonObject) -> set[date]:
    """The days in the metadata; what a client wrote there that is no day is ignored."""
    given = metadata.get(NAME)
    days = set[date]()
    for each in given if isinstance(given, list) else ():
        try:
            days.add(date.fromisoformat(str(each)))
        except ValueError:
            continue
    return days
