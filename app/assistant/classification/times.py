"""Times said in Japanese or English, as moments in the speaker's own time zone."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MORNING = time(9, 0)
END_OF_DAY = time(23, 59)
WORKDAYS_LAST = 4  # Friday: what is wanted "by next week" is wanted before that week's weekend

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "a": 1, "an": 1,
}  # fmt: skip
NUMBER = r"(\d{1,4}|" + "|".join(NUMBERS) + ")"
WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS_JA = "月火水木金土日"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
KANJI_DIGITS = str.maketrans("一二三四五六七八九〇", "1234567890")
PARTS_OF_DAY = {
    "in the morning": time(9), "this morning": time(9), "at noon": time(12), "noon": time(12),
    "in the afternoon": time(13), "this afternoon": time(15), "in the evening": time(18), "this evening": time(18),
    "at night": time(20), "tonight": time(20), "midnight": END_OF_DAY, "end of day": time(18), "eod": time(18),
    "正午": time(12), "明朝": time(9), "朝": time(9), "昼": time(12), "夕方": time(17), "今夜": time(20),
    "今晩": time(20), "夜": time(20), "晩": time(20),
}  # fmt: skip
DEADLINE = re.compile(r"\b(by|before|until|no later than|due|deadline)\b|まで|中に|以内|締め?切り?|期限", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaidTime:
    """`at` is aware; `deadline` tells "by Friday" from "on Friday"; `clock` whether an hour was said."""

    at: datetime
    deadline: bool
    clock: bool


def normalise(text: str) -> str:
    """Half-width digits, lower case, and kanji numerals up to 99 as digits."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"([二三四五六七八九])?十([一二三四五六七八九])?(?=[時分日月週年])", _kanji_tens, plain)
    return re.sub(r"[一二三四五六七八九](?=時|分|日後|日|月|週間|時間)", lambda m: m[0].translate(KANJI_DIGITS), plain)


def _kanji_tens(match: re.Match[str]) -> str:
    tens, ones = ((part or "").translate(KANJI_DIGITS) for part in match.groups())
    return str(int(tens or 1) * 10 + int(ones or 0))


def _number(said: str) -> int:
    return NUMBERS[said] if said in NUMBERS else int(said)


def find_time(text: str, now: datetime) -> SaidTime | None:
    """The time that the text speaks of, never before `now`, or None. `now` is aware, in the speaker's zone."""
    plain = normalise(text)
    deadline = DEADLINE.search(plain) is not None
    if (moment := _from_now(plain, now)) is not None:
        return SaidTime(moment, deadline, clock=True)
    day, clock = _find_day(plain, now.date(), deadline), _find_clock(plain)
    if day is None and clock is None:
        return None
    try:
        at = datetime.combine(day or now.date(), clock or (END_OF_DAY if deadline else MORNING), now.tzinfo)
        if at <= now and day is None:
            at += timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    if at <= now:  # "today" at nine, said at ten: the day has no morning left
        at = datetime.combine(at.date(), END_OF_DAY, now.tzinfo)
    return SaidTime(at, deadline, clock is not None) if at > now else None


UNITS = {"minute": 60, "min": 60, "hour": 3600, "hr": 3600, "day": 86400, "week": 604800}
UNITS_JA = {"分": 60, "時間": 3600, "日": 86400, "週間": 604800}


def _from_now(plain: str, now: datetime) -> datetime | None:
    """in twenty minutes, 30分後, within two days, 半時間後."""
    if re.search(r"\bin half an hour\b|半時間後", plain):
        return now + timedelta(minutes=30)
    if match := re.search(rf"\b(?:in|within|after) {NUMBER} (minute|min|hour|hr|day|week)s?\b", plain):
        seconds = _number(match[1]) * UNITS[match[2]]
    elif match := re.search(r"(\d{1,4})(分|時間|日|週間)(半)?(?:後|以内|したら|経ったら|たったら)", plain):
        seconds = int(match[1]) * UNITS_JA[match[2]] + (UNITS_JA[match[2]] // 2 if match[3] else 0)
    else:
        return None
    try:
        return now + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _weekday(today: date, weekday: int, weeks: int | None) -> date:
    """That weekday of the week `weeks` from this one; without `weeks` the next one that comes, today excepted."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=weeks)


def _future(today: date, month: int, day: int) -> date | None:
    """The next time this month and day come round."""
    for year in range(today.year, today.year + 9):
        try:
            if (found := date(year, month, day)) >= today:
                return found
        except ValueError:
            continue
    return None


def _month_end(today: date, months: int) -> date:
    first = date(today.year + (today.month + months) // 12, (today.month + months) % 12 + 1, 1)
    return first - timedelta(days=1)


def _first_of_next_month(today: date, deadline: bool) -> date:
    return _month_end(today, 1) if deadline else _month_end(today, 0) + timedelta(days=1)


def _week(today: date, weeks: int, deadline: bool) -> date:
    return _weekday(today, WORKDAYS_LAST if deadline else 0, weeks)


DayRule = Callable[[re.Match[str], date, bool], date | None]
WEEKS_JA = {"今週": 0, "来週": 1, "再来週": 2, None: None, "次": None}
DAY_RULES: tuple[tuple[str, DayRule], ...] = (
    (r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|(\d{4})年(\d{1,2})月(\d{1,2})日", lambda m, today, _: _iso(m)),
    (r"(\d{1,2})月(\d{1,2})日", lambda m, today, _: _future(today, int(m[1]), int(m[2]))),
    (
        rf"\b{MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b",
        lambda m, today, _: _future(today, MONTHS.index(m[1]) + 1, int(m[2])),
    ),
    (
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}\b",
        lambda m, today, _: _future(today, MONTHS.index(m[2]) + 1, int(m[1])),
    ),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])", lambda m, today, _: _future(today, int(m[1]), int(m[2]))),
    (r"\bday after tomorrow\b|明後日|あさって", lambda m, today, _: today + timedelta(days=2)),
    (r"\btomorrow\b|明日|あした|明朝|翌日|翌朝", lambda m, today, _: today + timedelta(days=1)),
    (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b|今日|本日|今夜|今晩", lambda m, today, _: today),
    (
        rf"\b(next|this|on|by|until|before|coming|every)? ?({'|'.join(WEEKDAYS_EN)})\b",
        lambda m, today, _: _weekday(today, WEEKDAYS_EN.index(m[2]), 1 if m[1] == "next" else None),
    ),
    (
        rf"(?:(再来週|来週|今週|次)の?)?([{WEEKDAYS_JA}])曜",
        lambda m, today, _: _weekday(today, WEEKDAYS_JA.index(m[2]), WEEKS_JA[m[1]]),
    ),
    (r"\bend of (?:the |this )?week\b|今週中|今週末|週末|\bthis week\b", lambda m, today, _: _weekday(today, 4, 0)),
    (r"再来週|\bin two weeks\b", lambda m, today, deadline: _week(today, 2, deadline)),
    (r"\bnext week\b|来週|翌週", lambda m, today, deadline: _week(today, 1, deadline)),
    (r"\bend of (?:the |this )?month\b|今月末|月末|今月中", lambda m, today, _: _month_end(today, 0)),
    (r"来月末", lambda m, today, _: _month_end(today, 1)),
    (r"\bnext month\b|来月", lambda m, today, deadline: _first_of_next_month(today, deadline)),
)


def _iso(match: re.Match[str]) -> date | None:
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _find_day(plain: str, today: date, deadline: bool) -> date | None:
    for pattern, rule in DAY_RULES:
        if match := re.search(pattern, plain):
            try:
                day = rule(match, today, deadline)
            except (ValueError, OverflowError):
                continue
            # What is left of this week may be nothing: then the end of it is meant, or the next one.
            if day is not None:
                return day if day >= today else day + timedelta(days=7)
    return None


def _find_clock(plain: str) -> time | None:
    if match := re.search(r"(午前|午後|朝|夜|夕方|am|pm)?の?\s*(?<!\d)(\d{1,2})時(?!間)(?:(\d{1,2})分|(半))?", plain):
        return _clock(int(match[2]), 30 if match[4] else int(match[3] or 0), match[1])
    if match := re.search(r"(午前|午後)?\s*(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])\s*(am|pm|a\.m\.|p\.m\.)?", plain):
        return _clock(int(match[2]), int(match[3]), match[4] or match[1])
    if match := re.search(r"\b(\d{1,2}) ?(am|pm|a\.m\.|p\.m\.)(?!\w)", plain):
        return _clock(int(match[1]), 0, match[2])
    if match := re.search(rf"\bat {NUMBER}(?: o'?clock)?\b(?! (?:percent|least|most|times))", plain):
        evening = re.search(r"\b(?:afternoon|evening|tonight)\b", plain)
        return _clock(_number(match[1]), 0, "pm" if evening else None)
    for words, clock in PARTS_OF_DAY.items():
        if re.search(rf"\b{words}\b" if words.isascii() else words, plain):
            return clock
    return None


def _clock(hour: int, minute: int, half: str | None) -> time | None:
    if half in ("pm", "p.m.", "午後", "夜", "夕方") and hour < 12:
        hour += 12
    if half in ("am", "a.m.", "午前") and hour == 12:
        hour = 0
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None
