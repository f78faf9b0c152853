"""English rules for repetitions: every second Friday, daily, on the 1st of every month."""

import re
from collections.abc import Callable

from app.language.times.numbers import MONTH, L, R, to_month, to_number, to_unit
from app.language.times.parts import WORDS, Part, PartOfDay, Repeat, Unread, weekdays_from

DATA = WORDS["english"]
NAMES: list[str] = DATA["weekdays"]
WEEKDAY = f"({'|'.join(NAMES)})"
SHORT = f"({'|'.join(DATA['short_weekdays'])})"
EITHER = f"(?:{'|'.join([*NAMES, *DATA['short_weekdays']])})"
WORKDAYS = (0, 1, 2, 3, 4)
ORDINAL = f"({'|'.join(DATA['ordinals'])})"
DAYS_OF_MONTH = (
    r"(first(?: day)?|\d{1,2}(?:st|nd|rd|th)(?:(?:,| and|, and) (?:the )?\d{1,2}(?:st|nd|rd|th)){0,4}|last day)"
)
MONTHLY = r"(?:of )?(?:every|each|the) month"
FREQUENCIES = {"minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY",
               "year": "YEARLY"}  # fmt: skip


def to_weekday(name: str) -> int:
    return next(index for index, each in enumerate(NAMES) if each[:3] == name[:3])


def _interval(said: str | None) -> int:
    if not said or said == "single":
        return 1
    return {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}.get(said) or int(
        to_number(said)
    )


def _weekdays(m: re.Match[str]) -> Part:
    return Repeat("WEEKLY", _interval(m[1]), tuple(sorted({to_weekday(name) for name in re.findall(EITHER, m[2])})))


def _range(m: re.Match[str]) -> Part:
    return Repeat("WEEKLY", weekdays=weekdays_from(to_weekday(m[1]), to_weekday(m[2])))


def _units(m: re.Match[str]) -> Part:
    interval = _interval(m[1])
    if interval < 1:
        raise ValueError("an interval of nothing")
    return Repeat(FREQUENCIES[to_unit(m[2])], interval)


def _month_days(said: str) -> tuple[int, ...]:
    if said in ("last day", "first", "first day"):
        return (-1,) if said == "last day" else (1,)
    days = tuple(sorted({int(day) for day in re.findall(r"\d+", said)}))
    if not all(1 <= day <= 31 for day in days):
        raise ValueError("no month has that day")
    return days


def _nth(m: re.Match[str]) -> Part:
    return Repeat("MONTHLY", weekdays=(to_weekday(m[2]),), nth=DATA["ordinals"][m[1]])


def _yearly(month: str, day: str) -> Part:
    if not 1 <= int(day) <= 31:
        raise ValueError("no month has that day")
    return Repeat("YEARLY", month=to_month(month), month_days=(int(day),))


EVERY = r"(?:every|each)"
COUNTED = r"(other|single|second|2nd|third|3rd|fourth|4th|\d{1,3}|two|three|four|five|six)"
LIST = rf"({EITHER}s?(?:(?:, and|,| and| &|/) ?{EITHER}s?){{0,6}})"

REPEATS: tuple[tuple[str, Callable[[re.Match[str]], Part | tuple[Part, ...]]], ...] = (
    (rf"{L}(?:on )?(?:the )?{ORDINAL} {WEEKDAY} (?:of )?(?:every|each) month{R}", _nth),
    (rf"{L}(?:every|each) month on the {ORDINAL} {WEEKDAY}{R}", _nth),
    (rf"{L}monthly on the {ORDINAL} {WEEKDAY}{R}", _nth),
    (rf"{L}every {ORDINAL} {WEEKDAY} of (?:the|each|every) month{R}", _nth),
    (rf"{L}(?:on )?(?:the )?{DAYS_OF_MONTH} of (?:every|each) month{R}", lambda m: Repeat("MONTHLY", month_days=_month_days(m[1]))),
    (rf"{L}(?:(?:every|each) month|monthly) on (?:the )?{DAYS_OF_MONTH}{R}", lambda m: Repeat("MONTHLY", month_days=_month_days(m[1]))),
    (rf"{L}every {DAYS_OF_MONTH} of the month{R}", lambda m: Repeat("MONTHLY", month_days=_month_days(m[1]))),
    (rf"{L}(?:at )?(?:the )?(?:every )?(?:month[- ]end|end of) (?:of )?(?:every|each) month{R}|{L}every month[- ]end{R}", lambda m: Repeat("MONTHLY", month_days=(-1,))),
    (rf"{L}(?:every|each) (?:year on )?{MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?!\w)", lambda m: _yearly(m[1], m[2])),
    (rf"{L}(?:every|each) year on (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}(?!\w)", lambda m: _yearly(m[2], m[1])),
    (rf"{L}(?:{EVERY} |from |on )?({EITHER}) ?(?:-|–|to|through|thru) ?({EITHER}){R}(?= at\b| \d)", _range),
    (rf"{L}{EVERY} ({EITHER}) ?(?:-|–|to|through|thru) ?({EITHER}){R}", _range),
    (rf"{L}(?:on )?{EVERY} (?:{COUNTED} )?{LIST}{R}", _weekdays),
    (rf"{L}(?:every|each) week on ()({EITHER}(?:(?:, and|,| and| &|/) ?{EITHER}){{0,6}}){R}", _weekdays),
    (rf"{L}weekly on ()({EITHER}(?:(?:, and|,| and) ?{EITHER}){{0,6}}){R}", _weekdays),
    (rf"{L}every (?:{COUNTED} )weeks? on ({EITHER}){R}", _weekdays),
    (rf"{L}(?:on )?()((?:{'|'.join(NAMES)})s(?:(?:, and|,| and| &) (?:{'|'.join(NAMES)})s){{0,6}}){R}", _weekdays),
    (rf"{L}(?:(?:on )?(?:every |each )week ?days?|on weekdays|weekdays(?= at)){R}", lambda m: Repeat("WEEKLY", weekdays=WORKDAYS)),
    (rf"{L}(?:every weekend|on weekends){R}", lambda m: Repeat("WEEKLY", weekdays=(5, 6))),
    (rf"{L}every half(?: an)? hour{R}", lambda m: Repeat("MINUTELY", 30)),
    (rf"{L}{EVERY} (?:{COUNTED} )?(minutes?|mins?|hours?|days?|weeks?|months?|years?){R}", _units),
    (rf"{L}{EVERY} (morning|evening|night|afternoon){R}", lambda m: (Repeat("DAILY"), PartOfDay(m[1]))),
    (rf"{L}nightly{R}", lambda m: (Repeat("DAILY"), PartOfDay("night"))),
    (rf"{L}(?:every |on )?week ?day (morning|evening|night|afternoon)s{R}", lambda m: (Repeat("WEEKLY", weekdays=WORKDAYS), PartOfDay(m[1]))),
    (rf"{L}(?:yearly|annually) on {MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?!\w)", lambda m: _yearly(m[1], m[2])),
    (rf"{L}hourly{R}", lambda m: Repeat("HOURLY")),
    (rf"{L}daily(?= at| by| \d|[.,!?]|$)", lambda m: Repeat("DAILY")),
    (rf"{L}(?:weekly|monthly|yearly|annually)(?= at| by| \d)", lambda m: Unread()),
    (rf"{L}except{R}", lambda m: Unread()),
)  # fmt: skip
