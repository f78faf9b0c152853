"""Moves an item to another time: "move the review to Friday", "snooze it by an hour", 「1時間後ろにずらして」."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from app.assistant.record import KnownIntent
from app.assistant.rules.matching import Found, find, find_probable
from app.assistant.rules.sentence import Sentence, moment, unread, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.targets import (
    DATA,
    ITEM,
    LAST,
    LETS,
    checked,
    counted_of,
    meant_by_it,
    named,
    patterns,
    pool_of,
    said,
    target_of,
)
from app.assistant.rules.terms import terms_of
from app.language.catalogue import StoredText, stored_text
from app.language.numerals import english_number, japanese_number
from app.language.times.reading import Reading, Recurrence, Time, only_one, read_time
from app.tools.calls import ToolCall

UNITS = {
    "m": "minutes", "h": "hours", "d": "days", "w": "weeks", "分": "minutes", "時": "hours", "日": "days", "週": "weeks",
}  # fmt: skip
CORRECTION = re.compile(r"^(?:やっぱり?|やはり|actually|sorry|no|いや|すみません|wait)[、,\s]*", re.IGNORECASE)
VERBS = re.compile(DATA["move"]["verbs"], re.IGNORECASE)
# "The allergy one is urgent, it has to be finished by six": the second clause speaks of the same item.
TWO_CLAUSES = re.compile(DATA["move"]["two_clauses"], re.IGNORECASE)
SAYS_HALF = re.compile(DATA["move"]["half"], re.IGNORECASE)
SAME_HOUR = re.compile(r"の?同じ(?:時間|時刻)(?:帯)?|,? ?(?:at )?(?:the )?same (?:time|hour)\b", re.IGNORECASE)
HALF_DAY = timedelta(hours=12)
UNTIL = re.compile(r"\b(?:to|until|till)\b|まで(?:延|伸|待)", re.IGNORECASE)
HINT = re.compile(DATA["move"]["hint"], re.IGNORECASE)
DATES_ONLY = re.compile(r"(?:お願い(?:します|いたします)?|まで(?:に|で)?)$")
OLD_TIME = re.compile(
    r"[^、,はを]{1,12}?(?:じゃなくて?|ではなくて?|でなくて?)[、,]?|,? (?:instead of|rather than|not) (?:on |at )?[\w:]+(?: ?[ap]m)?(?=$| )",
    re.IGNORECASE,
)
DUE = re.compile(r"\bdue\b|\bdeadline\b|期限|締め?切|まで", re.IGNORECASE)
SOONER = re.compile(DATA["shift"]["sooner"], re.IGNORECASE)
WEEKLY = re.compile(r"FREQ=WEEKLY;BYDAY=[A-Z]{2}")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES_DAY = re.compile(
    r"day\b|tomorrow|tonight|\bweek|month|\d(?:st|nd|rd|th)\b|曜|今日|明日|明後日|あさって|来週|再来週|月|日|"
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    r"[月火水木金土日]曜日?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE
)
OTHER_DAY = re.compile(
    r"\b(?:next|this|tomorrow|today|week|month|\d+(?:st|nd|rd|th))\b|来週|今週|再来週|翌週|次の|今度|明日|今日|明後日|\d月|\d日|\d/\d",
    re.IGNORECASE,
)
LATER = re.compile(
    r"延期|延ばし|伸ばし|遅らせ|後ろ倒し|先送り|繰り下げ|ずれ込|\b(?:postpon|push|delay|put off|defer|slip)",
    re.IGNORECASE,
)
OFTEN = re.compile(
    r"(?<=the )(?:daily|weekly|monthly|yearly)\b|(?<=my )(?:daily|weekly|monthly|yearly)\b|毎[日週月年朝晩]の(?=[^0-9月火水木金土日])",
    re.IGNORECASE,
)
WEEKDAYS = re.compile(
    r"(?:only )?(?:on )?\bweekdays(?: only)?\b|\bonly weekdays\b|(?P<ja>平日(?:だけ|のみ)(?:に)?)", re.IGNORECASE
)
ARTICLE = re.compile(r"^(?:the|my|our) ", re.IGNORECASE)
OF_ITEM = re.compile(r"の(?:期限|時間|日時|リマインダー|リマインド|予定|締め?切り)?$")


def read_move(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call that changes the time of an item; None when the sentence asks for no such change."""
    return _shift(sentence, situation) or _named(sentence, situation) or _move(sentence, situation)


def moves_nothing(sentence: Sentence, now: datetime) -> bool:
    """Whether it moves something to a time, which is no new task when no item fits."""
    if VERBS.search(sentence.core) is None:
        return False
    here = sentence.time(now)
    if not isinstance(here, Time | Recurrence) or (
        isinstance(here, Time) and here.deadline and not UNTIL.search(sentence.core)
    ):
        return False
    rest = re.sub(r"\s+", " ", CORRECTION.sub("", without(sentence.core, here))).strip()
    return said("move", sentence, rest) is not None


def shifts(sentence: Sentence) -> bool:
    """Whether it moves something by an amount of time: "push the review back by two days"."""
    plain = CORRECTION.sub("", sentence.core)
    matches = (each.fullmatch(plain) for each in patterns("shift", "japanese" if sentence.japanese else "english"))
    return any(match is not None and match["what"] for match in matches)


def _named(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """An item whose name contains a time: "move the 3pm reminder to 4pm"."""
    plain = LETS.sub("", OLD_TIME.sub("", CORRECTION.sub("", SAME_HOUR.sub("", sentence.core))))
    timed = [each for each in situation.record.open_intents if each.due_at is not None]
    for pattern in patterns("move", "named_japanese" if sentence.japanese else "named_english"):
        match = pattern.fullmatch(plain)
        if match is None or not timed:
            continue
        when = read_time(match["when"], situation.now, zone_name(situation.now))
        found = target_of(match["what"], situation, pool_of(match["what"], timed))
        if found.one is None or moment(when) is None or when is None:
            return None
        due = new_time(found.one, replace(sentence, core=match["when"]), when, situation.now)
        if due is not None:
            rule = rule_after(found.one, when, due)
            arguments = {"id": str(found.one.id), "dueAt": due.isoformat(), "recurrence": rule}
            return [call("update_intent", arguments, propose=_doubt_of(found))]
    return None


def _shift(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """Later or sooner by an amount of time."""
    plain = CORRECTION.sub("", sentence.core)
    for pattern in patterns("shift", "japanese" if sentence.japanese else "english"):
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        found = _found(match["what"].strip(" 、,のをはが"), situation)
        if found.one is None or found.one.due_at is None:
            return None
        step = _step(match["count"], match["unit"])
        due = found.one.due_at.astimezone(situation.now.tzinfo)
        if match.groupdict().get("anew") is not None:
            at = situation.now + step
        else:
            at = due - step if SOONER.search(plain) else due + step
        return [
            call("update_intent", {"id": str(found.one.id), "dueAt": at.isoformat()}, propose=_doubt_of(found)),
        ]
    return None


def _step(count: str, unit: str) -> timedelta:
    if count.lower() == "half an":
        return timedelta(minutes=30)
    number = english_number(count.lower()) if count.isascii() else japanese_number(count)
    return timedelta(**{UNITS[unit[0].lower()]: number})


def _move(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """To a time that is said."""
    if HINT.search(sentence.core) is None:
        return None
    sentence = replace(sentence, core=SAME_HOUR.sub("", sentence.core))
    sentence = replace(sentence, core=OLD_TIME.sub("", TWO_CLAUSES.sub(r"\g<item> ", sentence.core)))
    # In the name of an item, "monthly" is no new time; the places of the other words stay.
    sentence = replace(
        sentence, core=WEEKDAYS.sub(lambda match: "平日毎日" if match["ja"] else "every weekday", sentence.core)
    )
    plain = OFTEN.sub(lambda match: "_" * len(match[0]), sentence.core)
    here = only_one(read_time(plain, situation.now, zone_name(situation.now)), plain)
    if here is None:
        return None
    rest = re.sub(r"\s+", " ", CORRECTION.sub("", without(sentence.core, here))).strip()
    what = _moved(sentence, rest)
    if what is None:
        return None
    found = _found(what, situation, undated=DUE.search(sentence.core) is not None)
    if (
        DATES_ONLY.search(sentence.core)
        and not VERBS.search(sentence.core)
        and (found.one is None or found.one.due_at is not None)
    ):
        return None
    target = found.one or (found.several[0] if found.several else None)
    if target is None:
        return None
    due = new_time(target, replace(sentence, core=plain), here, situation.now)
    if due is None:
        doubt = stored_text("assistant.time_unread", words=unread(here) or sentence.text)
        return [call("update_intent", {"id": str(target.id)}, propose=doubt)]
    arguments = {"dueAt": due.isoformat(), "recurrence": rule_after(target, here, due)}
    if found.one is None:
        return [call("update_intent", arguments, candidates=[each.id for each in found.several])]
    return [call("update_intent", {"id": str(target.id), **arguments}, propose=_doubt_of(found))]


def _doubt_of(found: Found[KnownIntent]) -> StoredText | None:
    return stored_text("assistant.probably_this") if found.doubtful else None


def _moved(sentence: Sentence, rest: str) -> str | None:
    """What the sentence without its time names."""
    (because,) = patterns("move", "because_japanese")
    match = because.fullmatch(rest)
    return match["what"] if match else said("move", sentence, rest)


def rule_after(target: KnownIntent, reading: Reading, due: datetime) -> str | None:
    """The new repetition: a weekly one moves to the new day of the week."""
    if isinstance(reading, Recurrence):
        return reading.rule
    if target.recurrence and WEEKLY.fullmatch(target.recurrence):
        return f"FREQ=WEEKLY;BYDAY={DAYS[due.weekday()]}"
    return None


def _found(what: str, situation: Situation, *, undated: bool = False) -> Found[KnownIntent]:
    """The items that are named; without a name the one that the conversation last dealt with.

    `undated`: "it" may also be an item without a time, which gets one: "make it due on Friday".
    """
    if (counted := counted_of(what, situation)) is not None:
        return Found(one=counted)
    timed = [each for each in situation.record.open_intents if each.due_at is not None]
    wanted = ARTICLE.sub("", OF_ITEM.sub("", what))
    if not terms_of(wanted):
        if wanted and not LAST.search(what) and not ITEM.search(what):
            return Found()
        latest = meant_by_it(situation)
        if latest.one is not None and (latest.one.due_at is not None or (undated and LAST.search(wanted))):
            return latest
        return Found(one=timed[0]) if len(timed) == 1 else Found()
    found = find(wanted, pool_of(what, timed) or timed, named)
    if found.one is None and not found.several:
        found = find_probable(wanted, situation.record.open_intents, named)
    return checked(what, found, situation)


def _in_week_of(due: datetime, at: datetime, text: str, now: datetime) -> datetime:
    """A weekday alone is one near the item's day: "postpone next week's review to Thursday"."""
    if not WEEKDAY.search(text) or OTHER_DAY.search(WEEKDAY.sub("", text)) or not 0 <= (at - now).days < 7:
        return at
    if LATER.search(text) and not SOONER.search(text):
        while at.date() <= due.date():
            at += timedelta(weeks=1)
        return at
    weeks = (due - timedelta(days=due.weekday())).date() - (at - timedelta(days=at.weekday())).date()
    return at + weeks if weeks > timedelta() and not SOONER.search(text) else at


def _nearest_half(due: datetime, at: datetime, text: str, now: datetime) -> datetime:
    """Five o'clock is that half of the day that is near the item's hour: "make it five" of a reminder at half past five."""
    if at.hour in (0, 12):
        return at
    other = at - HALF_DAY if at.hour >= 12 else at + HALF_DAY
    here, there = (abs(each.hour * 60 + each.minute - due.hour * 60 - due.minute) for each in (at, other))
    sooner, later = SOONER.search(text) is not None, LATER.search(text) is not None
    if (sooner or later) and not NAMES_DAY.search(text):
        fits = [each for each in (at, other) if ((each.hour, each.minute) < (due.hour, due.minute)) == sooner]
        if len(fits) == 1:
            return fits[0]
    return other if there < here else at


def new_time(target: KnownIntent, sentence: Sentence, reading: Reading, now: datetime) -> datetime | None:
    """The time that was said: an hour alone stays on the item's day, a day alone keeps the item's hour."""
    at = moment(reading)
    if at is not None and isinstance(reading, Time) and target.due_at is None and target.intent_type != "reminder":
        return at if reading.clock else at.replace(hour=23, minute=59)  # the end of the day, as of new work
    if at is None or target.due_at is None or not isinstance(reading, Time | Recurrence):
        return at
    due = target.due_at.astimezone(now.tzinfo)
    if isinstance(reading, Recurrence):
        same = at.replace(hour=due.hour, minute=due.minute)
        return at if reading.clock or same <= now else same
    at = _in_week_of(due, at, sentence.core, now)
    if reading.clock and not SAYS_HALF.search(sentence.core):
        at = _nearest_half(due, at, sentence.core, now)
    if reading.clock and not NAMES_DAY.search(sentence.core):
        same_day = due.replace(hour=at.hour, minute=at.minute)
        return same_day if same_day > now else at
    return at if reading.clock else at.replace(hour=due.hour, minute=due.minute)
