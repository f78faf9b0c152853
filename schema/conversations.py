"""Conversations: where messages and the intents they raise belong together."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, coming, together

if TYPE_CHECKING:
    from schema.intents import IntentConnection
    from schema.messages import MessageConnection


@strawberry.type(description="A thread of messages, with the intents that came out of it.")
class Conversation(Node):
    id: strawberry.ID = strawberry.field(description="The conversation's id.")
    title: str = strawberry.field(description="Its title; at first the beginning of the first message.")
    archived: bool = strawberry.field(description="Whether it is put away; archived ones are listed only on request.")
    summary: str | None = strawberry.field(description="A rolling summary of what was said, once there is one.")
    created_at: datetime = strawberry.field(description="When it began.")
    updated_at: datetime = strawberry.field(description="When something was last said in it.")

    @strawberry.field(description="Its messages, oldest first. Give `first` or `last` (1 to 100), not both.")
    @together(by="id")
    def messages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Annotated["MessageConnection", strawberry.lazy("schema.messages")]:
        return coming(info.context.relations.messages_of_conversation(self.id, first, after, last, before))

    @strawberry.field(description="The intents raised in it, oldest first; `first` is 1 to 100, default 20.")
    @together(by="id")
    def intents(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Annotated["IntentConnection", strawberry.lazy("schema.intents")]:
        return coming(info.context.relations.intents_of_conversation(self.id, first, after))


@strawberry.type(description="A conversation's place in a list.")
class ConversationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Conversation = strawberry.field(description="The conversation.")


@strawberry.type(description="A page of conversations.")
class ConversationConnection:
    edges: list[ConversationEdge] = strawberry.field(description="The conversations of this page, in order.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
