"""`export` and `import`: the data of one user."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import orjson
import typer

from app.commands.runner import migrated_database, report, report_missing_files, run_command
from app.database.connect import connect
from app.files.store import open_store
from app.identity.local_mode import OWNER_ID
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.operations.progress import Bars
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from app.operations.transfer.records.files import export_decisions, import_decisions
from app.settings import Settings
from sql.errors import BadUserInput, NotFound
from sql.pool import encode_json
from sql.repositories.accounts import ensure_owner
from sql.repositories.projects import NO_PROJECT, find_project_by_slug, get_default_project
from sql.sentences import sentence
from sql.statements import Connection

Decisions = Annotated[Path | None, typer.Option(help="Directory of Markdown files, one per decision.")]
Project = Annotated[str | None, typer.Option(help="Slug of the project of the decisions; else the default project.")]
User = Annotated[str, typer.Option(help="Id of the user.")]


def export_data(
    file: Annotated[Path | None, typer.Argument(help="The JSON Lines file to write.")] = None,
    decisions: Decisions = None,
    project: Project = None,
    user: User = OWNER_ID,
) -> None:
    """Write all data of a user to a file, or the decisions of a project to a directory of Markdown files (MADR)."""

    async def main(settings: Settings) -> None:
        async with connection_for(settings, user) as connection:
            if decisions is not None:
                count = await export_decisions(connection, user, await _project(connection, user, project), decisions)
                report(sentence("command.decisions_exported", directory=str(decisions), count=count))
            if file is not None:
                rows, damaged = await write_export(connection, user, file, Bars())
                report_export(file, rows, damaged)

    _check_given(file, decisions)

    run_command(main)


def import_data(
    file: Annotated[
        Path | None,
        typer.Argument(help="An export of this program, or the archive of Claude or ChatGPT, packed or unpacked."),
    ] = None,
    decisions: Decisions = None,
    project: Project = None,
    user: User = OWNER_ID,
) -> None:
    """Import an export, and report what was left out. It can be repeated: existing entries are not imported again."""

    async def main(settings: Settings) -> None:
        async with connection_for(settings, user) as connection:
            if decisions is not None:
                await _import_files(connection, user, project, decisions)
            if file is None:
                return
            imported = await import_file(
                connection,
                user,
                file,
                Bars(),
                max_bytes=settings.import_max_bytes,
                max_text_bytes=settings.graphql_max_content_bytes,
                store=open_store(settings),
            )
        language = reader_language()
        done, *others = (message_of(each, language) for each in imported.sentences())
        typer.echo("\n  ".join([f"✓ {file}: {done}", *others]))

    _check_given(file, decisions)
    run_command(main)


def report_export(file: Path, rows: int, damaged: Sequence[str]) -> None:
    """Print what was exported, and which files were left out."""
    report(sentence("command.exported", file=str(file), rows=rows))
    if damaged:
        report_missing_files(damaged)


def _check_given(file: Path | None, decisions: Path | None) -> None:
    if file is None and decisions is None:
        raise typer.BadParameter("Give a file, or a directory with --decisions.")


async def _project(connection: Connection, user_id: str, slug: str | None) -> UUID:
    """The project with this slug, or the default project. Raises NotFound."""
    if slug is None:
        return (await get_default_project(connection, user_id)).id
    found = await find_project_by_slug(connection, user_id, slug)
    if found is None:
        raise NotFound(NO_PROJECT)
    return found.id


async def _import_files(connection: Connection, user_id: str, slug: str | None, directory: Path) -> None:
    done = await import_decisions(connection, user_id, await _project(connection, user_id, slug), directory)
    report(
        sentence(
            "command.decisions_imported",
            directory=str(directory),
            added=done.added,
            changed=done.changed,
            known=done.known,
            left_out=len(done.left_out),
        )
    )
    for name, given, taken in done.renumbered:
        why = sentence("command.decision_renumbered", file=name, given=given, number=taken)
        typer.echo(f"  {message_of(why, reader_language())}")
    for name, reason in done.left_out:
        typer.echo(f"  {name}: {reason}")


@asynccontextmanager
async def connection_for(settings: Settings, user_id: str) -> AsyncIterator[Connection]:
    """A connection to the migrated database. Raises BadUserInput when the user does not exist."""
    async with migrated_database(settings) as dsn:
        connection = await connect(dsn)  # not from a pool, whose statement timeout is too short for large tables
        try:
            await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode_json, decoder=orjson.loads)
            if user_id == OWNER_ID and settings.auth_mode == "local":
                await ensure_owner(connection, OWNER_ID, settings.auth_owner_name)
            if not await connection.fetchval("SELECT count(*) FROM users WHERE id = $1", user_id):
                raise BadUserInput("command.choose_user", user=user_id)
            yield connection
        finally:
            await connection.close()
