"""Numbers, units, months and word boundaries that the rules of both languages use."""

from collections.abc import Iterable
from datetime import date

from app.language.times import calendar
from app.language.times.parts import WORDS, Day

ENGLISH = WORDS["english"]
L = r"(?<![a-z0-9_'.-])"
R = r"(?![a-z0-9_])"
COUNTS: dict[str, int] = ENGLISH["numbers"]
UNITS: dict[str, str] = ENGLISH["units"]
# Number words; "twenty-one" is made of two.
_TENS = "|".join(word for word, value in COUNTS.items() if value >= 20)
_ONES = "|".join(word for word, value in COUNTS.items() if value < 10 and " " not in word and len(word) > 2)
_WORDS = rf"(?:{_TENS})-(?:{_ONES})|" + "|".join(sorted(COUNTS, key=len, reverse=True))
NUMBER = rf"(\d{{1,4}}(?:\.\d{{1,2}})?|{_WORDS})"
# A word needs a space before its unit: "an hour and" is not "an h".
COUNT = rf"(\d{{1,9}}(?:\.\d{{1,2}})?|(?:{_WORDS})(?=[ -]))"
UNIT = "((?:" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")s?)"
# Whole names only: "decide 3" is not 3 December.
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
MONTHS = [name[:3] for name in ENGLISH["months"]]


def any_word(words: Iterable[str]) -> str:
    """A pattern for one of the words, as whole words."""
    return rf"{L}(?:{'|'.join(words)}){R}"


def to_number(text: str) -> float:
    """The number that NUMBER matched."""
    tens, _, ones = text.partition("-")
    return COUNTS[tens] + COUNTS.get(ones, 0) if tens in COUNTS else float(text)


def to_unit(text: str) -> str:
    """The name of the unit that UNIT matched."""
    return UNITS[text] if text in UNITS else UNITS[text.removesuffix("s")]


def to_month(name: str) -> int:
    """The number of the month that MONTH matched."""
    return MONTHS.index(name[:3]) + 1


def day_of_year(month: int, day: int, year: int | None) -> Day:
    """A date. Raises ValueError when no year has it."""
    calendar.of_year(date(2024, 1, 1), month, day, None)
    return Day(lambda today, _: calendar.of_year(today, month, day, year))
