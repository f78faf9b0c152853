"""Finds a time in Japanese or English text, as a moment in the time zone of the user."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.language.clock_times import END_OF_DAY, NUMBER, Clock, find_clock, normalise, to_number
from app.language.data import read_data
from app.language.days import find_day

MORNING = time(9, 0)
HALF_A_DAY = timedelta(hours=12)
# The time of a deadline is next to the word for it: 「9時から会議なので15時までに」 means 15時.
DEADLINE_EN = re.compile(
    r"\b(?:by|before|until|no later than|due(?: on| by)?|deadline(?: is)?)\b"
    r"((?::? (?!(?:and|then|so|but|or)\b)[^\s,;]+,?){1,8})"
)
DEADLINE_JA = re.compile(r"([^、。,]{1,20}?)(?:まで|以内|中に|いっぱい|締め?切)")
ANOTHER_CLAUSE = re.compile(r"^.*(?:から|ので|けど|して|たら)(?=.*\d|.*[日曜週月末])")
DEADLINE_AFTER_JA = re.compile(r"(?:締め?切り?|期限|デッドライン|納期)(?:は|が|を|:)?\s*([^、。]{1,16})")
PAST = re.compile(
    r"(?:一昨日|おととい|昨日|昨夜|昨晩|今朝|先日|先週|先月|昨年|去年)の?(?:[月火水木金土日]曜日?)?の?"
    r"(?:(?:朝|昼|夜|晩|夕方|午前|午後)の?)?(?:\d{1,2}時(?:\d{1,2}分|半)?)?|"
    r"(?:(?:at|around) \d{1,2}(?::\d{2})?(?: ?[ap]m)? )?\b(?:yesterday|last (?:night|week|month|year|\w+day))\b"
    r"(?:'s \w+)?(?: (?:morning|afternoon|evening|night))?(?: (?:at|around) \d{1,2}(?::\d{2})?(?: ?[ap]m)?)?|"
    r"\b[\w.]+ (?:second|minute|hour|day|week|month|year)s? ago\b|"
    r"\d+(?:秒|分|時間|日|週間|[かヶカ]?月|年)前(?=の|に(?:起き|発生))"
)
TIMES = read_data(__file__, "times.toml")
UNITS: dict[str, int] = TIMES["seconds"]
UNITS_JA: dict[str, int] = TIMES["seconds_ja"]
IN_ENGLISH = re.compile(rf"\bin {NUMBER} (sec|second|minute|min|hour|hr|day|week)s?( and a half)?(?!\w)")
FROM_NOW = re.compile(rf"\b{NUMBER} (minute|min|hour|hr|day|week)s? from (?:now|today)\b")
# "The request must end within 5 seconds" states no time, but "within two days" does.
WITHIN = re.compile(rf"\bwithin (?:the next )?{NUMBER} (hour|hr|day|week)s?\b")
LATER_JA = re.compile(r"(\d{1,4}(?:\.\d)?)(秒|分|時間|日|週間)(半)?(?:後|したら|経ったら|たったら)")
WITHIN_JA = re.compile(r"(\d{1,4})(時間|日|週間)(半)?以内")
MONTHS_ON = re.compile(rf"\bin {NUMBER} months?\b|(\d{{1,2}})[かヶカ]月後")


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time in a text: `at` is aware, `deadline` is true for "by Friday", `clock` when the text states an hour."""

    at: datetime
    deadline: bool
    clock: bool


def find_time(text: str, now: datetime, *, deadline: bool | None = None) -> StatedTime | None:
    """The first time in the text that is not before `now`, or None. `now` is aware and in the zone of the user.

    A day without an hour means 09:00, or 23:59 for a deadline. `deadline` applies when the text does not say which
    of the two it means ("by", 「まで」).
    """
    plain = PAST.sub(" ", normalise(text))
    try:
        for phrase in _deadline_phrases(plain):
            if found := _read(phrase, now, deadline=True if deadline is None else deadline):
                return found
        return _read(plain, now, deadline=bool(deadline))
    except (ValueError, OverflowError):
        return None  # a date beyond year 9999


def _deadline_phrases(plain: str) -> list[str]:
    found = [match[1] for pattern in (DEADLINE_EN, DEADLINE_AFTER_JA) if (match := pattern.search(plain))]
    # Each phrase keeps its word: 「5日まで」 is a day, 「5日」 may be a duration, and "by 5" is an hour.
    found = [f"by{phrase}" if phrase.startswith(" ") else phrase for phrase in found]
    return found + [ANOTHER_CLAUSE.sub("", match[0]) for match in DEADLINE_JA.finditer(plain)]


def _read(plain: str, now: datetime, *, deadline: bool) -> StatedTime | None:
    if (moment := _from_now(plain, now)) is not None:
        return StatedTime(moment, deadline, clock=True)
    day, clock = find_day(plain, now.date(), deadline=deadline), find_clock(plain)
    if day is None and clock is None:
        return None
    at = _combine(day, clock, now, deadline)
    return StatedTime(at, deadline, clock is not None) if at is not None else None


def _combine(day: date | None, clock: Clock | None, now: datetime, deadline: bool) -> datetime | None:
    """The first moment after `now` that the day and the hour may mean."""
    hour = clock.at if clock else END_OF_DAY if deadline else MORNING
    at = _moment(day or now.date(), hour, now)
    if _after(at, now):
        return at
    if day is None:
        return _moment(now.date() + timedelta(days=1), hour, now)
    later = _moment(day, (datetime.combine(day, hour) + HALF_A_DAY).time(), now)
    if clock and clock.open and _after(later, now):
        return later
    # "Today" without an hour, or with a past one, means the rest of the day.
    at = _moment(day, END_OF_DAY, now)
    return at if _after(at, now) else None


def _moment(day: date, hour: time, now: datetime) -> datetime:
    """The moment; an hour that daylight saving time skips is moved to the hour that clocks show instead."""
    return datetime.combine(day, hour, now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)


def _after(at: datetime, now: datetime) -> bool:
    # Python compares two times of one zone by their local time, which is wrong in the repeated hour of autumn.
    return at.astimezone(UTC) > now.astimezone(UTC)


def _from_now(plain: str, now: datetime) -> datetime | None:
    """A time relative to now: in twenty minutes, 30分後, within two days, 半時間後, in two months."""
    if re.search(r"\bin half an hour\b|半時間後", plain):
        return _later(now, 1800)
    if match := IN_ENGLISH.search(plain) or FROM_NOW.search(plain) or WITHIN.search(plain):
        half = 0.5 if match.lastindex == 3 else 0
        return _later(now, (to_number(match[1]) + half) * UNITS[match[2]])
    if match := LATER_JA.search(plain) or WITHIN_JA.search(plain):
        return _later(now, (float(match[1]) + (0.5 if match[3] else 0)) * UNITS_JA[match[2]])
    if match := MONTHS_ON.search(plain):
        months = int(to_number(match[1] or match[2]))
        after = now.year * 12 + now.month - 1 + months
        day = min(now.day, 28)
        return _moment(date(after // 12, after % 12 + 1, day), now.time(), now)
    return None


def _later(now: datetime, seconds: float) -> datetime:
    """Whole days keep the local time when daylight saving time changes; other durations are exact."""
    if seconds % 86400 == 0:
        return _moment(now.date() + timedelta(seconds=seconds), now.time(), now)
    return (now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(now.tzinfo)
