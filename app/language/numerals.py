"""Whole numbers in words: eleven, twenty-one, 十一, 二〇二四."""

import re

from app.language.data import any_of, read_data

_DATA = read_data(__file__, "times.toml")["numerals"]
ONES: dict[str, int] = _DATA["ones"]
TENS: dict[str, int] = _DATA["tens"]
VAGUE: dict[str, int] = _DATA["vague"]  # "a couple of", "a few"
_LONGEST_FIRST = sorted([*ONES, *VAGUE, *TENS], key=len, reverse=True)
# "twenty-one years ago" is not "one year ago", and "1.5 years ago" is not "5 years ago".
ENGLISH = (
    r"(?<![\w.,-])(?<!hundred )(?<!hundred and )(?<!thousand )(?<!half )"
    r"(?<!years )(?<!years and )(?<!year and )(?<!months and )(?<!month and )(?<!weeks and )(?<!week and )"
    rf"(?P<count>\d{{1,4}}|{any_of(TENS)}[- ]{any_of(ONES)}|{'|'.join(_LONGEST_FIRST)})"
)
KANJI_DIGITS = "〇一二三四五六七八九"
KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
# A numeral is read from its beginning: 十一年前 is not 一年前, 1.5年前 is not 5年前, and 2年3ヶ月前 is not 3ヶ月前.
# 千日前 is a district of Osaka.
JAPANESE = (
    rf"(?!千日前)(?<![0-9.,第数何年月週{KANJI_DIGITS}{''.join(KANJI_UNITS)}万億])"
    rf"(?P<count>[0-9]{{1,4}}|[{KANJI_DIGITS}{''.join(KANJI_UNITS)}]{{1,7}})"
)


def english_number(text: str) -> int:
    """The number that ENGLISH matched."""
    if text.isdigit():
        return int(text)
    if text in VAGUE:
        return VAGUE[text]
    return sum(TENS.get(part) or ONES[part] for part in re.split("[- ]", text))


def japanese_number(text: str) -> int:
    """The number that JAPANESE matched; digits alone are read as places (二〇二四)."""
    if text.isdecimal():
        return int(text)
    if not any(unit in text for unit in KANJI_UNITS):
        return int("".join(str(KANJI_DIGITS.index(each)) for each in text))
    total, digit = 0, 0
    for each in text:
        if each in KANJI_UNITS:
            total, digit = total + (digit or 1) * KANJI_UNITS[each], 0
        else:
            digit = digit * 10 + KANJI_DIGITS.index(each)
    return total + digit
