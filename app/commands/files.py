"""`files move`: moves the files of messages between the database and the object store."""

from enum import StrEnum
from typing import Annotated

import typer

from app.commands.runner import MOST_NAMED, migrated_database, report, run_command
from app.database.connect import connect
from app.errors import OperationFailed
from app.files.store import FileStore, location_in_bucket
from app.language.catalogue import message_of
from app.language.reader import reader_language
from app.operations.file_moves import Moved, move_all
from app.operations.progress import Bars
from app.settings import Settings
from sql.errors import BadUserInput
from sql.sentences import Sentence, sentence


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
                moved = await move_all(connection, FileStore(location), Bars())
            finally:
                await connection.close()
        _report(moved, location or message_of(sentence("command.the_database"), reader_language()))

    run_command(main)


def _report(moved: Moved, target: str) -> None:
    """Print what was moved. Raises OperationFailed when files are left."""
    done = {"moved": moved.count, "size": moved.size, "store": target}
    left: Sentence | None = None
    if moved.stopped is not None:
        left = sentence("command.files_interrupted", moved=moved.count, detail=moved.stopped)
    elif moved.damaged:
        names = ", ".join(moved.damaged[:MOST_NAMED])
        left = sentence("command.files_not_moved", **done, count=len(moved.damaged), names=names)
    if left is not None:
        raise OperationFailed(message_of(left, reader_language()))
    report(sentence("command.files_moved", **done))
