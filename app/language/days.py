"""Days in text: tomorrow, next Monday, March 5, 来週の月曜, 月末."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from app.language.data import read_data

FRIDAY = 4  # "by next week" means before the weekend of that week
SATURDAY = 5
SUNDAY = 6
TIMES = read_data(__file__, "times.toml")
WEEKDAYS_EN: list[str] = TIMES["calendar"]["weekdays"]
WEEKDAYS_JA = "".join(TIMES["calendar"]["weekdays_ja"])
MONTHS = [name[:3] for name in TIMES["calendar"]["months"]]
# Whole names only: "decide 3" is not 3 December.
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKS_JA: dict[str | None, int | None] = {**TIMES["weeks_ja"], None: None, "次": None}
DAY_FOLLOWS_JA = r"(?=まで|に(?!\d|は\d)|の(?:朝|昼|夜|夕|午|\d|正午)|\(|、|締)"


def _weekday(today: date, weekday: int, weeks: int | None) -> date:
    """The weekday of the week `weeks` from this one; without `weeks` the next such day after today."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=weeks)


def _of_month(today: date, day: int, months: int | None) -> date:
    """The day of the month `months` from this one; without `months` the next such day."""
    first = _month_end(today, (months or 0) - 1) + timedelta(days=1)
    found = first.replace(day=day)
    return _of_month(today, day, 1) if months is None and found < today else found


def _of_year(today: date, month: int, day: int) -> date | None:
    """The next date with this month and day; 29 February may be eight years away."""
    for year in range(today.year, today.year + 9):
        try:
            if (found := date(year, month, day)) >= today:
                return found
        except ValueError:
            continue
    return None


def _month_end(today: date, months: int) -> date:
    after = today.year * 12 + today.month + months
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _month(today: date, months: int, deadline: bool) -> date:
    return _month_end(today, months) if deadline else _month_end(today, months - 1) + timedelta(days=1)


def _week(today: date, weeks: int, deadline: bool) -> date:
    """The Monday of a week, or its Friday for a deadline; of this week its Friday, or Sunday when Friday is over."""
    if weeks == 0:
        return _weekday(today, FRIDAY if today.weekday() <= FRIDAY else SUNDAY, 0)
    return _weekday(today, FRIDAY if deadline else 0, weeks)


def _weekend(today: date, deadline: bool) -> date:
    if today.weekday() >= SATURDAY:
        return _weekday(today, SUNDAY, 0)
    return _weekday(today, FRIDAY if deadline else SATURDAY, 0)


def _named_month(name: str) -> int:
    return MONTHS.index(name[:3]) + 1


def _iso(match: re.Match[str]) -> date:
    year, month, day = (int(part) for part in match.groups() if part)
    return date(year, month, day)


DayRule = Callable[[re.Match[str], date, bool], date | None]
DAY_RULES: tuple[tuple[str, DayRule], ...] = (
    (r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{4})/(\d{1,2})/(\d{1,2})\b|(\d{4})年(\d{1,2})月(\d{1,2})日", lambda m, today, _: _iso(m)),
    (r"(\d{1,2})月(\d{1,2})日", lambda m, today, _: _of_year(today, int(m[1]), int(m[2]))),
    (r"(来月|今月)の?(\d{1,2})日", lambda m, today, _: _of_month(today, int(m[2]), int(m[1] == "来月"))),
    (rf"\b{MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:]\d| ?(?:am|pm|percent|%))", lambda m, today, _: _of_year(today, _named_month(m[1]), int(m[2]))),
    (rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}(?!\w)", lambda m, today, _: _of_year(today, _named_month(m[2]), int(m[1]))),
    (r"(?:\b(?:on|by|before|until|due) )(\d{1,2})/(\d{1,2})(?![\d/])|(?<![\d/])(\d{1,2})/(\d{1,2})(?=に|まで|の(?:朝|昼|夜|夕|午|\d)|\()",
     lambda m, today, _: _of_year(today, int(m[1] or m[3]), int(m[2] or m[4]))),
    (r"明々後日|しあさって", lambda m, today, _: today + timedelta(days=3)),
    (r"\bday after tomorrow\b|明後日|あさって", lambda m, today, _: today + timedelta(days=2)),
    (r"\btomorrow\b|明日|あした|明朝|翌日|翌朝|明晩", lambda m, today, _: today + timedelta(days=1)),
    (r"\b(?:today(?!'s)|tonight|this (?:morning|afternoon|evening)|eod|end of (?:the )?(?:business )?day)\b|今日(?!の(?!うち|朝|昼|夕|夜|午|正|\d))|本日|今夜|今晩|今日中",
     lambda m, today, _: today),
    (r"\b(?:on|by|before|until) the (\d{1,2})(?:st|nd|rd|th)\b(?=[,.!?]|$| (?:at|to|please|and|we|i|of (?:the|this|next) month)\b)(?! of next)",
     lambda m, today, _: _of_month(today, int(m[1]), None)),
    (r"\b(?:end of )(?:the )?next week\b", lambda m, today, _: _week(today, 1, True)),
    (rf"\b(next|this|on|by|until|before|coming)? ?({'|'.join(WEEKDAYS_EN)})\b", lambda m, today, _: _weekday(today, WEEKDAYS_EN.index(m[2]), 1 if m[1] == "next" else None)),
    (r"\b(next|this|on|by|until|before) (mon|tues?|wed|thur?s?|fri|sat|sun)\b",
     lambda m, today, _: _weekday(today, [name[:3] for name in WEEKDAYS_EN].index(m[2][:3]), 1 if m[1] == "next" else None)),
    (rf"(?:(再来週|来週|翌週|今週|次)の?)?([{WEEKDAYS_JA}])曜", lambda m, today, _: _weekday(today, WEEKDAYS_JA.index(m[2]), WEEKS_JA[m[1]])),
    (r"週明け", lambda m, today, _: _weekday(today, 0, 1)),
    (r"\b(?:this |the |at the )?weekend\b|週末", lambda m, today, deadline: _weekend(today, deadline)),
    (r"\bend of (?:the |this )?week\b|今週(?!の)|今週中|\bthis week\b", lambda m, today, _: _week(today, 0, True)),
    (r"再来週|\bthe week after next\b", lambda m, today, deadline: _week(today, 2, deadline)),
    (r"\bnext week\b|来週|翌週", lambda m, today, deadline: _week(today, 1, deadline)),
    (r"\bend of next month\b|来月末|来月中", lambda m, today, _: _month_end(today, 1)),
    (r"\bend of (?:the |this )?month\b|今月末|月末|今月中|今月いっぱい|\bthis month\b", lambda m, today, _: _month_end(today, 0)),
    (r"\bnext month\b|来月", lambda m, today, deadline: _month(today, 1, deadline)),
    (r"\bend of (?:the |this )?year\b|年末|年内|今年中", lambda m, today, _: date(today.year, 12, 31)),
    (rf"(\d{{1,2}})月(?=まで|に(?!\d)|中)|\b(?:by|before|until|in) {MONTH}(?=[,.!?]|$)", lambda m, today, deadline:
        _from_month(today, int(m[1]) if m[1] else _named_month(m[2]))),
    (rf"(?<![\d月])(\d{{1,2}})日{DAY_FOLLOWS_JA}", lambda m, today, _: _of_month(today, int(m[1]), None)),
)  # fmt: skip


def _from_month(today: date, month: int) -> date | None:
    """The first day of the month; the last day for the current month."""
    return _month_end(today, 0) if month == today.month else _of_year(today, month, 1)


def find_day(plain: str, today: date, *, deadline: bool) -> date | None:
    """The first day in normalised text, or None. A week means its end for a `deadline`, else its beginning."""
    for pattern, rule in DAY_RULES:
        if match := re.search(pattern, plain):
            try:
                day = rule(match, today, deadline)
            except (ValueError, OverflowError):
                continue
            if day is not None:
                return day
    return None
