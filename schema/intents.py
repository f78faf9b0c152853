"""Intents: wishes written down, and what became of them."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.context import AssembledContext
from schema.conversations import Conversation
from schema.costs import SEARCHES
from schema.enums import described
from schema.messages import Message
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, coming, together
from schema.search import SearchHit

if TYPE_CHECKING:
    from schema.code_sessions import ClaudeCodeSession
    from schema.contradictions import Contradiction


@strawberry.enum(description="Where an intent stands. COMPLETED is final; FAILED and CANCELLED can be retried.")
class IntentStatus(Enum):
    PENDING = described("pending", "Waits for a bridge, or for `nextAttemptAt`.")
    AWAITING_CONFIRMATION = described("awaiting_confirmation", "Waits for the user to confirm, change or refuse it.")
    PROCESSING = described("processing", "A bridge works on it.")
    COMPLETED = described("completed", "Is done; `result` says what came of it.")
    FAILED = described("failed", "Could not be done; `error` says why.")
    CANCELLED = described("cancelled", "Was called off.")


@strawberry.enum(description="What kind of work an intent asks for.")
class IntentType(Enum):
    QUESTION = described("question", "An answer.")
    TASK = described("task", "A plan and its result.")
    SPECIFICATION = described("specification", "A specification, drafted or revised.")
    REMEMBER = described("remember", "Something to keep in mind for good.")
    REMINDER = described("reminder", "A notification at `dueAt`.")
    CODE_EXECUTION = described("code_execution", "Code to be run.")


@strawberry.enum(description="The order of a list of intents.")
class IntentOrder(Enum):
    NEWEST = described("newest", "Latest first.")
    OLDEST = described("oldest", "Earliest first.")
    PRIORITY = described("priority", "Highest priority first, latest first within one.")


@strawberry.type(description="Why an intent has the type it has.")
class Classification:
    intent_type: IntentType = strawberry.field(description="The type decided on.")
    confidence: float = strawberry.field(description="How sure, 0 to 1.")
    reason: str = strawberry.field(description="Why, in a sentence.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    classifier: str = strawberry.field(description="Who decided: a model's name, or the local rules.")


@strawberry.type(description="One step in an intent's life.")
class IntentTransition:
    from_status: IntentStatus | None = strawberry.field(description="Where it stood before; null at its creation.")
    to_status: IntentStatus = strawberry.field(description="Where it stood afterwards.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who did it: the user's id, or a bridge.")
    reason: str | None = strawberry.field(description="Why, when a reason was given.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))


@strawberry.type(description="A wish written down: classified, processed, and explained at every step.")
class Intent(Node):
    id: strawberry.ID = strawberry.field(description="The intent's id; ids sort in the order of creation.")
    description: str = strawberry.field(description="What is wanted.")
    intent_type: IntentType | None = strawberry.field(description="What kind of work; null until classified.")
    classification: Classification | None = strawberry.field(description="Why it has this type; null when given.")
    status: IntentStatus = strawberry.field(description="Where it stands.")
    priority: int = strawberry.field(description="0 (default) to 10; higher is taken up first.")
    result: JSON | None = strawberry.field(
        description="What came of it: an object with the Markdown `text`, `model`, `usage`, `context`, `durationMs`."
    )
    error: str | None = strawberry.field(description="Why the last attempt failed, in a sentence for a person.")
    error_key: str | None = strawberry.field(description=key_of("error"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    progress: float | None = strawberry.field(description="0 to 1 while PROCESSING, when known.")
    metadata: JSON = strawberry.field(description="What the client keeps with it.")
    version: int = strawberry.field(description="Bumped by every transition and edit; give it as `expectedVersion`.")
    attempts: int = strawberry.field(description="How often it was taken up.")
    max_attempts: int = strawberry.field(description="How often it is tried before it fails.")
    next_attempt_at: datetime | None = strawberry.field(description="Not taken up before this time.")
    due_at: datetime | None = strawberry.field(description="When it is wanted; a REMINDER notifies then.")
    created_at: datetime = strawberry.field(description="When it was written down.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    processed_at: datetime | None = strawberry.field(description="When it reached its end.")
    conversation_id: strawberry.Private[UUID | None]
    source_message_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The message that gave rise to it.")
    def source_message(self, info: Info) -> Message | None:
        return coming(info.context.relations.message(self.source_message_id)) if self.source_message_id else None

    @strawberry.field(description="The conversation it belongs to.")
    def conversation(self, info: Info) -> Conversation | None:
        return coming(info.context.relations.conversation(self.conversation_id)) if self.conversation_id else None

    @strawberry.field(description="What was run for it, oldest first.")
    @together(by="id")
    def code_sessions(
        self, info: Info
    ) -> list[Annotated["ClaudeCodeSession", strawberry.lazy("schema.code_sessions")]]:
        return coming(info.context.relations.code_sessions_of_intent(self.id))

    @strawberry.field(description="What it clashes, or clashed, with, oldest first.")
    @together(by="id")
    def contradictions(self, info: Info) -> list[Annotated["Contradiction", strawberry.lazy("schema.contradictions")]]:
        return coming(info.context.relations.contradictions_of_intent(self.id))

    @strawberry.field(description="Every step of its life, oldest first.")
    @together(by="id")
    def history(self, info: Info) -> list[IntentTransition]:
        return coming(info.context.relations.transitions_of_intent(self.id))

    @strawberry.field(description="What the work on it was given; null before work began.")
    async def context(self, info: Info) -> AssembledContext | None:
        return await info.context.relations.context(UUID(self.id))

    @strawberry.field(
        metadata=SEARCHES, description="What comes nearest to it in words and meaning, the nearest first."
    )
    async def similar(self, info: Info, first: int | None = 5) -> list[SearchHit]:
        return await info.context.relations.similar(UUID(self.id), first)


@strawberry.type(description="An intent's place in a list.")
class IntentEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Intent = strawberry.field(description="The intent.")


@strawberry.type(description="A page of intents.")
class IntentConnection:
    edges: list[IntentEdge] = strawberry.field(description="The intents of this page, in order.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    scope: strawberry.Private[object]

    @strawberry.field(description="How many intents the whole list has.")
    async def total_count(self, info: Info) -> int:
        return await info.context.relations.intent_total(self.scope)


@strawberry.input(description="An intent to write down.")
class CreateIntentInput:
    description: str = strawberry.field(description="What is wanted; not empty, at most 256 KiB of UTF-8.")
    intent_type: IntentType | None = strawberry.field(default=None, description="Its type; classified when absent.")
    priority: int | None = strawberry.field(default=0, description="0 to 10; higher is taken up first.")
    due_at: datetime | None = strawberry.field(default=None, description="When it is wanted; needed by a REMINDER.")
    metadata: JSON | None = strawberry.field(default=None, description="A JSON object to keep with it.")
    conversation_id: strawberry.ID | None = strawberry.field(default=None, description="Where it belongs.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Sent again with the same key, the first intent comes back and none is made."
    )


@strawberry.input(description="What to change of an intent; absent fields stay as they are.")
class UpdateIntentInput:
    id: strawberry.ID = strawberry.field(description="Which intent.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="What is wanted.")
    priority: int | None = strawberry.field(default=strawberry.UNSET, description="0 to 10.")
    due_at: datetime | None = strawberry.field(default=strawberry.UNSET, description="When it is wanted; null clears.")
    metadata: JSON | None = strawberry.field(default=strawberry.UNSET, description="Replaces the whole object.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version this change was made from; CONFLICT when it is no longer that."
    )
