"""Recurrence rules of intents: RRULE values of RFC 5545, checked, and their next occurrence."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from sql.errors import BadUserInput

Frequency = Literal["MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEPS = {"MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
MAX_CHARACTERS = 200
MAX_INTERVAL = 999
MAX_COUNT = 9999
MAX_MISSED = 999
SEARCHED_DAYS = 366 * 8 + 2  # 29 February may be eight years away
WEEKDAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule. `weekdays`: (position in the month or None, weekday from 0 for Monday)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int | None, int], ...] = ()


def checked_recurrence(value: str) -> str:
    """The rule without its name and in upper case. Raises BadUserInput for what is not supported."""
    text = value.strip().upper().removeprefix("RRULE:")
    _parse(text)
    return text


def is_recurrence(value: object) -> bool:
    """Whether the value is a rule that is supported."""
    try:
        return isinstance(value, str) and checked_recurrence(value) == value
    except BadUserInput:
        return False


def next_occurrence(rule: str, due_at: datetime, zone: ZoneInfo, now: datetime) -> tuple[datetime, str] | None:
    """The first time of the rule after `due_at` and `now`, and the rule from then on; None when it has ended.

    Days keep their time of day in `zone`. Occurrences that were missed are left out. Raises BadUserInput.
    """
    parsed = _parse(rule)
    if parsed.count is not None and parsed.count <= 1:
        return None
    at = _after(parsed, due_at, zone, max(now, due_at))
    if at is None or (parsed.until is not None and at > parsed.until):
        return None
    left = rule if parsed.count is None else re.sub(r"COUNT=\d+", f"COUNT={parsed.count - 1}", rule)
    return at, left


def count_missed(rule: str, due_at: datetime, zone: ZoneInfo, now: datetime) -> int:
    """How many times the rule has after `due_at` until `now`; at most MAX_MISSED. Raises BadUserInput."""
    parsed = _parse(rule)
    most = MAX_MISSED if parsed.count is None else min(MAX_MISSED, parsed.count - 1)
    at, missed = due_at, 0
    while missed < most:
        following = _after(parsed, due_at, zone, at)
        if following is None or following > now or (parsed.until is not None and following > parsed.until):
            break
        at, missed = following, missed + 1
    return missed


def _after(rule: Rule, due_at: datetime, zone: ZoneInfo, moment: datetime) -> datetime | None:
    if (unit := STEPS.get(rule.frequency)) is not None:
        step = unit * rule.interval
        return due_at + ((moment - due_at) // step + 1) * step
    local = due_at.astimezone(zone)
    first, begin = local.date(), max(local.date(), moment.astimezone(zone).date())
    for offset in range(SEARCHED_DAYS):
        try:
            day = begin + timedelta(days=offset)
        except OverflowError:
            return None
        if _is_on(rule, first, day):
            at = datetime.combine(day, local.time(), tzinfo=zone)
            if at > moment:
                return at.astimezone(UTC)
    return None


def _is_on(rule: Rule, first: date, day: date) -> bool:
    """Whether the rule, with an occurrence on the day `first`, has one on the other day."""
    months = (day.year - first.year) * 12 + day.month - first.month
    passed = {
        "DAILY": (day - first).days,
        "WEEKLY": ((day - timedelta(day.weekday())) - (first - timedelta(first.weekday()))).days // 7,
        "MONTHLY": months,
        "YEARLY": day.year - first.year,
    }[rule.frequency]
    if passed % rule.interval or (rule.months and day.month not in rule.months):
        return False
    if rule.frequency == "YEARLY" and not rule.months and day.month != first.month:
        return False
    if rule.month_days and not _is_month_day(rule, day):
        return False
    if rule.weekdays:
        return any(day.weekday() == weekday and _is_nth(nth, day) for nth, weekday in rule.weekdays)
    if rule.month_days or rule.frequency == "DAILY":
        return True
    return day.weekday() == first.weekday() if rule.frequency == "WEEKLY" else day.day == first.day


def _is_month_day(rule: Rule, day: date) -> bool:
    return day.day in rule.month_days or day.day - monthrange(day.year, day.month)[1] - 1 in rule.month_days


def _is_nth(nth: int | None, day: date) -> bool:
    if nth is None:
        return True
    last = monthrange(day.year, day.month)[1]
    return nth == ((day.day - 1) // 7 + 1 if nth > 0 else -((last - day.day) // 7 + 1))


def _parse(text: str) -> Rule:
    if len(text) > MAX_CHARACTERS:
        raise BadUserInput("input.too_long", field="recurrence", given=len(text), maximum=MAX_CHARACTERS)
    parts = [part.partition("=")[::2] for part in text.split(";")]
    given = dict(parts)
    try:
        if len(given) != len(parts):
            raise ValueError
        rule = Rule(
            frequency=_frequency(given.pop("FREQ", "")),
            interval=_number(given.pop("INTERVAL", "1"), 1, MAX_INTERVAL),
            count=_number(given.pop("COUNT"), 1, MAX_COUNT) if "COUNT" in given else None,
            until=_time(given.pop("UNTIL")) if "UNTIL" in given else None,
            months=tuple(_number(each, 1, 12) for each in _listed(given.pop("BYMONTH", ""))),
            month_days=tuple(_number(each, -31, 31) for each in _listed(given.pop("BYMONTHDAY", ""))),
            weekdays=tuple(_weekday(each) for each in _listed(given.pop("BYDAY", ""))),
        )
        _check(rule, given)
    except ValueError:
        raise BadUserInput("recurrence.invalid", rule=text) from None
    return rule


def _check(rule: Rule, others: dict[str, str]) -> None:
    days = rule.months or rule.month_days or rule.weekdays
    numbered = any(nth is not None for nth, _ in rule.weekdays)
    if (
        others.pop("WKST", "MO") != "MO"
        or others
        or (rule.count is not None and rule.until is not None)
        or 0 in rule.month_days
        or (rule.frequency in STEPS and days)
        or (rule.frequency == "WEEKLY" and rule.month_days)
        or (numbered and rule.frequency not in ("MONTHLY", "YEARLY"))
        or (rule.frequency == "YEARLY" and rule.weekdays and not rule.months)
    ):
        raise ValueError


def _frequency(value: str) -> Frequency:
    if value not in (*STEPS, "DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError
    return cast(Frequency, value)


def _listed(value: str) -> list[str]:
    return value.split(",") if value else []


def _number(value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,4}", value, re.ASCII) or not least <= int(value) <= most:
        raise ValueError
    return int(value)


def _weekday(value: str) -> tuple[int | None, int]:
    found = WEEKDAY.fullmatch(value)
    if found is None:
        raise ValueError
    return None if found[1] is None else int(found[1]), WEEKDAYS.index(found[2])


def _time(value: str) -> datetime:
    """The end of the rule; a day without a time includes that day."""
    found = UNTIL.fullmatch(value)
    if found is None:
        raise ValueError
    year, month, day, *clock = (None if each is None else int(each) for each in found.groups())
    hour, minute, second = (23, 59, 59) if clock[0] is None else cast(list[int], clock)
    return datetime(cast(int, year), cast(int, month), cast(int, day), hour, minute, second, tzinfo=UTC)
