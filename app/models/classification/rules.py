"""What a rule is: a pattern on word boundaries, the verdict it stands for, and the reason it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.models.ports import IntentKind

Verdict = IntentKind | Literal["none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule whose pattern is found decides. `timed` rules hold only when a time was said."""

    verdict: Verdict
    pattern: re.Pattern[str]
    reason: str
    confidence: float
    timed: bool = False


def rule(verdict: Verdict, pattern: str, reason: str, confidence: float, *, timed: bool = False) -> Rule:
    """A rule whose pattern ignores case."""
    return Rule(verdict, re.compile(pattern, re.IGNORECASE), reason, confidence, timed)


def judge(sentence: str, rules: Sequence[Rule], *, timed: bool) -> Rule | None:
    """The rule that decides this sentence, or None when none applies: it states something."""
    return next((rule for rule in rules if (timed or not rule.timed) and rule.pattern.search(sentence)), None)
