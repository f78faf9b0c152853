"""Answers a question from the decisions, items and memories that it is about."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from app.assistant.answers.phrases import phrase, spoken_date, spoken_time
from app.assistant.record import KnownDecision, KnownIntent, KnownMemory, Record
from app.assistant.rules.matching import MOST_READ, score, shared_meanings
from app.assistant.rules.questions import ASPECTS, HYPOTHETICAL, Question
from app.assistant.rules.terms import NAMES, terms_of
from app.language.catalogue import Language
from app.language.data import read_data
from app.language.quantities import quantities
from app.language.topics import topic_key, topic_of

SURE = 0.6
PARTLY = 0.4
DATA = read_data(__file__, "facts.toml")
ASKING = terms_of(" ".join(DATA["asking"]))
ASKS_DECISION = re.compile(DATA["asks_decision"], re.IGNORECASE)
CHOSEN = re.compile(DATA["chosen"], re.IGNORECASE)
# What a question asks for, by the unit of the answer.
MEASURES = {unit: re.compile(words, re.IGNORECASE) for unit, words in DATA["measures"].items()}
LEAST_SHARED, HALF = 2, 0.5
CLOSE = 0.1
SEVERAL = re.compile(r"\b(?:and|or)\b|、|(?<=[一-龯ァ-ヶーa-zA-Z])(?:と|や)(?=[一-龯ァ-ヶーa-zA-Z])")
MOST = 3
T = TypeVar("T")
Scored = tuple[float, list[T]]


def answer_from_record(question: Question, record: Record, now: datetime, language: Language) -> str | None:
    """The answer; None when no record is clearly what the question is about."""
    terms = terms_of(question.text)
    terms = terms - ASKING or terms
    if not terms or HYPOTHETICAL.search(question.text):
        return None  # the record knows nothing of what is only imagined
    current = _current(record.decisions)
    decisions = _best(terms, current, decision_text, question.text)
    if CHOSEN.search(question.text):
        choices = [each for each in current if each.kind == "choice"]
        decisions = max(
            _best(terms, choices, decision_text, question.text),
            _of_topic(question.text, record),
            decisions,
            key=lambda found: (bool(found[1]) and found[1][0].kind == "choice", found[0]),
        )
    intents = _best(terms, record.intents, lambda each: each.description)
    memories = _best(terms, record.memories, lambda each: each.content)
    about_work = question.aspect in ("status", "when")
    if ASKS_DECISION.search(question.text) and not decisions[1]:
        intents, memories = (-1.0, []), (-1.0, [])  # work about it was not decided
    answers: list[tuple[float, Callable[[], str]]] = [
        (decisions[0] + (0 if about_work else 0.2), lambda: _decided(decisions[1], question, record, now, language)),
        (intents[0] + (0.2 if about_work else -0.2), lambda: _work(intents[1], now, language)),
        (memories[0], lambda: _remembered(memories[1], now, language)),
    ]
    best = max(answers, key=lambda pair: pair[0])
    found = max(decisions[0], intents[0], memories[0])
    several = _by_part(question.text, record)
    if len(several) > 1 or (several and found < SURE):
        return "\n\n".join(_one(each, record, now, language) for each in several)
    if found >= SURE:
        return best[1]()
    if told := _of_person(question.text, terms, record):
        return _remembered(told, now, language)
    decision = (
        _measured(question.text, terms, record)
        or _by_meaning(question.text, record.accepted, decision_text)
        or _of_named_topic(question.text, record)
    )
    if decision is not None:
        return _decided([decision], question, record, now, language)
    meant = _by_meaning(question.text, record.memories, lambda each: each.content)
    return _remembered([meant], now, language) if meant else None


def _measured(asked: str, terms: frozenset[str], record: Record) -> KnownDecision | None:
    """The only value in a unit that is asked for, and about one of the words: "how often do the sensors report"."""
    units = {unit for unit, words in MEASURES.items() if words.search(asked)}
    if not units:
        return None
    values = [
        each
        for each in record.accepted
        if each.kind == "value" and units & {one.unit for one in quantities(each.value or "")}
    ]
    scored = [(len(terms & terms_of(decision_text(each))), each) for each in values]
    best = max((count for count, _ in scored), default=0)
    found = [each for count, each in scored if count == best]
    return found[0] if best and len(found) == 1 else None


def _of_named_topic(asked: str, record: Record) -> KnownDecision | None:
    """The only choice or value whose topic has half of the words, and they half of its words."""
    found = [
        each
        for each in record.accepted[:MOST_READ]
        if each.kind in ("choice", "value")
        and shared_meanings(asked, each.topic, ASKING)[1] >= HALF
        and shared_meanings(each.topic, asked, ASKING)[1] >= HALF
    ]
    return found[0] if len(found) == 1 else None


def _by_meaning(asked: str, records: Sequence[T], text_of: Callable[[T], str]) -> T | None:
    """The only record that has at least two and half of the words, in either language."""
    scored = [(*shared_meanings(asked, text_of(each), ASKING), each) for each in records[:MOST_READ]]
    fitting = [(count, each) for count, share, each in scored if count >= LEAST_SHARED and share >= HALF]
    best = max((count for count, _ in fitting), default=0)
    found = [each for count, each in fitting if count == best]
    return found[0] if len(found) == 1 else None


def _of_person(asked: str, terms: frozenset[str], record: Record) -> list[KnownMemory]:
    """The memories about a person who is named, or, when it is asked who, about most of the other words."""
    if people := terms & NAMES:
        return [each for each in record.memories if people <= terms_of(each.content)][:MOST]
    if not ASPECTS["who"].search(asked):
        return []
    best = [each for each in record.memories if NAMES & terms_of(each.content)]
    found = _best(terms, best, lambda each: each.content, least=PARTLY)[1]
    return found if len(found) == 1 else []


def _by_part(text: str, record: Record) -> list[KnownDecision]:
    """The decisions about each part of "payments and search"; none unless every part has one."""
    parts = [terms_of(each) - ASKING for each in SEVERAL.split(text)]
    if len(parts) == 1:
        return []
    found = list[KnownDecision]()
    for part in filter(None, parts):
        best = _best(part, record.accepted, decision_text)[1]
        if not best:
            return []
        found += [each for each in best if each not in found]
    return found


def _best(
    terms: frozenset[str], records: Sequence[T], text_of: Callable[[T], str], asked: str = "", *, least: float = SURE
) -> Scored[T]:
    """The highest score, and the records that have nearly the same."""
    scored = [(score(terms, text_of(each)), each) for each in records]
    best = max((value for value, _ in scored), default=0.0)
    if best < least:
        return -1.0, []
    return best, [each for value, each in sorted(scored, key=lambda pair: -pair[0]) if best - value < CLOSE][:MOST]


def _of_topic(asked: str, record: Record) -> Scored[KnownDecision]:
    """The choice about the topic of a question, whose words may be others: "orchestration" and "workflow tool"."""
    topic = topic_of(asked)
    same = [
        each
        for each in record.accepted
        if each.kind == "choice" and topic and topic in (each.topic_key, topic_of(each.chosen or ""))
    ]
    return (SURE, same) if len(same) == 1 else (-1.0, [])


def _current(decisions: Sequence[KnownDecision]) -> list[KnownDecision]:
    """Accepted decisions first, then proposed ones; those that were replaced only answer through their successor."""
    rank = {"accepted": 0, "proposed": 1}
    return sorted((each for each in decisions if each.status in rank), key=lambda each: rank[each.status])


def decision_text(decision: KnownDecision) -> str:
    parts = [decision.topic, topic_key(decision.topic), decision.title, decision.chosen or "", *decision.rejected]
    return " ".join(parts)


def _decided(
    found: Sequence[KnownDecision], question: Question, record: Record, now: datetime, language: Language
) -> str:
    accepted = [each for each in found if each.accepted] or list(found)
    if len(accepted) > 1:
        return "\n\n".join(_one(each, record, now, language) for each in accepted)
    decision = accepted[0]
    text = _one(decision, record, now, language)
    separator = "" if language == "ja" else " "
    if question.aspect == "who":
        return text + separator + phrase("who", language)
    if question.aspect == "why":
        why = decision.rationale
        return text + separator + (phrase("reason", language, why=why) if why else phrase("no_reason", language))
    return text


def _one(decision: KnownDecision, record: Record, now: datetime, language: Language) -> str:
    """What applies now, since when, and what it replaced."""
    common = {"number": decision.number, "title": decision.title}
    if not decision.accepted:
        return phrase("decided_proposed", language, **common)
    date = spoken_date(decision.decided_at or now, now, language)
    result = decision.chosen or decision.value
    if result:
        text = phrase("decided_choice", language, result=result, date=date, **common)
    else:
        text = phrase("decided_sentence", language, date=date, **common)
    separator = "" if language == "ja" else " "
    before = next((each for each in record.decisions if each.superseded_by == decision.id), None)
    if before is not None:
        text += separator + phrase("replaced", language, result=before.result, number=before.number)
    others = [label for label in decision.rejected if before is None or label != before.chosen]
    return text + separator + phrase("rejected", language, labels=", ".join(others)) if others else text


def _work(found: Sequence[KnownIntent], now: datetime, language: Language) -> str:
    if len(found) > 1:
        return "\n\n".join(_state(each, now, language) for each in found)
    return _state(found[0], now, language)


def _state(intent: KnownIntent, now: datetime, language: Language) -> str:
    if intent.status in ("completed", "cancelled", "failed"):
        date = spoken_date(intent.updated_at, now, language)
        return phrase(f"intent_{intent.status}", language, what=intent.description, date=date)
    if intent.status == "awaiting_confirmation":
        return phrase("intent_awaiting_confirmation", language, what=intent.description)
    if intent.due_at is None:
        return phrase("intent_open", language, what=intent.description)
    name = "intent_reminder" if intent.intent_type == "reminder" else "intent_due"
    return phrase(name, language, what=intent.description, time=spoken_time(intent.due_at, now, language))


def _remembered(found: Sequence[KnownMemory], now: datetime, language: Language) -> str:
    lines = [
        phrase("remembered", language, what=each.content, date=spoken_date(each.created_at, now, language))
        for each in found
    ]
    return "\n\n".join(lines)
