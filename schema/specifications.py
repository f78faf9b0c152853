"""Specifications: what was laid down, with every revision."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from schema.enums import described
from schema.intents import Intent
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, coming, together


@strawberry.enum(description="How far a specification has come: a DRAFT goes to REVIEW, what was reviewed is APPROVED.")
class SpecificationStatus(Enum):
    DRAFT = described("draft", "Being written.")
    REVIEW = described("review", "Written, and to be looked at.")
    APPROVED = described("approved", "Holds: new wishes are compared with it. Changing its text takes it back.")


@strawberry.type(description="A specification as it was saved once.")
class SpecificationRevision:
    version: int = strawberry.field(description="The version that this revision made.")
    title: str = strawberry.field(description="The title then.")
    content: str = strawberry.field(description="The text then, in Markdown.")
    status: SpecificationStatus = strawberry.field(description="Where it stood then.")
    author: str = strawberry.field(description="Who saved it: a user's id, or a bridge.")
    created_at: datetime = strawberry.field(description="When it was saved.")
    intent_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The intent that asked for this revision, if one did.")
    def intent(self, info: Info) -> Intent | None:
        return coming(info.context.relations.intent(self.intent_id)) if self.intent_id else None


@strawberry.type(description="Something laid down: requirements, interfaces, rules that later work is held to.")
class Specification(Node):
    id: strawberry.ID = strawberry.field(description="The specification's id.")
    title: str = strawberry.field(description="Its title.")
    content: str = strawberry.field(description="Its text, in Markdown.")
    version: int = strawberry.field(description="Bumped by every change; give it as `expectedVersion`.")
    status: SpecificationStatus = strawberry.field(description="Where it stands.")
    tags: list[str] = strawberry.field(description="Words to find it by.")
    created_at: datetime = strawberry.field(description="When it was first saved.")
    updated_at: datetime = strawberry.field(description="When it was last saved.")

    @strawberry.field(description="Every revision, oldest first; the last is what stands now.")
    @together(by="id")
    def revisions(self, info: Info) -> list[SpecificationRevision]:
        return coming(info.context.relations.revisions_of_specification(self.id))


@strawberry.type(description="A specification's place in a list.")
class SpecificationEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Specification = strawberry.field(description="The specification.")


@strawberry.type(description="A page of specifications, newest first.")
class SpecificationConnection:
    edges: list[SpecificationEdge] = strawberry.field(description="The specifications of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


@strawberry.input(description="A specification to save: a new one, or with `id` a new revision of one that stands.")
class SaveSpecificationInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="Which specification; absent for a new one.")
    title: str = strawberry.field(description="Its title, at most 200 characters.")
    content: str = strawberry.field(description="Its text in Markdown, at most 256 KiB of UTF-8.")
    status: SpecificationStatus | None = strawberry.field(
        default=SpecificationStatus.DRAFT,
        description="Where it stands. A draft is approved only after REVIEW, with the text that was reviewed.",
    )
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most ten different words of up to 50 characters to find it by."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the change was made from; CONFLICT when it is not the current one."
    )
