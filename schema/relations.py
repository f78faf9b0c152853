"""How a nested field reaches what it points at: batched loaders behind a Protocol that resolvers/ fills in."""

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import strawberry

if TYPE_CHECKING:
    from schema.choice_points import ChoicePoint
    from schema.code_sessions import ClaudeCodeExecution, ClaudeCodeSession
    from schema.context import AssembledContext
    from schema.contradictions import Contradiction
    from schema.conversations import Conversation
    from schema.intents import Intent, IntentConnection, IntentTransition
    from schema.memories import Memory
    from schema.messages import Message, MessageConnection
    from schema.node import Node
    from schema.search import SearchHit
    from schema.specifications import Specification, SpecificationRevision


class Relations(Protocol):
    """Every nested field that costs a look-up; one batch for all parents that ask in the same tick."""

    async def conversation(self, conversation_id: UUID) -> "Conversation | None": ...

    async def message(self, message_id: UUID) -> "Message | None": ...

    async def intent(self, intent_id: UUID) -> "Intent | None": ...

    async def specification(self, specification_id: UUID) -> "Specification | None": ...

    async def choice_point(self, choice_point_id: UUID) -> "ChoicePoint | None": ...

    async def code_session(self, session_id: UUID) -> "ClaudeCodeSession | None": ...

    async def contradiction(self, contradiction_id: UUID) -> "Contradiction | None": ...

    async def memory(self, memory_id: UUID) -> "Memory | None": ...

    async def searchable(
        self, kind: str, subject_id: UUID
    ) -> "Message | Intent | Specification | ChoicePoint | Memory | None": ...

    async def similar(self, subject_id: UUID, first: int | None) -> "list[SearchHit]": ...

    async def context(self, subject_id: UUID) -> "AssembledContext | None": ...

    async def node(self, kind: str, node_id: UUID) -> "Node | None": ...

    async def intents_of_message(self, message_id: UUID) -> "list[Intent]": ...

    async def transitions_of_intent(self, intent_id: UUID) -> "list[IntentTransition]": ...

    async def code_sessions_of_intent(self, intent_id: UUID) -> "list[ClaudeCodeSession]": ...

    async def executions_of_session(self, session_id: UUID) -> "list[ClaudeCodeExecution]": ...

    async def contradictions_of_intent(self, intent_id: UUID) -> "list[Contradiction]": ...

    async def revisions_of_specification(self, specification_id: UUID) -> "list[SpecificationRevision]": ...

    async def messages_of_conversation(
        self, conversation_id: UUID, first: int | None, after: str | None, last: int | None, before: str | None
    ) -> "MessageConnection": ...

    async def intents_of_conversation(
        self, conversation_id: UUID, first: int | None, after: str | None
    ) -> "IntentConnection": ...

    async def intent_total(self, scope: object) -> int: ...

    async def unread_notification_count(self) -> int: ...


class RelationsContext(Protocol):
    """The part of the operation's context that nested fields use."""

    @property
    def relations(self) -> Relations: ...


Info = strawberry.Info[RelationsContext, None]
