"""Contradictions found by how much of a decision a sentence names, where their exact concepts are not known."""

from collections.abc import Callable, Mapping

from app.gate.decisions import DecisionReading
from app.gate.likely_choices import find_likely_choice
from app.gate.likely_rules import find_likely_rule
from app.gate.likely_scopes import find_likely_scope, is_in_scope
from app.gate.likely_values import find_likely_value, is_of_other_subject
from app.gate.reading import Sentence
from app.gate.statements import Finding

LIKELY: Mapping[str, Callable[[Sentence, DecisionReading], Finding | None]] = {
    "choice": find_likely_choice,
    "rule": find_likely_rule,
    "value": find_likely_value,
    "scope": find_likely_scope,
}


def is_unlike(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether what looks like a contradiction is about another thing, or another version, than the decision."""
    if decision.kind == "value":
        return is_of_other_subject(statement, decision)
    return decision.kind == "scope" and is_in_scope(statement, decision)
