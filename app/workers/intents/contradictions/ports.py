"""The types of the contradiction check and the interface of a judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from app.gate.statements import chosen_label
from app.language.catalogue import StoredText
from sql.repositories.contradictions import ContradictionKind
from sql.rows import DecisionRow


@dataclass(frozen=True, slots=True)
class PriorRecord:
    """An earlier intent, a decision or an approved specification.

    `text` is the whole text or the title, `decided` the part that binds. `decision` is set when the record is one.
    `similarity` to the new intent is a cosine; None when it is unknown.
    """

    kind: Literal["intent", "decision", "specification"]
    id: UUID
    text: str
    decided: str
    decision: DecisionRow | None = None
    similarity: float | None = None
    open: bool = False


def record_of_decision(row: DecisionRow, similarity: float | None = None) -> PriorRecord:
    """The decision as one sentence that names its topic, and what was decided: the option, the value or the title."""
    text = row.title if row.topic.casefold() in row.title.casefold() else f"{row.topic}: {row.title}"
    return PriorRecord("decision", row.id, text, chosen_label(row) or row.value or row.title, row, similarity)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The new intent's text, and its type, which decides what it may contradict."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Confidence in 0..1; the explanation is in the language of the intent, and without a key when a model wrote it.

    `record` is None for an absolute claim (`dogma`), which contradicts no record.
    """

    kind: ContradictionKind
    confidence: float
    explanation: StoredText
    judge: str
    record: PriorRecord | None = None


class Judge(Protocol):
    """Decides what a candidate contradicts."""

    async def judge(self, candidate: Candidate, records: Sequence[PriorRecord]) -> list[Contradiction]:
        """The contradictions, highest confidence first, at most one per record."""
