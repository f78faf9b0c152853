"""Contradictions of intents and decisions, and their resolutions."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.decisions import Decision, RecordDecisionInput
from schema.enums import described
from schema.intents import Intent
from schema.node import Node
from schema.relations import Info
from schema.specifications import Specification


@strawberry.enum(description="The kinds of contradictions.")
class ContradictionKind(Enum):
    TECH_STACK = described("tech_stack", "The intent asks for another technology than the decided one.")
    POLICY_SHIFT = described("policy_shift", "The intent reverses a decision.")
    DUPLICATE = described("duplicate", "The intent repeats an earlier intent.")
    DOGMA = described("dogma", "The intent makes an absolute claim: always, never, without exception.")


@strawberry.enum(description="The states of a contradiction.")
class ContradictionStatus(Enum):
    PENDING = described("pending", "Not resolved; the intent or the new decision waits.")
    APPROVED = described(
        "approved", "The intent continues, or the new decision is accepted; what it contradicts is superseded."
    )
    REJECTED = described(
        "rejected", "The intent is cancelled, or the new decision rejected; what it contradicts stays valid."
    )
    MODIFIED = described("modified", "The intent got another description, or another decision was recorded instead.")


@strawberry.type(
    description="A contradiction between an intent or a new decision and an earlier intent, decision or specification."
)
class Contradiction(Node):
    id: strawberry.ID = strawberry.field(description="The id of the contradiction.")
    kind: ContradictionKind = strawberry.field(description="The kind of contradiction.")
    confidence: float = strawberry.field(description="The confidence, from 0 to 1.")
    explanation: str = strawberry.field(description="What contradicts what, in one sentence.")
    key: str | None = strawberry.field(description=key_of("explanation"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    judge: str = strawberry.field(description="What found it: the name of a model, or the local rules.")
    status: ContradictionStatus = strawberry.field(description="The state of the contradiction.")
    rationale: str | None = strawberry.field(description="Why it was resolved in this way; null until it is resolved.")
    rationale_key: str | None = strawberry.field(description=key_of("rationale"))
    rationale_params: JSON | None = strawberry.field(description=params_of("rationaleKey"))
    created_at: datetime = strawberry.field(description="When the contradiction was found.")
    resolved_at: datetime | None = strawberry.field(description="When it was resolved; null until then.")
    intent_id: strawberry.Private[UUID | None]
    decision_id: strawberry.Private[UUID | None]
    other_intent_id: strawberry.Private[UUID | None]
    conflicts_with_decision_id: strawberry.Private[UUID | None]
    specification_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The intent that waits for the resolution; null when it is a decision.")
    async def intent(self, info: Info) -> Intent | None:
        return await info.context.relations.intent(self.intent_id) if self.intent_id else None

    @strawberry.field(description="The proposed decision that waits for the resolution; null when it is an intent.")
    async def decision(self, info: Info) -> Decision | None:
        return await info.context.relations.decision(self.decision_id) if self.decision_id else None

    @strawberry.field(description="The earlier intent that it contradicts, if any.")
    async def conflicts_with(self, info: Info) -> Intent | None:
        return await info.context.relations.intent(self.other_intent_id) if self.other_intent_id else None

    @strawberry.field(description="The decision that it contradicts, if any.")
    async def conflicts_with_decision(self, info: Info) -> Decision | None:
        known = self.conflicts_with_decision_id
        return await info.context.relations.decision(known) if known else None

    @strawberry.field(description="The specification that it contradicts, if any.")
    async def conflicts_with_specification(self, info: Info) -> Specification | None:
        return await info.context.relations.specification(self.specification_id) if self.specification_id else None


@strawberry.input(description="The resolution of a contradiction.")
class ResolveContradictionInput:
    id: strawberry.ID = strawberry.field(description="The id of the contradiction.")
    resolution: ContradictionStatus = strawberry.field(description="APPROVED, REJECTED or MODIFIED.")
    rationale: str = strawberry.field(
        description="Why it is resolved in this way: 10 to 10,000 characters. It is stored."
    )
    new_description: str | None = strawberry.field(
        default=None,
        description="The new description of the intent; required by MODIFIED of an intent, not allowed otherwise.",
    )
    new_decision: RecordDecisionInput | None = strawberry.field(
        default=None,
        description="The decision to record instead: required by MODIFIED of a decision; optional for APPROVED of an "
        "intent that contradicts a decision, where it supersedes that one; not allowed otherwise.",
    )
