"""Corrects the last record: "sorry, I meant Thursday", 「30分じゃなくて45分で」, and times that others want instead."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from app.assistant.record import KnownDecision, KnownIntent, PastAction
from app.assistant.rules.matching import find, score, shared_meanings
from app.assistant.rules.moves import WEEKDAYS, new_time, rule_after
from app.assistant.rules.sentence import Sentence, moment, without, zone_name
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.targets import named
from app.assistant.rules.terms import terms_of
from app.language.catalogue import stored_text
from app.language.data import any_of, read_data
from app.language.quantities import Quantity, quantities, same_quantity
from app.language.text import is_japanese
from app.language.times.reading import Reading, Recurrence, Time, read_time
from app.tools.calls import ToolCall

DATA = read_data(__file__, "corrections.toml")
MEANT = {
    language == "japanese": [re.compile(each, re.IGNORECASE) for each in DATA[f"meant_{language}"]]
    for language in ("english", "japanese")
}
REPORTED, ITEM_WORDS = (re.compile(any_of(DATA[name]), re.IGNORECASE) for name in ("reported", "filler"))
DURATION = re.compile(DATA["duration"], re.IGNORECASE)
LEAD = re.compile(any_of(DATA["lead"]), re.IGNORECASE)
LOOK_BACK = 6  # actions
SURE = 0.66
LONGEST = 300  # characters
PLAIN = re.compile(r"[\d,.]+")
HOUR = re.compile(r"\d{1,2}(?::\d\d)?")
SPEAKER = re.compile(
    r"^(?:[\w.-]+ ){1,3}?(?=(?:says?|said|asks?|asked|told|wants?|would|prefers?|suggest|propose|wonder)\w*\b)"
)
ONLY = re.compile(r"(?:だけ|のみ)(?:に|で)?$|^(?:only|just)\b(?! on weekdays| weekdays)(?: on)?|\bonly$", re.IGNORECASE)
WEEKDAY_ALONE = re.compile(r"^[月火水木金土日]曜日?")
ENGLISH_DAY = re.compile(r"^(?:on )?(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b", re.IGNORECASE)
NTH_WEEKDAY = re.compile(r"BYDAY=-?\d")
DAY_OF_MONTH = re.compile(r"([0-9]{1,2})日")
UNTIL = re.compile(r"まで(?:に)?$")
DATED = ("create_intent", "update_intent")


def read_correction(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call that corrects a record; None when the sentence corrects none."""
    if situation.calls or (sentence.question and not sentence.core.endswith("だった")):
        return None
    said, opened = LEAD.sub("", sentence.core), LEAD.match(sentence.text) is not None
    for pattern in MEANT[sentence.japanese]:
        if match := pattern.fullmatch(said):
            return _corrected(match.groupdict(), opened and _said_time_before(situation), situation)
    return None


def _said_time_before(situation: Situation) -> bool:
    """Whether the message before this one said a time or an amount, so that "no, Friday" corrects it."""
    before = next((turn.text for turn in reversed(situation.record.turns) if turn.role == "user"), "")
    timed = isinstance(read_time(before, situation.now, zone_name(situation.now)), Time)
    return timed or bool(quantities(before[:LONGEST]))


def read_report(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The proposal to move an item to the time that somebody wants: 「会議は14時のほうがいいって」."""
    if sentence.question or REPORTED.search(sentence.core) is None:
        return None
    reading = read_time(sentence.core, situation.now, zone_name(situation.now))
    if not isinstance(reading, Time) or reading.past:
        return None
    words = ITEM_WORDS.sub(" ", SPEAKER.sub("", without(sentence.core, reading)))
    timed = [each for each in situation.record.open_intents if each.due_at is not None]
    found = find(words, timed, named, sure=SURE)
    if found.one is None:
        return None
    due = new_time(found.one, sentence, reading, situation.now)
    if due is None or due == found.one.due_at:
        return None
    doubt = stored_text("assistant.said_by_others")
    return [call("update_intent", {"id": str(found.one.id), "dueAt": due.isoformat()}, propose=doubt)]


def _corrected(said: dict[str, str | None], opened: bool, situation: Situation) -> list[ToolCall] | None:
    """`old` and `new` as they were said; without an old value only a word like "sorry" makes it a correction."""
    new, old = (UNTIL.sub("", (said.get(each) or "").strip()) for each in ("new", "old"))
    if not new or not (old or opened or said.get("meant")):
        return None
    actions = list(reversed(situation.record.actions))[: LOOK_BACK if old else 1]
    if what := (said.get("what") or "").strip():
        actions = [each for each in actions if _may_be(what, each, situation)]
    return (
        _repetition(old, new, actions, situation)
        or _quantity(old, new, actions, situation)
        or _time(old, new, actions, situation)
    )


def _may_be(what: str, action: PastAction, situation: Situation) -> bool:
    """Whether the record of the action has one of the words by which it is named."""
    intent = situation.record.find_intent(action.subject_id)
    name = named(intent) if intent is not None else situation.record.name_of(action.subject_id)
    if name is None:
        return False
    return score(terms_of(what), name) > 0 or shared_meanings(what, name, frozenset())[0] > 0


def _repetition(old: str, new: str, actions: list[PastAction], situation: Situation) -> list[ToolCall] | None:
    """「毎日じゃなくて平日だけに」: the last repeating item gets the other repetition, at its hour."""
    now, zone = situation.now, zone_name(situation.now)
    before, after = (read_time(_as_repetition(each), now, zone) for each in (old, new))
    if not isinstance(before, Recurrence) or not isinstance(after, Recurrence):
        return None
    for action in actions:
        intent = situation.record.find_intent(action.subject_id)
        if action.tool in DATED and intent is not None and intent.open and intent.recurrence:
            due = new_time(intent, Sentence(new, new, is_japanese(new), False, False), after, now)
            return None if due is None else [_moved(intent, due.isoformat(), after.rule)]
    return None


def _as_repetition(said: str) -> str:
    """ "Only on Mondays", 「平日だけ」 and 「水曜だけ」 as repetitions."""
    plain = ONLY.sub("", said).strip(" 、,")
    if is_japanese(said):
        return "平日毎日" if plain == "平日" else WEEKDAY_ALONE.sub(r"毎週\g<0>", plain)
    return WEEKDAYS.sub("every weekday", ENGLISH_DAY.sub(r"every \g<day>", plain))


def _time(old: str, new: str, actions: list[PastAction], situation: Situation) -> list[ToolCall] | None:
    """The last item with a time gets another one."""
    now, zone = situation.now, zone_name(situation.now)
    before, after = (read_time(_as_hour(each), now, zone) if each else None for each in (old, new))
    durations = DURATION.fullmatch(old), DURATION.fullmatch(new)
    if old and before is None and durations[0] is None:
        return None
    for intent in _timed(actions, situation):
        if durations[1] is not None and not _is_day_of(intent, old, situation):
            if old and not _said_lately(old, situation):
                return None
            return _by_duration(intent, old, new, situation) if old else _from_now(intent, new, situation)
        if not isinstance(after, Time) or terms_of(without(_as_hour(new), after)):
            return None
        if after.past and after.clock:
            after = replace(after, at=after.at + timedelta(days=1))
        elif after.past:
            after = replace(after, at=after.at + timedelta(weeks=1))
        if old and not _is_old_time(intent, before, situation):
            continue
        due = new_time(intent, Sentence(new, new, not new.isascii(), False, False), after, now)
        return None if due is None else [_moved(intent, due.isoformat(), rule_after(intent, after, due))]
    return None


def _is_day_of(intent: KnownIntent, old: str, situation: Situation) -> bool:
    """Whether 「15日」 is the day of the item, and not fifteen days."""
    day = DAY_OF_MONTH.fullmatch(old)
    due = intent.due_at.astimezone(situation.now.tzinfo) if intent.due_at else None
    return day is not None and due is not None and due.day == int(day[1])


def _timed(actions: list[PastAction], situation: Situation) -> Iterator[KnownIntent]:
    """The open items of the actions that have a time, without those whose repetition no other time can follow."""
    for action in actions:
        intent = situation.record.find_intent(action.subject_id)
        if action.tool not in DATED or intent is None or not intent.open or intent.due_at is None:
            continue
        if NTH_WEEKDAY.search(intent.recurrence or "") is None:
            yield intent


def _as_hour(said: str) -> str:
    """ "10" is an hour where the last item has one: "sorry, I meant 10"; 「14日」 is a day."""
    if DAY_OF_MONTH.fullmatch(said):
        return f"{said}まで"
    return f"at {said}" if HOUR.fullmatch(said) else said


def _said_lately(words: str, situation: Situation) -> bool:
    said = [turn.text for turn in situation.record.turns if turn.role == "user"][-3:]
    return any(words.removesuffix("後").removeprefix("in ") in each for each in said)


def _moved(intent: KnownIntent, due: str, rule: str | None = None) -> ToolCall:
    """A repeating item was wrong as a whole, so all its times change."""
    return call("update_intent", {"id": str(intent.id), "dueAt": due, "recurrence": rule or intent.recurrence})


def _is_old_time(intent: KnownIntent, before: Reading | None, situation: Situation) -> bool:
    """Whether the item has the day, or the hour, that was wrong."""
    at = moment(before)
    if at is None or intent.due_at is None or not isinstance(before, Time):
        return False
    due = intent.due_at.astimezone(situation.now.tzinfo)
    if not before.clock:
        return due.weekday() == at.weekday()
    return (due.hour % 12, due.minute) == (at.hour % 12, at.minute)


def _by_duration(intent: KnownIntent, old: str, new: str, situation: Situation) -> list[ToolCall] | None:
    """ "45 minutes, not 30": later by the difference."""
    was, will = (moment(read_time(_ahead(each), situation.now, zone_name(situation.now))) for each in (old, new))
    if was is None or will is None or intent.due_at is None:
        return None
    due = intent.due_at.astimezone(situation.now.tzinfo) + (will - was)
    return [_moved(intent, due.isoformat())] if due > situation.now else None


def _from_now(intent: KnownIntent, new: str, situation: Situation) -> list[ToolCall] | None:
    at = moment(read_time(_ahead(new), situation.now, zone_name(situation.now)))
    return None if at is None else [_moved(intent, at.isoformat())]


def _ahead(duration: str) -> str:
    """A duration as a time from now."""
    return f"in {duration}" if duration.isascii() else f"{duration.removesuffix('後')}後"


def _quantity(old: str, new: str, actions: list[PastAction], situation: Situation) -> list[ToolCall] | None:
    """The last record that has the old quantity gets the new one."""
    wrong, right = quantities(old), quantities(new)
    unit = re.sub(r"^[\d,.０-９]+\s*", "", old)
    if re.fullmatch(r"[\d,.０-９]+", new) and wrong:
        new, right = f"{new}{' ' if unit.isascii() and unit else ''}{unit}", wrong
    if not right:
        return None
    if PLAIN.fullmatch(old) and (number := PLAIN.match(new)):
        new = number[0]  # "300 flyers, not 200"
    for action in actions:
        intent = situation.record.find_intent(action.subject_id)
        if old and intent is not None and intent.open and old in intent.description:
            text = intent.description.replace(old, new, 1)
            return [call("update_intent", {"id": str(intent.id), "description": text})]
        decision = situation.record.find_decision(action.subject_id)
        if decision is not None and decision.accepted and _has(decision, old, right):
            return [_new_value(decision, old or decision.value or "", new)]
    return None


def _has(decision: KnownDecision, old: str, right: Sequence[Quantity]) -> bool:
    """Whether it is the value that was wrong; without an old value, one in the same unit."""
    if decision.kind != "value" or decision.value is None:
        return False
    if old:
        return same_quantity(decision.value, old)
    return {each.unit for each in quantities(decision.value)} == {each.unit for each in right}


def _new_value(decision: KnownDecision, old: str, new: str) -> ToolCall:
    title = decision.title.replace(decision.value or old, new).replace(old, new)
    if title == decision.title:
        title = f"{decision.topic}: {new}" if new.isascii() else f"{decision.topic}は{new}"
    arguments = {
        "title": title, "kind": "VALUE", "topic": decision.topic, "value": new, "supersedes": [str(decision.id)],
    }  # fmt: skip
    return call("record_decision", arguments)
