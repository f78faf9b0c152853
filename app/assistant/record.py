"""What the assistant knows of one user while it reads a message: a bounded, immutable snapshot of the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sql.repositories.conversations import is_shared
from sql.repositories.known_records import (
    KnownDecision,
    KnownIntent,
    KnownMemory,
    KnownSpecification,
    PastAction,
    list_known_decisions,
    list_known_intents,
    list_known_memories,
    list_known_specifications,
    list_past_actions,
)
from sql.repositories.nearest import SearchFilter, list_scopes
from sql.repositories.projects import find_project_of_new
from sql.statements import Connection

OPEN_INTENTS, ENDED_INTENTS, DECISIONS, MEMORIES, SPECIFICATIONS, ACTIONS = 200, 50, 500, 300, 100, 20
TURN_CHARACTERS = 10_000

__all__ = ["KnownDecision", "KnownIntent", "KnownMemory", "KnownSpecification", "PastAction", "PastTurn", "Record"]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A message of the conversation before the one that is read."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """`intents` holds the open ones and those that ended lately; `turns` and `actions` are oldest first.

    All are of one project, except the memories of the profile.
    """

    intents: Sequence[KnownIntent] = ()
    decisions: Sequence[KnownDecision] = ()
    memories: Sequence[KnownMemory] = ()
    specifications: Sequence[KnownSpecification] = ()
    turns: Sequence[PastTurn] = ()
    actions: Sequence[PastAction] = ()
    project_id: UUID | None = None

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

    def name_of(self, subject_id: UUID | None) -> str | None:
        """The text of an intent, a decision or a memory."""
        named: list[tuple[UUID, str]] = [(each.id, each.description) for each in self.intents]
        named += [(each.id, each.title) for each in self.decisions]
        named += [(each.id, each.content) for each in self.memories]
        return dict(named).get(subject_id) if subject_id else None


async def load_record(
    connection: Connection, user_id: str, conversation_id: UUID, message_id: UUID, turns: Sequence[PastTurn]
) -> Record:
    """The snapshot of the conversation's project in eight queries; `turns` precede the message."""
    record = await load_record_of_project(connection, user_id, None, conversation_id)
    return replace(
        record,
        turns=[PastTurn(turn.role, turn.text[:TURN_CHARACTERS]) for turn in turns],
        actions=await list_past_actions(connection, user_id, conversation_id, message_id, ACTIONS),
    )


async def load_record_of_project(
    connection: Connection, user_id: str, project_id: UUID | None, conversation_id: UUID | None = None
) -> Record:
    """The snapshot of the project, or of that of the conversation, without any messages."""
    project = await find_project_of_new(connection, user_id, project_id, conversation_id)
    shared = await is_shared(connection, conversation_id)
    scopes = await list_scopes(connection, user_id, SearchFilter(project_id=project, shared=shared))
    return Record(
        project_id=project,
        intents=await list_known_intents(connection, user_id, project, opened=OPEN_INTENTS, ended=ENDED_INTENTS),
        decisions=await list_known_decisions(connection, user_id, project, DECISIONS),
        memories=await list_known_memories(connection, scopes, project, MEMORIES),
        specifications=await list_known_specifications(connection, user_id, project, SPECIFICATIONS),
    )
