"""Messages and replies."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.citations import Citation
from schema.context import AssembledContext
from schema.conversations import Conversation
from schema.costs import LONG_TEXT, SEARCHES
from schema.enums import described
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, awaited, batched
from schema.search import SearchHit

if TYPE_CHECKING:
    from schema.actions import Action
    from schema.attachments import Attachment
    from schema.intents import Intent


@strawberry.enum(description="The kinds of authors of a message.")
class MessageType(Enum):
    USER = described("user", "The user.")
    KANA = described("kana", "The assistant that answers.")
    YUNO = described("yuno", "The assistant that comments without being asked.")
    SYSTEM = described("system", "The system itself.")


@strawberry.enum(description="The states of a message. Only replies have another status than COMPLETE.")
class MessageStatus(Enum):
    PENDING = described("pending", "Waits for a worker.")
    STREAMING = described("streaming", "Being written; subscribe to `replyStreamed` to follow it.")
    COMPLETE = described("complete", "Finished.")
    STOPPED = described("stopped", "Stopped by the user; the text so far is kept.")
    FAILED = described("failed", "Failed or cut off; see `error` and `incomplete`.")


@strawberry.type(description="A message of a conversation.")
class Message(Node):
    id: strawberry.ID = strawberry.field(
        description="The id of the message; ids sort in the order of the conversation."
    )
    user_id: str = strawberry.field(description="The id of the user who wrote it, or who gets the reply.")
    content: str = strawberry.field(
        metadata=LONG_TEXT, description="The text; Markdown in replies. It grows while the status is STREAMING."
    )
    message_type: MessageType = strawberry.field(description="The author of the message.")
    status: MessageStatus = strawberry.field(description="The status of the message.")
    incomplete: bool = strawberry.field(
        description="Whether it is a reply that was cut off: FAILED, with the text that arrived before the failure. "
        "`continueReply` goes on after that text."
    )
    error: str | None = strawberry.field(description="Why a FAILED reply failed, in one sentence.")
    error_key: str | None = strawberry.field(description=key_of("error"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    metadata: JSON = strawberry.field(
        metadata=LONG_TEXT,
        description="Further details: of a reply the model and its token usage; of a user's message what the "
        "client sent, for example `timezone`.",
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    shown: bool = strawberry.field(
        description="Whether it is in the branch of its conversation that is shown, searched and given to the model."
    )
    conversation_id: strawberry.Private[UUID]
    reply_to_id: strawberry.Private[UUID | None]
    version_of: strawberry.Private[UUID | None]
    branch_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The conversation that it belongs to.")
    async def conversation(self, info: Info) -> Conversation:
        conversation = await info.context.relations.conversation(self.conversation_id)
        if conversation is None:  # of a message that is shown in the trash
            conversation = await info.context.relations.deleted_conversation(self.conversation_id)
        if conversation is None:
            raise LookupError(f"message {self.id} lost its conversation during this request")
        return conversation

    @strawberry.field(description="The message that this reply answers; null for other messages.")
    def reply_to(self, info: Info) -> Annotated["Message", strawberry.lazy("schema.messages")] | None:
        return awaited(info.context.relations.message(self.reply_to_id)) if self.reply_to_id else None

    @strawberry.field(description="The intents that this message raised, oldest first.")
    @batched(by="id")
    def intents(self, info: Info) -> list[Annotated["Intent", strawberry.lazy("schema.intents")]]:
        return awaited(info.context.relations.intents_of_message(self.id))

    @strawberry.field(description="What was done, or is proposed, because of this message, in this order.")
    @batched(by="id")
    def actions(self, info: Info) -> list[Annotated["Action", strawberry.lazy("schema.actions")]]:
        return awaited(info.context.relations.actions_of_message(self.id))

    @strawberry.field(description="The files of this message, in the order in which they were attached.")
    @batched(by="id")
    def attachments(self, info: Info) -> list[Annotated["Attachment", strawberry.lazy("schema.attachments")]]:
        return awaited(info.context.relations.attachments_of_message(self.id))

    @strawberry.field(
        description="All versions of it, oldest first: what was edited, or answered again. A message without other "
        "versions is its only one. `selectVersion` shows another one."
    )
    def versions(self, info: Info) -> list[Annotated["Message", strawberry.lazy("schema.messages")]]:
        return awaited(info.context.relations.versions(self.version_of)) if self.version_of else [self]

    @strawberry.field(
        description="The nearest message before it that has versions: this message belongs to the branch of that "
        "version. Null when no message before it has versions."
    )
    def branch_of(self, info: Info) -> Annotated["Message", strawberry.lazy("schema.messages")] | None:
        return awaited(info.context.relations.message(self.branch_id)) if self.branch_id else None

    @strawberry.field(
        description="The actions that are in effect because of its other versions and what follows those, oldest "
        "first. Selecting another version does not undo them."
    )
    async def actions_of_other_versions(
        self, info: Info
    ) -> list[Annotated["Action", strawberry.lazy("schema.actions")]]:
        return await info.context.relations.actions_of_other_versions(UUID(self.id)) if self.version_of else []

    @strawberry.field(
        description="The records that this reply cites, in the order of its text; empty until it has ended. A number "
        "between brackets that is not among them is text."
    )
    def citations(self, info: Info) -> list[Citation]:
        return awaited(info.context.relations.citations(UUID(self.id))) if self.message_type is MessageType.KANA else []

    @strawberry.field(description="The context that the assistant got for this reply; null for other messages.")
    async def context(self, info: Info) -> AssembledContext | None:
        return await info.context.relations.context(UUID(self.id))

    @strawberry.field(
        metadata=SEARCHES, description="The most similar records by words and meaning, the nearest first."
    )
    async def similar(self, info: Info, first: int | None = 5) -> list[SearchHit]:
        return await info.context.relations.similar(UUID(self.id), first)


@strawberry.type(description="A message in a list.")
class MessageEdge:
    cursor: str = strawberry.field(description="The position of this edge; send it as `after` or `before`.")
    node: Message = strawberry.field(description="The message.")


@strawberry.type(description="A page of messages, oldest first.")
class MessageConnection:
    edges: list[MessageEdge] = strawberry.field(description="The messages of this page, oldest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="A message to send.")
class SendMessageInput:
    content: str = strawberry.field(
        description="The text: at most 256 KiB of UTF-8. Empty only with files; their names are the text then."
    )
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default_factory=list, description="Files that `POST /files` stored and that no message has yet, in this order."
    )
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The conversation of the message; a new one is created when absent."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="The project of the new conversation; your default project when absent."
    )
    model: str | None = strawberry.field(
        default=None,
        description="The model that answers in the conversation from now on, one of `Viewer.availableModels`.",
    )
    metadata: JSON | None = strawberry.field(
        default=None, description='A JSON object to store with it. `timezone` (IANA) defines words such as "tomorrow".'
    )
    client_mutation_id: str | None = strawberry.field(default=None, description="Returned in the payload.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="A second request with the same key returns the first message and its reply."
    )


@strawberry.type(description="The stored message, and its reply.")
class SendMessagePayload:
    message: Message = strawberry.field(description="The user's message.")
    reply: Message = strawberry.field(description="The reply, PENDING; subscribe to `replyStreamed` to follow it.")
    client_mutation_id: str | None = strawberry.field(default=None, description="The value of the input.")
