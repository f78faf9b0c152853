"""The project that a request of an agent is for: named by id or slug, or that of the agent's repository."""

from collections.abc import Sequence
from urllib.parse import unquote
from uuid import UUID

from starlette.requests import Request

from resolvers.repositories import canonical_repository
from sql.errors import Conflict, NotFound
from sql.paging import FIRST_ID
from sql.repositories.projects import (
    NO_PROJECT,
    find_project_by_slug,
    find_projects,
    list_projects,
    list_projects_of_repository,
)
from sql.rows import ProjectRow
from sql.statements import Connection

NOT_LINKED = "none"
"""In place of the slug, when the repository belongs to no project and there are several to choose from."""


async def find_named_project(
    connection: Connection, user_id: str, request: Request, bound_to: UUID | None = None
) -> ProjectRow | None:
    """The project of the parameter `project`, else of `repository` and `directory`; None for all projects.

    A client that cannot make an address sends them as headers, `Resonant-Project` and so on, percent-encoded.
    The remote and the directory count alike: a member of one project can link the remote of another one's repository,
    and must not receive its records by that. Raises NotFound for an unknown project, and Conflict when they lead to
    several that the user sees, unless the token is for one of them, or for another project: its agent is not told the
    names of others.
    """
    if given := _parameter(request, "project"):
        return await _by_id_or_slug(connection, user_id, given)
    remote, directory = _given(request, "repository"), _given(request, "directory")
    if remote is None and directory is None:
        return None
    found = await list_projects_of_repository(connection, user_id, remote=remote, directory=directory)
    if bound_to is not None:
        found = [each for each in found if each.id == bound_to] or found[:1]
    if len(found) > 1:
        named = ", ".join(filter(None, (remote, directory)))
        raise Conflict("mcp.repository_in_projects", repository=named, projects=_slugs(found))
    return found[0] if found else None


async def linked_project(
    connection: Connection, user_id: str, request: Request, found: ProjectRow | None, bound_to: UUID | None = None
) -> str | None:
    """What the response says about the repository that the request names: a slug, or NOT_LINKED.

    With a token of one project the records go there, whether the repository is linked or not.
    """
    if found is not None:
        return found.slug
    if _given(request, "repository") is None and _given(request, "directory") is None:
        return None
    if bound_to is not None:
        return next((each.slug for each in await find_projects(connection, user_id, [bound_to])), None)
    several = len(await list_projects(connection, user_id, count=2, after=FIRST_ID)) > 1
    return NOT_LINKED if several else None


async def _by_id_or_slug(connection: Connection, user_id: str, given: str) -> ProjectRow:
    try:
        found = await find_projects(connection, user_id, [UUID(given)])
        project = found[0] if found else None
    except ValueError:
        project = await find_project_by_slug(connection, user_id, given[:200]) if given.isprintable() else None
    if project is None:
        raise NotFound(NO_PROJECT)
    return project


def _given(request: Request, name: str) -> str | None:
    value = _parameter(request, name)
    return None if not value else canonical_repository(value)


def _parameter(request: Request, name: str) -> str:
    return request.query_params.get(name) or unquote(request.headers.get(f"resonant-{name}", ""))


def _slugs(projects: Sequence[ProjectRow]) -> str:
    return ", ".join(each.slug for each in projects)
