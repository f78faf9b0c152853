"""Leaves out one time of a repeating item, or a weekday: "skip Thursday's reminder", 「来週の定例は飛ばして」."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.assistant.record import KnownIntent
from app.assistant.rules.matching import find
from app.assistant.rules.sentence import Sentence, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.targets import ITEM, MOST_CANDIDATES, REMINDER, WHY, latest_of, named
from app.assistant.rules.terms import terms_of
from app.language.catalogue import stored_text
from app.language.data import any_of, read_data
from app.language.times.reading import Reading, Recurrence, Time, read_time
from app.tools.calls import ToolCall
from sql.errors import BadUserInput
from sql.recurrence import WEEKDAYS, next_occurrence

DATA = read_data(__file__, "skips.toml")
SKIPS, STOPS, ENDS, ONCE, WEEK, WEEKDAY, OF_DAY, FILLER, FROM_THEN = (
    re.compile(any_of(DATA[name]), re.IGNORECASE)
    for name in ("skips", "stops", "ends", "once", "week", "weekday", "of_day", "filler", "from_then")
)
BY_DAY = re.compile(r"FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)")
DAILY = "FREQ=DAILY"
# Weekends or weekdays, without an hour of their own.
GROUP = re.compile(r"(?P<end>土日|週末|\bweekends?\b)|平日|\bweekdays\b", re.IGNORECASE)
REASON = re.compile(
    r"(?:ので|から|ため|んで|し)$|^(?:since|because|as)\b|\b(?:off|away|out|on holiday|on vacation)\b", re.I
)
MOST_DAYS = 14
SURE = 0.6


def read_skip(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call that leaves out a time or a weekday; None when the sentence asks for none.

    An empty list: it asks for one, but no repeating item has such a time.
    """
    sentence = _with_reason(sentence, situation)
    skips = SKIPS.search(sentence.core) is not None
    if not skips and (STOPS.search(sentence.core) is None or FROM_THEN.search(sentence.core)):
        return None
    now = situation.now
    reading = read_time(sentence.core, now, zone_name(now))
    strict = skips or GROUP.search(sentence.core) is not None or _of_one_day(sentence, reading)
    if not strict and not (isinstance(reading, Time) and WEEKDAY.search(sentence.core)):
        return None
    repeating = [each for each in situation.record.open_intents if each.recurrence and each.due_at]
    if not strict:  # "the Thursday gym reminder" is the whole reminder unless it has other days
        repeating = [each for each in repeating if len(_days_of(each)) > 1]
    clause = _clause(sentence)
    wanted = FILLER.sub(" ", without(clause, read_time(clause, now, zone_name(now))))
    found = _named(wanted, repeating)
    if found is None:
        return [] if strict and _names_item(sentence) else None
    if isinstance(reading, Recurrence) or GROUP.search(sentence.core) or (not skips and _ends_weekday(sentence)):
        return _without_weekday(_weekdays(sentence, reading), found, situation)
    return _without_days(sentence, reading, found, situation, sure=skips or _is_specific(sentence))


def _with_reason(sentence: Sentence, situation: Situation) -> Sentence:
    """The day may be in the reason before it: 「来週は休みなので、朝会のリマインドはなしで」."""
    before = situation.earlier[-1] if situation.earlier else None
    if before is None or situation.calls or not REASON.search(before.core) or sentence.time(situation.now) is not None:
        return sentence
    day = before.time(situation.now)
    if not isinstance(day, Time):
        return sentence
    said = "".join(before.text[start:end] for start, end in day.spans)
    return replace(sentence, core=f"{said}、{sentence.core}" if sentence.japanese else f"{sentence.core} {said}")


def _clause(sentence: Sentence) -> str:
    """The part that names the item, without a reason before or after it: "I'm off on Thursday, skip the daily log"."""
    asks = SKIPS.search(sentence.core)
    if asks is not None and asks[0][:1] in ",;":
        return sentence.core[asks.end() :]
    return WHY.split(sentence.core, maxsplit=1)[0]


def names_skipped(sentence: Sentence, now: datetime) -> bool:
    """Whether it asks to leave out a time of an item; without such an item it is no request for a new one."""
    if not _names_item(sentence):
        return False
    if SKIPS.search(sentence.core) is not None:
        return True
    if STOPS.search(sentence.core) is None:
        return False
    reading = read_time(sentence.core, now, zone_name(now))
    return GROUP.search(sentence.core) is not None or _of_one_day(sentence, reading)


def _names_item(sentence: Sentence) -> bool:
    return ITEM.search(sentence.core) is not None or REMINDER.search(sentence.core) is not None


def _of_one_day(sentence: Sentence, reading: Reading | None) -> bool:
    """ "Thursday's reminder", 「木曜の分」, "no reminder tomorrow": the day says which time is meant."""
    if isinstance(reading, Recurrence):
        return WEEKDAY.search(sentence.core) is not None
    return isinstance(reading, Time) and (OF_DAY.search(sentence.core) is not None or _is_specific(sentence))


def _is_specific(sentence: Sentence) -> bool:
    return ONCE.search(sentence.core) is not None


def _ends_weekday(sentence: Sentence) -> bool:
    """「木曜の分はもう要らない」 ends all Thursdays; 「今週の木曜の分は要らない」 is one."""
    return ENDS.search(sentence.core) is not None and not _is_specific(sentence)


def _named(wanted: str, repeating: Sequence[KnownIntent]) -> list[KnownIntent] | None:
    """The repeating items that the words name; all of them without words; None when the words name nothing."""
    if not terms_of(wanted):
        return list(repeating) or None
    found = find(wanted, repeating, named, sure=SURE)
    several = [found.one] if found.one is not None else list(found.several)
    return several or None


def _weekdays(sentence: Sentence, reading: Reading | None) -> set[str]:
    if group := GROUP.search(sentence.core):
        return set(WEEKDAYS[5:] if group["end"] else WEEKDAYS[:5])
    if isinstance(reading, Recurrence) and (match := BY_DAY.fullmatch(reading.rule)):
        return set(match[1].split(","))
    return {WEEKDAYS[reading.at.weekday()]} if isinstance(reading, Time) else set()


def _without_weekday(weekdays: set[str], items: Sequence[KnownIntent], situation: Situation) -> list[ToolCall] | None:
    """One weekday of a weekly or daily repetition ends; when it is the only one, the end of all is only proposed."""
    fitting = [each for each in items if weekdays and weekdays & _days_of(each)]
    one = _one_of(fitting, situation)
    if one is None:
        return _choose([each for each in fitting if weekdays < _days_of(each)], {}) if fitting else []
    left = [day for day in WEEKDAYS if day in _days_of(one) - weekdays]
    if not left:
        doubt = stored_text("assistant.probably_this")
        return [call("cancel_intent", {"id": str(one.id)}, propose=doubt)]
    rule = f"FREQ=WEEKLY;BYDAY={','.join(left)}"
    first = _first_after(left, one, situation.now)
    return [call("update_intent", {"id": str(one.id), "dueAt": first.isoformat(), "recurrence": rule})]


def _days_of(intent: KnownIntent) -> set[str]:
    if intent.recurrence == DAILY:
        return set(WEEKDAYS)
    match = BY_DAY.fullmatch(intent.recurrence or "")
    return set(match[1].split(",")) if match else set()


def _first_after(weekdays: Sequence[str], intent: KnownIntent, now: datetime) -> datetime:
    """The first time on one of the weekdays that is not before the pending one, at its hour."""
    due = _due(intent, now)
    days = [due + timedelta(days=ahead) for ahead in range(7)]
    return next(each for each in days if WEEKDAYS[each.weekday()] in weekdays)


def _without_days(
    sentence: Sentence, reading: Reading | None, items: Sequence[KnownIntent], situation: Situation, *, sure: bool
) -> list[ToolCall] | None:
    """One time is left out, or those of a week that is named; without a day the next one."""
    days = {each.id: _days_meant(sentence, reading, each, situation.now) for each in items}
    fitting = [each for each in items if days[each.id]]
    one = _one_of(fitting, situation)
    if one is None:
        return _choose(fitting, {"skip": [each.isoformat() for each in days[fitting[0].id]]}) if fitting else []
    only = len(_days_of(one)) == 1 and not sure
    propose = stored_text("assistant.probably_this") if only else None
    skipped = [each.isoformat() for each in days[one.id]]
    return [call("update_intent", {"id": str(one.id), "skip": skipped}, propose=propose)]


def _days_meant(sentence: Sentence, reading: Reading | None, intent: KnownIntent, now: datetime) -> list[date]:
    """The days of the item that the sentence names."""
    coming = _coming(intent, now)
    if not isinstance(reading, Time):
        return coming[:1] if reading is None else []
    if WEEK.search(sentence.core) and not WEEKDAY.search(sentence.core):
        monday = reading.at.date() - timedelta(days=reading.at.weekday())
        return [each for each in coming if monday <= each < monday + timedelta(weeks=1)]
    return [each for each in coming if each == reading.at.date()]


def _coming(intent: KnownIntent, now: datetime) -> list[date]:
    """The days of the next times of an item."""
    zone = ZoneInfo(zone_name(now))
    due, rule, days = _due(intent, now), intent.recurrence or "", list[date]()
    following: tuple[datetime, str] | None = (due, rule)
    while following is not None and len(days) < MOST_DAYS * 2:
        day = following[0].astimezone(zone).date()
        days += [day] if day not in days else []
        try:
            end = datetime.combine(day, time(23, 59, 59), zone)
            following = next_occurrence(following[1], following[0], zone, max(end, now))
        except BadUserInput:
            break  # a rule that only an imported file can contain
    return days


def _due(intent: KnownIntent, now: datetime) -> datetime:
    return (intent.due_at or now).astimezone(now.tzinfo)


def _one_of(items: Sequence[KnownIntent], situation: Situation) -> KnownIntent | None:
    """The only one, or of several the one that the conversation last dealt with."""
    if len(items) == 1:
        return items[0]
    latest = latest_of(situation, list(items)) if items else None
    last = situation.record.actions[-1].subject_id if situation.record.actions else None
    return latest if latest is not None and latest.id == last else None


def _choose(items: Sequence[KnownIntent], arguments: Mapping[str, object]) -> list[ToolCall] | None:
    if not items:
        return None
    return [call("update_intent", arguments, candidates=[each.id for each in items[:MOST_CANDIDATES]])]
