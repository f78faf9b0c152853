"""`project`: list, add, archive and export the projects of a user, and their members."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.runner import report, run_command
from app.commands.transfer import User, connection_for, report_export
from app.identity.local_mode import OWNER_ID
from app.mcp.git import parameters_of
from app.operations.progress import Bars
from app.operations.transfer.export import write_export
from app.settings import Settings
from resolvers.checks import checked_line, checked_slug
from resolvers.members import DEFAULT_LIFETIME, new_code
from resolvers.repositories import canonical_repository, checked_repositories
from sql.errors import BadUserInput, NotFound
from sql.paging import FIRST_ID
from sql.repositories.members import insert_invitation, list_members
from sql.repositories.projects import (
    MAX_NAME_CHARACTERS,
    NO_PROJECT,
    archive_project,
    find_project_by_slug,
    insert_project,
    list_projects,
    lock_project,
    update_project,
)
from sql.rows import ProjectRow
from sql.sentences import sentence
from sql.statements import Connection

MOST = 10_000
Slug = Annotated[str, typer.Argument(help="Slug of the project.")]


class RoleName(StrEnum):
    """The role of a member."""

    ADMIN = "admin"
    MEMBER = "member"
    READER = "reader"


projects = typer.Typer(no_args_is_help=True, help="Manage the projects of a user.")


def _run(user: str, work: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
    async def main(settings: Settings) -> None:
        async with connection_for(settings, user) as connection:
            await work(connection)

    run_command(main)


async def _find(connection: Connection, user_id: str, slug: str) -> ProjectRow:
    found = await find_project_by_slug(connection, user_id, slug)
    if found is None:
        raise NotFound(NO_PROJECT)
    return found


@projects.command("list")
def list_all(user: User = OWNER_ID) -> None:
    """List the projects, oldest first: slug, name and whether it is the default one or archived."""

    async def work(connection: Connection) -> None:
        rows = await list_projects(connection, user, count=MOST, after=FIRST_ID, include_archived=True)
        for row in rows:
            state = "default" if row.is_default else "archived" if row.archived_at is not None else ""
            typer.echo(f"{row.slug}\t{row.name}\t{state}".rstrip())

    _run(user, work)


@projects.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Name of the project.")],
    slug: Annotated[str | None, typer.Option(help="Short name for addresses; else made from the name.")] = None,
    user: User = OWNER_ID,
) -> None:
    """Add a project."""

    async def work(connection: Connection) -> None:
        chosen, line = None if slug is None else checked_slug(slug), checked_line(name, "name", MAX_NAME_CHARACTERS)
        row = await insert_project(connection, user, name=line, slug=chosen, description=None)
        report(sentence("command.project_added", name=row.name, slug=row.slug))

    _run(user, work)


@projects.command("archive")
def archive(
    slug: Slug,
    undo: Annotated[bool, typer.Option("--undo", help="Restore the archived project.")] = False,
    user: User = OWNER_ID,
) -> None:
    """Archive a project: its records are found only when it is named."""

    async def work(connection: Connection) -> None:
        async with connection.transaction():
            project = await lock_project(connection, user, (await _find(connection, user, slug)).id)
            row = await archive_project(connection, user, project, not undo)
        report(sentence("command.project_restored" if undo else "command.project_archived", name=row.name))

    _run(user, work)


@projects.command("link")
def link(
    slug: Slug,
    repository: Annotated[
        str, typer.Argument(metavar="[DIR|URL]", help="Its directory, or the URL of its remote.")
    ] = ".",
    undo: Annotated[bool, typer.Option("--undo", help="Remove the link.")] = False,
    user: User = OWNER_ID,
) -> None:
    """Link a repository with a project: agents that work in it use it. A directory is linked with its remote."""

    async def work(connection: Connection) -> None:
        named = set(_named_by(repository))
        async with connection.transaction():
            row = await lock_project(connection, user, (await _find(connection, user, slug)).id)
            kept = [each for each in row.repositories if each not in named]
            repositories = checked_repositories(kept if undo else [*kept, *sorted(named)])
            await update_project(
                connection,
                user,
                row,
                name=row.name,
                slug=row.slug,
                description=row.description,
                repositories=repositories,
            )
        key = "command.project_unlinked" if undo else "command.project_linked"
        report(sentence(key, name=row.name, repositories=", ".join(sorted(named))))

    _run(user, work)


def _named_by(given: str) -> list[str]:
    """The directory with its remote, or the remote. Raises BadUserInput."""
    if Path(given).is_dir():
        return checked_repositories(list(parameters_of(Path(given)).values()))
    remote = canonical_repository(given)
    if remote is None or Path(remote).is_absolute():
        raise BadUserInput("command.repository_invalid", value=given[:100])
    return [remote]


@projects.command("members")
def members(slug: Slug, user: User = OWNER_ID) -> None:
    """List the members of a project: name, display name and role."""

    async def work(connection: Connection) -> None:
        project = await _find(connection, user, slug)
        for row in await list_members(connection, user, [project.id]):
            typer.echo(f"{row.user_name or row.user_id}\t{row.display_name}\t{row.role}")

    _run(user, work)


@projects.command("invite")
def invite(
    slug: Slug,
    role: Annotated[RoleName, typer.Option(help="Role of the new member.")] = RoleName.MEMBER,
    user: User = OWNER_ID,
) -> None:
    """Print a link that makes one user a member. It works once, within seven days."""

    async def main(settings: Settings) -> None:
        address = (settings.server_public_origins or (f"http://127.0.0.1:{settings.port}",))[0]
        code, until = new_code(), datetime.now(UTC) + DEFAULT_LIFETIME
        async with connection_for(settings, user) as connection, connection.transaction():
            project = await _find(connection, user, slug)
            await insert_invitation(connection, user, project.id, code=code, role=role.value, expires_at=until)
        typer.echo(f"{address}/invite/{code}")

    run_command(main)


@projects.command("export")
def export(
    slug: Slug,
    file: Annotated[Path, typer.Argument(help="The JSON Lines file to write.")],
    user: User = OWNER_ID,
) -> None:
    """Write the data of one project to a file that `import` reads. Memories about the person are not in it."""

    async def work(connection: Connection) -> None:
        project = await _find(connection, user, slug)
        rows, damaged = await write_export(connection, user, file, Bars(), project.id)
        report_export(file, rows, damaged)

    _run(user, work)
