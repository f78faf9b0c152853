"""Reads the time, or the repetition, that a Japanese or English text states."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.language.times.hours import NotRead
from app.language.times.moments import is_after, moment_of
from app.language.times.parts import Clock, Day, Join, Part, PartOfDay, Relation, Repeat, Shift, Unread
from app.language.times.repeats import occurrences_of, several_occurrences_of
from app.language.times.scan import Group, Plain, group, normalise, scan

MOST_PARTS = 24  # a longer list of times has no single meaning
Spans = tuple[tuple[int, int], ...]
# Small hours are in the morning when someone is woken: "wake me at 5".
EARLY = re.compile(r"\b(?:wake|alarm|breakfast)\b|起こ|起き|目覚|アラーム")
AWAKE = (7, 8)  # hours without am or pm that are as usual in the evening as in the morning
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龯]")
# Between a time and a duration that counts back from it: 「15時の会議の10分前」.
OF_NOUN = re.compile("(?:の|から)の?[^のをに、。]{1,16}の")
# Between a week and a weekday of it: 「来週のデモは木曜」, "next week's demo is on Thursday".
OF_WEEK = re.compile(
    r"の[^のをに、]{1,16}(?:は|が)[、,]?|"
    r"'s [\w -]{1,40}? (?:is|are|will be|has been|was|got|gets|moved|moves|starts?)\b[ a-z]{0,12}"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time in the zone of the user, and the places of its words in the text (end exclusive).

    `clock`: an hour was said. `deadline`: it means the end of something ("by Friday"). `past`: it is not after now.
    """

    at: datetime
    spans: Spans
    clock: bool
    deadline: bool
    past: bool


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A repetition: an RFC 5545 RRULE value and its first time, in the zone of the user.

    `others`: further repetitions with hours of their own: "every Monday at 9 and every Thursday at 14".
    """

    rule: str
    first: datetime
    spans: Spans
    clock: bool
    others: "tuple[Recurrence, ...]" = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A time that cannot be read exactly. `words` is how the text says it; `soft`: it may mean no time at all."""

    words: str
    spans: Spans
    soft: bool = False


Reading = Time | Recurrence | NotUnderstood


def read_time(text: str, now: datetime, timezone: str, *, deadline: bool | None = None) -> Reading | None:
    """The time that the text states; None when it contains no words for a time.

    `now` is aware; `timezone` is an IANA name. A day without an hour means 09:00, or 23:59 for a deadline. `deadline`
    applies when the text does not say which of the two it means ("by", 「まで」). Of several times the first one that
    is not past counts; a deadline counts before the others unless `deadline` is False. Only the first 2,000 characters
    are read.
    """
    plain = normalise(text)
    here = now.astimezone(ZoneInfo(timezone))
    groups = _completed(_before_noun(_in_its_week(group(plain.text, scan(plain.text)), plain.text), plain.text))
    readings = [(_rank(each, deadline), _read(each, text, plain, here, deadline)) for each in groups]
    coming = [(rank, each) for rank, each in readings if not (isinstance(each, Time) and each.past)]
    if coming:
        return min(coming, key=lambda ranked: ranked[0] + 10 * _is_soft(ranked[1]))[1]
    return readings[0][1] if readings else None


def _is_soft(reading: Reading) -> bool:
    return isinstance(reading, NotUnderstood) and reading.soft


def _rank(found: Group, deadline: bool | None) -> int:
    if found.modifies or found.starts:
        return 2
    return 0 if found.deadline and deadline is not False else 1


def _read(found: Group, text: str, plain: Plain, now: datetime, deadline: bool | None) -> Reading:
    early = EARLY.search(plain.text) is not None
    parts: list[Part] = [token.part for token in found.tokens]
    if not early and not JAPANESE.search(plain.text):
        # 「7時」 is in the morning, because the evening is 19時; "at 7" is whichever comes first.
        parts = [replace(each, next=True) if isinstance(each, Clock) and each.hour in AWAKE else each for each in parts]
    spans = _spans(found, plain)
    ends = found.deadline or any(_ends(part, parts) for part in parts)
    try:
        if len(parts) > MOST_PARTS:
            raise NotRead
        if any(isinstance(part, Repeat) for part in parts):
            return _repetition(parts, now, spans, early=early)
        as_deadline = ends if deadline is None else deadline
        moment = moment_of(parts, now, deadline=as_deadline, early=early)
        return Time(moment.at, spans, moment.clock, ends or bool(deadline), not is_after(moment.at, now))
    except (ValueError, OverflowError):
        soft = all(isinstance(part, Join) or (isinstance(part, Unread) and part.soft) for part in parts)
        words = " … ".join(text[start:end] for start, end in spans)
        return NotUnderstood(words, spans, soft)


def only_one(reading: Reading | None, text: str) -> Reading | None:
    """The reading; repetitions with several hours are not understood where one item has only one."""
    if not isinstance(reading, Recurrence) or not reading.others:
        return reading
    return NotUnderstood(" … ".join(text[start:end] for start, end in reading.spans), reading.spans)


def _repetition(parts: Sequence[Part], now: datetime, spans: Spans, *, early: bool) -> Recurrence:
    """One repetition, or several with hours of their own. Raises NotRead (or another ValueError)."""
    try:
        found = [occurrences_of(parts, now, early=early)]
    except NotRead:
        found = several_occurrences_of(parts, now, early=early)
    first, *others = (Recurrence(each.rule, each.first, spans, each.clock) for each in found)
    return replace(first, others=tuple(others))


def _ends(part: Part, parts: Sequence[Part]) -> bool:
    """Whether it says that a time is an end: "within 2 days", "before noon", but not "an hour before noon"."""
    if isinstance(part, Relation):
        return part.direction < 0 and not any(isinstance(each, Shift) for each in parts)
    return isinstance(part, Shift) and part.deadline


def _spans(found: Group, plain: Plain) -> Spans:
    """The places of the group in the original text; two when its day and its hour are apart."""
    pieces: list[tuple[int, int]] = []
    for token in found.tokens:
        if (pieces and 0 <= token.start - pieces[-1][1] <= 3) or (pieces and token.start < pieces[-1][1]):
            pieces[-1] = (pieces[-1][0], max(pieces[-1][1], token.end))
        else:
            pieces.append((token.start, token.end))
    return tuple(plain.span(start, end) for start, end in pieces)


def _in_its_week(groups: Sequence[Group], text: str) -> list[Group]:
    """The groups, with a week and the weekday that is said of its noun joined: 「来週のデモは木曜の16時」."""
    if len(groups) != 2:
        return list(groups)
    week, day = groups
    days = [token.part for token in day.tokens if isinstance(token.part, Day)]
    if len(week.tokens) != 1 or len(days) != 1 or days[0].weekday is None or days[0].week is not None:
        return list(groups)
    part = week.tokens[0].part
    if not isinstance(part, Day) or part.week is None or not OF_WEEK.fullmatch(text[week.end : day.start]):
        return list(groups)
    return [Group((*week.tokens, *day.tokens), day.deadline, starts=False, modifies=False)]


def _before_noun(groups: Sequence[Group], text: str) -> list[Group]:
    """The groups, with a time and the duration before it joined: 「15時の会議の10分前」."""
    joined: list[Group] = []
    for each in groups:
        first = each.tokens[0].part
        counted = isinstance(first, Shift) and first.relative and first.anchored and first.direction < 0
        if joined and counted and OF_NOUN.fullmatch(text[joined[-1].end : each.start]):
            before = joined.pop()
            each = Group((*before.tokens, *each.tokens), before.deadline, starts=False, modifies=False)
        joined.append(each)
    return joined


def _completed(groups: Sequence[Group]) -> list[Group]:
    """The groups, with a day and an hour that are apart joined: "Tomorrow remind me to call at 3pm"."""
    plain = [each for each in groups if not each.modifies and not each.starts]
    if len(plain) != 2:
        return list(groups)
    kinds = [_kind(each) for each in plain]
    if set(kinds) != {"day", "clock"}:
        return list(groups)
    first, second = plain
    joined = Group((*first.tokens, *second.tokens), first.deadline or second.deadline, starts=False, modifies=False)
    return [joined if each is first else each for each in groups if each is not second]


def _kind(found: Group) -> str | None:
    """ "day", "clock", or None for both and for anything else."""
    parts = [token.part for token in found.tokens if not isinstance(token.part, Join)]
    if all(isinstance(part, Clock | PartOfDay) for part in parts):
        return "clock"
    return "day" if all(isinstance(part, Day | Repeat) or _is_days(part) for part in parts) else None


def _is_days(part: Part) -> bool:
    return isinstance(part, Shift) and part.direction == 1 and part.unit not in ("second", "minute", "hour")
