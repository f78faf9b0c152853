"""Memories: facts, preferences and decisions."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from schema.costs import LONG_TEXT
from schema.enums import described
from schema.node import Node
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited
from schema.search import Searchable


@strawberry.enum(description="How long a memory is kept.")
class MemoryKind(Enum):
    WORKING = described("working", "For one day: the current work.")
    LONGTERM = described(
        "longterm", "Until it is deleted, superseded, or archived as one of the least important of many."
    )


@strawberry.type(description="A fact, a preference or a decision that is remembered.")
class Memory(Node):
    id: strawberry.ID = strawberry.field(description="The id of the memory.")
    content: str = strawberry.field(metadata=LONG_TEXT, description="The memory, in one sentence.")
    kind: MemoryKind = strawberry.field(description="How long it is kept.")
    importance: float = strawberry.field(
        description="0..1: min(1, 0.5 * 0.95^weeks * (1 + 0.1 * accesses)), with the weeks since its last use."
    )
    access_count: int = strawberry.field(description="How often the assistant got it.")
    last_accessed_at: datetime | None = strawberry.field(description="When the assistant last got it.")
    expires_at: datetime | None = strawberry.field(description="When it is archived automatically; null for never.")
    archived: bool = strawberry.field(
        description="Whether it is archived: neither found nor used, but it can be restored."
    )
    tags: list[str] = strawberry.field(description="The tags to filter by.")
    created_at: datetime = strawberry.field(description="When it was created.")
    reviewed_at: datetime | None = strawberry.field(
        description="When a person kept, changed, entered or confirmed it; null until then."
    )
    project_id: strawberry.Private[UUID | None]
    source_kind: strawberry.Private[str | None]
    source_id: strawberry.Private[UUID | None]
    superseded_by_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Its project; null when it is about the person, and so applies in all projects.")
    def project(self, info: Info) -> Project | None:
        return None if self.project_id is None else awaited(info.context.relations.project(self.project_id))

    @strawberry.field(
        description="The record that it was extracted from; null when a person wrote it, or the record is deleted."
    )
    async def source(self, info: Info) -> Searchable | None:
        if self.source_kind is None or self.source_id is None:
            return None
        return await info.context.relations.searchable(self.source_kind, self.source_id)

    @strawberry.field(description="The later memory that replaced it, or that summarises it with others.")
    async def superseded_by(self, info: Info) -> "Memory | None":
        return await info.context.relations.memory(self.superseded_by_id) if self.superseded_by_id else None


@strawberry.type(description="A memory in a list.")
class MemoryEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Memory = strawberry.field(description="The memory.")


@strawberry.type(description="A page of memories, newest first.")
class MemoryConnection:
    edges: list[MemoryEdge] = strawberry.field(description="The memories of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")


@strawberry.input(description="A memory to save: a new one, or with `id` an existing one.")
class SaveMemoryInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="The id of the memory; absent for a new one.")
    project_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The project; null for the default project, and for an existing memory to leave it where it is.",
    )
    profile: bool | None = strawberry.field(
        default=False,
        description="Whether it is about you, and so belongs to no project and applies in all. Null leaves an existing "
        "memory as it is.",
    )
    content: str = strawberry.field(description="What to remember: not empty, at most 256 KiB of UTF-8.")
    kind: MemoryKind | None = strawberry.field(
        default=MemoryKind.LONGTERM,
        description="How long it is kept. WORKING expires after one day unless `expiresAt` is set.",
    )
    importance: float | None = strawberry.field(
        default=None, description="The importance now, 0 to 1; 0.5 for a new memory, unchanged for an existing one."
    )
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most 10 tags of at most 50 characters."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it is archived automatically; null for never."
    )
