"""Messages with the work that they ask for, labelled by hand. Rules are written from the train split only."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

from app.language.text import split_sentences
from app.models.classification.local import read_sentence

FILE = Path(__file__).parents[1] / "data/readings.json"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Tuesday

Split = Literal["train", "test"]
NO_WORK = ("none", "question")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the type of work that it asks for, or "none"; the id begins with its language."""

    id: str
    split: Split
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a type (first) was classified as another (second), and the misclassified messages."""

    counts: Counter[tuple[str, str]]
    misread: Sequence[str]

    @property
    def accuracy(self) -> float:
        right = sum(count for (meant, read), count in self.counts.items() if meant == read)
        return right / self.counts.total()


def load_readings(split: Split, language: str = "") -> list[Labelled]:
    """The messages of one split, of one language or of both."""
    rows = (Labelled(**row) for row in cast(list[dict[str, str]], json.loads(FILE.read_text())))  # type: ignore[arg-type]
    return [row for row in rows if row.split == split and row.id.startswith(language)]


def read_verdicts(text: str) -> list[str]:
    """What the sentences of a text ask for, by the rules; those that ask for no work are left out."""
    found = (read_sentence(sentence, NOW).verdict for sentence in split_sentences(text))
    return [verdict for verdict in found if verdict not in NO_WORK]


def measure(readings: Sequence[Labelled]) -> Confusion:
    """The results of the rules; several types of one message are joined by +."""
    counts: Counter[tuple[str, str]] = Counter()
    misread = []
    for labelled in readings:
        read = "+".join(read_verdicts(labelled.text)) or "none"
        counts[labelled.kind, read] += 1
        if read != labelled.kind:
            misread.append(f"{labelled.id} {labelled.kind} read as {read}: {labelled.text}")
    return Confusion(counts, misread)
