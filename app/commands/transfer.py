"""`export` and `import`: the data of one user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer

from app.commands.runner import migrated_database, report, run_command
from app.database.connect import connect
from app.identity.local_mode import OWNER_ID
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.operations.progress import Bars
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from app.settings import Settings
from sql.errors import BadUserInput
from sql.pool import encode_json
from sql.repositories.accounts import ensure_owner
from sql.sentences import sentence
from sql.statements import Connection

User = Annotated[str, typer.Option(help="Id of the user.")]


def export_data(
    file: Annotated[Path, typer.Argument(help="The JSON Lines file to write.")], user: User = OWNER_ID
) -> None:
    """Write all data of a user to a file: conversations, intents, specifications, decisions, memories."""

    async def main(settings: Settings) -> None:
        async with _connection_for(settings, user) as connection:
            rows = await write_export(connection, user, file, Bars())
        report(sentence("command.exported", file=str(file), rows=rows))

    run_command(main)


def import_data(
    file: Annotated[
        Path, typer.Argument(help="An export of this program, or the archive of Claude or ChatGPT, packed or unpacked.")
    ],
    user: User = OWNER_ID,
) -> None:
    """Import an export, and report what was left out. It can be repeated: existing entries are not imported again."""

    async def main(settings: Settings) -> None:
        async with _connection_for(settings, user) as connection:
            imported = await import_file(
                connection,
                user,
                file,
                Bars(),
                max_bytes=settings.import_max_bytes,
                max_text_bytes=settings.graphql_max_content_bytes,
            )
        language = reader_language()
        done, *others = (message_of(each, language) for each in imported.sentences())
        typer.echo("\n  ".join([f"✓ {file}: {done}", *others]))

    run_command(main)


@asynccontextmanager
async def _connection_for(settings: Settings, user_id: str) -> AsyncIterator[Connection]:
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
