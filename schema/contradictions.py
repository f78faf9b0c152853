"""Contradictions: what an intent clashes with, and how the user settled it."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.choice_points import ChoicePoint
from schema.enums import described
from schema.intents import Intent
from schema.node import Node
from schema.relations import Info
from schema.specifications import Specification


@strawberry.enum(description="How an intent clashes.")
class ContradictionKind(Enum):
    TECH_STACK = described("tech_stack", "It wants another technology than the one decided on for the same purpose.")
    POLICY_SHIFT = described("policy_shift", "It reverses a recent decision.")
    DUPLICATE = described("duplicate", "The same was wished for before.")
    DOGMA = described("dogma", "It claims something absolutely: always, never, without exception.")


@strawberry.enum(description="How a contradiction was settled.")
class ContradictionStatus(Enum):
    PENDING = described("pending", "Not settled yet; the intent waits.")
    APPROVED = described("approved", "The intent goes on, and what stood against it is superseded.")
    REJECTED = described("rejected", "The intent is cancelled, and what stood still stands.")
    MODIFIED = described("modified", "The intent was given other words, which are checked anew.")


@strawberry.type(description="A clash of an intent with what was decided or wished for before.")
class Contradiction(Node):
    id: strawberry.ID = strawberry.field(description="The contradiction's id.")
    kind: ContradictionKind = strawberry.field(description="How it clashes.")
    confidence: float = strawberry.field(description="How sure, 0 to 1.")
    explanation: str = strawberry.field(description="What clashes with what, in a sentence for a person.")
    key: str | None = strawberry.field(description=key_of("explanation"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    judge: str = strawberry.field(description="Who found it: a model's name, or the local rules.")
    status: ContradictionStatus = strawberry.field(description="How it was settled.")
    rationale: str | None = strawberry.field(description="Why it was settled so.")
    rationale_key: str | None = strawberry.field(description=key_of("rationale"))
    rationale_params: JSON | None = strawberry.field(description=params_of("rationaleKey"))
    created_at: datetime = strawberry.field(description="When it was found.")
    resolved_at: datetime | None = strawberry.field(description="When it was settled.")
    intent_id: strawberry.Private[UUID]
    other_intent_id: strawberry.Private[UUID | None]
    choice_point_id: strawberry.Private[UUID | None]
    specification_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The intent that waits for it to be settled.")
    async def intent(self, info: Info) -> Intent:
        found = await info.context.relations.intent(self.intent_id)
        if found is None:
            raise LookupError("a contradiction goes with its intent")
        return found

    @strawberry.field(description="The earlier intent that it clashes with, if it is an intent.")
    async def conflicts_with(self, info: Info) -> Intent | None:
        return await info.context.relations.intent(self.other_intent_id) if self.other_intent_id else None

    @strawberry.field(description="The decision that it clashes with, if it is one.")
    async def conflicts_with_choice_point(self, info: Info) -> ChoicePoint | None:
        return await info.context.relations.choice_point(self.choice_point_id) if self.choice_point_id else None

    @strawberry.field(description="The specification that it clashes with, if it is one.")
    async def conflicts_with_specification(self, info: Info) -> Specification | None:
        return await info.context.relations.specification(self.specification_id) if self.specification_id else None


@strawberry.input(description="How to settle a contradiction.")
class ResolveContradictionInput:
    id: strawberry.ID = strawberry.field(description="Which contradiction.")
    resolution: ContradictionStatus = strawberry.field(description="APPROVED, REJECTED or MODIFIED.")
    rationale: str = strawberry.field(description="Why, 10 to 10,000 characters; it is kept.")
    new_description: str | None = strawberry.field(
        default=None, description="The intent's new words; needed by MODIFIED, and by nothing else."
    )
