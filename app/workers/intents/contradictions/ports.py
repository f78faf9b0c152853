"""What stands against a new wish, and a clash with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from app.models.ports import IntentKind
from sql.repositories.contradictions import ClashKind


@dataclass(frozen=True, slots=True)
class PriorRecord:
    """An earlier wish, a decision made or an approved specification.

    `text` is all of it; `decided` the part that decides: what was chosen, or the text itself. `rejected` are the
    options that were not chosen. `similarity` to the new wish is a cosine, None when it was not measured.
    """

    kind: Literal["intent", "choice_point", "specification"]
    id: UUID
    text: str
    decided: str
    rejected: Sequence[str] = ()
    similarity: float | None = None
    open: bool = False

    @property
    def is_decision(self) -> bool:
        return self.kind != "intent"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The new wish; its type decides what it may clash with."""

    text: str
    kind: IntentKind


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Confidence in 0..1; the explanation is a sentence in the language of the wish. `standing` None: dogma."""

    kind: ClashKind
    confidence: float
    explanation: str
    judge: str
    standing: PriorRecord | None = None


class Judge(Protocol):
    """Says what a wish clashes with."""

    async def judge(self, wish: Candidate, standings: Sequence[PriorRecord]) -> list[Contradiction]:
        """The clashes, the surest first, at most one with each of the standings."""
