"""Days of the year in English and Japanese: March 31, 3月31日, 3月末, the end of March."""

import re

from app.language.quantities import MONTHS

END = 31  # a decided end of a month is its last day, whatever its number
_MONTH = "|".join(f"{each[:3]}(?:{each[3:]})?" if each[3:] else each for each in MONTHS)
DAY = re.compile(
    rf"(?P<end>end of (?:the )?)?(?<![a-z])(?P<name>{_MONTH})(?![a-z])\.?(?: (?P<day>\d{{1,2}})(?!\d))?"
    r"|(?P<month>\d{1,2})月(?:(?P<day_ja>\d{1,2})日|(?P<end_ja>末))?"
    r"|\d{4}-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})"
)


def days_of(plain: str) -> frozenset[tuple[int, int]]:
    """The days in a normalised text as month and day; the day is 0 where only the month is named."""
    return frozenset(_day(match) for match in DAY.finditer(plain))


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
