"""Amounts per time: "100 requests per minute" and "6000 requests per hour" are the same rate."""

import re
from collections.abc import Sequence
from decimal import Decimal

from app.gate.words import TIMES
from app.language.quantities import UNITS, Quantity

MONTH = Decimal(30 * 86_400)
_NAMES = "|".join(sorted((name for name, (unit, _) in UNITS.items() if unit in TIMES), key=len, reverse=True))
_AFTER = re.compile(rf"\s?(?:/\s?|(?:per|an?|every|each) )(?:(\d+) )?({_NAMES})(?![a-z0-9])")
_BEFORE = re.compile(
    rf"(?:毎(?P<every>[秒分時日週月年])|(?P<number>\d*)\s?(?P<unit>{_NAMES}))間?(?:あたり|当たり|につき|ごとに|に)?の?(?:最大|最低|上限)?\s?$"
)
_PER = re.compile(r"\s?(?:あたり|当たり|につき)|\s?ごとに(?=\s?\d)")
_EVERY = {"秒": "秒", "分": "分", "時": "時間", "日": "日", "週": "週間", "月": "month", "年": "年"}


def counted_amounts(plain: str, amounts: Sequence[Quantity]) -> list[Quantity]:
    """The amounts without those by which others are divided: the minute of 1分あたり100回."""
    return [each for each in amounts if not (each.unit in TIMES and _divides(plain, each, amounts))]


def _divides(plain: str, amount: Quantity, amounts: Sequence[Quantity]) -> bool:
    others = [each for each in amounts if each is not amount and each.unit not in TIMES]
    if not others:
        return False
    before = plain[: amount.start].rstrip()
    return (
        _PER.match(plain, amount.end) is not None or re.search(r"(?:/|\b(?:per|an?|every|each))$", before) is not None
    )


def rate_of(plain: str, amount: Quantity) -> Decimal | None:
    """The amount per second; None when no time divides it."""
    if after := _AFTER.match(plain, amount.end):
        return amount.value / (Decimal(after[1] or 1) * _seconds(after[2]))
    if amount.unit not in TIMES and (before := _BEFORE.search(plain[max(0, amount.start - 20) : amount.start])):
        unit = _EVERY[before["every"]] if before["every"] else before["unit"]
        return amount.value / (Decimal(before["number"] or 1) * _seconds(unit))
    return None


def _seconds(name: str) -> Decimal:
    unit, factor = UNITS[name]
    return factor * MONTH if unit == "month" else factor
