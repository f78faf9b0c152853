"""Numbers as people write them in times: digits, English words, kanji, full width."""

import re
import unicodedata

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50,
    "sixty": 60, "ninety": 90, "a couple of": 2, "a few": 3, "an": 1, "a": 1,
}  # fmt: skip
NUMBER = r"(\d{1,4}(?:\.\d)?|" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"
KANJI_DIGITS = str.maketrans("一二三四五六七八九〇", "1234567890")
# A unit of time follows, and not a word that only begins like one: 一時的, 一時停止, 一日中.
UNIT_AHEAD = (
    r"(?=時(?!的|停止|保存|中断|ファイル|テーブル|対応|しのぎ|期)|分(?!析|割|類|岐|散|離|野)|秒|日(?!中)|"
    r"月|週|年|[かヶカ]月)"
)
KANJI_TENS = re.compile(rf"([二三四五六七八九])?十([一二三四五六七八九])?{UNIT_AHEAD}")
KANJI_DIGIT = re.compile(rf"[一二三四五六七八九]{UNIT_AHEAD}")


def _tens(match: re.Match[str]) -> str:
    tens, ones = ((part or "").translate(KANJI_DIGITS) for part in match.groups())
    return str(int(tens or 1) * 10 + int(ones or 0))


def normalise(text: str) -> str:
    """Half-width, lower case, and kanji numerals up to 99 before a unit of time as digits."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    plain = KANJI_TENS.sub(_tens, plain)
    return KANJI_DIGIT.sub(lambda match: match[0].translate(KANJI_DIGITS), plain)


def to_number(said: str) -> float:
    """The number that NUMBER matched."""
    return WORDS[said] if said in WORDS else float(said)
