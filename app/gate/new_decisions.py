"""Contradictions of a new decision with an accepted one: another answer for the same topic, or the opposite rule."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.gate.decisions import DecisionReading
from app.gate.likeness import content_of, likeness, weight_of
from app.gate.numbered import numbered_in
from app.gate.reading import Sentence, read_sentence
from app.gate.rules import read_rule
from app.gate.scopes import NOT, OUT
from app.gate.statements import Finding, Statement
from app.gate.values import is_same_amount
from app.gate.words import LATER
from app.language.topics import CONCEPTS, TOPICS, wider

Finder = Callable[[Sentence, DecisionReading], Finding | None]
LIMITS = ("rule", "scope")
ANSWERS = ("choice", "value")
PERMITS = re.compile(
    r"(?<![a-z])(?:may|can|(?:is|are) (?:allowed|permitted|free to)|optional|unnecessary)(?![a-z])"
    r"|て(?:も)?(?:よい|良い|いい|構わない|かまわない)|許可する|認める|任意|不要"
)


def find_other_decision(
    statement: Statement,
    sentences: Sequence[Sentence],
    decision: DecisionReading,
    find: Finder,
) -> Finding | None:
    """Why the new decision contradicts the accepted one; None when it does not."""
    if decision.kind in ANSWERS and statement.decision_kind in ANSWERS:
        same_topic = tuple(statement.topic_key.split(", ")) == decision.topic
        found = _other_answer(statement, decision)
        return found if found or same_topic else _found_in(sentences, decision, find)
    if decision.kind in ANSWERS and _excludes(statement):
        return _excludes_decided(statement, sentences, decision)
    return _found_in(sentences, decision, find) or _permits(statement, sentences, decision)


def _permits(statement: Statement, sentences: Sequence[Sentence], decision: DecisionReading) -> Finding | None:
    """The new rule or scope allows what the accepted one of the same topic rules out."""
    if statement.decision_kind not in LIMITS or decision.kind not in LIMITS or not sentences:
        return None
    if tuple(statement.topic_key.split(", ")) != decision.topic:
        return None
    new, old = sentences[0].plain, decision.text.plain
    if not _rules_out(decision.text) or OUT.search(new) or NOT.search(new) or LATER.search(new):
        return None
    if not (PERMITS.search(new) or decision.kind == "scope"):
        return None
    found = likeness(content_of(old), content_of(new)).found
    if not any(not one.action and weight_of(one) == 1 for one, _ in found):
        return None
    return Finding(
        "contradiction.gate_rule" if decision.kind == "rule" else "contradiction.gate_scope", 0.8, (("wanted", new),)
    )


def _rules_out(text: Sentence) -> bool:
    return OUT.search(text.plain) is not None or read_rule(text).forbids


def _found_in(sentences: Sequence[Sentence], decision: DecisionReading, find: Finder) -> Finding | None:
    return next((found for each in sentences if (found := find(_as_stated(each), decision))), None)


def _as_stated(sentence: Sentence) -> Sentence:
    """A decision neither asks nor examines."""
    return replace(sentence, is_question=False, about=frozenset())


def _other_answer(statement: Statement, decision: DecisionReading) -> Finding | None:
    new_answer, old = (
        statement.chosen or statement.value,
        decision.chosen or decision.value,
    )
    if new_answer is None or old is None:
        return None
    new = read_sentence(new_answer)
    topic = tuple(statement.topic_key.split(", "))
    if topic != decision.topic and not _rivals_without_topic(topic, new, old, decision):
        return None
    if _is_same(new, old):
        return None
    technologies = [each.name for each in new.technologies]
    if technologies:
        return Finding("contradiction.gate_technology", 0.95, (("wanted", technologies[0]),))
    return Finding(
        "contradiction.gate_value" if statement.decision_kind == "value" else "contradiction.gate_option",
        0.95,
        (("wanted", new_answer),),
    )


def _is_same(new: Sentence, old: Sentence) -> bool:
    numbers = [{(name, number) for name, number, _, _, _ in numbered_in(each.plain)} for each in (new, old)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    if new.technologies and old.technologies:
        return {each.name for each in new.technologies} == {each.name for each in old.technologies}
    if new.amounts and old.amounts:
        return len(new.amounts) == len(old.amounts) and all(map(is_same_amount, new.amounts, old.amounts))
    if new.members and old.members:
        return {each.name for each in new.members} == {each.name for each in old.members}
    return new.plain == old.plain or (bool(new.names) and new.names == old.names)


def _rivals_without_topic(topic: tuple[str, ...], new: Sentence, old: Sentence, decision: DecisionReading) -> bool:
    """Whether both choose a technology for one purpose, and no other topic is named: "persistence: MySQL"."""
    if any(part in TOPICS or part in CONCEPTS for part in topic) or len(decision.topic) > 1:
        return False
    purposes = {each.purpose for each in old.technologies}
    return any(each.purpose in purposes for each in new.technologies)


def _excludes(statement: Statement) -> bool:
    text = read_sentence(statement.text)
    if statement.decision_kind == "scope":
        return OUT.search(text.plain) is not None
    return statement.decision_kind == "rule" and read_rule(text).forbids


def _excludes_decided(statement: Statement, sentences: Sequence[Sentence], decision: DecisionReading) -> Finding | None:
    """The new rule forbids, or the new scope leaves out, what was chosen."""
    if decision.kind not in ANSWERS or decision.chosen is None:
        return None
    text = sentences[0]
    forbidden = {each.name for each in text.technologies if not each.source}
    chosen = decision.chosen
    if forbidden:
        named = [each.name for each in chosen.technologies if each.name in forbidden]
        return (
            Finding("contradiction.gate_abandoned", 0.9, (("wanted", named[0]),))
            if named and len(text.names) <= 3
            else None
        )
    names = {each.name for each in text.terms}
    present = chosen.closure | {concept for part in decision.topic for concept in wider(part)}
    if names and names <= present:
        return Finding("contradiction.gate_abandoned", 0.85, (("wanted", chosen.plain),))
    return None
