"""The loaders of nested fields: one statement for all parents of the same tick."""

# Otherwise the annotations of nested functions are evaluated again for each operation and event.
from __future__ import annotations

from asyncio import Future, gather
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast
from uuid import UUID

from resolvers.actions import to_action
from resolvers.assembled_contexts import to_context
from resolvers.attachments import to_attachment
from resolvers.citations import to_citation, to_cited_text
from resolvers.code_sessions import to_code_session, to_execution
from resolvers.contradictions import to_contradiction
from resolvers.conversations import to_conversation
from resolvers.decisions import to_change, to_decision
from resolvers.identity import to_token
from resolvers.intents import to_intent, to_intent_connection, to_transition
from resolvers.members import to_former_member, to_member
from resolvers.memories import to_memory
from resolvers.messages import to_message, to_message_connection
from resolvers.notifications import to_notification
from resolvers.paging import id_from_cursor, page_range_of, page_size
from resolvers.ports import Searcher, Tools
from resolvers.projects import to_project
from resolvers.row_loaders import RowLoaders
from resolvers.search import similar_hits
from resolvers.specifications import to_revision, to_specification
from resolvers.webhooks import to_delivery_connection
from schema.actions import Action
from schema.attachments import Attachment
from schema.citations import Citation, CitedText
from schema.code_sessions import ClaudeCodeExecution, ClaudeCodeSession
from schema.context import AssembledContext
from schema.contradictions import Contradiction
from schema.conversations import Conversation
from schema.decisions import Decision, DecisionChange
from schema.identity import Token
from schema.intents import Intent, IntentConnection, IntentTransition
from schema.members import FormerMember, ProjectMember
from schema.memories import Memory
from schema.messages import Message, MessageConnection
from schema.node import Node
from schema.notifications import Notification
from schema.projects import Project
from schema.relations import Keys
from schema.search import SearchHit
from schema.specifications import Specification, SpecificationRevision
from schema.webhooks import WebhookDeliveryConnection
from sql.paging import LAST_ID
from sql.pool import Database
from sql.repositories import (
    accounts,
    actions,
    attachments,
    branches,
    code_sessions,
    contexts,
    contradictions,
    conversations,
    credentials,
    decision_reads,
    intent_lists,
    intents,
    members,
    memories,
    messages,
    notifications,
    projects,
    specifications,
    trash,
    webhooks,
)
from sql.repositories.intent_lists import IntentFilter
from sql.repositories.nodes import find_node_kind


class LoadedRelations(RowLoaders):
    """Relations of one viewer, cached for one operation. Implements schema.relations.Relations."""

    def __init__(self, database: Database, viewer_id: str, searcher: Searcher, tools: Tools) -> None:
        super().__init__(database, viewer_id)
        self._searcher = searcher
        self._tools = tools

    def with_empty_caches(self) -> LoadedRelations:
        return LoadedRelations(self._database, self._viewer_id, self._searcher, self._tools)

    def project(self, project_id: UUID) -> Future[Project]:
        # The foreign key guarantees that the project exists.
        return cast(Future[Project], self._load_one(project_id, projects.find_projects, to_project))

    def members_of_project(self, project_id: str | Keys) -> Future[list[ProjectMember]]:
        return self._load_list(project_id, members.list_members, "project_id", to_member)

    def former_members_of_project(self, project_id: str | Keys) -> Future[list[FormerMember]]:
        return self._load_list(project_id, members.list_former_members, "project_id", to_former_member)

    def deliveries_of_webhook(
        self, webhook_id: str | Keys, status: str | None, first: int | None, after: str | None
    ) -> Future[WebhookDeliveryConnection]:
        size, before = page_size(first), LAST_ID if after is None else id_from_cursor(after)
        return self._load_many(
            ("deliveries", status, first, after),
            webhook_id,
            lambda connection, viewer_id, parents: webhooks.list_deliveries_of_webhooks(
                connection, viewer_id, parents, status=status, before=before, count=size + 1
            ),
            "webhook_id",
            lambda parent, rows: to_delivery_connection(rows, size, after),
        )

    async def default_project(self) -> Project:
        async with self._database.connection() as connection:
            return to_project(await projects.get_default_project(connection, self._viewer_id))

    def conversation(self, conversation_id: UUID) -> Future[Conversation | None]:
        return self._load_one(conversation_id, conversations.find_conversations, to_conversation)

    def deleted_conversation(self, conversation_id: UUID) -> Future[Conversation | None]:
        return self._load_one(conversation_id, trash.find_deleted_conversations, to_conversation)

    def message(self, message_id: UUID) -> Future[Message | None]:
        return self._load_one(message_id, messages.find_messages, to_message)

    def intent(self, intent_id: UUID) -> Future[Intent | None]:
        return self._load_one(intent_id, intents.find_intents, to_intent)

    def notification(self, notification_id: UUID) -> Future[Notification | None]:
        return self._load_one(notification_id, notifications.find_notifications, to_notification)

    def specification(self, specification_id: UUID) -> Future[Specification | None]:
        return self._load_one(specification_id, specifications.find_specifications, to_specification)

    def decision(self, decision_id: UUID) -> Future[Decision | None]:
        return self._load_one(decision_id, decision_reads.find_decisions, to_decision)

    def contradiction(self, contradiction_id: UUID) -> Future[Contradiction | None]:
        return self._load_one(contradiction_id, contradictions.find_contradictions, to_contradiction)

    def code_session(self, session_id: UUID) -> Future[ClaudeCodeSession | None]:
        return self._load_one(session_id, code_sessions.find_sessions, to_code_session)

    def memory(self, memory_id: UUID) -> Future[Memory | None]:
        return self._load_one(memory_id, memories.find_memories, to_memory)

    def action(self, action_id: UUID) -> Future[Action | None]:
        return self._load_one(action_id, actions.find_actions, to_action)

    def token(self, token_id: UUID) -> Future[Token | None]:
        return self._load_one(token_id, credentials.find_tokens, to_token)

    def actions_of_message(self, message_id: str | Keys) -> Future[list[Action]]:
        return self._load_list(message_id, actions.list_actions_of_messages, "message_id", to_action)

    def attachment(self, attachment_id: UUID) -> Future[Attachment | None]:
        return self._load_one(attachment_id, attachments.find_attachments, to_attachment)

    def attachments_of_message(self, message_id: str | Keys) -> Future[list[Attachment]]:
        return self._load_list(message_id, attachments.list_attachments_of_messages, "message_id", to_attachment)

    def versions(self, first_id: UUID) -> Future[list[Message]]:
        return self._load_list(str(first_id), branches.list_versions, "version_of", to_message)

    async def actions_of_other_versions(self, message_id: UUID) -> list[Action]:
        ids = await self._loader(self._read_actions_of_other_versions).load(message_id)
        found = await gather(*map(self.action, ids))
        return [each for each in found if each is not None]

    async def _read_actions_of_other_versions(self, ids: list[UUID]) -> list[list[UUID]]:
        async with self._database.connection() as connection:
            pairs = await branches.list_actions_of_other_versions(connection, self._viewer_id, ids)
        return [[action for message, action in pairs if message == each] for each in ids]

    def undoable(self, action_id: str | Keys) -> Future[bool]:
        loader = self._loader(self._read_undoable)
        return cast(Future[bool], loader.load_all(action_id) if isinstance(action_id, Keys) else loader.load(action_id))

    async def _read_undoable(self, ids: list[str]) -> list[bool]:
        async with self._database.connection() as connection:
            rows = await actions.find_whole_actions(connection, self._viewer_id, [UUID(each) for each in ids])
            able = await self._tools.undoable(connection, self._viewer_id, rows)
        found = {str(row.id): can for row, can in zip(rows, able, strict=True)}
        return [found.get(each, False) for each in ids]

    async def candidates(self, ids: Sequence[UUID]) -> list[Any]:
        """The records with these ids that still exist, in this order."""
        async with self._database.connection() as connection:
            kinds = [await find_node_kind(connection, self._viewer_id, each) for each in ids]
        nodes = [await self.node(kind, each) for kind, each in zip(kinds, ids, strict=True) if kind is not None]
        return [each for each in nodes if each is not None]

    async def searchable(
        self, kind: str, subject_id: UUID
    ) -> Message | Intent | Specification | Decision | Memory | None:
        """The row of a kind as `search_entries` names it."""
        find: dict[str, Callable[[UUID], Awaitable[Message | Intent | Specification | Decision | Memory | None]]] = {
            "message": self.message,
            "intent": self.intent,
            "specification": self.specification,
            "decision": self.decision,
            "memory": self.memory,
        }
        return await find[kind](subject_id)

    async def similar(self, subject_id: UUID, first: int | None) -> list[SearchHit]:
        return await similar_hits(self, self._searcher, self._viewer_id, subject_id, first)

    def citations(self, message_id: UUID) -> Future[list[Citation]]:
        return self._loader(self._read_citations).load(message_id)

    async def _read_citations(self, replies: list[UUID]) -> list[list[Citation]]:
        async with self._database.connection() as connection:
            rows = await contexts.list_citations(connection, self._viewer_id, replies)
        return [[to_citation(row) for row in rows if row.message_id == each] for each in replies]

    async def cited_text(self, kind: str, record_id: UUID) -> CitedText | None:
        record = await self.searchable(kind, record_id)
        return None if record is None else to_cited_text(record)

    def context(self, subject_id: UUID) -> Future[AssembledContext | None]:
        return self._loader(self._read_contexts).load(subject_id)

    async def _read_contexts(self, subjects: list[UUID]) -> list[AssembledContext | None]:
        async with self._database.connection() as connection:
            found = dict(await contexts.find_contexts(connection, self._viewer_id, subjects))
        return [to_context(found[each]) if each in found else None for each in subjects]

    async def node(self, kind: str, node_id: UUID) -> Node | None:
        """The node of a kind as `find_node_kind` names it."""
        find: dict[str, Callable[[UUID], Awaitable[Node | None]]] = {
            "project": self.project,
            "action": self.action,
            "attachment": self.attachment,
            "conversation": self.conversation,
            "message": self.message,
            "intent": self.intent,
            "notification": self.notification,
            "specification": self.specification,
            "decision": self.decision,
            "contradiction": self.contradiction,
            "memory": self.memory,
            "code_session": self.code_session,
        }
        return await find[kind](node_id)

    def intents_of_message(self, message_id: str | Keys) -> Future[list[Intent]]:
        return self._load_list(message_id, intent_lists.list_intents_of_messages, "source_message_id", to_intent)

    def transitions_of_intent(self, intent_id: str | Keys) -> Future[list[IntentTransition]]:
        return self._load_list(intent_id, intent_lists.list_transitions_of_intents, "intent_id", to_transition)

    def contradictions_of_intent(self, intent_id: str | Keys) -> Future[list[Contradiction]]:
        return self._load_list(intent_id, contradictions.list_contradictions_of_intents, "intent_id", to_contradiction)

    def contradictions_of_decision(self, decision_id: str | Keys) -> Future[list[Contradiction]]:
        return self._load_list(
            decision_id, contradictions.list_contradictions_of_decisions, "decision_id", to_contradiction
        )

    def decisions_superseded_by(self, decision_id: str | Keys) -> Future[list[Decision]]:
        return self._load_list(decision_id, decision_reads.list_superseded_decisions, "superseded_by", to_decision)

    def changes_of_decision(self, decision_id: str | Keys) -> Future[list[DecisionChange]]:
        return self._load_list(decision_id, decision_reads.list_changes_of_decisions, "decision_id", to_change)

    async def sources_of_decision(self, decision_id: str) -> list[Message | Intent | Specification | Decision | Memory]:
        """Those that still exist, in their order."""
        rows = await self._load_many(
            "sources", decision_id, decision_reads.list_sources_of_decisions, "decision_id", lambda parent, rows: rows
        )
        found = await gather(*(self.searchable(row.source_kind, row.source_id) for row in rows))
        return [each for each in found if each is not None]

    def revisions_of_specification(self, specification_id: str | Keys) -> Future[list[SpecificationRevision]]:
        return self._load_list(
            specification_id, specifications.list_revisions_of_specifications, "specification_id", to_revision
        )

    def code_sessions_of_intent(self, intent_id: str | Keys) -> Future[list[ClaudeCodeSession]]:
        return self._load_list(intent_id, code_sessions.list_sessions_of_intents, "intent_id", to_code_session)

    def executions_of_session(self, session_id: str | Keys) -> Future[list[ClaudeCodeExecution]]:
        return self._load_list(session_id, code_sessions.list_executions_of_sessions, "session", to_execution)

    def messages_of_conversation(
        self,
        conversation_id: str | Keys,
        first: int | None,
        after: str | None,
        last: int | None,
        before: str | None,
        all_versions: bool = False,
    ) -> Future[MessageConnection]:
        span = page_range_of(first, after, last, before)
        return self._load_many(
            ("messages", first, after, last, before, all_versions),
            conversation_id,
            lambda connection, viewer_id, parents: messages.list_messages_of_conversations(
                connection, viewer_id, parents, span, all_versions=all_versions
            ),
            "conversation_id",
            lambda parent, rows: to_message_connection(rows, span, after, before),
        )

    def intents_of_conversation(
        self, conversation_id: str | Keys, first: int | None, after: str | None
    ) -> Future[IntentConnection]:
        span = page_range_of(first, after)
        return self._load_many(
            ("intents", first, after),
            conversation_id,
            lambda connection, viewer_id, parents: intent_lists.list_intents_of_conversations(
                connection, viewer_id, parents, span
            ),
            "conversation_id",
            lambda parent, rows: to_intent_connection(rows, span.count - 1, after, UUID(parent)),
        )

    async def intent_total(self, scope: object) -> int:
        """`scope` is the list that a connection was made from: a conversation's id or a filter over all intents."""
        if not isinstance(scope, (UUID, IntentFilter)):
            raise TypeError(f"a connection cannot be counted by {scope!r}")
        if isinstance(scope, UUID):
            return await self._loader(self._count_intents_of_conversations).load(scope)
        async with self._database.connection() as connection:
            return await intent_lists.count_intents(connection, self._viewer_id, scope)

    async def _count_intents_of_conversations(self, ids: list[UUID]) -> list[int]:
        async with self._database.connection() as connection:
            totals = await intent_lists.count_intents_of_conversations(connection, self._viewer_id, ids)
        return [totals.get(each, 0) for each in ids]

    async def unread_notification_count(self) -> int:
        async with self._database.connection() as connection:
            return await notifications.count_unread_notifications(connection, self._viewer_id)

    async def timezone(self) -> str | None:
        """The time zone that the viewer has chosen, else that of their device."""
        async with self._database.connection() as connection:
            return await accounts.find_timezone(connection, self._viewer_id)

    async def chosen_timezone(self) -> str | None:
        async with self._database.connection() as connection:
            return await accounts.find_chosen_timezone(connection, self._viewer_id)
