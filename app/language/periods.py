"""The time span that a query names: "last Tuesday", 「先週」, "in March", in the time zone of the user."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.language.data import read_data

TIMES = read_data(__file__, "times.toml")
MONTHS: list[str] = TIMES["calendar"]["months"]
DAYS: list[str] = TIMES["calendar"]["weekdays"]
DAYS_JA = "".join(TIMES["calendar"]["weekdays_ja"])
NUMBERS: dict[str, int] = TIMES["numbers_of_past"]
DIGITS_JA = str.maketrans("一二三四五六七八九", "123456789")
MONTH = rf"(?P<month>{'|'.join(f'{month}|{month[:3]}' for month in MONTHS)})\b\.?"
COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
UNITS_JA: dict[str, str] = TIMES["units_ja"]
RELATIVE_JA: dict[str, tuple[str, int]] = {
    word: (span["unit"], span["before"]) for word, span in TIMES["past_ja"].items()
}
WEEKS_JA: dict[str | None, int | None] = {**TIMES["past_weeks_ja"], None: None}


@dataclass(frozen=True, slots=True)
class Period:
    """The span from `since` to before `until`; `rest` is the query without its time, unless nothing else is left."""

    since: datetime
    until: datetime
    rest: str

    def widened(self) -> "Period":
        """The span extended by its own length on both sides, at least a day, because memories of dates are inexact."""
        more = max(self.until - self.since, timedelta(days=1))
        return replace(self, since=self.since - more, until=self.until + more)


Span = tuple[date, date]  # the first day, and the first day after it
Reading = Callable[[re.Match[str], date], Span]


def _month_of(year: int, month: int) -> Span:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def _unit_before(unit: str, today: date, count: int) -> Span:
    """The day, week, month or year `count` units before the present one."""
    if unit == "day":
        day = today - timedelta(days=count)
        return day, day + timedelta(days=1)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * count)
        return monday, monday + timedelta(days=7)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - count
        return _month_of(months // 12, months % 12 + 1)
    return date(today.year - count, 1, 1), date(today.year - count + 1, 1, 1)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]


def _ago(match: re.Match[str], today: date) -> Span:
    return _unit_before(match["unit"], today, _number(match["count"]))


def _past(match: re.Match[str], today: date) -> Span:
    count = _number(match["count"]) if match["count"] else 1
    return _unit_before(match["unit"], today, count)[0], today + timedelta(days=1)


def _relative(match: re.Match[str], today: date) -> Span:
    return _unit_before(match["unit"], today, 0 if match["which"] == "this" else 1)


def _weekday(index: int, today: date, weeks: int | None) -> Span:
    """The last such day before today, or the one in the week `weeks` before this one."""
    if weeks is None:
        day = today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)
    else:
        day = today - timedelta(days=today.weekday() - index + 7 * weeks)
    return day, day + timedelta(days=1)


def _month_index(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _calendar(match: re.Match[str], today: date) -> Span:
    """A month or a day; without a year the latest one that has begun."""
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdigit() else _month_index(month)
    day = int(parts["day"]) if parts.get("day") else None
    year = int(parts["year"]) if parts.get("year") else today.year
    if not parts.get("year") and date(year, number, day or 1) > today:
        year -= 1
    if day is None:
        return _month_of(year, number)
    return date(year, number, day), date(year, number, day) + timedelta(days=1)


def _year(match: re.Match[str], today: date) -> Span:
    year = int(match["year"])
    return date(year, 1, 1), date(year + 1, 1, 1)


def _days_ago(count: int) -> Reading:
    return lambda match, today: _unit_before("day", today, count)


def _weeks_ja(match: re.Match[str], today: date) -> Span:
    weeks = WEEKS_JA[match["week"]]
    return _weekday(DAYS_JA.index(match["weekday"]), today, weeks)


def _ago_ja(match: re.Match[str], today: date) -> Span:
    return _unit_before(UNITS_JA[match["unit"]], today, int(match["count"].translate(DIGITS_JA)))


def _relative_ja(match: re.Match[str], today: date) -> Span:
    unit, count = RELATIVE_JA[match["word"]]
    return _unit_before(unit, today, count)


# The most specific first: "last March" before "March", 「先週の火曜日」 before 「先週」.
READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)\b", _calendar),
        (r"(?P<year>(?:19|20)\d\d)年(?P<month>1[0-2]|[1-9])月(?:(?P<day>[1-3]?\d)日)?", _calendar),
        (r"(?<![0-9年])(?P<month>1[0-2]|[1-9])月(?P<day>[1-3]?\d)日", _calendar),
        (r"(?<![0-9年])(?P<month>1[0-2]|[1-9])月(?=[にのはからまで]|頃|ごろ|中|$)", _calendar),
        (YEAR + "年", _year),
        (rf"\b(?:on )?{MONTH} {DAY}\b(?:,? {YEAR})?", _calendar),
        (rf"\b(?:on )?(?:the )?{DAY} (?:of )?{MONTH}(?:,? {YEAR})?", _calendar),
        (rf"\b(?:in|last|this|during) {MONTH}(?:,? {YEAR})?", _calendar),
        (rf"\b{MONTH} {YEAR}\b", _calendar),
        (rf"\bin {YEAR}\b", _year),
        (r"\b(?:the )?day before yesterday\b", _days_ago(2)),
        (r"\byesterday\b", _days_ago(1)),
        (r"\btoday\b", _days_ago(0)),
        (rf"\b{COUNT} (?P<unit>day|week|month|year)s? ago\b", _ago),
        (rf"\b(?:in |over |during )?the (?:past|last) (?:{COUNT} )?(?P<unit>day|week|month|year)s?\b", _past),
        (r"\b(?P<which>last|this) (?P<unit>week|month|year)\b", _relative),
        (rf"\b(?:last|on|this past) (?P<weekday>{'|'.join(DAYS)})\b",
         lambda match, today: _weekday(DAYS.index(match["weekday"]), today, None)),
        (rf"(?:(?P<week>先々週|先週|今週)の?|この前の|前の)(?P<weekday>[{DAYS_JA}])曜日?", _weeks_ja),
        (r"(?P<count>[0-9一二三四五六七八九]{1,3})(?P<unit>日|週間|[ヶかカヵ]月|年)前", _ago_ja),
        (rf"(?P<word>{'|'.join(sorted(RELATIVE_JA, key=len, reverse=True))})", _relative_ja),
    )
)  # fmt: skip
PARTICLE = re.compile(r"^[にのはも、,]+|^(?:から|まで|頃|ごろ)")


def find_period(query: str, now: datetime, timezone: str) -> Period | None:
    """The first span that the query names, or None. `now` is aware; `timezone` is an IANA name."""
    zone = ZoneInfo(timezone)
    plain = unicodedata.normalize("NFKC", query)
    lowered = plain.lower()
    for pattern, reading in READINGS:
        match = pattern.search(lowered)
        if match is None:
            continue
        try:
            span = reading(match, now.astimezone(zone).date())
        except (ValueError, OverflowError):  # the 31st of February
            continue
        since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in span)
        return Period(since, until, _without(plain, match) or query)
    return None


def _without(plain: str, match: re.Match[str]) -> str:
    after = PARTICLE.sub("", plain[match.end() :])
    return " ".join(f"{plain[: match.start()]} {after}".split())
