"""Quantities in English and Japanese, converted to one unit per kind: 30 minutes, 0.5 h, 1800 s and 30分 are equal."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.language.data import any_of, read_data
from app.language.numerals import KANJI_DIGITS, KANJI_UNITS, ONES, TENS, VAGUE, japanese_number

READ_CHARACTERS = 2000

_DATA = read_data(__file__, "quantities.toml")
UNITS: dict[str, tuple[str, Decimal]] = {
    name: (unit["canonical"], Decimal(unit["factor"])) for unit in _DATA["units"] for name in unit["names"]
}
MONTHS: list[str] = read_data(__file__, "times.toml")["calendar"]["months"]
CURRENCIES: dict[str, str] = _DATA["currencies"]
FRACTIONS = {words: Decimal(value) for words, value in _DATA["fractions"].items()}
WORDS: dict[str, tuple[Decimal, str]] = {
    word: (Decimal(each["value"]), each["unit"]) for word, each in _DATA["words"].items()
}
SCALES = {
    "k": Decimal(1000),
    "thousand": Decimal(1000),
    "million": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "億": Decimal(100_000_000),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the canonical `unit` of its kind ("" for a bare number); `text` is how it was written.

    `start` and `end` are positions in the NFKC form of the text.
    """

    value: Decimal
    unit: str
    text: str
    start: int = 0
    end: int = 0


def _longest_first(names: "list[str]") -> str:
    return any_of(re.escape(name).replace(r"\ ", " ") for name in sorted(names, key=len, reverse=True))


_ENGLISH_UNITS = [name for name in UNITS if name.isascii()]
_JAPANESE_UNITS = [name for name in UNITS if not name.isascii()]
_DURATIONS = [name for name in _ENGLISH_UNITS if len(name) > 1 and UNITS[name][0] in ("second", "month")]
_NUMBER_WORDS = {**ONES, **TENS, **{word: count for word, count in VAGUE.items() if word not in ("a", "an")}}
_TENS_AND_ONES = rf"{_longest_first(list(TENS))}[- ]{_longest_first(list(ONES))}"
_WORD_NUMBER = rf"(?:{_TENS_AND_ONES}|{_longest_first(list(_NUMBER_WORDS))})"
# "one" is a pronoun too.
_BARE_WORD = _longest_first([*TENS, *(word for word, count in (ONES | VAGUE).items() if count > 1 and " " not in word)])
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?"
_KANJI = f"[{KANJI_DIGITS}{''.join(KANJI_UNITS)}]{{1,7}}"
_UNIT_AFTER = rf"(?:{_longest_first(_ENGLISH_UNITS)}(?![a-z0-9_])|{_longest_first(_JAPANESE_UNITS)})"
QUANTITY = re.compile(
    rf"(?P<word>{_longest_first(list(WORDS))})"
    rf"|(?P<fraction>\b{_longest_first(list(FRACTIONS))})[ -](?P<fraction_unit>{_UNIT_AFTER})"
    rf"|(?P<currency>{_longest_first(list(CURRENCIES))}) ?(?P<amount>{_DIGITS})"
    r"(?: ?(?P<amount_scale>k|thousand|million|billion)\b)?"
    r"|(?<![\d.:])(?P<ratio>\d{1,3}(?:\.\d{1,3})?):1(?![\d:.])"
    rf"|(?<![a-z0-9_.,:/#])(?P<number>{_DIGITS})(?P<scale>[千万億]| ?(?:thousand|million|billion)\b|k(?![a-z0-9_]))?"
    rf"(?:(?:[ -]|-? ?)(?P<unit>{_UNIT_AFTER})(?P<half>半)?|(?![\d:/]|\.\d))"
    rf"|(?<![{KANJI_DIGITS}{''.join(KANJI_UNITS)}第数])(?P<kanji>{_KANJI})(?P<kanji_unit>{_longest_first(_JAPANESE_UNITS)})"
    rf"|\b(?P<spelled>{_WORD_NUMBER})[ -](?P<spelled_unit>{_UNIT_AFTER})"
    rf"|(?<=\bfor )(?P<one>an?) (?P<one_unit>{_longest_first(_DURATIONS)})(?![a-z0-9_])"
    rf"|\b(?P<bare>{_BARE_WORD})(?![a-z0-9-])",
)
# What looks like a quantity, but is a date, a time of day or a position.
_MONTH = any_of(each[:3] + (f"(?:{each[3:]})?" if each[3:] else "") for each in MONTHS)
NOT_QUANTITIES = re.compile(
    "|".join(
        (
            r"\d{4}[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?)?",
            r"\d{1,2}月(?:\s?\d{1,2}日)?",
            r"(?<!\d)\d{1,2}日(?=[まはの(]|に(?!短縮|延長|変更|設定|し|する|引き|減ら|増や|伸ば|延ば|縮|揃え|統一))",
            r"\d{1,2}:\d{2}",
            r"(?<![\d.])(?:[01]?\d|2[0-4])時(?!間)(?:\d{1,2}分|半)?",
            r"(?<![\d.])\d{1,2} ?[ap]\.?m\b",
            r"(?:19|20)\d{2}年",
            r"第\d+|\d+(?:st|nd|rd|th)\b",
            r"[0-9一二三四五六七八九十百]{1,4}(?:番|号|章|版|日目|回目|つ目|年目|人目|件目|章目|台目|個目|枚目|本目|社目|名目|行目|杯目)",
            r"一[部般度緒覧時番気方応]",
            rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?|\b\d{{1,2}} {_MONTH}\b",
            r"\bv\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+\b|#\d+",
        )
    )
)


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order; without dates and times of day. "v2" and "1.2.3" are read by `versions`."""
    return list(_quantities(text[:READ_CHARACTERS]))


def same_quantity(one: str, other: str) -> bool:
    """Whether both texts state the same quantities, in any units."""
    left, right = _amounts(one), _amounts(other)
    return bool(left) and left == right


def versions(text: str) -> list[str]:
    """The version numbers of a text: v2, 1.2.3, Python 3.12."""
    return VERSION.findall(unicodedata.normalize("NFKC", text[:READ_CHARACTERS]))


VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+){1,3}|(?<=v)\d+)(?![\w.]*\d)")


def _amounts(text: str) -> set[tuple[str, Decimal]]:
    return {(each.unit, each.value) for each in quantities(text)}


@lru_cache(maxsize=4096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    plain = unicodedata.normalize("NFKC", text)[:READ_CHARACTERS].lower()
    plain = NOT_QUANTITIES.sub(lambda match: "\x00" * len(match[0]), plain)
    return tuple(_joined([_read(match) for match in QUANTITY.finditer(plain)], plain))


def _read(match: re.Match[str]) -> Quantity:
    value, unit = _amount(match)
    return Quantity(value, unit, match[0].strip(), *match.span())


def _amount(match: re.Match[str]) -> tuple[Decimal, str]:
    if match["word"]:
        return WORDS[match["word"]]
    if match["ratio"]:
        return Decimal(match["ratio"]), "ratio"
    if match["fraction"]:
        return _converted(FRACTIONS[match["fraction"]], match["fraction_unit"])
    if match["currency"]:
        return _decimal(match["amount"]) * _scale(match["amount_scale"]), CURRENCIES[match["currency"]]
    if match["kanji"]:
        return _converted(Decimal(japanese_number(match["kanji"])), match["kanji_unit"])
    if match["spelled"]:
        return _converted(_spelled(match["spelled"]), match["spelled_unit"])
    if match["one"]:
        return _converted(Decimal(1), match["one_unit"])
    if match["bare"]:
        return _spelled(match["bare"]), ""
    number = _decimal(match["number"]) * _scale(match["scale"])
    if not match["unit"]:
        return number, ""
    return _converted(number + (Decimal("0.5") if match["half"] else 0), match["unit"])


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _scale(word: str | None) -> Decimal:
    return SCALES[word.strip()] if word else Decimal(1)


def _spelled(words: str) -> Decimal:
    if words in VAGUE:
        return Decimal(VAGUE[words])
    return Decimal(sum(TENS.get(part) or ONES[part] for part in re.split("[- ]", words)))


def _converted(number: Decimal, unit: str) -> tuple[Decimal, str]:
    canonical, factor = UNITS[unit]
    return number * factor, canonical


def _joined(found: list[Quantity], plain: str) -> Iterator[Quantity]:
    """Adds up what is one duration in two units: 1 hour 30 minutes, 1時間30分."""
    place = 0
    while place < len(found):
        first = found[place]
        following = found[place + 1] if place + 1 < len(found) else None
        if following is not None and _continues(first, following, plain):
            yield Quantity(
                first.value + following.value,
                first.unit,
                plain[first.start : following.end],
                first.start,
                following.end,
            )
            place += 2
        else:
            yield first
            place += 1


def _continues(first: Quantity, following: Quantity, plain: str) -> bool:
    between = plain[first.end : following.start].strip()
    return (
        first.unit == following.unit in ("second", "month")
        and between in ("", "and", "と")
        and (following.value < first.value)
    )
