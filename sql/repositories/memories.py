"""Memories of one user."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sql.errors import Forbidden, NotFound
from sql.repositories.nodes import check_writable, refusal
from sql.rows import MemoryRow
from sql.statements import Connection, in_projects, statements

NO_MEMORY = "memory.not_found"
ALL_KINDS = ("working", "longterm")
USUAL_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class NewMemory:
    """A memory to insert. `weight` 0..1 is its current importance; the source is the row that it was extracted from.

    `profile`: it is about the person, so it belongs to no project. `private`: other members do not see it; one from a
    private message is private anyway. Otherwise its project is that of the source, else the given one, else the default
    one. `reviewed`: a person entered or confirmed it.
    """

    content: str
    kind: str = "longterm"
    source_kind: str | None = None
    source_id: UUID | None = None
    weight: float = USUAL_WEIGHT
    expires_at: datetime | None = None
    tags: Sequence[str] = field(default_factory=tuple)
    project_id: UUID | None = None
    profile: bool = False
    private: bool = False
    reviewed: bool = False


async def insert_memory(connection: Connection, user_id: str, new: NewMemory) -> MemoryRow | None:
    """None when the source has this memory already."""
    record = await statements.insert_memory(
        connection,
        user_id=user_id,
        project_id=new.project_id,
        profile=new.profile,
        private=new.private,
        content=new.content,
        kind=new.kind,
        source_kind=new.source_kind,
        source_id=new.source_id,
        weight=new.weight,
        expires_at=new.expires_at,
        tags=list(new.tags),
        reviewed=new.reviewed,
    )
    return None if record is None else MemoryRow(**record)


async def find_memory_from(connection: Connection, user_id: str, source_id: UUID, content: str) -> MemoryRow:
    """The memory with this content that the source has. Raises NotFound."""
    record = await statements.find_memory_from(connection, user_id=user_id, source_id=source_id, content=content)
    if record is None:
        raise NotFound(NO_MEMORY)
    return MemoryRow(**record)


async def list_memories(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID,
    kinds: Sequence[str] = ALL_KINDS,
    tags: Sequence[str] = (),
    include_archived: bool = False,
    since: datetime | None = None,
    reviewed: bool = False,
    project_id: UUID | None = None,
) -> list[MemoryRow]:
    """Newest first, with an id below `before` and with all of the tags; with a project, its own and the profile's.

    `since`: created at that time or later. `reviewed`: only reviewed ones.
    """
    records = in_projects("list_memories", project_id)(
        connection,
        user_id=user_id,
        project_id=project_id,
        before=before,
        kinds=kinds,
        tags=list(tags),
        include_archived=include_archived,
        since=since,
        reviewed=reviewed,
        count=count,
    )
    return [MemoryRow(**record) async for record in records]


async def list_memories_to_review(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID,
    kinds: Sequence[str] = ALL_KINDS,
    tags: Sequence[str] = (),
    since: datetime | None = None,
    project_id: UUID | None = None,
) -> list[MemoryRow]:
    """Those of the user that wait for their review, newest first; filtered as `list_memories`."""
    records = in_projects("list_memories_to_review", project_id)(
        connection,
        user_id=user_id,
        project_id=project_id,
        before=before,
        kinds=kinds,
        tags=list(tags),
        since=since,
        count=count,
    )
    return [MemoryRow(**record) async for record in records]


async def review_memories(connection: Connection, user_id: str, ids: Sequence[UUID], reviewed: bool) -> list[MemoryRow]:
    """Mark memories of the user as reviewed or not, all or none, in the given order. Raises NotFound, Forbidden."""
    records = statements.review_memories(connection, user_id=user_id, ids=ids, reviewed=reviewed)
    rows = {record["id"]: MemoryRow(**record) async for record in records}
    for each in ids:
        if each not in rows:
            await check_writable(connection, user_id, each, NO_MEMORY)
            raise Forbidden("memory.of_other_member")
    return [rows[each] for each in ids]


async def find_memories(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[MemoryRow]:
    return [MemoryRow(**record) async for record in statements.find_memories(connection, user_id=user_id, ids=ids)]


async def update_memory(
    connection: Connection,
    user_id: str,
    memory_id: UUID,
    *,
    content: str,
    kind: str,
    weight: float | None,
    expires_at: datetime | None,
    tags: Sequence[str],
    project_id: UUID | None = None,
    profile: bool | None = None,
    reviewed: bool,
) -> MemoryRow:
    """A weight, project or profile of None leaves it unchanged. `reviewed`: a person changes it. Raises NotFound."""
    record = await statements.update_memory(
        connection,
        user_id=user_id,
        id=memory_id,
        project_id=project_id,
        profile=profile,
        content=content,
        kind=kind,
        weight=weight,
        expires_at=expires_at,
        tags=list(tags),
        reviewed=reviewed,
    )
    if record is None:
        raise await refusal(connection, user_id, memory_id, NO_MEMORY)
    return MemoryRow(**record)


async def archive_memory(connection: Connection, user_id: str, memory_id: UUID, archived: bool) -> MemoryRow:
    """Archive or restore it. Raises NotFound."""
    record = await statements.archive_memory(connection, user_id=user_id, id=memory_id, archived=archived)
    if record is None:
        raise await refusal(connection, user_id, memory_id, NO_MEMORY)
    return MemoryRow(**record)


async def mark_memory_superseded(connection: Connection, user_id: str, memory_id: UUID, by: UUID) -> None:
    """Archive it because a later memory contradicts it. It can be restored."""
    await statements.mark_memory_superseded(connection, user_id=user_id, id=memory_id, superseded_by=by)


async def mark_memories_used(connection: Connection, user_id: str, ids: Sequence[UUID]) -> None:
    """Count one more access of each, which raises the importance and restarts the decay."""
    await statements.mark_memories_used(connection, user_id=user_id, ids=ids)


async def count_memories(connection: Connection, user_id: str) -> dict[UUID, int]:
    """How many memories are in use in each scope that the user may change."""
    records = statements.count_memories(connection, user_id=user_id)
    return {record["scope_id"]: record["count"] async for record in records}


async def list_least_important(connection: Connection, scope_id: UUID, count: int) -> list[MemoryRow]:
    records = statements.list_least_important(connection, scope_id=scope_id, count=count)
    return [MemoryRow(**record) async for record in records]


async def archive_memories(connection: Connection, user_id: str, ids: Sequence[UUID], by: UUID) -> None:
    """Archive all of them because the memory `by` summarizes them."""
    await statements.archive_memories(connection, user_id=user_id, ids=ids, superseded_by=by)


async def archive_expired_memories(connection: Connection, count: int) -> set[str]:
    """Archive at most `count` expired memories; returns their users."""
    return {record["user_id"] async for record in statements.archive_expired_memories(connection, count=count)}
