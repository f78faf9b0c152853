"""`files move`: moves the files of messages between the database and the object store."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from app.commands.runner import migrated_database, report, run_command
from app.database.connect import connect
from app.errors import OperationFailed
from app.files.moving import move_file
from app.files.reading import OneConnection
from app.files.store import Damaged, FileStore, StoreUnavailable, location_in_bucket
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.operations.progress import Bars
from app.settings import Settings
from sql.errors import BadUserInput
from sql.repositories.objects import count_files_by_store, list_files_elsewhere
from sql.rows import AttachmentRow
from sql.sentences import sentence
from sql.statements import Connection

BATCH = 100
MOST_NAMED = 10
FIRST = UUID(int=0)


class Target(StrEnum):
    """Where files are moved to."""

    S3 = "s3"
    DATABASE = "database"


files = typer.Typer(no_args_is_help=True, help="Manage the files of messages.")


@files.callback()
def _files() -> None:
    """Manage the files of messages."""


@files.command("move")
def move(to: Annotated[Target, typer.Option(help="The store that all files are moved to.")]) -> None:
    """Move all files to one store; the services may keep running. It can be stopped and run again.

    Set FILES_STORE first, so that new files go there too.
    """

    async def main(settings: Settings) -> None:
        location = location_in_bucket(settings) if to is Target.S3 else None
        if to is Target.S3 and location is None:
            raise BadUserInput("command.no_object_store")
        async with migrated_database(settings) as dsn:
            connection = await connect(dsn)  # not from a pool, whose statement timeout is too short for large files
            try:
                await _move_all(connection, FileStore(location), location or "the database")
            finally:
                await connection.close()

    run_command(main)


async def _move_all(connection: Connection, store: FileStore, target: str) -> None:
    in_objects = store.location is not None
    total = (await count_files_by_store(connection)).get(not in_objects, (0, 0))[1]
    moved = size = 0
    damaged: list[str] = []
    with Bars().step("moving", total) as advance:
        async for file in _elsewhere(connection, in_objects):
            try:
                if await move_file(OneConnection(connection), store, file):
                    moved, size = moved + 1, size + file.size
            except Damaged:
                damaged.append(str(file.id))
            except StoreUnavailable as failure:
                detail = str(failure.__cause__)
                stopped = sentence("command.files_interrupted", moved=moved, detail=detail)
                raise OperationFailed(message_of(stopped, reader_language())) from failure
            advance(file.size)
    if damaged:
        names = ", ".join(damaged[:MOST_NAMED])
        left = sentence(
            "command.files_not_moved", moved=moved, size=size, store=target, count=len(damaged), names=names
        )
        raise OperationFailed(message_of(left, reader_language()))
    report(sentence("command.files_moved", moved=moved, size=size, store=target))


async def _elsewhere(connection: Connection, in_objects: bool) -> AsyncIterator[AttachmentRow]:
    after = FIRST
    while rows := await list_files_elsewhere(connection, in_objects=in_objects, after=after, count=BATCH):
        for row in rows:
            yield row
        after = rows[-1].id
