"""Numbers and hours in text: at 3pm, half past nine, 午後3時半, 夕方."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

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


END_OF_DAY = time(23, 59)
LATEST_SMALL_HOUR = 6  # "at 3" means 15:00, because hardly anything is due between one and six
OF_A_DAY = r"(?:(?<=日)|(?<=日の)|(?<=曜)|(?<=曜の)|(?<=毎)|(?<=後の))"
ALONE = r"(?=に|まで|、|,|一番|1番|いち|イチ|から|ごろ|頃|\s|$)"  # 「朝に」, but neither 「朝会」 nor 「夜間」
PARTS_OF_DAY = (
    (r"\bmidnight\b", END_OF_DAY),
    (r"\b(?:noon|midday|lunch ?time)\b|正午|お昼(?!過ぎ|休)", time(12)),
    (r"昼過ぎ|\b(?:in the|tomorrow|\w+day) afternoon\b", time(13)),
    (r"\bthis afternoon\b", time(15)),
    (r"夕方", time(17)),
    (r"\b(?:in the|this|tomorrow|\w+day) evening\b|\b(?:end of (?:the )?(?:business )?day|eod|cob)\b", time(18)),
    (rf"\b(?:in the|this|tomorrow|\w+day) morning\b|\bfirst thing\b|明朝|翌朝|{OF_A_DAY}朝|朝{ALONE}", time(9)),
    (rf"{OF_A_DAY}昼|昼{ALONE}", time(12)),
    (rf"\b(?:at night|tonight|tomorrow night|\w+day night)\b|今夜|今晩|{OF_A_DAY}[夜晩]|[夜晩]{ALONE}", time(20)),
)  # fmt: skip
HOUR_JA = re.compile(
    r"(午前|午後|早朝|朝|昼|夜|夕方|深夜|am|pm)?の?\s*(?<!\d)(\d{1,2})時(?!間|代|点|期)(?:(\d{1,2})分|(半))?"
)
DIGITAL = re.compile(r"(午前|午後|朝|夜)?の?\s*(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])\s*(am|pm|a\.m\.|p\.m\.)?")
WITH_HALF = re.compile(r"(?<![\d.])\b(\d{1,2}) ?(am|pm|a\.m\.|p\.m\.)(?!\w)")
PAST_TO = re.compile(rf"\b(half past|quarter past|quarter to) {NUMBER}\b")
O_CLOCK = re.compile(rf"\b{NUMBER} o'?clock\b")
# "at 9 to call", but neither "look at 3 files" nor "at one place".
BARE = re.compile(
    rf"\b(?<!look )(?<!looking )(?:at|by|before|until|around) {NUMBER}(?= *(?:[,.;!?]|$)| (?:to|on|in the|today|"
    r"tomorrow|tonight|sharp|and|that|with|about|i|we|please|this|next|for|so|every|remind|if)\b)"
)
EVENING = re.compile(r"\b(?:afternoon|evening|tonight|night)\b|今夜|今晩|夕方")
EARLY = re.compile(r"\b(?:morning|wake|alarm|breakfast|early)\b|起こ|起き|目覚|早朝|朝|アラーム")


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour of the day; `open` when the text does not say whether it is before or after noon."""

    at: time
    open: bool = False


def find_clock(plain: str) -> Clock | None:
    """The first hour in normalised text, or None."""
    if match := HOUR_JA.search(plain):
        return _clock(plain, int(match[2]), 30 if match[4] else int(match[3] or 0), match[1])
    if match := DIGITAL.search(plain):
        padded = match[2].startswith("0")
        return _clock(plain, int(match[2]), int(match[3]), "am" if padded else match[4] or match[1])
    if match := WITH_HALF.search(plain):
        return _clock(plain, int(match[1]), 0, match[2])
    if match := PAST_TO.search(plain):
        hour = int(to_number(match[2]))
        minute = {"half past": 30, "quarter past": 15, "quarter to": 45}[match[1]]
        return _clock(plain, (hour or 24) - 1 if minute == 45 else hour, minute, None)
    if match := O_CLOCK.search(plain) or BARE.search(plain):
        return _clock(plain, int(to_number(match[1])), 0, None)
    return next((Clock(at) for words, at in PARTS_OF_DAY if re.search(words, plain)), None)


def _clock(plain: str, hour: int, minute: int, half: str | None) -> Clock | None:
    """The hour on the 24-hour clock; `half` is the half of the day that the text states with it."""
    if hour > 24 or minute > 59:
        return None
    if hour == 24:
        return Clock(END_OF_DAY)
    if half is None and EVENING.search(plain):
        half = "pm"
    if half in ("pm", "p.m.", "午後", "夜", "夕方") and hour < 12:
        return Clock(time(hour + 12, minute))
    if half == "昼" and hour < 6:
        return Clock(time(hour + 12, minute))
    if half in ("am", "a.m.", "午前", "深夜", "早朝") and hour == 12:
        return Clock(time(0, minute))
    if half is not None or hour == 0 or hour >= 12:
        return Clock(time(hour, minute))
    if EARLY.search(plain):
        return Clock(time(hour, minute))
    return Clock(time(hour + 12, minute)) if hour <= LATEST_SMALL_HOUR else Clock(time(hour, minute), open=True)
