"""Conversations."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from schema.enums import described
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited, batched

if TYPE_CHECKING:
    from schema.intents import IntentConnection
    from schema.messages import MessageConnection


@strawberry.enum(description="Who sees a conversation.")
class Visibility(Enum):
    PRIVATE = described("private", "Only its author.")
    PROJECT = described("project", "All members of its project.")


@strawberry.type(description="A thread of messages, and the intents that they raised.")
class Conversation(Node):
    id: strawberry.ID = strawberry.field(description="The id of the conversation.")
    author_id: strawberry.ID = strawberry.field(
        description="The id of the user who started it; for the name see `Project.members`."
    )
    visibility: Visibility = strawberry.field(
        description="Who sees it, with its messages and the memories, contexts and actions from them. Its decisions, "
        "specifications and intents are seen by all members of the project."
    )
    title: str = strawberry.field(description="The title; at first the beginning of the first message.")
    archived: bool = strawberry.field(
        description="Whether it is archived; archived conversations are listed only with `includeArchived`."
    )
    summary: str | None = strawberry.field(description="A summary of the conversation so far; null while it is short.")
    model: str | None = strawberry.field(
        description="Which of `Viewer.availableModels` answers here; null for the default one."
    )
    created_at: datetime = strawberry.field(description="When it started.")
    updated_at: datetime = strawberry.field(description="When the last message was written.")
    project_id: strawberry.Private[UUID]

    @strawberry.field(description="The project that it belongs to; its intents belong to the same project.")
    def project(self, info: Info) -> Project:
        return awaited(info.context.relations.project(self.project_id))

    @strawberry.field(
        description="The messages, oldest first. Send `first` or `last` (1 to 100), not both. Without `allVersions`, "
        "those of the branch that is shown."
    )
    @batched(by="id")
    def messages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        all_versions: bool = False,
    ) -> Annotated["MessageConnection", strawberry.lazy("schema.messages")]:
        return awaited(
            info.context.relations.messages_of_conversation(self.id, first, after, last, before, all_versions)
        )

    @strawberry.field(description="The intents of the conversation, oldest first. `first` is 1 to 100, default 20.")
    @batched(by="id")
    def intents(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Annotated["IntentConnection", strawberry.lazy("schema.intents")]:
        return awaited(info.context.relations.intents_of_conversation(self.id, first, after))


@strawberry.type(description="A conversation in a list.")
class ConversationEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Conversation = strawberry.field(description="The conversation.")


@strawberry.type(description="A page of conversations.")
class ConversationConnection:
    edges: list[ConversationEdge] = strawberry.field(description="The conversations of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="Changes of a conversation. What is absent stays as it is.")
class UpdateConversationInput:
    id: strawberry.ID = strawberry.field(description="The id of the conversation.")
    title: str | None = strawberry.field(default=None, description="The new title.")
    model: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The model that answers from now on, one of `Viewer.availableModels`; null for the default one.",
    )
    visibility: Visibility | None = strawberry.field(
        default=None, description="Who sees it from now on; only its author may change that."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The project to move it to, with its intents, decisions and actions. The decisions get new numbers "
        "there; an accepted one whose topic is decided there becomes PROPOSED.",
    )
