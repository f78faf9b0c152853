"""Decisions, as an architecture decision record (ADR) keeps them."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.conversations import Conversation
from schema.enums import described
from schema.intents import Intent
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited, batched
from schema.search import Searchable

if TYPE_CHECKING:
    from schema.contradictions import Contradiction


@strawberry.enum(description="The states of a decision.")
class DecisionStatus(Enum):
    PROPOSED = described("proposed", "Not decided yet.")
    ACCEPTED = described("accepted", "In force: new work and new decisions are compared with it.")
    REJECTED = described("rejected", "Proposed and not accepted.")
    SUPERSEDED = described("superseded", "Replaced by a later decision.")
    WITHDRAWN = described("withdrawn", "No longer in force, and not replaced.")


@strawberry.enum(description="The kinds of decisions.")
class DecisionKind(Enum):
    CHOICE = described("choice", "One of several options.")
    RULE = described("rule", "What must be done, or must never be done.")
    VALUE = described("value", 'A parameter, for example "session timeout: 30 minutes".')
    SCOPE = described("scope", "What is part of the work, and what is not.")


@strawberry.type(description="An option of a decision.")
class DecisionOption:
    id: strawberry.ID = strawberry.field(description="The option's id.")
    label: str = strawberry.field(description="The option in words.")
    rejection_reason: str | None = strawberry.field(description="Why the option was rejected; null without a reason.")


@strawberry.type(description="A change of a decision. An edit of its text has the same status on both sides.")
class DecisionChange:
    at: datetime = strawberry.field(description="When it changed.")
    actor: str = strawberry.field(description="Who changed it: the id of a user, or a worker.")
    from_status: DecisionStatus | None = strawberry.field(description="The status before; null for the first entry.")
    to_status: DecisionStatus = strawberry.field(description="The status after.")
    reason: str | None = strawberry.field(description="Why it changed.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))


@strawberry.type(description="A decision with its options, its reasons and its history.")
class Decision(Node):
    id: strawberry.ID = strawberry.field(description="The id of the decision.")
    number: int = strawberry.field(description='The number to cite it by: "ADR 12".')
    title: str = strawberry.field(description="The decision in one sentence.")
    kind: DecisionKind = strawberry.field(description="The kind of decision.")
    topic: str = strawberry.field(
        description="What it settles. At most one CHOICE or VALUE is ACCEPTED for a topic, in any language."
    )
    context: str | None = strawberry.field(description="The question and what speaks for and against.")
    options: list[DecisionOption] = strawberry.field(description="The options in the order in which they were sent.")
    chosen: DecisionOption | None = strawberry.field(description="The chosen option, if there are options.")
    value: str | None = strawberry.field(description='The value of a parameter, for example "30 minutes".')
    rationale: str | None = strawberry.field(description="Why it was decided in this way.")
    consequences: str | None = strawberry.field(description="What follows from it.")
    status: DecisionStatus = strawberry.field(description="The status; with `asOf` the status of that moment.")
    version: int = strawberry.field(description="Increases with every change; send it as `expectedVersion`.")
    tags: list[str] = strawberry.field(description="The tags to filter by.")
    author: str = strawberry.field(description="Who recorded it: the id of a user, or a worker.")
    decided_at: datetime | None = strawberry.field(description="When it was accepted or rejected.")
    valid_until: datetime | None = strawberry.field(description="When it was no longer accepted; null while it is.")
    created_at: datetime = strawberry.field(description="When it was recorded.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    project_id: strawberry.Private[UUID]
    superseded_by_id: strawberry.Private[UUID | None]
    conversation_id: strawberry.Private[UUID | None]
    intent_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The project that it belongs to.")
    def project(self, info: Info) -> Project:
        return awaited(info.context.relations.project(self.project_id))

    @strawberry.field(description="The earlier decisions that it replaced.")
    @batched(by="id")
    def supersedes(self, info: Info) -> list["Decision"]:
        return awaited(info.context.relations.decisions_superseded_by(self.id))

    @strawberry.field(description="The decision that replaced it.")
    def superseded_by(self, info: Info) -> "Decision | None":
        return awaited(info.context.relations.decision(self.superseded_by_id)) if self.superseded_by_id else None

    @strawberry.field(description="The records it was taken from, for example messages. Deleted ones are left out.")
    async def sources(self, info: Info) -> list[Searchable]:
        return await info.context.relations.sources_of_decision(self.id)

    @strawberry.field(description="All changes of its status and all edits, oldest first.")
    @batched(by="id")
    def history(self, info: Info) -> list[DecisionChange]:
        return awaited(info.context.relations.changes_of_decision(self.id))

    @strawberry.field(description="What it contradicts, oldest first; a PROPOSED decision may wait for these.")
    @batched(by="id")
    def contradictions(self, info: Info) -> list[Annotated["Contradiction", strawberry.lazy("schema.contradictions")]]:
        return awaited(info.context.relations.contradictions_of_decision(self.id))

    @strawberry.field(description="The conversation that it was recorded in.")
    def conversation(self, info: Info) -> Conversation | None:
        return awaited(info.context.relations.conversation(self.conversation_id)) if self.conversation_id else None

    @strawberry.field(description="The intent that it was recorded for.")
    def intent(self, info: Info) -> Intent | None:
        return awaited(info.context.relations.intent(self.intent_id)) if self.intent_id else None


@strawberry.type(description="A decision in a list.")
class DecisionEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Decision = strawberry.field(description="The decision.")


@strawberry.type(description="A page of decisions, newest first.")
class DecisionConnection:
    edges: list[DecisionEdge] = strawberry.field(description="The decisions of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="An option of a decision.")
class DecisionOptionInput:
    label: str = strawberry.field(description="The option in words, at most 500 characters.")
    rejection_reason: str | None = strawberry.field(
        default=None, description="Why it is rejected, at most 2,000 characters. Not allowed for the chosen option."
    )


@strawberry.input(description="A decision to record.")
class RecordDecisionInput:
    title: str = strawberry.field(description="The decision in one sentence, at most 200 characters.")
    topic: str | None = strawberry.field(
        default=None, description="What it settles, at most 200 characters; derived from the title when it is null."
    )
    kind: DecisionKind | None = strawberry.field(default=DecisionKind.CHOICE, description="The kind of decision.")
    status: DecisionStatus | None = strawberry.field(
        default=DecisionStatus.ACCEPTED,
        description="ACCEPTED or PROPOSED. Stored as PROPOSED when another accepted decision has the topic and is "
        "not in `supersedes`.",
    )
    context: str | None = strawberry.field(default=None, description="The question, at most 10,000 characters.")
    options: list[DecisionOptionInput] | None = strawberry.field(
        default_factory=list,
        description="At most 20 different options; an accepted CHOICE that has any needs `chosen`.",
    )
    chosen: str | None = strawberry.field(default=None, description="The label of the chosen option.")
    value: str | None = strawberry.field(default=None, description="The value of a VALUE, at most 500 characters.")
    rationale: str | None = strawberry.field(default=None, description="Why, at most 10,000 characters.")
    consequences: str | None = strawberry.field(default=None, description="What follows, at most 10,000 characters.")
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most 10 tags of at most 50 characters."
    )
    supersedes: list[strawberry.ID] | None = strawberry.field(
        default_factory=list,
        description="Ids of accepted or proposed decisions; these become SUPERSEDED in the same transaction.",
    )
    source_ids: list[strawberry.ID] | None = strawberry.field(
        default_factory=list, description="Ids of at most 20 records it was taken from, for example messages."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="The project that it belongs to; null for the default project."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key returns the decision that it recorded first."
    )


@strawberry.input(description="A change of the text of a decision. Fields that are absent or null do not change.")
class UpdateDecisionInput:
    id: strawberry.ID = strawberry.field(description="The id of the decision.")
    title: str | None = strawberry.field(default=None, description="The new title.")
    topic: str | None = strawberry.field(default=None, description="The new topic.")
    context: str | None = strawberry.field(default=None, description='The new context; "" removes it.')
    rationale: str | None = strawberry.field(default=None, description='The new rationale; "" removes it.')
    consequences: str | None = strawberry.field(default=None, description='The new consequences; "" removes them.')
    tags: list[str] | None = strawberry.field(default=None, description="The new tags.")
    options: list[DecisionOptionInput] | None = strawberry.field(
        default=None, description="The new options. Only while it is PROPOSED, as are `chosen` and `value`."
    )
    chosen: str | None = strawberry.field(
        default=None, description='The label of the option to choose; "" chooses none.'
    )
    value: str | None = strawberry.field(default=None, description='The new value; "" removes it.')
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the change is based on; CONFLICT when it is not the current one."
    )
