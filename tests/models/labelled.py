"""Messages with the intents that they raise, labelled by hand. Rules are written from the train split only."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

from app.models.ports import Classifier, Turn

FILE = Path(__file__).parents[1] / "data/readings.json"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Tuesday

Split = Literal["train", "test"]
NOTHING_SAID_BEFORE: Sequence[Turn] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the type of intent that it raises, or "none"; the id begins with its language."""

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


async def measure(classifier: Classifier, readings: Sequence[Labelled]) -> Confusion:
    """The results of the classifier; several types of one message are joined by +."""
    counts: Counter[tuple[str, str]] = Counter()
    misread = []
    for labelled in readings:
        reading = await classifier.classify_message(labelled.text, NOTHING_SAID_BEFORE, NOW)
        read = "+".join(intent.intent_type for intent in reading.intents) or "none"
        counts[labelled.kind, read] += 1
        if read != labelled.kind:
            misread.append(f"{labelled.id} {labelled.kind} read as {read}: {labelled.text}")
    return Confusion(counts, misread)
