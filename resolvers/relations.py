"""The loaders behind nested fields: one statement for all parents that ask in the same tick."""

# Else the annotations of the functions in here would be evaluated anew for each operation and each event.
from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from resolvers.choice_points import to_choice_point
from resolvers.code_sessions import to_code_session, to_execution
from resolvers.contexts import to_context
from resolvers.contradictions import to_contradiction
from resolvers.conversations import to_conversation
from resolvers.intents import to_intent, to_intent_connection, to_transition
from resolvers.memories import to_memory
from resolvers.messages import to_message, to_message_connection
from resolvers.notifications import to_notification
from resolvers.paging import span_of
from resolvers.ports import Searcher
from resolvers.search import similar_hits
from resolvers.specifications import to_revision, to_specification
from schema.choice_points import ChoicePoint
from schema.code_sessions import ClaudeCodeExecution, ClaudeCodeSession
from schema.context import AssembledContext
from schema.contradictions import Contradiction
from schema.conversations import Conversation
from schema.intents import Intent, IntentConnection, IntentTransition
from schema.memories import Memory
from schema.messages import Message, MessageConnection
from schema.node import Node
from schema.notifications import Notification
from schema.search import SearchHit
from schema.specifications import Specification, SpecificationRevision
from sql.pool import Database
from sql.repositories import (
    choice_points,
    code_sessions,
    contexts,
    contradictions,
    conversations,
    intents,
    memories,
    messages,
    notifications,
    specifications,
)
from sql.repositories.intents import IntentFilter
from sql.rows import IntentRow, MessageRow
from sql.span import Span
from sql.statements import Connection

Row = TypeVar("Row")
Listing = Callable[[Connection, str, Sequence[UUID]], Awaitable[list[Row]]]


class LoadedRelations:
    """Relations of one viewer, cached for one operation. Implements schema.relations.Relations."""

    def __init__(self, database: Database, viewer_id: str, searcher: Searcher) -> None:
        self._database = database
        self._viewer_id = viewer_id
        self._searcher = searcher
        self._conversations = self._by_id(conversations.find_conversations, lambda row: row.id)
        self._messages = self._by_id(messages.find_messages, lambda row: row.id)
        self._intents = self._by_id(intents.find_intents, lambda row: row.id)
        self._notifications = self._by_id(notifications.find_notifications, lambda row: row.id)
        self._specifications = self._by_id(specifications.find_specifications, lambda row: row.id)
        self._choice_points = self._by_id(choice_points.find_choice_points, lambda row: row.id)
        self._contradictions = self._by_id(contradictions.find_contradictions, lambda row: row.id)
        self._code_sessions = self._by_id(code_sessions.find_sessions, lambda row: row.id)
        self._code_sessions_of_intent = self._by_parent(
            code_sessions.list_sessions_of_intents, lambda row: row.intent_id
        )
        self._executions = self._by_parent(code_sessions.list_executions_of_sessions, lambda row: row.session)
        self._contradictions_of_intent = self._by_parent(
            contradictions.list_contradictions_of_intents, lambda row: row.intent_id
        )
        self._contexts = self._by_id(contexts.find_contexts, lambda found: found[0])
        self._memories = self._by_id(memories.find_memories, lambda row: row.id)
        self._intents_of_message = self._by_parent(intents.list_intents_of_messages, lambda row: row.source_message_id)
        self._transitions = self._by_parent(intents.list_transitions_of_intents, lambda row: row.intent_id)
        self._revisions = self._by_parent(
            specifications.list_revisions_of_specifications, lambda row: row.specification_id
        )
        self._intent_totals = DataLoader(self._count_intents_of_conversations)
        self._messages_of: dict[Span, DataLoader[UUID, list[MessageRow]]] = {}
        self._intents_of: dict[Span, DataLoader[UUID, list[IntentRow]]] = {}

    def _by_parent(self, listing: Listing[Row], parent_of: Callable[[Row], UUID | None]) -> DataLoader[UUID, list[Row]]:
        async def load(parents: list[UUID]) -> list[list[Row]]:
            children = defaultdict[UUID | None, list[Row]](list)
            async with self._database.connection() as connection:
                for row in await listing(connection, self._viewer_id, parents):
                    children[parent_of(row)].append(row)
            return [children[parent] for parent in parents]

        return DataLoader(load)

    def _by_id(self, listing: Listing[Row], id_of: Callable[[Row], UUID]) -> DataLoader[UUID, Row | None]:
        async def load(ids: list[UUID]) -> list[Row | None]:
            async with self._database.connection() as connection:
                found = {id_of(row): row for row in await listing(connection, self._viewer_id, ids)}
            return [found.get(each) for each in ids]

        return DataLoader(load)

    async def _count_intents_of_conversations(self, ids: list[UUID]) -> list[int]:
        async with self._database.connection() as connection:
            totals = await intents.count_intents_of_conversations(connection, self._viewer_id, ids)
        return [totals.get(each, 0) for each in ids]

    async def conversation(self, conversation_id: UUID) -> Conversation | None:
        row = await self._conversations.load(conversation_id)
        return to_conversation(row) if row else None

    async def message(self, message_id: UUID) -> Message | None:
        row = await self._messages.load(message_id)
        return to_message(row) if row else None

    async def intent(self, intent_id: UUID) -> Intent | None:
        row = await self._intents.load(intent_id)
        return to_intent(row) if row else None

    async def notification(self, notification_id: UUID) -> Notification | None:
        row = await self._notifications.load(notification_id)
        return to_notification(row) if row else None

    async def specification(self, specification_id: UUID) -> Specification | None:
        row = await self._specifications.load(specification_id)
        return to_specification(row) if row else None

    async def choice_point(self, choice_point_id: UUID) -> ChoicePoint | None:
        row = await self._choice_points.load(choice_point_id)
        return to_choice_point(row) if row else None

    async def code_session(self, session_id: UUID) -> ClaudeCodeSession | None:
        row = await self._code_sessions.load(session_id)
        return to_code_session(row) if row else None

    async def contradiction(self, contradiction_id: UUID) -> Contradiction | None:
        row = await self._contradictions.load(contradiction_id)
        return to_contradiction(row) if row else None

    async def memory(self, memory_id: UUID) -> Memory | None:
        row = await self._memories.load(memory_id)
        return to_memory(row) if row else None

    async def searchable(
        self, kind: str, subject_id: UUID
    ) -> Message | Intent | Specification | ChoicePoint | Memory | None:
        """The row of a kind as `search_entries` names it."""
        find: dict[str, Callable[[UUID], Awaitable[Message | Intent | Specification | ChoicePoint | Memory | None]]] = {
            "message": self.message,
            "intent": self.intent,
            "specification": self.specification,
            "choice_point": self.choice_point,
            "memory": self.memory,
        }
        return await find[kind](subject_id)

    async def similar(self, subject_id: UUID, first: int | None) -> list[SearchHit]:
        return await similar_hits(self, self._searcher, self._viewer_id, subject_id, first)

    async def context(self, subject_id: UUID) -> AssembledContext | None:
        found = await self._contexts.load(subject_id)
        return to_context(found[1]) if found else None

    async def node(self, kind: str, node_id: UUID) -> Node | None:
        """The node of a kind as `find_node_kind` names it."""
        find: dict[str, Callable[[UUID], Awaitable[Node | None]]] = {
            "conversation": self.conversation,
            "message": self.message,
            "intent": self.intent,
            "notification": self.notification,
            "specification": self.specification,
            "choice_point": self.choice_point,
            "contradiction": self.contradiction,
            "memory": self.memory,
            "code_session": self.code_session,
        }
        return await find[kind](node_id)

    async def intents_of_message(self, message_id: UUID) -> list[Intent]:
        return [to_intent(row) for row in await self._intents_of_message.load(message_id)]

    async def transitions_of_intent(self, intent_id: UUID) -> list[IntentTransition]:
        return [to_transition(row) for row in await self._transitions.load(intent_id)]

    async def code_sessions_of_intent(self, intent_id: UUID) -> list[ClaudeCodeSession]:
        return [to_code_session(row) for row in await self._code_sessions_of_intent.load(intent_id)]

    async def executions_of_session(self, session_id: UUID) -> list[ClaudeCodeExecution]:
        return [to_execution(row) for row in await self._executions.load(session_id)]

    async def contradictions_of_intent(self, intent_id: UUID) -> list[Contradiction]:
        return [to_contradiction(row) for row in await self._contradictions_of_intent.load(intent_id)]

    async def revisions_of_specification(self, specification_id: UUID) -> list[SpecificationRevision]:
        return [to_revision(row) for row in await self._revisions.load(specification_id)]

    async def messages_of_conversation(
        self, conversation_id: UUID, first: int | None, after: str | None, last: int | None, before: str | None
    ) -> MessageConnection:
        span = span_of(first, after, last, before)
        if span not in self._messages_of:
            self._messages_of[span] = self._by_parent(
                lambda connection, viewer_id, parents: messages.list_messages_of_conversations(
                    connection, viewer_id, parents, span
                ),
                lambda row: row.conversation_id,
            )
        return to_message_connection(await self._messages_of[span].load(conversation_id), span, after, before)

    async def intents_of_conversation(
        self, conversation_id: UUID, first: int | None, after: str | None
    ) -> IntentConnection:
        span = span_of(first, after)
        if span not in self._intents_of:
            self._intents_of[span] = self._by_parent(
                lambda connection, viewer_id, parents: intents.list_intents_of_conversations(
                    connection, viewer_id, parents, span
                ),
                lambda row: row.conversation_id,
            )
        rows = await self._intents_of[span].load(conversation_id)
        return to_intent_connection(rows, span.count - 1, after, conversation_id)

    async def intent_total(self, scope: object) -> int:
        """`scope` is the list that a connection was made from: a conversation's id or a filter over all intents."""
        if isinstance(scope, UUID):
            return await self._intent_totals.load(scope)
        if not isinstance(scope, IntentFilter):
            raise TypeError(f"a connection cannot be counted by {scope!r}")
        async with self._database.connection() as connection:
            return await intents.count_intents(connection, self._viewer_id, scope)

    async def unread_notification_count(self) -> int:
        async with self._database.connection() as connection:
            return await notifications.count_unread_notifications(connection, self._viewer_id)
