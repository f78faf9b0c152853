"""Finds the accepted decision that a statement repeats or replaces, in either language."""

import re
from collections.abc import Iterable, Sequence

from app.assistant.record import KnownDecision
from app.assistant.rules.matching import find, shared_meanings
from app.assistant.rules.situation import Situation
from app.assistant.rules.terms import containment, terms_of
from app.assistant.rules.values import Statement
from app.language.quantities import quantities
from app.language.text import is_japanese
from app.language.topics import topic_key, topic_of

DATE = re.compile(r"\d{4}-\d\d-\d\d")
SAME_TOPIC = 0.6


def latest_value(situation: Situation) -> KnownDecision | None:
    """The value that "it should be 8" corrects: the last one that the conversation decided."""
    for action in reversed(situation.record.actions):
        found = situation.record.find_decision(action.subject_id)
        if found is not None and found.accepted:
            return found if found.kind == "value" else None
    return None


def probably_replaced(statement: Statement, situation: Situation) -> KnownDecision | None:
    """The value of the conversation in the same unit, or the only choice that may be meant."""
    if not statement.reversal:
        return None
    if statement.kind == "choice":
        fitting = probable_choices(statement, situation.record.accepted)
        return fitting[0] if len(fitting) == 1 else None
    if statement.kind != "value":
        return None
    for action in reversed(situation.record.actions):
        found = situation.record.find_decision(action.subject_id)
        if found and found.accepted and found.kind == "value" and _units(statement.value) & _units(found.value):
            return found
    return None


def standing_for(statement: Statement, accepted: Iterable[KnownDecision]) -> KnownDecision | None:
    """The accepted decision about the same topic."""
    settled = [each for each in accepted if each.kind in ("choice", "value")]
    if statement.kind in ("scope", "rule") and statement.reversal:
        same_kind = [each for each in accepted if each.kind == statement.kind]
        return find(statement.topic or statement.title, same_kind, lambda each: each.title, sure=SAME_TOPIC).one
    if statement.kind not in ("choice", "value"):
        return None
    key = topic_key(statement.topic) if statement.topic else topic_of(statement.chosen or "")
    same = [each for each in settled if key and each.topic_key == key]
    if same:
        return same[0]
    if statement.kind == "value" and statement.topic:
        found = find(
            statement.topic,
            (each for each in settled if each.kind == "value"),
            lambda each: f"{each.topic} {each.title}",
        )
        return found.one or (_of_same_unit(statement, settled) if statement.reversal or statement.request else None)
    technology = topic_of(statement.chosen or "")
    for each in settled:
        if each.chosen and statement.topic is None and technology and topic_of(each.chosen) == technology:
            return each
        if each.chosen and each.chosen.casefold() in map(str.casefold, statement.rejected):
            return each
        if statement.topic and each.kind == statement.kind and _alike(statement.topic, each.topic):
            return each
    return (_reversed(statement, settled) or _translated(statement, settled)) if statement.reversal else None


def _reversed(statement: Statement, settled: Iterable[KnownDecision]) -> KnownDecision | None:
    """The only choice whose topic says the same in more words: "the map" and "the map service"."""
    words = terms_of(statement.topic or "")
    found = [each for each in settled if each.kind == statement.kind and words and words <= terms_of(each.topic)]
    return found[0] if len(found) == 1 else None


def _of_same_unit(statement: Statement, settled: Iterable[KnownDecision]) -> KnownDecision | None:
    """The only value in the same unit that shares a word with the topic: what a change of it must mean."""
    units = _units(statement.value)
    words = terms_of(statement.topic or "")
    found = [
        each for each in settled if each.kind == "value" and units & _units(each.value) and words & terms_of(each.topic)
    ]
    return found[0] if len(found) == 1 else None


def _units(value: str | None) -> set[str]:
    if value and DATE.match(value):
        return {"date"}
    return {each.unit for each in quantities(value or "")}


def _alike(topic: str, other: str) -> bool:
    mine, theirs = terms_of(topic), terms_of(other)
    return bool(mine) and min(containment(mine, theirs), containment(theirs, mine)) >= SAME_TOPIC


def _translated(statement: Statement, settled: Iterable[KnownDecision]) -> KnownDecision | None:
    """The choice whose topic says the same in the other language."""
    if not statement.topic:
        return None
    others = _in_other_language(statement, settled)
    found = find(statement.topic, others, lambda each: each.topic).one
    # One word in common is enough only when nothing else of the record fits.
    return found if found is not None and probable_choices(statement, others) in ([], [found]) else None


def probable_choices(statement: Statement, accepted: Iterable[KnownDecision]) -> list[KnownDecision]:
    """The choices that a change of mind may be about: their option is named, or their topic in the other language."""
    choices = [each for each in accepted if each.kind == "choice" and each.chosen]
    said = f"{statement.title} {statement.why or ''}"
    named = [each for each in choices if _names(said, each.chosen or "") and each.chosen != statement.chosen]
    if named:
        return named
    technology = topic_of(statement.chosen or "")
    return [
        each
        for each in _in_other_language(statement, choices)
        if (technology and topic_of(each.chosen or "") == technology)
        or (statement.topic and shared_meanings(statement.topic, each.topic, frozenset())[0])
    ]


def _in_other_language(statement: Statement, settled: Iterable[KnownDecision]) -> Sequence[KnownDecision]:
    japanese = is_japanese(statement.title)
    return [each for each in settled if each.kind == "choice" and is_japanese(each.title) != japanese]


def _names(said: str, option: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(option)}(?![A-Za-z0-9])", said, re.IGNORECASE) is not None
