"""What the assistant knows of one user while it reads a message: a bounded, immutable snapshot of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

OPEN = ("pending", "processing", "awaiting_confirmation")


@dataclass(frozen=True, slots=True)
class KnownIntent:
    """A work item, to-do or reminder. Times are aware."""

    id: UUID
    description: str
    intent_type: str | None
    status: str
    created_at: datetime
    updated_at: datetime
    assignee: str = "assistant"
    due_at: datetime | None = None
    recurrence: str | None = None

    @property
    def open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class KnownDecision:
    """A decision; `chosen` and `rejected` are labels of its options. `superseded_by`: the decision that replaced it."""

    id: UUID
    number: int
    title: str
    kind: str
    topic: str
    topic_key: str
    status: str
    decided_at: datetime | None
    chosen: str | None = None
    rejected: Sequence[str] = ()
    value: str | None = None
    rationale: str | None = None
    superseded_by: UUID | None = None

    @property
    def accepted(self) -> bool:
        return self.status == "accepted"

    @property
    def result(self) -> str:
        """What was decided: the choice, the value, or else the whole sentence."""
        return self.chosen or self.value or self.title


@dataclass(frozen=True, slots=True)
class KnownMemory:
    id: UUID
    content: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KnownSpecification:
    id: UUID
    title: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A message of the conversation before the one that is read."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class PastAction:
    """What an earlier message of the conversation led to."""

    tool: str
    status: str
    subject_id: UUID | None
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """`intents` holds the open ones and those that ended lately; `turns` and `actions` are oldest first."""

    intents: Sequence[KnownIntent] = ()
    decisions: Sequence[KnownDecision] = ()
    memories: Sequence[KnownMemory] = ()
    specifications: Sequence[KnownSpecification] = ()
    turns: Sequence[PastTurn] = ()
    actions: Sequence[PastAction] = field(default=())

    @property
    def open_intents(self) -> list[KnownIntent]:
        return [each for each in self.intents if each.open]

    @property
    def accepted(self) -> list[KnownDecision]:
        return [each for each in self.decisions if each.accepted]

    def find_intent(self, intent_id: UUID | None) -> KnownIntent | None:
        return next((each for each in self.intents if each.id == intent_id), None)

    def find_decision(self, decision_id: UUID | None) -> KnownDecision | None:
        return next((each for each in self.decisions if each.id == decision_id), None)
