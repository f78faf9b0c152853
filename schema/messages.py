"""Messages: what was said, by whom, and how far a reply has come."""

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
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, coming, together
from schema.search import SearchHit

if TYPE_CHECKING:
    from schema.intents import Intent


@strawberry.enum(description="Who speaks.")
class MessageType(Enum):
    USER = described("user", "The person.")
    KANA = described("kana", "The assistant that answers.")
    YUNO = described("yuno", "The assistant that thinks along, unasked.")
    SYSTEM = described("system", "The system itself.")


@strawberry.enum(description="How far a message has come. Only replies are ever anything but COMPLETE.")
class MessageStatus(Enum):
    PENDING = described("pending", "Waits for a bridge to take it up.")
    STREAMING = described("streaming", "Is being written; follow it with `replyStreamed`.")
    COMPLETE = described("complete", "Is finished.")
    STOPPED = described("stopped", "Was stopped by the user; what was written is kept.")
    FAILED = described("failed", "Could not be written; `error` says why.")


@strawberry.type(description="Something said in a conversation.")
class Message(Node):
    id: strawberry.ID = strawberry.field(description="The message's id; ids sort in the order of speaking.")
    user_id: str = strawberry.field(description="The user whose conversation this is.")
    content: str = strawberry.field(description="The text, Markdown in replies. Grows while the status is STREAMING.")
    message_type: MessageType = strawberry.field(description="Who speaks.")
    status: MessageStatus = strawberry.field(description="How far it has come.")
    error: str | None = strawberry.field(description="Why a FAILED reply failed, in a sentence for a person.")
    error_key: str | None = strawberry.field(description=key_of("error"))
    error_params: JSON | None = strawberry.field(description=params_of("errorKey"))
    metadata: JSON = strawberry.field(
        description="What else is known: of a reply the model and its token usage, of a user's message what the "
        "client sent along, for example `timezone`."
    )
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    conversation_id: strawberry.Private[UUID]
    reply_to_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The conversation it belongs to.")
    async def conversation(self, info: Info) -> Conversation:
        conversation = await info.context.relations.conversation(self.conversation_id)
        if conversation is None:
            raise LookupError(f"message {self.id} outlived its conversation during this request")
        return conversation

    @strawberry.field(description="The user's message that this reply answers.")
    def reply_to(self, info: Info) -> Annotated["Message", strawberry.lazy("schema.messages")] | None:
        return coming(info.context.relations.message(self.reply_to_id)) if self.reply_to_id else None

    @strawberry.field(description="The intents that this message gave rise to, oldest first.")
    @together(by="id")
    def intents(self, info: Info) -> list[Annotated["Intent", strawberry.lazy("schema.intents")]]:
        return coming(info.context.relations.intents_of_message(self.id))

    @strawberry.field(
        description="Exactly what the assistant was given when it wrote this reply; null for other messages."
    )
    async def context(self, info: Info) -> AssembledContext | None:
        return await info.context.relations.context(UUID(self.id))

    @strawberry.field(
        metadata=SEARCHES, description="What comes nearest to it in words and meaning, the nearest first."
    )
    async def similar(self, info: Info, first: int | None = 5) -> list[SearchHit]:
        return await info.context.relations.similar(UUID(self.id), first)


@strawberry.type(description="A message's place in a list.")
class MessageEdge:
    cursor: str = strawberry.field(description="Give it as `after` or `before` to go on from this edge.")
    node: Message = strawberry.field(description="The message.")


@strawberry.type(description="A page of messages, oldest first.")
class MessageConnection:
    edges: list[MessageEdge] = strawberry.field(description="The messages of this page, oldest first.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


@strawberry.input(description="A message to send.")
class SendMessageInput:
    content: str = strawberry.field(description="The text; not empty, at most 256 KiB of UTF-8.")
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The conversation to speak in; a new one is begun when absent."
    )
    metadata: JSON | None = strawberry.field(
        default=None, description='A JSON object to keep with it; `timezone` (IANA) says what "tomorrow" means.'
    )
    client_mutation_id: str | None = strawberry.field(default=None, description="Comes back in the payload.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Sent again under the same key, the first message and its reply come back."
    )


@strawberry.type(description="The message as it was kept, and the reply to come.")
class SendMessagePayload:
    message: Message = strawberry.field(description="The user's message.")
    reply: Message = strawberry.field(description="The reply, PENDING; follow it with `replyStreamed`.")
    client_mutation_id: str | None = strawberry.field(default=None, description="As the input gave it.")
