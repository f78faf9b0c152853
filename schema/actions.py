"""Actions: calls of tools that were done or proposed because of a message."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.costs import LONG_TEXT
from schema.enums import described
from schema.messages import Message
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited, batched
from schema.search import Searchable


@strawberry.enum(description="The states of an action.")
class ActionStatus(Enum):
    DONE = described("done", "It was done. The intent that it created may still wait for a confirmation.")
    PROPOSED = described("proposed", "It waits for `acceptAction` or `dismissAction`.")
    DISMISSED = described("dismissed", "It was proposed, and a person dismissed it.")
    UNDONE = described("undone", "It was done, and a person undid it.")
    FAILED = described("failed", "It could not be done; see `reason`.")


@strawberry.type(
    description="One call of a tool: by the assistant because of a message, by a program, or by an offline rule."
)
class Action(Node):
    id: strawberry.ID = strawberry.field(description="The id of the action; ids sort in the order of the calls.")
    tool: str = strawberry.field(description="The tool, for example `create_intent`.")
    arguments: JSON = strawberry.field(metadata=LONG_TEXT, description="The arguments of the call.")
    summary: str = strawberry.field(description="One line for a person, in the language of the message.")
    key: str | None = strawberry.field(description=key_of("summary"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    status: ActionStatus = strawberry.field(description="The status.")
    actor: str = strawberry.field(
        description="Who called the tool: a bridge, `agent:` with the name of a coding agent, or the id of a user."
    )
    reason: str | None = strawberry.field(
        description="Why it was done, why it only proposes, or why it failed; null without one."
    )
    reason_key: str | None = strawberry.field(description=key_of("reason"))
    reason_params: JSON | None = strawberry.field(description=params_of("reasonKey"))
    confidence: float | None = strawberry.field(description="The confidence, from 0 to 1; null when unknown.")
    created_at: datetime = strawberry.field(description="When the tool was called.")
    updated_at: datetime = strawberry.field(description="When its status last changed.")
    message_id: strawberry.Private[UUID | None]
    project_id: strawberry.Private[UUID]
    subject_kind: strawberry.Private[str | None]
    subject_id: strawberry.Private[UUID | None]
    candidate_ids: strawberry.Private[list[UUID]]

    @strawberry.field(description="What it made or changed; null when that is deleted.")
    async def subject(self, info: Info) -> Node | None:
        if self.subject_kind is None or self.subject_id is None:
            return None
        return await info.context.relations.node(self.subject_kind, self.subject_id)

    @strawberry.field(
        description="The records of which one has to be chosen, when several match: accept it with "
        "`arguments: {id: ...}`."
    )
    async def candidates(self, info: Info) -> list[Searchable]:
        return await info.context.relations.candidates(self.candidate_ids)

    @strawberry.field(
        description="Whether `undoAction` is possible now: it is DONE, its subject has not changed since, and no "
        "worker has begun."
    )
    @batched(by="id")
    def undoable(self, info: Info) -> bool:
        return awaited(info.context.relations.undoable(self.id))

    @strawberry.field(description="The project that it belongs to.")
    async def project(self, info: Info) -> Project:
        project = await info.context.relations.project(self.project_id)
        if project is None:
            raise LookupError(f"action {self.id} lost its project during this request")
        return project

    @strawberry.field(description="The message that led to it; null when it is deleted, or for a program.")
    def message(self, info: Info) -> Message | None:
        return awaited(info.context.relations.message(self.message_id)) if self.message_id else None


@strawberry.type(description="An action in a list.")
class ActionEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Action = strawberry.field(description="The action.")


@strawberry.type(description="A page of actions, newest first.")
class ActionConnection:
    edges: list[ActionEdge] = strawberry.field(description="The actions of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
