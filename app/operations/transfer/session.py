"""Opening the database for an export or import, and telling one kind of file from another."""

import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from app.database.connect import connect, database_for, prepare_database
from app.identity.local_mode import OWNER_ID
from app.operations.progress import Report
from app.operations.transfer.chat_exports import read_chat_exports
from app.operations.transfer.export import FORMAT
from app.operations.transfer.failure import CannotImport
from app.operations.transfer.import_conversations import import_conversations
from app.operations.transfer.import_records import import_records, lines_of
from app.settings import Settings
from sql.pool import encode_json
from sql.repositories.users import ensure_owner
from sql.statements import Connection

PEEKED = 4096


@asynccontextmanager
async def transfer_session(
    settings: Settings, user_id: str, *, say: Callable[[str], None]
) -> AsyncIterator[Connection]:
    """A connection to the migrated database, in which the user is known. Raises CannotImport for a stranger."""
    async with database_for(settings, say=say) as dsn:
        await prepare_database(dsn)
        connection = await connect(dsn)
        try:
            await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode_json, decoder=orjson.loads)
            if user_id == OWNER_ID and settings.auth_mode == "local":
                await ensure_owner(connection, OWNER_ID, settings.auth_owner_name)
            if not await connection.fetchval("SELECT count(*) FROM users WHERE id = $1", user_id):
                raise CannotImport(f"There is no user {user_id!r} here; name one with --user.")
            yield connection
        finally:
            await connection.close()


async def import_file(connection: Connection, user_id: str, path: Path, report: Report) -> tuple[int, int]:
    """Whatever kind of export it is: how many rows or messages were new, and how many were there already."""
    try:
        with path.open("rb") as file:
            ours = FORMAT.encode() in file.read(PEEKED).split(b"\n")[0]
            if ours and not zipfile.is_zipfile(path):
                file.seek(0)
                total = sum(1 for _ in lines_of(file)) - 1
                file.seek(0)
                return await import_records(connection, user_id, lines_of(file), total, report)
    except OSError as error:
        raise CannotImport(f"{path} cannot be read ({error.strerror}).") from None
    return await import_conversations(connection, user_id, read_chat_exports(path), report)
