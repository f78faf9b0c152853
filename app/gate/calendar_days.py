"""Days of the year and times of day in English and Japanese: March 31, 3月31日, the end of March; 11 pm, 14時."""

import re
from collections.abc import Mapping, Sequence

from app.language.quantities import MONTHS

END = 31  # a decided end of a month is its last day, whatever its number
_MONTH = "|".join(f"{each[:3]}(?:{each[3:]})?" if each[3:] else each for each in MONTHS)
DAY = re.compile(
    rf"(?P<end>end of (?:the )?)?(?<![a-z])(?P<name>{_MONTH})(?![a-z])\.?(?: (?P<day>\d{{1,2}})(?!\d))?"
    r"|(?P<month>\d{1,2})月(?:(?P<day_ja>\d{1,2})日|(?P<end_ja>末))?"
    r"|\d{4}-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})"
)
# The hours after noon by the part of the day: 昼11時 is before noon, 夜12時 is midnight.
LATE_HOURS: Mapping[str, Sequence[int]] = {
    "午後": range(1, 13),
    "夕方": range(1, 13),
    "昼": (12, *range(1, 10)),
    "夜": range(6, 12),
    "深夜": range(6, 12),
    "夜中": range(6, 12),
}
TIME = re.compile(
    r"(?<![\d:])(?P<hour_english>1[0-2]|[1-9])(?::(?P<minute_english>[0-5]\d))? ?[ap]\.?m(?![a-z])"
    r"|(?<![\d:])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\d:])"
    r"|(?P<part>午前|午後|早朝|朝|昼|夕方|夜|深夜|夜中)?の?(?<![\d:])(?P<hour_japanese>[01]?\d|2[0-4])時(?!間)(?:(?P<minute_japanese>[0-5]?\d)分|(?P<half>半))?"
)
# Hours for which a rule holds: "after 8 pm", 21時以降.
HOURS = re.compile(
    r"(?:after|before) \d{1,2}(?::\d\d)? ?(?:[ap]\.?m)?(?![a-z\d])"
    r"|\d{1,2}(?::\d\d|時(?:半|\d{1,2}分)?)(?:以降|以前|より前|を?過ぎ)"
)


def days_of(plain: str) -> frozenset[tuple[int, int]]:
    """The days in a normalised text as month and day; the day is 0 where only the month is named."""
    return frozenset(_day(match) for match in DAY.finditer(plain))


def times_of(plain: str) -> frozenset[tuple[int, int]]:
    """The times of day in a normalised text as hour and minute: 11 pm, 23:00, 深夜2時; 7時 is 7:00 and 19:00."""
    return frozenset(time for match in TIME.finditer(plain) for time in _times(match))


def is_in_hours(plain: str, hours: re.Match[str]) -> bool:
    """Whether a normalised text names a time of day within the hours that HOURS has matched."""
    limits, times = times_of(hours[0]), times_of(plain)
    later = any(word in hours[0] for word in ("after", "以降", "過ぎ"))
    return any((time >= limit) if later else (time < limit) for time in times for limit in limits)


def _times(match: re.Match[str]) -> list[tuple[int, int]]:
    hour = int(match["hour"] or match["hour_english"] or match["hour_japanese"]) % 24
    minute = match["minute"] or match["minute_english"] or match["minute_japanese"]
    at = 30 if match["half"] else int(minute or 0)
    if match["hour"] or hour > 12 or hour == 0:
        return [(hour, at)]
    if match["hour_english"]:
        return [(hour % 12 + (12 if "p" in match[0] else 0), at)]
    part = match["part"]
    if part is None:
        return [(hour % 12, at), (hour % 12 + 12, at)]
    return [(hour % 12 + (12 if hour in LATE_HOURS.get(part, ()) else 0), at)]


def _day(match: re.Match[str]) -> tuple[int, int]:
    if match["iso_month"]:
        return int(match["iso_month"]), _last(int(match["iso_month"]), int(match["iso_day"]))
    if match["name"]:
        month = [each[:3] for each in MONTHS].index(match["name"][:3]) + 1
        return month, END if match["end"] else _last(month, int(match["day"] or 0))
    month = int(match["month"])
    return month, END if match["end_ja"] else _last(month, int(match["day_ja"] or 0))


def _last(month: int, day: int) -> int:
    return END if day >= (28 if month == 2 else 30) and (month in (2, 4, 6, 9, 11) or day == END) else day
