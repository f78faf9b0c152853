"""Specifications and their revisions."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from schema.costs import LONG_TEXT
from schema.enums import described
from schema.intents import Intent
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited, batched


@strawberry.enum(
    description="The states of a specification: a DRAFT goes to REVIEW, and the reviewed text is APPROVED."
)
class SpecificationStatus(Enum):
    DRAFT = described("draft", "A draft.")
    REVIEW = described("review", "Waits for its review.")
    APPROVED = described(
        "approved", "Valid: new intents are compared with it. A change of its text makes it a draft again."
    )


@strawberry.type(description="A saved revision of a specification.")
class SpecificationRevision:
    version: int = strawberry.field(description="The version of this revision.")
    title: str = strawberry.field(description="The title of this revision.")
    content: str = strawberry.field(metadata=LONG_TEXT, description="The text of this revision, in Markdown.")
    status: SpecificationStatus = strawberry.field(description="The status of this revision.")
    author: str = strawberry.field(description="Who saved it: the id of a user, or a worker.")
    created_at: datetime = strawberry.field(description="When the revision was saved.")
    intent_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The intent that asked for this revision, if any.")
    def intent(self, info: Info) -> Intent | None:
        return awaited(info.context.relations.intent(self.intent_id)) if self.intent_id else None


@strawberry.type(description="Requirements, interfaces or rules that later work must follow.")
class Specification(Node):
    id: strawberry.ID = strawberry.field(description="The id of the specification.")
    title: str = strawberry.field(description="The title.")
    content: str = strawberry.field(metadata=LONG_TEXT, description="The text, in Markdown.")
    version: int = strawberry.field(description="Increases with every change; send it as `expectedVersion`.")
    status: SpecificationStatus = strawberry.field(description="The status.")
    tags: list[str] = strawberry.field(description="The tags to filter by.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    project_id: strawberry.Private[UUID]

    @strawberry.field(description="The project that it belongs to.")
    def project(self, info: Info) -> Project:
        return awaited(info.context.relations.project(self.project_id))

    @strawberry.field(description="All revisions, oldest first; the last one is the current text.")
    @batched(by="id")
    def revisions(self, info: Info) -> list[SpecificationRevision]:
        return awaited(info.context.relations.revisions_of_specification(self.id))


@strawberry.type(description="A specification in a list.")
class SpecificationEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Specification = strawberry.field(description="The specification.")


@strawberry.type(description="A page of specifications, newest first.")
class SpecificationConnection:
    edges: list[SpecificationEdge] = strawberry.field(description="The specifications of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="A specification to save: a new one, or with `id` a new revision.")
class SaveSpecificationInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the specification; absent for a new one."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="The project of a new one; null for the default project. Ignored with `id`."
    )
    title: str = strawberry.field(description="The title, at most 200 characters.")
    content: str = strawberry.field(description="The text in Markdown, at most 256 KiB of UTF-8.")
    status: SpecificationStatus | None = strawberry.field(
        default=SpecificationStatus.DRAFT,
        description="The status. A draft can be APPROVED only after REVIEW, and with the reviewed text.",
    )
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most 10 tags of at most 50 characters."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the change is based on; CONFLICT when it is not the current one."
    )
