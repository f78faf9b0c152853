"""Decisions (choice points): the question, the options, the choice and its reasons."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.conversations import Conversation
from schema.intents import Intent
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, awaited


@strawberry.type(description="An option of a decision.")
class ChoiceOption:
    id: strawberry.ID = strawberry.field(description="The option's id.")
    label: str = strawberry.field(description="The option in words.")
    rejection_reason: str | None = strawberry.field(description="Why the option was rejected; null without a reason.")


@strawberry.type(description="A decision: a question, its options, the one chosen and why the others were not.")
class ChoicePoint(Node):
    id: strawberry.ID = strawberry.field(description="The id of the decision.")
    question: str = strawberry.field(description="The question to decide.")
    options: list[ChoiceOption] = strawberry.field(description="The options in the order in which they were sent.")
    chosen: ChoiceOption | None = strawberry.field(description="The chosen option; null until it is decided.")
    rationale: str | None = strawberry.field(description="Why the option was chosen; null until it is decided.")
    tags: list[str] = strawberry.field(description="The tags to filter by.")
    decided_at: datetime | None = strawberry.field(
        description="When it was decided; null until then. A decision is made once."
    )
    created_at: datetime = strawberry.field(description="When it was created.")
    conversation_id: strawberry.Private[UUID | None]
    intent_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The conversation that it belongs to.")
    def conversation(self, info: Info) -> Conversation | None:
        return awaited(info.context.relations.conversation(self.conversation_id)) if self.conversation_id else None

    @strawberry.field(description="The intent that it belongs to.")
    def intent(self, info: Info) -> Intent | None:
        return awaited(info.context.relations.intent(self.intent_id)) if self.intent_id else None


@strawberry.type(description="A decision in a list.")
class ChoicePointEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: ChoicePoint = strawberry.field(description="The decision.")


@strawberry.type(description="A page of decisions, newest first.")
class ChoicePointConnection:
    edges: list[ChoicePointEdge] = strawberry.field(description="The decisions of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="A decision to prepare: the question and its options.")
class CreateChoicePointInput:
    question: str = strawberry.field(description="The question to decide, at most 2,000 characters.")
    options: list[str] = strawberry.field(description="2 to 20 different options of at most 500 characters.")
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most 10 tags of at most 50 characters."
    )
    conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The conversation that it belongs to."
    )
    intent_id: strawberry.ID | None = strawberry.field(default=None, description="The intent that it belongs to.")


@strawberry.input(description="The reason for rejecting an option.")
class RejectionInput:
    option_id: strawberry.ID = strawberry.field(description="The id of the option.")
    reason: str = strawberry.field(description="Why it is rejected, at most 2,000 characters.")


@strawberry.input(description="The choice of an option.")
class DecideChoicePointInput:
    id: strawberry.ID = strawberry.field(description="The id of the decision.")
    chosen_option_id: strawberry.ID = strawberry.field(description="The id of the chosen option.")
    rationale: str = strawberry.field(description="Why this option is chosen, at most 10,000 characters.")
    rejections: list[RejectionInput] | None = strawberry.field(
        default_factory=list, description="Why other options are rejected; at most one reason per option."
    )
