"""Intents and their life cycle."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.context import AssembledContext
from schema.conversations import Conversation
from schema.costs import LONG_TEXT, SEARCHES
from schema.enums import described
from schema.messages import Message
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited, batched
from schema.search import SearchHit

if TYPE_CHECKING:
    from schema.code_sessions import ClaudeCodeSession
    from schema.contradictions import Contradiction


@strawberry.enum(description="Whose work an intent is.")
class IntentAssignee(Enum):
    PERSON = described("person", "A to-do of the user; no worker ever claims it.")
    ASSISTANT = described("assistant", "A worker does it.")


@strawberry.enum(description="The states of an intent. One that has ended can be reopened.")
class IntentStatus(Enum):
    PENDING = described("pending", "Waits for a worker, or for `nextAttemptAt`.")
    AWAITING_CONFIRMATION = described("awaiting_confirmation", "Waits until the user confirms, changes or cancels it.")
    PROCESSING = described("processing", "A worker processes it, or the person has started it.")
    COMPLETED = described("completed", "Finished; see `result`.")
    FAILED = described("failed", "Failed; see `error`.")
    CANCELLED = described("cancelled", "Cancelled by the user, or because of another change.")


@strawberry.enum(description="The types of work that an intent asks for.")
class IntentType(Enum):
    QUESTION = described("question", "An answer to a question.")
    TASK = described("task", "A plan and its result.")
    SPECIFICATION = described("specification", "A specification to draft or to revise.")
    REMEMBER = described("remember", "A fact, preference or decision to remember.")
    REMINDER = described("reminder", "A notification at `dueAt`.")
    CODE_EXECUTION = described("code_execution", "Code to run in the workspace.")


@strawberry.enum(description="The order of a list of intents.")
class IntentOrder(Enum):
    NEWEST = described("newest", "Latest first.")
    OLDEST = described("oldest", "Earliest first.")
    PRIORITY = described("priority", "Highest priority first, then latest first.")
    DUE = described("due", "Those that are due first; those without a time last.")


@strawberry.type(description="Why an intent has its type.")
class Classification:
    intent_type: IntentType = strawberry.field(description="The type that was chosen.")
    confidence: float = strawberry.field(description="The confidence, from 0 to 1.")
    reason: str = strawberry.field(description="The reason, in one sentence.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    classifier: str = strawberry.field(description="What decided: the name of a model, or the local rules.")


@strawberry.type(description="A change of an intent's status.")
class IntentTransition:
    from_status: IntentStatus | None = strawberry.field(description="The status before; null for the creation.")
    to_status: IntentStatus = strawberry.field(description="The status after.")
    at: datetime = strawberry.field(description="The time of the change.")
    actor: str = strawberry.field(description="Who did it: the id of a user, or a worker.")
    reason: str | None = strawberry.field(description="The reason; null without one.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))


@strawberry.type(
    description="A work item with a life cycle: it is classified, checked, processed, and explained at every step."
)
class Intent(Node):
    id: strawberry.ID = strawberry.field(description="The id of the intent; ids sort in the order of creation.")
    description: str = strawberry.field(metadata=LONG_TEXT, description="The work that is wanted.")
    assignee: IntentAssignee = strawberry.field(description="Whose work it is.")
    assignee_id: strawberry.ID | None = strawberry.field(description="The id of the user, when it is a person's work.")
    labels: list[str] = strawberry.field(description="The labels to filter by.")
    recurrence: str | None = strawberry.field(
        description="How it repeats, as an RRULE of RFC 5545; the next intent is created when this one ends."
    )
    intent_type: IntentType | None = strawberry.field(description="The type of work; null until it is classified.")
    classification: Classification | None = strawberry.field(
        description="Why it has this type; null when the client sent the type."
    )
    status: IntentStatus = strawberry.field(description="The status.")
    priority: int = strawberry.field(description="The priority, 0 (default) to 10; higher is processed first.")
    result: JSON | None = strawberry.field(
        metadata=LONG_TEXT,
        description="The result: an object with the Markdown `text`, `model`, `usage`, `context` and `durationMs`.",
    )
    error: str | None = strawberry.field(description="Why the last attempt failed, in one sentence.")
    error_key: str | None = strawberry.field(description=key_of("error"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    progress: float | None = strawberry.field(description="The progress, 0 to 1, while PROCESSING; null when unknown.")
    metadata: JSON = strawberry.field(metadata=LONG_TEXT, description="The client's own data.")
    version: int = strawberry.field(description="Increases with every change; send it as `expectedVersion`.")
    attempts: int = strawberry.field(description="The number of attempts so far.")
    max_attempts: int = strawberry.field(description="The number of attempts after which it fails.")
    next_attempt_at: datetime | None = strawberry.field(description="It is not processed before this time.")
    due_at: datetime | None = strawberry.field(
        description="When it is due; you are notified then, and when it is overdue, unless it has ended."
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    processed_at: datetime | None = strawberry.field(description="When processing ended; null before.")
    project_id: strawberry.Private[UUID]
    conversation_id: strawberry.Private[UUID | None]
    source_message_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The project that it belongs to.")
    def project(self, info: Info) -> Project:
        return awaited(info.context.relations.project(self.project_id))

    @strawberry.field(description="The message that raised it; null when it was created directly.")
    def source_message(self, info: Info) -> Message | None:
        return awaited(info.context.relations.message(self.source_message_id)) if self.source_message_id else None

    @strawberry.field(description="The conversation that it belongs to.")
    def conversation(self, info: Info) -> Conversation | None:
        return awaited(info.context.relations.conversation(self.conversation_id)) if self.conversation_id else None

    @strawberry.field(description="Its code sessions, oldest first.")
    @batched(by="id")
    def code_sessions(
        self, info: Info
    ) -> list[Annotated["ClaudeCodeSession", strawberry.lazy("schema.code_sessions")]]:
        return awaited(info.context.relations.code_sessions_of_intent(self.id))

    @strawberry.field(description="Its contradictions, also the resolved ones, oldest first.")
    @batched(by="id")
    def contradictions(self, info: Info) -> list[Annotated["Contradiction", strawberry.lazy("schema.contradictions")]]:
        return awaited(info.context.relations.contradictions_of_intent(self.id))

    @strawberry.field(description="All changes of its status, oldest first.")
    @batched(by="id")
    def history(self, info: Info) -> list[IntentTransition]:
        return awaited(info.context.relations.transitions_of_intent(self.id))

    @strawberry.field(description="The context that the assistant got; null before processing.")
    async def context(self, info: Info) -> AssembledContext | None:
        return await info.context.relations.context(UUID(self.id))

    @strawberry.field(
        metadata=SEARCHES, description="The most similar records by words and meaning, the nearest first."
    )
    async def similar(self, info: Info, first: int | None = 5) -> list[SearchHit]:
        return await info.context.relations.similar(UUID(self.id), first)


@strawberry.type(description="An intent in a list.")
class IntentEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Intent = strawberry.field(description="The intent.")


@strawberry.type(description="A page of intents.")
class IntentConnection:
    edges: list[IntentEdge] = strawberry.field(description="The intents of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
    scope: strawberry.Private[object]

    @strawberry.field(description="The number of intents in the whole list.")
    async def total_count(self, info: Info) -> int:
        return await info.context.relations.intent_total(self.scope)


@strawberry.input(description="An intent to create.")
class CreateIntentInput:
    description: str = strawberry.field(description="The work that is wanted: not empty, at most 256 KiB of UTF-8.")
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The project that it belongs to; when absent, that of the conversation, else your default project.",
    )
    intent_type: IntentType | None = strawberry.field(
        default=None, description="The type of work; it is classified when absent."
    )
    assignee: IntentAssignee | None = strawberry.field(
        default=IntentAssignee.ASSISTANT,
        description="Whose work it is. PERSON makes it a to-do of yours, as does work that needs a model when none is "
        "configured.",
    )
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The user whose work it is, with the assignee PERSON; yourself when absent."
    )
    labels: list[str] | None = strawberry.field(
        default_factory=list, description="At most 10 labels of at most 50 characters."
    )
    recurrence: str | None = strawberry.field(
        default=None,
        description="How it repeats: an RRULE of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO. Needs `dueAt`, the first time.",
    )
    priority: int | None = strawberry.field(default=0, description="The priority, 0 to 10; higher is processed first.")
    due_at: datetime | None = strawberry.field(default=None, description="When it is due; required by a REMINDER.")
    metadata: JSON | None = strawberry.field(default=None, description="A JSON object to store with it.")
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The conversation that it belongs to."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="A second request with the same key returns the first intent and creates none."
    )


@strawberry.input(description="The changes of an intent; absent fields stay as they are.")
class UpdateIntentInput:
    id: strawberry.ID = strawberry.field(description="The id of the intent.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="The work that is wanted.")
    assignee: IntentAssignee | None = strawberry.field(
        default=None,
        description="Whose work it is from now on. CONFLICT while a worker processes it, and for ASSISTANT when no "
        "model is configured that could do it.",
    )
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The user whose work it is, with the assignee PERSON; yourself when absent."
    )
    labels: list[str] | None = strawberry.field(default=None, description="Replaces all labels.")
    recurrence: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="How it repeats, as an RRULE of RFC 5545, counted from `dueAt`; null ends the repetition.",
    )
    priority: int | None = strawberry.field(default=strawberry.UNSET, description="The priority, 0 to 10.")
    due_at: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="When it is due; null removes the date. Without `recurrence` it moves this occurrence only. A "
        "later time makes a REMINDER that has fired PENDING again.",
    )
    metadata: JSON | None = strawberry.field(
        default=strawberry.UNSET, description="Replaces the whole metadata object."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the change is based on; CONFLICT when it is not the current one."
    )


@strawberry.type(description="What a line of text says about a work item. Nothing is stored.")
class TypedTask:
    description: str = strawberry.field(description="The line without what was understood.")
    undated: str = strawberry.field(
        description="The line without its marks such as #finance, but with the words of its time."
    )
    due_at: datetime | None = strawberry.field(
        description="When it is due, or first due; null when the line names no time that is understood."
    )
    past: bool = strawberry.field(description="Whether that time is over.")
    recurrence: str | None = strawberry.field(description="How it repeats, as an RRULE of RFC 5545.")
    labels: list[str] = strawberry.field(description="The labels, from words such as #finance.")
    priority: int | None = strawberry.field(description="The priority, from a word such as !high or !3.")
    assignee: IntentAssignee | None = strawberry.field(description="Whose work it is, from @me or @assistant.")
    reminder: bool = strawberry.field(description="Whether it asks to be reminded.")
    unread: str | None = strawberry.field(description="Words that seem to name a time but were not understood.")
