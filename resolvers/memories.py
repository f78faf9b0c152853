"""Queries and mutations of memories."""

from datetime import datetime
from typing import Any

import strawberry

from resolvers.checks import checked_id, checked_tags, checked_time
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import visible_project
from schema.memories import Memory, MemoryConnection, MemoryEdge, MemoryKind, SaveMemoryInput
from sql.errors import BadUserInput
from sql.paging import LAST_ID
from sql.repositories import memories as repository
from sql.repositories.memories import ALL_KINDS, NO_MEMORY
from sql.repositories.trash import move_to_trash
from sql.rows import MemoryRow

MAX_REVIEWED = 100


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
        reviewed_at=row.reviewed_at,
        project_id=row.project_id,
        source_kind=row.source_kind,
        source_id=row.source_id,
        superseded_by_id=row.superseded_by,
    )


async def list_memories(
    info: Info,
    project_id: strawberry.ID | None = None,
    kind: MemoryKind | None = None,
    tags: list[str] | None = None,
    include_archived: bool | None = False,
    since: datetime | None = None,
    reviewed: bool | None = None,
    first: int | None = None,
    after: str | None = None,
) -> MemoryConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        wanted: dict[str, Any] = {
            "count": size + 1,
            "before": LAST_ID if after is None else id_from_cursor(after),
            "kinds": ALL_KINDS if kind is None else (kind.value,),
            "tags": checked_tags(tags),
            "since": checked_time(since),
            "project_id": await visible_project(connection, info.context.viewer.id, project_id),
        }
        if reviewed is False:
            rows = await repository.list_memories_to_review(connection, info.context.viewer.id, **wanted)
        else:
            wanted |= {"include_archived": bool(include_archived), "reviewed": bool(reviewed)}
            rows = await repository.list_memories(connection, info.context.viewer.id, **wanted)
    edges, page_info = to_page(
        rows,
        size,
        lambda row: MemoryEdge(cursor=id_cursor(row.id), node=to_memory(row)),
        has_previous=after is not None,
    )
    return MemoryConnection(edges=edges, page_info=page_info)


async def save_memory(info: Info, input: SaveMemoryInput) -> Memory:
    context = info.context
    arguments = {
        "id": input.id,
        "content": input.content,
        "kind": None if input.kind is None else input.kind.name,
        "importance": input.importance,
        "tags": input.tags,
        "expiresAt": input.expires_at,
        "projectId": input.project_id,
        "profile": input.profile,
        "byProgram": context.is_program,
    }
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "remember", arguments)
    return to_memory(row)


async def keep_memories(info: Info, ids: list[strawberry.ID], kept: bool | None = True) -> list[Memory]:
    info.context.require_person()
    if len(ids) > MAX_REVIEWED:
        raise BadUserInput("input.too_many", field="ids", given=len(ids), maximum=MAX_REVIEWED)
    wanted = list(dict.fromkeys(checked_id(each, NO_MEMORY) for each in ids))
    async with info.context.writing() as connection:
        rows = await repository.review_memories(connection, info.context.viewer.id, wanted, kept is not False)
    return [to_memory(row) for row in rows]


async def archive_memory(info: Info, id: strawberry.ID, archived: bool | None = True) -> Memory:
    context = info.context
    arguments = {"id": id, "archived": archived is not False}
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "forget", arguments)
    return to_memory(row)


async def delete_memory(info: Info, id: strawberry.ID) -> strawberry.ID:
    memory_id, viewer_id = checked_id(id, NO_MEMORY), info.context.viewer.id
    async with info.context.writing() as connection:
        await move_to_trash(connection, viewer_id, "memory", memory_id, actor=viewer_id)
    return strawberry.ID(str(memory_id))
