"""Queries and mutations of memories."""

from datetime import UTC, datetime, timedelta
from math import isfinite

import strawberry

from resolvers.checks import checked_id, checked_tags, checked_text, checked_time
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from schema.memories import Memory, MemoryConnection, MemoryEdge, MemoryKind, SaveMemoryInput
from sql.errors import BadUserInput
from sql.paging import LAST_ID
from sql.repositories import memories as repository
from sql.repositories.memories import ALL_KINDS, NO_MEMORY, USUAL_WEIGHT, NewMemory
from sql.rows import MemoryRow

WORKING_HOURS = 24


def to_memory(row: MemoryRow) -> Memory:
    return Memory(
        id=strawberry.ID(str(row.id)),
        content=row.content,
        kind=MemoryKind(row.kind),
        importance=row.importance,
        access_count=row.access_count,
        last_accessed_at=row.last_accessed_at,
        expires_at=row.expires_at,
        archived=row.archived,
        tags=row.tags,
        created_at=row.created_at,
        source_kind=row.source_kind,
        source_id=row.source_id,
        superseded_by_id=row.superseded_by,
    )


async def list_memories(
    info: Info,
    kind: MemoryKind | None = None,
    tags: list[str] | None = None,
    include_archived: bool | None = False,
    first: int | None = None,
    after: str | None = None,
) -> MemoryConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        rows = await repository.list_memories(
            connection,
            info.context.viewer.id,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
            kinds=ALL_KINDS if kind is None else (kind.value,),
            tags=checked_tags(tags),
            include_archived=bool(include_archived),
        )
    edges, page_info = to_page(
        rows,
        size,
        lambda row: MemoryEdge(cursor=id_cursor(row.id), node=to_memory(row)),
        has_previous=after is not None,
    )
    return MemoryConnection(edges=edges, page_info=page_info)


async def save_memory(info: Info, input: SaveMemoryInput) -> Memory:
    context, viewer_id = info.context, info.context.viewer.id
    content = checked_text(input.content, "content", max_bytes=context.limits.max_content_bytes)
    kind, tags = (input.kind or MemoryKind.LONGTERM).value, checked_tags(input.tags)
    weight, expires_at = _checked_importance(input.importance), _checked_expiry(kind, input.expires_at)
    async with context.writing() as connection:
        if input.id is None:
            new = NewMemory(
                content, kind, weight=USUAL_WEIGHT if weight is None else weight, expires_at=expires_at, tags=tags
            )
            row = await repository.insert_memory(connection, viewer_id, new)
            if row is None:
                raise AssertionError("what is written by hand has no source, so it is never there already")
        else:
            row = await repository.update_memory(
                connection,
                viewer_id,
                checked_id(input.id, NO_MEMORY),
                content=content,
                kind=kind,
                weight=weight,
                expires_at=expires_at,
                tags=tags,
            )
    return to_memory(row)


def _checked_importance(value: float | None) -> float | None:
    if value is not None and not (isfinite(value) and 0 <= value <= 1):
        raise BadUserInput("input.out_of_range", field="importance", given=value, minimum=0, maximum=1)
    return value


def _checked_expiry(kind: str, expires_at: datetime | None) -> datetime | None:
    """When the memory expires. A time without a zone is UTC. Raises BadUserInput for a time in the past."""
    now = datetime.now(UTC)
    aware = checked_time(expires_at)
    if aware is None:
        return now + timedelta(hours=WORKING_HOURS) if kind == "working" else None
    if aware <= now:
        raise BadUserInput("input.past", field="expiresAt")
    return aware


async def archive_memory(info: Info, id: strawberry.ID, archived: bool | None = True) -> Memory:
    memory_id = checked_id(id, NO_MEMORY)
    async with info.context.writing() as connection:
        row = await repository.archive_memory(connection, info.context.viewer.id, memory_id, archived is not False)
    return to_memory(row)


async def delete_memory(info: Info, id: strawberry.ID) -> strawberry.ID:
    memory_id = checked_id(id, NO_MEMORY)
    async with info.context.writing() as connection:
        await repository.delete_memory(connection, info.context.viewer.id, memory_id)
    return strawberry.ID(str(memory_id))
