"""Numbers in times: digits, English words, kanji, full width."""

import re
import unicodedata

from app.language.data import read_data

WORDS: dict[str, int] = read_data(__file__, "times.toml")["numbers"]
NUMBER = r"(\d{1,4}(?:\.\d)?|" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"
KANJI_DIGITS = str.maketrans("一二三四五六七八九〇", "1234567890")
# A unit of time, but not a word that only begins like one: 一時的, 一時停止, 一日中.
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
    """The text in half-width forms and lower case, with kanji numerals up to 99 before a unit of time as digits."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    plain = KANJI_TENS.sub(_tens, plain)
    return KANJI_DIGIT.sub(lambda match: match[0].translate(KANJI_DIGITS), plain)


def to_number(text: str) -> float:
    """The number that NUMBER matched."""
    return WORDS[text] if text in WORDS else float(text)
