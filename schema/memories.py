"""Memories: what is known of the user and the work, beyond what was said today."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from schema.enums import described
from schema.node import Node
from schema.paging import PageInfo
from schema.relations import Info
from schema.search import Searchable


@strawberry.enum(description="How long something is remembered.")
class MemoryKind(Enum):
    WORKING = described("working", "For a day: what is being done just now.")
    LONGTERM = described("longterm", "Until it is deleted, overturned, or the least important of very many.")


@strawberry.type(description="Something remembered: a fact, a preference, a decision.")
class Memory(Node):
    id: strawberry.ID = strawberry.field(description="The memory's id.")
    content: str = strawberry.field(description="What is remembered, in a sentence.")
    kind: MemoryKind = strawberry.field(description="How long it is remembered.")
    importance: float = strawberry.field(
        description="0..1: min(1, 0.5 * 0.95^weeks * (1 + 0.1 * accesses)), with the weeks since its last use."
    )
    access_count: int = strawberry.field(description="How often it was shown to the assistant.")
    last_accessed_at: datetime | None = strawberry.field(description="When it was last shown to the assistant.")
    expires_at: datetime | None = strawberry.field(description="When it is archived by itself.")
    archived: bool = strawberry.field(description="Put away: neither found nor shown, but it can be brought back.")
    tags: list[str] = strawberry.field(description="Words to find it by.")
    created_at: datetime = strawberry.field(description="When it was made.")
    source_kind: strawberry.Private[str | None]
    source_id: strawberry.Private[UUID | None]
    superseded_by_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The row it was made from; null when it was written by hand or the row is gone.")
    async def source(self, info: Info) -> Searchable | None:
        if self.source_kind is None or self.source_id is None:
            return None
        return await info.context.relations.searchable(self.source_kind, self.source_id)

    @strawberry.field(description="The later memory that overturned it, or that sums it up with others.")
    async def superseded_by(self, info: Info) -> "Memory | None":
        return await info.context.relations.memory(self.superseded_by_id) if self.superseded_by_id else None


@strawberry.type(description="A memory's place in a list.")
class MemoryEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: Memory = strawberry.field(description="The memory.")


@strawberry.type(description="A page of memories, newest first.")
class MemoryConnection:
    edges: list[MemoryEdge] = strawberry.field(description="The memories of this page, newest first.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")


@strawberry.input(description="A memory to keep: a new one, or with `id` one that stands, rewritten.")
class SaveMemoryInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="Which memory; absent for a new one.")
    content: str = strawberry.field(description="What to remember; not empty, at most 256 KiB of UTF-8.")
    kind: MemoryKind | None = strawberry.field(
        default=MemoryKind.LONGTERM, description="How long; WORKING ends after a day unless `expiresAt` says otherwise."
    )
    importance: float | None = strawberry.field(
        default=None, description="How much it matters now, 0..1; 0.5 for a new one, unchanged for one that stands."
    )
    tags: list[str] | None = strawberry.field(
        default_factory=list, description="At most ten different words of up to 50 characters to find it by."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When to archive it by itself.")
