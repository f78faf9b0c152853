"""Queries and mutations of projects."""

from uuid import UUID

import strawberry

from resolvers.checks import SLUG, checked_id, checked_line, checked_slug, checked_text
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.repositories import checked_repositories
from resolvers.views import Computed, EnumColumn, IdColumn, SameRow, view
from schema.projects import Project, ProjectConnection, ProjectEdge, ProjectRole, SaveProjectInput
from sql.errors import BadUserInput, NotFound
from sql.paging import FIRST_ID
from sql.repositories import projects as repository
from sql.repositories.moves import move_records
from sql.repositories.nodes import NO_NODE
from sql.repositories.projects import MAX_NAME_CHARACTERS, NO_PROJECT
from sql.repositories.trash import move_to_trash
from sql.statements import Connection

MAX_MOVED = 1000

to_project = view(
    Project,
    id=IdColumn("id"),
    archived=Computed(lambda row: row.archived_at is not None),
    role=EnumColumn("role", ProjectRole),
)
to_edge = view(ProjectEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_project))


def checked_project_id(value: str | None) -> UUID | None:
    """The id of an input or argument `projectId`."""
    return None if value is None else checked_id(value, NO_PROJECT)


async def visible_project(connection: Connection, viewer_id: str, value: str | None) -> UUID | None:
    """The project that limits a list; None for all that are not archived. Raises NotFound."""
    project_id = checked_project_id(value)
    await repository.check_project(connection, viewer_id, project_id)
    return project_id


async def checked_visible_project(info: Info, value: str | None) -> UUID | None:
    """The same on a connection of its own, when there is a project to look up."""
    if value is None:
        return None
    async with info.context.database.connection() as connection:
        return await visible_project(connection, info.context.viewer.id, value)


async def list_projects(
    info: Info, include_archived: bool | None = False, first: int | None = None, after: str | None = None
) -> ProjectConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        rows = await repository.list_projects(
            connection,
            info.context.viewer.id,
            count=size + 1,
            after=FIRST_ID if after is None else id_from_cursor(after),
            include_archived=bool(include_archived),
        )
    edges, page_info = to_page(rows, size, to_edge, has_previous=after is not None)
    return ProjectConnection(edges=edges, page_info=page_info)


async def get_project(info: Info, id: strawberry.ID | None = None, slug: str | None = None) -> Project | None:
    if (id is None) == (slug is None):
        raise BadUserInput("project.id_or_slug")
    found: Project | None = None
    if id is not None:
        found = await info.context.relations.project(checked_id(id, NO_PROJECT))
    elif slug is not None and SLUG.fullmatch(slug):  # PostgreSQL refuses some of the others
        async with info.context.database.connection() as connection:
            row = await repository.find_project_by_slug(connection, info.context.viewer.id, slug)
        found = None if row is None else to_project(row)
    if found is None:
        raise NotFound(NO_PROJECT)
    return found


async def save_project(info: Info, input: SaveProjectInput) -> Project:
    context, viewer_id = info.context, info.context.viewer.id
    name = checked_line(input.name, "name", MAX_NAME_CHARACTERS)
    slug = None if input.slug is None else checked_slug(input.slug)
    repositories = None if input.repositories is None else checked_repositories(input.repositories)
    description = input.description
    if isinstance(description, str):
        description = checked_text(description, "description", max_bytes=context.limits.max_content_bytes)
    async with context.writing() as connection:
        if input.id is None:
            new = None if description is strawberry.UNSET else description
            row = await repository.insert_project(
                connection, viewer_id, name=name, slug=slug, description=new, repositories=repositories or ()
            )
        else:
            project = await repository.lock_project(connection, viewer_id, checked_id(input.id, NO_PROJECT))
            row = await repository.update_project(
                connection,
                viewer_id,
                project,
                name=name,
                slug=slug or project.slug,
                description=project.description if description is strawberry.UNSET else description,
                repositories=project.repositories if repositories is None else repositories,
            )
    return to_project(row)


async def archive_project(info: Info, id: strawberry.ID, archived: bool | None = True) -> Project:
    project_id, viewer_id = checked_id(id, NO_PROJECT), info.context.viewer.id
    async with info.context.writing() as connection:
        project = await repository.lock_project(connection, viewer_id, project_id)
        row = await repository.archive_project(connection, viewer_id, project, archived is not False)
    return to_project(row)


async def delete_project(info: Info, id: strawberry.ID) -> strawberry.ID:
    project_id, viewer_id = checked_id(id, NO_PROJECT), info.context.viewer.id
    async with info.context.writing() as connection:
        await repository.check_deletion(connection, await repository.lock_project(connection, viewer_id, project_id))
        await move_to_trash(connection, viewer_id, "project", project_id, actor=viewer_id)
    return strawberry.ID(str(project_id))


async def move_to_project(info: Info, ids: list[strawberry.ID], project_id: strawberry.ID) -> int:
    context, viewer_id = info.context, info.context.viewer.id
    if len(ids) > MAX_MOVED:
        raise BadUserInput("input.too_many", field="ids", given=len(ids), maximum=MAX_MOVED)
    wanted, target = [checked_id(each, NO_NODE) for each in ids], checked_id(project_id, NO_PROJECT)
    async with context.writing() as connection:
        moved = await move_records(connection, viewer_id, wanted, target)
        await context.gate.check_moved(connection, viewer_id, moved, actor=viewer_id)
    return moved.count
