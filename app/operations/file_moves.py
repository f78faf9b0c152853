"""Moves all files to one store, in the order of their ids; what was moved stays moved when it is interrupted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from app.files.moving import move_file
from app.files.reading import OneConnection
from app.files.store import Damaged, FileStore, StoreUnavailable
from app.operations.progress import Report
from sql.repositories.objects import count_files_by_store, list_files_elsewhere
from sql.rows import AttachmentRow
from sql.statements import Connection

BATCH = 100
FIRST = UUID(int=0)


@dataclass(slots=True)
class Moved:
    """The files that were moved and their bytes, and the ids of files whose bytes are missing or damaged.

    `stopped` is why the object store could not be used, None when all files were tried.
    """

    count: int = 0
    size: int = 0
    damaged: list[str] = field(default_factory=list)
    stopped: str | None = None


async def move_all(connection: Connection, store: FileStore, report: Report) -> Moved:
    """Move all files to the store that new files go to."""
    in_objects = store.location is not None
    total = (await count_files_by_store(connection)).get(not in_objects, (0, 0))[1]
    moved = Moved()
    with report.step("moving", total) as advance:
        async for file in _elsewhere(connection, in_objects):
            try:
                if await move_file(OneConnection(connection), store, file):
                    moved.count += 1
                    moved.size += file.size
            except Damaged:
                moved.damaged.append(str(file.id))
            except StoreUnavailable as failure:
                moved.stopped = str(failure.__cause__)
                return moved
            advance(file.size)
    return moved


async def _elsewhere(connection: Connection, in_objects: bool) -> AsyncIterator[AttachmentRow]:
    after = FIRST
    while rows := await list_files_elsewhere(connection, in_objects=in_objects, after=after, count=BATCH):
        for row in rows:
            yield row
        after = rows[-1].id
