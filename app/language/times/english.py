"""English rules: each pattern with the part of a time that it means. Earlier rules win at the same place."""

import re
from collections.abc import Callable
from datetime import UTC, date, timedelta

from app.language.times import calendar
from app.language.times.english_repeats import REPEATS, SHORT, WEEKDAY, to_weekday
from app.language.times.numbers import (
    COUNT,
    MONTH,
    NUMBER,
    UNIT,
    L,
    R,
    any_word,
    day_of_year,
    to_month,
    to_number,
    to_unit,
)
from app.language.times.parts import WORDS, Clock, Day, Half, Join, Part, PartOfDay, Relation, Shift, Unread, Zone
from app.language.times.zones import ZONE_RULES

DATA = WORDS["english"]
Builder = Callable[[re.Match[str]], Part | tuple[Part, ...]]
YEAR = r"((?:19|20|21)\d\d)(?![\d:])"
TOMORROW = any_word(DATA["tomorrow"])
AM_PM = r"([ap])(?:\.m\.?|m)(?![a-z0-9_])"
MEASURED = r"(?! ?(?:percent|%|files|items|people|users|lines|times|points|tests|records)\b)"
ENDS = r"(?= *(?:[,.;!?)\u3000-\u9fff]|$)| (?:to|at|on|in the|from|for|please|and|that|with|about|i|we|of|or|today|tomorrow|tonight|sharp|this|next|so|every|remind|if|starting|until|till|except|local|\w{2,4}t\b|utc|gmt)\b)"


def _digital(m: re.Match[str]) -> Part:
    hour, minute, second = int(m[1]), int(m[2]), int(m[3] or 0)
    return to_clock(hour, minute, second, m[4], padded=m[1].startswith("0"))


def to_clock(hour: int, minute: int, second: int = 0, half: str | None = None, *, padded: bool = False) -> Part:
    """A clock time. Raises ValueError when no clock shows it."""
    if minute > 59 or second > 59 or hour > 29 or (half and not 1 <= hour <= 12):
        raise ValueError("no such hour")
    if half:
        said: Half = "am" if half == "a" else "pm"
        return Clock(hour % 12 + (12 if said == "pm" else 0), minute, second, said)
    return Clock(hour, minute, second, open=not padded and 1 <= hour <= 12)


def _spoken(m: re.Match[str]) -> Part:
    """Half past three, quarter to five, ten past nine."""
    minute = {"half": 30, "quarter": 15, "a quarter": 15}.get(m[1]) or int(to_number(m[1]))
    hour = int(to_number(m[3]))
    if not 1 <= hour <= 12 or not 0 < minute < 60:
        raise ValueError("no such hour")
    if m[2] == "to":
        hour, minute = (hour - 1) or 12, 60 - minute
    half = m[4]
    return to_clock(hour, minute, 0, half)


def _range(m: re.Match[str]) -> Part:
    """The beginning of "3-4pm" and "11 to 1pm"."""
    start, end = int(m[1]), int(m[3])
    half = m[5] if start % 12 <= end % 12 else "a" if m[5] == "p" else "p"
    return to_clock(start, int(m[2] or 0), 0, half)


def _compact(m: re.Match[str]) -> tuple[Part, ...]:
    """20281115T210000Z."""
    day = date(int(m[1]), int(m[2]), int(m[3]))
    hour = to_clock(int(m[4]), int(m[5]), int(m[6] or 0), padded=True)
    at: tuple[Part, ...] = (Day(lambda today, _: day, fixed=True), hour)
    return (*at, Zone(UTC)) if m[7] else at


def _shift(m: re.Match[str], direction: int, *, deadline: bool = False) -> Part:
    half = 0.5 if m[3] else 0
    return Shift(to_number(m[1]) + half, to_unit(m[2]), direction, deadline=deadline)


def _two_units(m: re.Match[str]) -> Part:
    first, second = to_unit(m[2]), to_unit(m[4])
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if first not in seconds or second not in seconds:
        raise ValueError("units of different kinds")
    return Shift(to_number(m[1]) * seconds[first] + to_number(m[3]) * seconds[second], "second", 1)


def _weekday(m: re.Match[str]) -> Part:
    weekday, which = to_weekday(m[2]), (m[1] or "").strip()
    if which in ("last", "past"):
        return Day(lambda today, _: today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1), fixed=True)
    weeks = {"next": 1, "this": 0}.get(which)
    return Day(
        lambda today, _: calendar.weekday_of(today, weekday, weeks), weekday=None if weeks is not None else weekday
    )


def _nth_of_month(m: re.Match[str]) -> Part:
    nth, weekday = DATA["ordinals"][m[1]], to_weekday(m[2])
    if m[4]:
        month, year = to_month(m[4]), int(m[5]) if m[5] else None
        return Day(
            lambda today, _: calendar.nth_weekday(
                calendar.named_month(today, month, year, False).replace(day=1), weekday, nth
            ),
            fixed=True,
        )
    months = 1 if m[3] == "next" else 0
    return Day(
        lambda today, _: calendar.nth_weekday(calendar.add_months(today.replace(day=1), months), weekday, nth),
        fixed=True,
    )


def _month(m: re.Match[str]) -> Part:
    month, year = to_month(m[2]), int(m[3]) if m[3] else None
    if m[1] in ("by", "before", "until"):
        raise ValueError("the beginning or the end of the month")
    return Day(lambda today, _: calendar.named_month(today, month, year, False), fixed=True)


def _month_edge(m: re.Match[str]) -> Part:
    month, year, end = to_month(m[2]), int(m[3]) if m[3] else None, m[1] in ("end", "last day")
    if end:
        return Day(lambda today, _: calendar.named_month(today, month, year, True), fixed=True)
    return Day(lambda today, _: calendar.named_month(today, month, year, False).replace(day=1), fixed=True)


def _period_end(m: re.Match[str]) -> Part:
    ahead = 1 if m[1] == "next" else 0
    if m[2] == "week":
        return Day(lambda today, _: calendar.week_of(today, ahead, True))
    if m[2] == "month":
        return Day(lambda today, _: calendar.month_end(today, ahead))
    return Day(lambda today, _: today.replace(year=today.year + ahead, month=12, day=31))


def _period_start(m: re.Match[str]) -> Part:
    if m[1] == "week":
        return Day(lambda today, _: calendar.week_of(today, 1, False))
    if m[1] == "month":
        return Day(lambda today, _: calendar.month_of(today, 1, False))
    return Day(lambda today, _: today.replace(year=today.year + 1, month=1, day=1))


def _ordinal(m: re.Match[str]) -> Part:
    return _month_day(m[1], m[2])


def _month_day(said: str, which: str | None) -> Part:
    day, months = int(said), {"next": 1, "this": 0}.get(which or "")
    if not 1 <= day <= 31:
        raise ValueError("no month has that day")
    return Day(lambda today, _: calendar.of_month(today, day, months), fixed=True)


def _holiday(m: re.Match[str]) -> Part:
    month, day = (int(part) for part in DATA["holidays"][m[1]].split("-"))
    return day_of_year(month, day, int(m[2]) if m[2] else None)


def _days(count: int) -> Day:
    return Day(lambda today, _: today + timedelta(days=count))


def _part(name: str, *, weak: bool = False) -> Builder:
    return lambda m: PartOfDay(name, weak)


RULES: tuple[tuple[str, Builder], ...] = (
    (any_word(DATA["vague"]), lambda m: Unread()),
    *REPEATS,
    (any_word(DATA["soft"]), lambda m: Unread(soft=True)),
    (r"(?<![a-z0-9_])(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})?(z)?(?![a-z0-9])", _compact),
    (rf"{L}{MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?![.:]\d| ?[ap]m\b){MEASURED}(?:(?:,| of)? ?{YEAR})?", lambda m: day_of_year(to_month(m[1]), int(m[2]), int(m[3]) if m[3] else None)),
    (rf"(?<![\w.:/])(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]?{MONTH}{R}(?:(?:,| of)?[ -]?{YEAR})?", lambda m: day_of_year(to_month(m[2]), int(m[1]), int(m[3]) if m[3] else None)),
    (rf"{L}(?:the )?(end|last day|start|beginning|first day) of {MONTH}(?!\w)(?:,? {YEAR})?", _month_edge),
    (rf"{L}(?:early|late|mid)[- ]{MONTH}(?!\w)", lambda m: Unread()),
    (rf"{L}(in|by|before|until|during) {MONTH}(?!\w)(?:,? {YEAR})?(?= *(?:[,.;!?]|$)| (?:to|please|and|i|we)\b)", _month),
    (rf"{L}(?:the )?({'|'.join(DATA['ordinals'])}) {WEEKDAY}{R} (?:of|in) (?:(next|this|the) month|{MONTH}(?!\w)(?:,? {YEAR})?)", _nth_of_month),
    (rf"{L}(?:the )?day after {TOMORROW}{R}", lambda m: _days(2)),
    (rf"{L}(?:the )?day before yesterday{R}", lambda m: _days(-2)),
    (rf"{L}{TOMORROW}{R}", lambda m: _days(1)),
    (rf"{L}yesterday{R}", lambda m: _days(-1)),
    (rf"{L}today(?!'s){R}", lambda m: _days(0)),
    (rf"{L}tonight{R}", lambda m: (_days(0), PartOfDay("night"))),
    (rf"{L}last night{R}", lambda m: (_days(-1), PartOfDay("night"))),
    (rf"{L}this afternoon{R}", lambda m: (_days(0), PartOfDay("this afternoon"))),
    (rf"{L}this (morning|evening){R}", lambda m: (_days(0), PartOfDay(m[1]))),
    (rf"{L}(?:the )?end of (?:the |this |(next) )?(week|month|year){R}", _period_end),
    (rf"{L}(?:the )?last day of (?:the |this |(next) )?(month|year){R}", _period_end),
    (rf"{L}(?:the )?(?:start|beginning) of next (week|month|year){R}", _period_start),
    (rf"{L}(?:the )?first (?:day )?of next (month|year){R}", _period_start),
    (rf"{L}(?:the )?end of (?:the )?(?:business )?day{R}|{L}(?:eod|cob|close of business|end of business){R}", _part("end of day")),
    (rf"{L}(?:the )?week after next{R}", lambda m: Day(lambda today, end: calendar.week_of(today, 2, end))),
    (rf"{L}next week{R}", lambda m: Day(lambda today, end: calendar.week_of(today, 1, end))),
    (rf"{L}this week{R}", lambda m: Day(lambda today, _: calendar.week_of(today, 0, True))),
    (rf"{L}(next|this) month on the (\d{{1,2}})(?:st|nd|rd|th)?{R}", lambda m: _month_day(m[2], m[1])),
    (rf"{L}next month{R}", lambda m: Day(lambda today, end: calendar.month_of(today, 1, end))),
    (rf"{L}this month{R}", lambda m: Day(lambda today, _: calendar.month_end(today, 0))),
    (rf"{L}next year{R}", lambda m: Day(lambda today, _: today.replace(year=today.year + 1, month=1, day=1))),
    (rf"{L}last (week|month|year){R}", lambda m: _days(-1)),
    (rf"{L}(?:this |the )?weekend{R}", lambda m: Day(lambda today, end: calendar.weekend_of(today, 0, end))),
    (rf"{L}({'|'.join(sorted(DATA['holidays'], key=len, reverse=True))}){R}(?:,? {YEAR})?", _holiday),
    (rf"{L}((?:next|this|last|past) |coming )?{WEEKDAY}(?!s)(?!\w)(?!\.\w)", _weekday),
    (rf"(?:(?<=on )|(?<=by )|(?<=until )|(?<=before )|(?<=\()|\b(?=next |this |last ))((?:next|this|last) )?{SHORT}(?!\w)", _weekday),
    (rf"{L}(?<!the )(?<!he )(?<!she )(?<!we )(?<!they )(?<!i )()({SHORT[1:-1]})(?= at \d| \d{{1,2}}(?::\d\d| ?[ap]m))", _weekday),
    (r"(?:(?<=on )|(?<=by )|(?<=until )|(?<=before )|(?<=day ))the (\d{1,2})(?:st|nd|rd|th)(?!\w)(?: of (next|this|the) month)?(?= *(?:[,.!?]|$)| (?:at|to|please|and|we|i|from|for|in|by|of)\b)", _ordinal),
    (rf"(?<![\w.])(?:the )?(\d{{1,2}})(?:st|nd|rd|th) of (next|this|the) month{R}", _ordinal),
    (r"(?<=me )the (\d{1,2})(?:st|nd|rd|th)()(?= *(?:[,.!?]|$)| (?:at|to|that|about)\b)", _ordinal),
    (rf"{L}in (?:about |around |exactly |another )?half an hour{R}", lambda m: Shift(30, "minute", 1)),
    (rf"{L}half an hour (?:from now|later){R}", lambda m: Shift(30, "minute", 1)),
    (rf"{L}half an hour(?= (?:before|after|from))", lambda m: Shift(30, "minute", 0)),
    (rf"{L}in (?:a quarter of an|a quarter) hour{R}", lambda m: Shift(15, "minute", 1)),
    (rf"{L}in three[- ]quarters of an hour{R}", lambda m: Shift(45, "minute", 1)),
    (rf"{L}in {COUNT} ?{UNIT},? ?(?:and )?{COUNT} ?{UNIT}{R}", _two_units),
    (rf"{L}in (?:about |around |exactly |another )?{COUNT}[ -]?{UNIT}{R}(?!/)( and a half)?(?:'? time)?", lambda m: _shift(m, 1)),
    (rf"{L}in {COUNT} and a half (hours|days|weeks|years|minutes){R}", lambda m: Shift(to_number(m[1]) + 0.5, to_unit(m[2]), 1)),
    (rf"(?:(?<=timer for )|(?<=timer of )|(?<=alarm for )|(?<=snooze )|(?<=snooze for )|(?<=snooze it for )){COUNT} ?{UNIT}{R}()", lambda m: _shift(m, 1)),
    (rf"{L}(?:within|in) the next (?:{COUNT} )?{UNIT}{R}()", lambda m: Shift(to_number(m[1] or "1"), to_unit(m[2]), 1, deadline=True)),
    (rf"{L}within {NUMBER} (hours?|hrs?|days?|weeks?|months?)()(?!\w)", lambda m: _shift(m, 1, deadline=True)),
    (rf"{L}{COUNT} ?{UNIT}( and a half)? (?:from (?:now|today)|hence){R}", lambda m: _shift(m, 1)),
    (rf"{L}{COUNT} ?{UNIT}( and a half)? ago{R}", lambda m: _shift(m, -1)),
    (rf"{L}{NUMBER} (weeks?)()(?= (?:today|{TOMORROW}|{WEEKDAY})(?!\w))", lambda m: (_shift(m, 0), Relation(1))),
    (rf"{L}{COUNT} ?{UNIT}( and a half)?(?= (?:from|before|after|prior to)\b)", lambda m: _shift(m, 0)),
    (rf"{L}(?:the )?(day|week)(?= (?:before|after)\b)", lambda m: Shift(1, m[1], 0)),
    (rf"{L}(?:before|prior to){R}", lambda m: Relation(-1)),
    (rf"{L}after{R}", lambda m: Relation(1)),
    (rf"(?<![\w.:,/-])(\d{{1,2}})(?::([0-5]\d))? ?(?:-|–|to|and) ?(\d{{1,2}})(?::([0-5]\d))? ?{AM_PM}", _range),
    (r"(?:(?<=at )|(?<=by )|(?<=until ))(\d{1,2})h([0-5]\d)?(?![a-z0-9])", lambda m: to_clock(int(m[1]), int(m[2] or 0), padded=True)),
    (rf"(?<![\w:.,/])(\d{{1,2}}):([0-5]\d)(?::([0-5]\d)(?:\.\d{{1,9}})?)?(?![\d:]) ?(?:{AM_PM})?", _digital),
    (r"(?<=\dt)(\d{2}):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?![\d:])()", lambda m: to_clock(int(m[1]), int(m[2]), int(m[3] or 0), padded=True)),
    (rf"(?<![\w:.,/])(\d{{1,2}})\.([0-5]\d)()() ?{AM_PM}", lambda m: to_clock(int(m[1]), int(m[2]), 0, m[5])),
    (rf"(?<![\w.:,/])(?<!\d-)(\d{{1,2}}) ?{AM_PM}", lambda m: to_clock(int(m[1]), 0, 0, m[2])),
    (r"(?:(?<=at )|(?<=by )|(?<=until ))(\d{1,2}):(\d\d)(?![\d:])", lambda m: to_clock(int(m[1]), int(m[2]))),
    (rf"{L}(half|(?:a )?quarter)[ -](past|to)[ -]{NUMBER}{R}(?: ?{AM_PM})?", _spoken),
    (rf"{L}(?:half|(?:a )?quarter|{NUMBER[1:-1]}) (?:past|to) (?:noon|midday|midnight){R}", lambda m: Unread()),
    (rf"(?:(?<=at )|(?<=by )|(?<=until )){NUMBER}(?: minutes)? (past|to) {NUMBER}{R}(?: ?{AM_PM})?", _spoken),
    (rf"{L}{NUMBER} o'?clock{R}", lambda m: to_clock(int(to_number(m[1])), 0)),
    (rf"(?:(?<=at )|(?<=by )|(?<=around )|(?<=until )|(?<=before )|(?<=@ )|(?<=@))(?<!look at )(?<!looking at )(\d{{2}})([0-5]\d)(?! ?[a-z]{{1,2}}s?\b){ENDS}", lambda m: to_clock(int(m[1]), int(m[2]), padded=True)),
    (rf"(?:(?<=at )|(?<=by )|(?<=around )|(?<=until )|(?<=before )|(?<=after )|(?<=@ )|(?<=@)|(?<=from ))(?<!look at )(?<!looking at ){NUMBER}(?![\d:]){ENDS}", lambda m: to_clock(int(to_number(m[1])), 0)),
    (r"(?:(?<=tomorrow at )|(?<=tmrw at )|(?<=day at )|(?<=days at )|(?<=week at )|(?<=month at )|(?<=\d at )|(?<=\dst at )|(?<=\dnd at )|(?<=\drd at )|(?<=\dth at ))(\d{1,2})(?![\d:.])(?! ?[ap]\.?m\b)", lambda m: to_clock(int(m[1]), 0)),
    (r"(?<![\w.:,/])(\d{1,2})(?= (?:in the (?:morning|afternoon|evening)|tonight)\b)", lambda m: to_clock(int(m[1]), 0)),
    (rf"{L}midnight{R}", lambda m: Clock(24, half="am")),
    (rf"{L}(?:noon|midday|12 noon|lunch ?time){R}", lambda m: Clock(12, half="pm")),
    (rf"{L}(?:in the|at) (morning|afternoon|evening|night){R}", lambda m: PartOfDay(m[1])),
    (rf"{L}first thing(?: in the morning)?{R}", _part("morning")),
    (rf"{L}(morning|afternoon|evening|night){R}", lambda m: PartOfDay(m[1], weak=True)),
    *ZONE_RULES,
    (rf"{L}(?:by|due(?: on| by)?|deadline(?: is)?|until|till|no later than|not later than){R}:?", lambda m: Join("deadline")),
    (rf"{L}(?:from|starting|beginning|as of){R}", lambda m: Join("start")),
    (rf"{L}since{R}", lambda m: Join("since")),
    (rf"{L}or{R}", lambda m: Join("or")),
    (rf"{L}(?:to|-|through){R}|(?<=\d)[-~〜–](?=\d)|[~〜–]", lambda m: Join("range")),
    (rf"{L}(?:the|my|our|a|an){R}", lambda m: Join("the")),
    (rf"{L}(?:at|on|in|of|for|around|(?<=at )about|and|sharp|exactly|local time|this coming){R}|(?<=\d)t(?=\d\d:)|[@()]", lambda m: Join()),
)  # fmt: skip
