"""A bounded snapshot of one user's record, as the assistant without a model reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sql.rows import JsonObject
from sql.statements import Connection, statements

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
class PastAction:
    """What an earlier message of the conversation led to."""

    tool: str
    status: str
    subject_id: UUID | None
    arguments: Mapping[str, Any]
    message_id: UUID


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an intent or a decision waits; `key` and `params` of its sentence, None when a model wrote it."""

    subject_id: UUID
    explanation: str
    key: str | None
    params: JsonObject | None


async def list_known_intents(
    connection: Connection, user_id: str, project_id: UUID, *, opened: int, ended: int
) -> list[KnownIntent]:
    records = statements.list_known_intents(
        connection, user_id=user_id, project_id=project_id, open_count=opened, ended_count=ended
    )
    return [KnownIntent(**record) async for record in records]


async def list_known_decisions(
    connection: Connection, user_id: str, project_id: UUID, count: int
) -> list[KnownDecision]:
    records = statements.list_known_decisions(connection, user_id=user_id, project_id=project_id, count=count)
    return [KnownDecision(**record) async for record in records]


async def list_known_memories(
    connection: Connection, scopes: Sequence[UUID], project_id: UUID, count: int
) -> list[KnownMemory]:
    """Those of the project and of the profile that are in one of the scopes."""
    records = statements.list_known_memories(connection, scopes=scopes, project_id=project_id, count=count)
    return [KnownMemory(**record) async for record in records]


async def list_known_specifications(
    connection: Connection, user_id: str, project_id: UUID, count: int
) -> list[KnownSpecification]:
    records = statements.list_known_specifications(connection, user_id=user_id, project_id=project_id, count=count)
    return [KnownSpecification(**record) async for record in records]


async def list_past_actions(
    connection: Connection, user_id: str, conversation_id: UUID, before: UUID, count: int
) -> list[PastAction]:
    """Oldest first."""
    records = statements.list_past_actions(
        connection, user_id=user_id, conversation_id=conversation_id, before=before, count=count
    )
    return [PastAction(**record) async for record in records][::-1]


async def list_holds(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[Hold]:
    return [Hold(**record) async for record in statements.list_holds(connection, user_id=user_id, ids=ids)]
