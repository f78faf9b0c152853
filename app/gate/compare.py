"""Compares a statement with accepted decisions, in either language and across them."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from app.gate.choices import find_other_choice
from app.gate.decisions import DecisionReading, outline_of, read_decision
from app.gate.likely_choices import find_likely_choice
from app.gate.likely_rules import find_likely_rule
from app.gate.likely_scopes import find_likely_scope, is_in_scope
from app.gate.likely_values import find_likely_value, is_of_other_subject
from app.gate.likeness import marks_of
from app.gate.new_decisions import Finder, find_other_decision
from app.gate.reading import Sentence, read_sentences
from app.gate.rules import find_broken_rule
from app.gate.scopes import find_out_of_scope
from app.gate.statements import Conflict, Finding, Statement, cited
from app.gate.values import find_other_value
from app.language.catalogue import to_stored_text
from app.language.text import language_of, shortened
from sql.rows import DecisionRow
from sql.sentences import Sentence as Explanation

MAX_CONFLICTS = 3
UNCHECKED_TYPES = frozenset({"question", "reminder", "remember"})
# By exact concepts.
FINDERS: Mapping[str, Finder] = {
    "choice": find_other_choice,
    "rule": find_broken_rule,
    "value": find_other_value,
    "scope": find_out_of_scope,
}
# By how much of the decision the sentence names, where the exact concepts are not known.
LIKELY: Mapping[str, Finder] = {
    "choice": find_likely_choice,
    "rule": find_likely_rule,
    "value": find_likely_value,
    "scope": find_likely_scope,
}


def compare(statement: Statement, decisions: Sequence[DecisionRow]) -> list[Conflict]:
    """The decisions that the statement contradicts, most certain first, at most three."""
    if statement.intent_type in UNCHECKED_TYPES:
        return []
    sentences = _sentences(statement)
    triggers = frozenset(trigger for each in sentences for trigger in each.triggers | marks_of(each.plain))
    found: list[Conflict] = []
    in_use: list[DecisionReading] = []
    known: dict[int, Finding | None] = {}  # by the reading: the same words of several decisions are compared once
    for row in decisions:
        if outline_of(row).isdisjoint(triggers):
            continue
        decision = read_decision(row)
        in_use.append(decision)
        if id(decision) not in known:
            known[id(decision)] = _find(statement, sentences, decision)
        finding = known[id(decision)]
        if finding is not None:
            found.append(_to_conflict(statement, row, finding))
    kept = [each for each in found if not _is_decided_too(each, in_use, sentences)]
    return sorted(kept, key=lambda each: -each.confidence)[:MAX_CONFLICTS]


def _sentences(statement: Statement) -> list[Sentence]:
    if statement.kind == "intent":
        return read_sentences(statement.text)
    more = [each for each in (statement.chosen, statement.value) if each and each.lower() not in statement.text.lower()]
    return read_sentences(": ".join([statement.text.rstrip("?？。. "), *more]))


def _find(statement: Statement, sentences: Sequence[Sentence], decision: DecisionReading) -> Finding | None:
    if statement.kind == "decision":
        return find_other_decision(statement, sentences, decision, _find_in)
    return next((found for each in sentences if (found := _find_in(each, decision))), None)


def _find_in(sentence: Sentence, decision: DecisionReading) -> Finding | None:
    """By exact concepts, else by how much of the decision the sentence names."""
    found = FINDERS[decision.kind](sentence, decision)
    if found is not None and not _is_unlike(sentence, decision):
        return found
    # Most decisions share a technology or a class of words with the sentence, and nothing else.
    if decision.kind != "rule" and marks_of(sentence.plain).isdisjoint(decision.marks):
        return None
    return LIKELY[decision.kind](sentence, decision)


def _is_unlike(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether what looks like a contradiction is about another thing, or another version, than the decision."""
    if decision.kind == "value":
        return is_of_other_subject(statement, decision)
    return decision.kind == "scope" and is_in_scope(statement, decision)


def _is_decided_too(
    conflict: Conflict,
    decisions: Sequence[DecisionReading],
    sentences: Sequence[Sentence],
) -> bool:
    """Whether another accepted decision chose the technology that the statement names, for the same part."""
    wanted = (conflict.explanation.params or {}).get("wanted")
    return conflict.kind == "tech_stack" and any(
        decision.chosen is not None
        and any(each.name == wanted for each in decision.chosen.technologies)
        and any(decision.applies_to(each) for each in sentences)
        for decision in decisions
    )


def _to_conflict(statement: Statement, row: DecisionRow, finding: Finding) -> Conflict:
    params = {name: shortened(_as_written(value, statement.text)) for name, value in finding.params}
    explanation = Explanation(finding.key, {**params, "decision": cited(row)})
    text = to_stored_text(explanation, language_of(statement.text))
    kind: Literal["tech_stack", "policy_shift"] = (
        "tech_stack" if finding.key == "contradiction.gate_technology" else "policy_shift"
    )
    return Conflict(row, kind, finding.confidence, text)


def _as_written(words: str, text: str) -> str:
    """The words in upper and lower case as in the text: "10 MB" was compared as "10 mb"."""
    cased = unicodedata.normalize("NFKC", text)
    place = cased.lower().find(words.lower())
    return cased[place : place + len(words)] if place >= 0 and len(cased.lower()) == len(cased) else words
