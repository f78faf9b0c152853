"""Projects of one user."""

import re
import unicodedata
from collections.abc import Sequence
from uuid import UUID

from sql.errors import BadUserInput, Conflict, Forbidden, NotFound
from sql.repositories.conversations import NO_CONVERSATION
from sql.rows import ProjectRow
from sql.statements import Connection, fetch_rows, statements

NO_PROJECT = "project.not_found"
MAX_NAME_CHARACTERS = 200
MAX_SLUG_CHARACTERS = 60
NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
SUFFIX_CHARACTERS = 8
MAX_ATTEMPTS = 5


def slug_of(name: str) -> str:
    """A slug for the name; `project` when the name has no Latin letters and no digits."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = NOT_IN_SLUG.sub("-", latin)[: MAX_SLUG_CHARACTERS - SUFFIX_CHARACTERS - 1].strip("-")
    return slug or "project"


async def insert_project(
    connection: Connection,
    user_id: str,
    *,
    name: str,
    slug: str | None,
    description: str | None,
    repositories: Sequence[str] = (),
) -> ProjectRow:
    """Without a slug, with one made from the name, numbered when that is taken. Raises Conflict for a taken slug."""
    wanted = slug or slug_of(name)
    for _ in range(1 if slug else MAX_ATTEMPTS):  # another transaction may take the same slug
        free = slug or await statements.find_free_slug(connection, slug=wanted)
        created = await statements.insert_project(
            connection,
            user_id=user_id,
            name=name,
            slug=free,
            description=description,
            repositories=list(repositories),
        )
        if created is not None:
            return await get_project(connection, user_id, created)
    raise Conflict("project.slug_taken", slug=wanted)


async def update_project(
    connection: Connection,
    user_id: str,
    project: ProjectRow,
    *,
    name: str,
    slug: str,
    description: str | None,
    repositories: Sequence[str],
) -> ProjectRow:
    """Raises Conflict when another project has the slug."""
    try:
        await statements.update_project(
            connection,
            id=project.id,
            name=name,
            slug=slug,
            description=description,
            repositories=list(repositories),
        )
    except Conflict as error:
        raise Conflict("project.slug_taken", slug=slug) from error
    return await get_project(connection, user_id, project.id)


async def lock_project(connection: Connection, user_id: str, project_id: UUID) -> ProjectRow:
    """The project of an admin, locked until the transaction ends. Raises NotFound, and Forbidden for other members."""
    record = await statements.lock_project(connection, user_id=user_id, id=project_id)
    if record is None:
        raise NotFound(NO_PROJECT)
    if record["role"] != "admin":
        raise Forbidden("project.admin_only")
    return ProjectRow(**record)


async def list_projects(
    connection: Connection, user_id: str, *, count: int, after: UUID, include_archived: bool = False
) -> list[ProjectRow]:
    """Oldest first, with an id above `after`; the default project is the first."""
    return await fetch_rows(
        connection,
        statements.list_projects,
        ProjectRow,
        user_id=user_id,
        include_archived=include_archived,
        after=after,
        count=count,
    )


async def find_projects(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ProjectRow]:
    return await fetch_rows(connection, statements.find_projects, ProjectRow, user_id=user_id, ids=ids)


async def get_project(connection: Connection, user_id: str, project_id: UUID) -> ProjectRow:
    """Raises NotFound."""
    for record in await find_projects(connection, user_id, [project_id]):
        return record
    raise NotFound(NO_PROJECT)


async def find_project_by_slug(connection: Connection, user_id: str, slug: str) -> ProjectRow | None:
    record = await statements.find_project_by_slug(connection, user_id=user_id, slug=slug)
    return None if record is None else ProjectRow(**record)


async def list_projects_of_repository(
    connection: Connection, user_id: str, *, remote: str | None, directory: str | None
) -> list[ProjectRow]:
    """The projects that have the remote, and those that have the nearest directory, by slug."""
    return await fetch_rows(
        connection,
        statements.list_projects_of_repository,
        ProjectRow,
        user_id=user_id,
        remote=remote,
        directory=directory,
    )


async def get_default_project(connection: Connection, user_id: str) -> ProjectRow:
    """The project of what is created without naming one. Raises NotFound for an unknown user."""
    record = await statements.get_default_project(connection, user_id=user_id)
    if record is None:
        raise NotFound(NO_PROJECT)
    return ProjectRow(**record)


async def archive_project(connection: Connection, user_id: str, project: ProjectRow, archived: bool) -> ProjectRow:
    """Archive a locked project, or restore it. Raises Conflict for the default project."""
    if archived and project.is_default:
        raise Conflict("project.default_not_archived", name=project.name)
    await statements.archive_project(connection, id=project.id, archived=archived)
    return await get_project(connection, user_id, project.id)


async def check_deletion(connection: Connection, project: ProjectRow) -> None:
    """Raises Conflict for the default project, and for one that has records and is not archived."""
    if project.is_default:
        raise Conflict("project.default_not_deleted", name=project.name)
    if project.archived_at is not None:
        return
    if not await statements.is_project_empty(connection, id=project.id):
        raise Conflict("project.not_empty", name=project.name)


async def check_not_archived(connection: Connection, user_id: str, conversation_id: UUID) -> None:
    """Raises Conflict when the project of the conversation is archived, and Forbidden for its readers: nothing new."""
    record = await statements.find_project_state(connection, user_id=user_id, id=conversation_id)
    if record is not None and record["archived"]:
        raise Conflict("project.archived", name=record["name"])
    if record is not None and not record["writable"]:
        raise Forbidden("project.read_only")


async def check_project(
    connection: Connection,
    user_id: str,
    project_id: UUID | None,
    conversation_id: UUID | None = None,
    *,
    new: bool = False,
) -> None:
    """Check that the user can see the project and that the conversation, if one is given, belongs to it.

    Raises NotFound, or BadUserInput when the conversation is in another one; for a `new` or moved record Conflict when
    the project is archived, and Forbidden for its readers.
    """
    if project_id is None:
        if new and conversation_id is not None:
            await check_not_archived(connection, user_id, conversation_id)
        return
    found = await find_projects(connection, user_id, [project_id])
    if not found:
        raise NotFound(NO_PROJECT)
    if new and found[0].role == "reader":
        raise Forbidden("project.read_only")
    if new and found[0].archived_at is not None:
        raise Conflict("project.archived", name=found[0].name)
    if conversation_id is None:
        return
    of_conversation = await statements.find_project_of_conversation(connection, user_id=user_id, id=conversation_id)
    if of_conversation is None:
        raise NotFound(NO_CONVERSATION)
    if of_conversation != project_id:
        raise BadUserInput("project.not_of_conversation")


async def find_project_of_new(
    connection: Connection, user_id: str, project_id: UUID | None, conversation_id: UUID | None
) -> UUID:
    """The project of a new record: that of its conversation, the given one, or the default project."""
    found: UUID = await statements.find_project_of_decision(
        connection, user_id=user_id, project_id=project_id, conversation_id=conversation_id
    )
    return found
