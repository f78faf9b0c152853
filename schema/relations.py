"""The protocol of the loaders that nested fields use; resolvers/relations.py implements it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from uuid import UUID

import strawberry

if TYPE_CHECKING:
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
    from schema.projects import Project
    from schema.search import Searchable, SearchHit
    from schema.specifications import Specification, SpecificationRevision
    from schema.webhooks import WebhookDeliveryConnection


Value = TypeVar("Value")
Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def awaited(value: Awaitable[Value]) -> Value:
    """The awaitable, typed as its value. graphql-core awaits it, so no coroutine is needed per parent."""
    return cast(Value, value)


class Keys(list[Any]):
    """The keys of many parents, in place of the key of one parent."""


def batched(by: str) -> Callable[[Resolver], Resolver]:
    """Marks a resolver that uses only the attribute `by` of its parent, as the key of a loader.

    An executor may call it once for many parents, with their `Keys` in that attribute. The awaited result is then the
    list of values in the order of the keys.
    """

    def mark(resolver: Resolver) -> Resolver:
        resolver.batched_by = by  # type: ignore[attr-defined]
        return resolver

    return mark


class Relations(Protocol):
    """Loads the records of nested fields, in one batch for all parents of the same tick."""

    def with_empty_caches(self) -> "Relations":
        """A copy with empty caches."""

    def project(self, project_id: UUID) -> "Awaitable[Project]":
        """The project of a record of the viewer."""

    def members_of_project(self, project_id: str) -> "Awaitable[list[ProjectMember]]": ...

    def former_members_of_project(self, project_id: str) -> "Awaitable[list[FormerMember]]": ...

    def deliveries_of_webhook(
        self, webhook_id: str, status: str | None, first: int | None, after: str | None
    ) -> "Awaitable[WebhookDeliveryConnection]":
        """Those of a webhook that the viewer administers."""

    async def default_project(self) -> "Project": ...

    def conversation(self, conversation_id: UUID) -> "Awaitable[Conversation | None]": ...

    def deleted_conversation(self, conversation_id: UUID) -> "Awaitable[Conversation | None]":
        """A conversation in the trash."""

    def message(self, message_id: UUID) -> "Awaitable[Message | None]": ...

    def intent(self, intent_id: UUID) -> "Awaitable[Intent | None]": ...

    def specification(self, specification_id: UUID) -> "Awaitable[Specification | None]": ...

    def decision(self, decision_id: UUID) -> "Awaitable[Decision | None]": ...

    def code_session(self, session_id: UUID) -> "Awaitable[ClaudeCodeSession | None]": ...

    def action(self, action_id: UUID) -> "Awaitable[Action | None]": ...

    def token(self, token_id: UUID) -> "Awaitable[Token | None]": ...

    def actions_of_message(self, message_id: str) -> "Awaitable[list[Action]]": ...

    def attachments_of_message(self, message_id: str) -> "Awaitable[list[Attachment]]": ...

    def versions(self, first_id: UUID) -> "Awaitable[list[Message]]": ...

    async def actions_of_other_versions(self, message_id: UUID) -> "list[Action]": ...

    async def candidates(self, ids: Sequence[UUID]) -> "list[Searchable]": ...

    def undoable(self, action_id: str) -> "Awaitable[bool]": ...

    def contradiction(self, contradiction_id: UUID) -> "Awaitable[Contradiction | None]": ...

    def memory(self, memory_id: UUID) -> "Awaitable[Memory | None]": ...

    async def searchable(
        self, kind: str, subject_id: UUID
    ) -> "Message | Intent | Specification | Decision | Memory | None": ...

    async def similar(self, subject_id: UUID, first: int | None) -> "list[SearchHit]": ...

    def citations(self, message_id: UUID) -> "Awaitable[list[Citation]]": ...

    async def cited_text(self, kind: str, record_id: UUID) -> "CitedText | None": ...

    def context(self, subject_id: UUID) -> "Awaitable[AssembledContext | None]": ...

    async def node(self, kind: str, node_id: UUID) -> "Node | None": ...

    def intents_of_message(self, message_id: str) -> "Awaitable[list[Intent]]": ...

    def transitions_of_intent(self, intent_id: str) -> "Awaitable[list[IntentTransition]]": ...

    def code_sessions_of_intent(self, intent_id: str) -> "Awaitable[list[ClaudeCodeSession]]": ...

    def executions_of_session(self, session_id: str) -> "Awaitable[list[ClaudeCodeExecution]]": ...

    def contradictions_of_intent(self, intent_id: str) -> "Awaitable[list[Contradiction]]": ...

    def contradictions_of_decision(self, decision_id: str) -> "Awaitable[list[Contradiction]]": ...

    def decisions_superseded_by(self, decision_id: str) -> "Awaitable[list[Decision]]": ...

    def changes_of_decision(self, decision_id: str) -> "Awaitable[list[DecisionChange]]": ...

    async def sources_of_decision(
        self, decision_id: str
    ) -> "list[Message | Intent | Specification | Decision | Memory]": ...

    def revisions_of_specification(self, specification_id: str) -> "Awaitable[list[SpecificationRevision]]": ...

    def messages_of_conversation(
        self,
        conversation_id: str,
        first: int | None,
        after: str | None,
        last: int | None,
        before: str | None,
        all_versions: bool = False,
    ) -> "Awaitable[MessageConnection]": ...

    def intents_of_conversation(
        self, conversation_id: str, first: int | None, after: str | None
    ) -> "Awaitable[IntentConnection]": ...

    async def intent_total(self, scope: object) -> int: ...

    async def unread_notification_count(self) -> int: ...

    async def timezone(self) -> str | None: ...

    async def chosen_timezone(self) -> str | None: ...


class RelationsContext(Protocol):
    """The part of the context that nested fields use."""

    @property
    def relations(self) -> Relations: ...

    @property
    def timezone(self) -> str: ...


Info = strawberry.Info[RelationsContext, None]
