"""The labelled pairs: an earlier intent or decision, a new intent, and their contradiction. Rules use only train."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from uuid import UUID

from app.models.classification.local import LocalClassifier
from app.workers.intents.contradictions.ports import Candidate, Judge, PriorRecord, record_of_decision
from tests.gate.pairs import make_decision
from tests.models.labelled import NOW

FILE = Path(__file__).parents[2] / "data/contradictions.json"
THRESHOLD = 0.6
QUESTION_AND_ANSWER = re.compile(r"^(?P<question>.*?(?:\?|:|：|か[:：]))\s*(?P<answer>.+)$")
TWO_OPTIONS = re.compile(r"^(.+?) or (.+?)\?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """`kind` is the contradiction of the new text with the old, or "none"; `source` is the kind of the old text."""

    id: str
    split: str
    kind: str
    source: Literal["intent", "decision", "specification"]
    old: str
    new: str

    @property
    def record(self) -> PriorRecord:
        """The old text as a prior record."""
        match = QUESTION_AND_ANSWER.match(self.old)
        if self.source != "decision" or match is None:
            return PriorRecord(self.source, UUID(int=1), self.old, self.old, open=True)
        question, answer = match["question"], match["answer"]
        rejected = _rejected(question, answer)
        return record_of_decision(
            make_decision(kind="choice", title=question, topic=question, chosen=answer, rejected=rejected)
        )


def _rejected(question: str, answer: str) -> tuple[str, ...]:
    options = match.groups() if (match := TWO_OPTIONS.match(question)) else ()
    return tuple(option for option in options if option.lower() not in answer.lower())


@dataclass(frozen=True, slots=True)
class Score:
    """How often a kind (first) was judged another (second), and the pairs that were judged wrongly."""

    counts: Counter[tuple[str, str]]
    wrong: Sequence[str]

    @property
    def precision(self) -> float:
        flagged = sum(count for (_, judged), count in self.counts.items() if judged != "none")
        return self._right / flagged if flagged else 0.0

    @property
    def recall(self) -> float:
        contradicting = sum(count for (meant, _), count in self.counts.items() if meant != "none")
        return self._right / contradicting

    @property
    def _right(self) -> int:
        return sum(count for (meant, judged), count in self.counts.items() if meant == judged != "none")


def load_pairs(split: Literal["train", "test"]) -> list[Pair]:
    rows = cast(list[dict[str, str]], json.loads(FILE.read_text()))
    return [Pair(**row) for row in rows if row["split"] == split]  # type: ignore[arg-type]


async def measure_pairs(judge: Judge, pairs: Sequence[Pair]) -> Score:
    """Judge each pair; the contradiction with the highest confidence over the threshold counts."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for pair in pairs:
        kind = (await LocalClassifier().classify_intent(pair.new, (), NOW)).intent_type
        found = [
            each for each in await judge.judge(Candidate(pair.new, kind), [pair.record]) if each.confidence >= THRESHOLD
        ]
        judged = found[0].kind if found else "none"
        counts[pair.kind, judged] += 1
        if judged != pair.kind:
            wrong.append(f"{pair.id} {pair.kind} judged {judged}: {pair.old!r} <- {pair.new!r}")
    return Score(counts, wrong)
