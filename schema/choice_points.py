"""Choice points: what was decided, from which options, and why."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.conversations import Conversation
from schema.intents import Intent
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, coming


@strawberry.type(description="One way to decide.")
class ChoiceOption:
    id: strawberry.ID = strawberry.field(description="The option's id.")
    label: str = strawberry.field(description="What it would be.")
    rejection_reason: str | None = strawberry.field(description="Why it was not chosen, when a reason was given.")


@strawberry.type(description="A decision: a question, its options, the one chosen and why the others were not.")
class ChoicePoint(Node):
    id: strawberry.ID = strawberry.field(description="The choice point's id.")
    question: str = strawberry.field(description="What is to be decided.")
    options: list[ChoiceOption] = strawberry.field(description="The options, in the order in which they were given.")
    chosen: ChoiceOption | None = strawberry.field(description="The option chosen; null until decided.")
    rationale: str | None = strawberry.field(description="Why it was chosen; null until decided.")
    tags: list[str] = strawberry.field(description="Words to find it by.")
    decided_at: datetime | None = strawberry.field(description="When it was decided; it is decided once.")
    created_at: datetime = strawberry.field(description="When it was laid out.")
    conversation_id: strawberry.Private[UUID | None]
    intent_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The conversation it came up in.")
    def conversation(self, info: Info) -> Conversation | None:
        return coming(info.context.relations.conversation(self.conversation_id)) if self.conversation_id else None

    @strawberry.field(description="The intent it came up with.")
    def intent(self, info: Info) -> Intent | None:
        return coming(info.context.relations.intent(self.intent_id)) if self.intent_id else None


@strawberry.type(description="A choice point's place in a list.")
class ChoicePointEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: ChoicePoint = strawberry.field(description="The choice point.")


@strawberry.type(description="A page of choice points, newest first.")
class ChoicePointConnection:
    edges: list[ChoicePointEdge] = strawberry.field(description="The choice points of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


@strawberry.input(description="A choice to lay out.")
class CreateChoicePointInput:
    question: str = strawberry.field(description="What is to be decided, at most 2,000 characters.")
    options: list[str] = strawberry.field(
        description="Two to twenty options of up to 500 characters, each different from the others."
    )
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most ten different words of up to 50 characters to find it by."
    )
    conversation_id: strawberry.ID | None = strawberry.field(default=None, description="Where it came up.")
    intent_id: strawberry.ID | None = strawberry.field(default=None, description="The intent it came up with.")


@strawberry.input(description="Why an option is not chosen.")
class RejectionInput:
    option_id: strawberry.ID = strawberry.field(description="Which option.")
    reason: str = strawberry.field(description="Why not, at most 2,000 characters.")


@strawberry.input(description="A decision.")
class DecideChoicePointInput:
    id: strawberry.ID = strawberry.field(description="Which choice point.")
    chosen_option_id: strawberry.ID = strawberry.field(description="The option to choose, one of its own.")
    rationale: str = strawberry.field(description="Why, at most 10,000 characters.")
    rejections: list[RejectionInput] | None = strawberry.field(
        default_factory=list, description="Why the others are not chosen; each option at most once."
    )
