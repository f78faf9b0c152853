"""English words for spans in the past: last Tuesday, in March, two weeks ago."""

import re
from datetime import date

from app.language import spans
from app.language.data import any_of, read_data
from app.language.numerals import ENGLISH, english_number
from app.language.period_parts import season_of
from app.language.spans import Reading, Span

TIMES = read_data(__file__, "times.toml")
MONTHS: list[str] = TIMES["calendar"]["months"]
DAYS: list[str] = TIMES["calendar"]["weekdays"]
# "May" and "March" are verbs too. They are months with a capital inside the query, or where no verb can be.
VERBS = ("may", "march", "mar")
UNAMBIGUOUS = [name for month in MONTHS for name in (month, month[:3]) if name not in VERBS] + ["sept"]
MONTH = rf"(?P<month>(?i:{'|'.join(sorted(UNAMBIGUOUS, key=len, reverse=True))})|(?<=\s)M(?:ay|arch|ar))\b\.?(?! Day\b)"
ANY_MONTH = rf"(?P<month>(?i:{'|'.join(sorted([*UNAMBIGUOUS, *VERBS], key=len, reverse=True))}))\b\.?(?! Day\b)"
ORDINAL = r"(?P<day>[1-3]?\d)(?:st|nd|rd|th)"
DAY = ORDINAL + "?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
OF_YEAR = rf"(?:,? {YEAR}\b)?"
ENDS = r"(?=\s*(?:[,.;:!?)]|$))"
# "In 2000 lines of code" is no year.
COUNTED = (
    r"(?! (?:\w+ )?(?:lines|files|rows|m?s|milliseconds|seconds|minutes|hours|days|words|characters|bytes|items|records|"
    r"users|requests|steps|places|ways|cases|points|pieces|pixels|px|[kmg]b|times|tokens|tests)\b)"
)
MODAL = r"(?! (?:not|be|have|also|well|never|only|still|need|cause|fail|require|contain|lead|take|happen|or)\b)"


def _ago(match: re.Match[str], today: date) -> Span:
    return spans.unit_before(match["unit"].lower(), today, english_number(match["count"].lower()))


def _past(match: re.Match[str], today: date) -> Span:
    count = english_number(match["count"].lower()) if match["count"] else 1
    return spans.unit_before(match["unit"].lower(), today, count)[0], spans.day_of(today)[1]


def _relative(match: re.Match[str], today: date) -> Span:
    return spans.unit_before(match["unit"].lower(), today, 0 if match["which"].lower() == "this" else 1)


def _calendar(match: re.Match[str], today: date) -> Span:
    parts = match.groupdict()
    name = parts["month"].lower()
    month = int(name) if name.isdigit() else next(n for n, each in enumerate(MONTHS, 1) if each[:3] == name[:3])
    year, day = (int(parts[part]) if parts.get(part) else None for part in ("year", "day"))
    if "which" in parts:
        year = today.year - (parts["which"].lower() == "last")
    return spans.calendar(today, year, month, day)


def _season(match: re.Match[str], today: date) -> Span:
    parts = match.groupdict()
    name = parts["season"].lower()
    if parts.get("year"):
        return season_of(int(parts["year"]), name)
    this = season_of(today.year, name)
    latest = this if this[0] <= today else season_of(today.year - 1, name)
    ended = latest[1] <= today
    return latest if ended or parts["which"].lower() == "this" else season_of(latest[0].year - 1, name)


def _said(word: str) -> str:
    """The word where it is a time, and not a name: "Yesterday Once More", "the song Yesterday"."""
    first, rest = word[0], word[1:]
    name = r"(?! [A-Z][a-z]+ [A-Z][a-z]+| [A-Z][a-z]+\s*$)"
    begins = r"(?<![\w’')]\s)(?<![\"“「『])"
    return rf"\b(?:{first}{rest}|{word.upper()}|{begins}{first.upper()}{rest}\b{name})\b"


def _days_ago(count: int) -> Reading:
    return lambda match, today: spans.unit_before("day", today, count)


def _weekday(match: re.Match[str], today: date) -> Span:
    return spans.weekday_before(DAYS.index(match["weekday"].lower()), today, None)


# The most specific first: "last March" before "March". Letter case is ignored, except in the names of months.
READINGS: tuple[tuple[str, Reading], ...] = (
    (r"(?<![\d/-])(?P<year>(?:19|20)\d\d)(?P<mark>[-/])(?P<month>0?[1-9]|1[0-2])(?P=mark)(?P<day>[0-3]?\d)(?![\d/-])", _calendar),
    (rf"\b(?i:on ){ANY_MONTH} {DAY}\b(?![.,]\d|%){OF_YEAR}", _calendar),
    (rf"\b{MONTH} {DAY}\b(?![.,]\d|%){OF_YEAR}", _calendar),
    (rf"\b{ANY_MONTH} {DAY},? {YEAR}\b", _calendar),
    (rf"\b{ANY_MONTH} {ORDINAL}\b", _calendar),
    (rf"\b{ANY_MONTH} {DAY}\b{ENDS}", _calendar),
    (rf"\b(?i:on )(?i:the )?{DAY} (?i:of )?{ANY_MONTH}{OF_YEAR}", _calendar),
    (rf"\b(?:(?i:the ))?{DAY} (?i:of ){ANY_MONTH}{OF_YEAR}", _calendar),
    (rf"\b(?:(?i:the ))?{DAY} {ANY_MONTH},? {YEAR}\b", _calendar),
    (rf"\b(?:(?i:the ))?{DAY} {MONTH}", _calendar),
    (rf"\b{ANY_MONTH} {YEAR}\b", _calendar),
    (rf"\b(?:(?i:in|during) )?{ANY_MONTH} (?i:of )?(?i:(?P<which>last|this) year)\b", _calendar),
    (rf"\b(?i:(?P<which>last|this) year in) {ANY_MONTH}\b", _calendar),
    (rf"(?<!(?i:next year ))\b(?i:in|during) (?i:(?P<part>early|mid|late)[ -])?{ANY_MONTH}(?!(?i: of)?(?i: next year))", _calendar),
    (rf"\b(?i:last|this) {MONTH}", _calendar),
    (rf"\b(?i:this) {ANY_MONTH}{ENDS}", _calendar),
    (rf"(?<!the )\b(?i:last) {ANY_MONTH}{MODAL}", _calendar),
    (rf"\b(?i:in) {YEAR}\b{COUNTED}(?![.-]\d)", lambda match, today: spans.year_of(int(match["year"]))),
    (r"(?i:\b(?:the )?day before yesterday\b)", _days_ago(2)),
    (_said("yesterday"), _days_ago(1)),
    (_said("today"), _days_ago(0)),
    (rf"\b(?i:in )?(?i:the )?(?i:(?P<season>spring|summer|autumn|fall|winter)) (?i:of )?{YEAR}\b", _season),
    (r"\b(?i:(?P<which>last|this) (?P<season>spring|summer|autumn|winter))\b", _season),
    (r"(?i:\bhalf a year ago\b)", lambda match, today: spans.unit_before("month", today, 6)),
    (rf"(?i:{ENGLISH} (?P<unit>day|week|month|year)s? ago\b)", _ago),
    (rf"(?i:\b(?:in |over |during )?the (?:past|last) (?:{ENGLISH} )?(?P<unit>day|week|month|year)s?\b(?! of\b))", _past),
    (r"(?i:\b(?P<which>last|this) (?P<unit>week|month|year)\b)", _relative),
    (rf"(?i:\b(?:last|on|this past) (?P<weekday>{any_of(DAYS)})\b)(?!\.\w)", _weekday),
)  # fmt: skip
