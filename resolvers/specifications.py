"""Queries and mutations of specifications."""

import strawberry

from resolvers.checks import checked_id, checked_tags
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import visible_project
from schema.specifications import (
    SaveSpecificationInput,
    Specification,
    SpecificationConnection,
    SpecificationEdge,
    SpecificationRevision,
    SpecificationStatus,
)
from sql.errors import Conflict, NotFound
from sql.paging import LAST_ID
from sql.repositories import specifications as repository
from sql.repositories.specifications import ALL_STATUSES, NO_SPECIFICATION
from sql.repositories.trash import move_to_trash
from sql.rows import SpecificationRevisionRow, SpecificationRow


def to_specification(row: SpecificationRow) -> Specification:
    return Specification(
        id=strawberry.ID(str(row.id)),
        title=row.title,
        content=row.content,
        version=row.version,
        status=SpecificationStatus(row.status),
        tags=row.tags,
        created_at=row.created_at,
        updated_at=row.updated_at,
        project_id=row.project_id,
    )


def to_revision(row: SpecificationRevisionRow) -> SpecificationRevision:
    return SpecificationRevision(
        version=row.version,
        title=row.title,
        content=row.content,
        status=SpecificationStatus(row.status),
        author=row.author,
        created_at=row.created_at,
        intent_id=row.intent_id,
    )


async def list_specifications(
    info: Info,
    project_id: strawberry.ID | None = None,
    status: list[SpecificationStatus] | None = None,
    tags: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> SpecificationConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        rows = await repository.list_specifications(
            connection,
            info.context.viewer.id,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
            statuses=ALL_STATUSES if status is None else [each.value for each in status],
            tags=checked_tags(tags),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
        )
    edges, page_info = to_page(
        rows,
        size,
        lambda row: SpecificationEdge(cursor=id_cursor(row.id), node=to_specification(row)),
        has_previous=after is not None,
    )
    return SpecificationConnection(edges=edges, page_info=page_info)


async def get_specification(info: Info, id: strawberry.ID) -> Specification | None:
    found = await info.context.relations.specification(checked_id(id, NO_SPECIFICATION))
    if found is None:
        raise NotFound(NO_SPECIFICATION)
    return found


async def save_specification(info: Info, input: SaveSpecificationInput) -> Specification:
    context = info.context
    arguments = {
        "id": input.id,
        "title": input.title,
        "content": input.content,
        "status": None if input.status is None else input.status.name,
        "tags": input.tags or [],
        "expectedVersion": input.expected_version,
        "projectId": input.project_id,
    }
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "write_specification", arguments)
    return to_specification(row)


async def restore_specification(info: Info, id: strawberry.ID, version: int) -> Specification:
    context, specification_id = info.context, checked_id(id, NO_SPECIFICATION)
    async with context.writing() as connection:
        row = await repository.lock_specification(connection, context.viewer.id, specification_id)
        revisions = await repository.list_revisions_of_specifications(connection, context.viewer.id, [row.id])
        earlier = next((each for each in revisions if each.version == version), None)
        if earlier is None:
            raise NotFound("specification.no_revision", version=version)
        if (earlier.title, earlier.content) == (row.title, row.content):
            raise Conflict("specification.same_text", version=version)
        arguments = {
            "id": id,
            "title": earlier.title,
            "content": earlier.content,
            "status": SpecificationStatus.DRAFT.name,
            "tags": row.tags,
        }
        row = await context.tools.run(connection, context.viewer.id, "write_specification", arguments)
    return to_specification(row)


async def delete_specification(info: Info, id: strawberry.ID) -> strawberry.ID:
    specification_id, viewer_id = checked_id(id, NO_SPECIFICATION), info.context.viewer.id
    async with info.context.writing() as connection:
        await move_to_trash(connection, viewer_id, "specification", specification_id, actor=viewer_id)
    return strawberry.ID(str(specification_id))
