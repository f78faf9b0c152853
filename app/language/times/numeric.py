"""Dates in digits: 2028-01-15, 25.12.2027, 12/25/2027. A date that may be read in two ways is not understood."""

import re
from collections.abc import Callable
from datetime import date

from app.language.times.numbers import day_of_year
from app.language.times.parts import Day, Part

CENTURY = 2000
JAPANESE_AHEAD = r"(?=に|まで|の|\(|、|は|から|締|中)"


def _date(m: re.Match[str]) -> Part:
    day = date(int(m[1]), int(m[2]), int(m[3]))
    return Day(lambda today, _: day)


def _either_order(m: re.Match[str]) -> Part:
    """Day and month in either order, or a year of two digits: understood when only one order is a date."""
    first, second, last = int(m[1]), int(m[2]), int(m[3])
    year = last if last >= 100 else CENTURY + last
    orders = [(year, first, second), (year, second, first)]
    if last < 100:
        orders.append((CENTURY + first, second, last))
    found = set()
    for order in orders:
        try:
            found.add(date(*order))
        except ValueError:
            continue
    if len(found) != 1:
        raise ValueError("no date, or several")
    day = found.pop()
    return Day(lambda today, _: day)


def _month_and_day(m: re.Match[str]) -> Part:
    first, second = int(m[1]), int(m[2])
    if first != second and first <= 12 and second <= 12:
        raise ValueError("day and month may be exchanged")
    month, day = (first, second) if first <= 12 else (second, first)
    return day_of_year(month, day, None)


NUMERIC_RULES: tuple[tuple[str, Callable[[re.Match[str]], Part | tuple[Part, ...]]], ...] = (
    (r"(?<![\w./-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])(?![^\W\dt])", _date),
    (r"(?<![\w./-])(\d{4})/(\d{1,2})/(\d{1,2})(?![\d/])", _date),
    (r"(?<![\w./-])(\d{4})\.(\d{1,2})\.(\d{1,2})(?![\d/]|\.\d)", _date),
    (r"(?<![\w./-])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])", _either_order),
    (r"(?<![\w./-])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d|\.\d)", _either_order),
    (r"(?<![\w./-])(\d{1,2})-(\d{1,2})-(\d{4})(?![\d-])", _either_order),
    (rf"(?<![\w./-])(\d{{1,2}})/(\d{{1,2}})(?![\d/]){JAPANESE_AHEAD}", lambda m: day_of_year(int(m[1]), int(m[2]), None)),
    (r"(?:(?<=\bon )|(?<=\bby )|(?<=before )|(?<=until )|(?<=\bdue )|(?<=expires )|(?<=expire )|(?<=ends )|(?<=starts )|(?<=day ))(\d{1,2})/(\d{1,2})(?![\d/])", _month_and_day),
    (r"(?<![\w./-])(\d{1,2})/(\d{1,2})(?= at \d)", _month_and_day),
    (r"(?<![\w./-])(\d{1,2})/(\d{1,2})(?= ?\d{1,2}(?:時|:\d\d))", lambda m: day_of_year(int(m[1]), int(m[2]), None)),
)  # fmt: skip
