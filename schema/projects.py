"""Projects."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.enums import described
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info, awaited, batched

if TYPE_CHECKING:
    from schema.members import FormerMember, ProjectMember


@strawberry.enum(description="What a user may do in a project.")
class ProjectRole(Enum):
    ADMIN = described("admin", "Reads and writes, and manages the project.")
    MEMBER = described("member", "Reads and writes.")
    READER = described("reader", "Reads.")


@strawberry.type(description="A project: what conversations, intents and decisions belong to.")
class Project(Node):
    id: strawberry.ID = strawberry.field(description="The id of the project.")
    name: str = strawberry.field(description="The name.")
    slug: str = strawberry.field(description="A short name for addresses; no other project has it.")
    description: str | None = strawberry.field(description="What the project is about.")
    repositories: list[str] = strawberry.field(
        description="Its repositories: `github.com/acme/shop` for a remote URL, or the path of a directory."
    )
    archived: bool = strawberry.field(
        description="Whether it is archived; archived projects are listed only with `includeArchived`."
    )
    role: ProjectRole = strawberry.field(description="What you may do in it.")
    muted: bool = strawberry.field(description="Whether you get no notifications of it; see `muteProject`.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(description="The members, those who joined first before the others.")
    @batched(by="id")
    def members(self, info: Info) -> list[Annotated["ProjectMember", strawberry.lazy("schema.members")]]:
        return awaited(info.context.relations.members_of_project(self.id))

    @strawberry.field(description="Those who have left, as authors of what they wrote.")
    @batched(by="id")
    def former_members(self, info: Info) -> list[Annotated["FormerMember", strawberry.lazy("schema.members")]]:
        return awaited(info.context.relations.former_members_of_project(self.id))


@strawberry.type(description="A project in a list.")
class ProjectEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Project = strawberry.field(description="The project.")


@strawberry.type(description="A page of projects, oldest first.")
class ProjectConnection:
    edges: list[ProjectEdge] = strawberry.field(description="The projects of this page, oldest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="A project to save: a new one, or with `id` an existing one.")
class SaveProjectInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the project; absent for a new one."
    )
    name: str = strawberry.field(description="The name, at most 200 characters.")
    slug: str | None = strawberry.field(
        default=None,
        description="At most 60 lower-case letters (a to z), digits, and hyphens between them. When absent, made from "
        "the name of a new project, and unchanged for an existing one.",
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description="What the project is about; null removes it, absent leaves it unchanged."
    )
    repositories: list[str] | None = strawberry.field(
        default=None,
        description="The remote URLs or absolute paths of its repositories, at most 50: an agent that works in one of "
        "them uses this project. Absent leaves them unchanged.",
    )
