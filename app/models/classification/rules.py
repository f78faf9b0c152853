"""Classification rules: a pattern, the verdict for a sentence that it matches, and the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Verdict = str
"""The name of an intent type, or "none" for a sentence that asks for no work."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule whose pattern matches decides. `timed` rules apply only to sentences that state a time."""

    verdict: Verdict
    pattern: re.Pattern[str]
    reason: str
    confidence: float
    timed: bool = False


def rule(verdict: Verdict, pattern: str, reason: str, confidence: float, *, timed: bool = False) -> Rule:
    """A rule whose pattern ignores case."""
    return Rule(verdict, re.compile(pattern, re.IGNORECASE), reason, confidence, timed)


def judge(sentence: str, rules: Sequence[Rule], *, timed: bool) -> Rule | None:
    """The first rule that matches the sentence; None when there is none."""
    return next((rule for rule in rules if (timed or not rule.timed) and rule.pattern.search(sentence)), None)
