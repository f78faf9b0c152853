"""The object store of a process: its calls run in threads of their own, and what is read is verified."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from typing import TypeVar

import structlog

from app.errors import StartError
from app.files.buckets import CONNECTIONS, Buckets, ObjectMissing, StoreFailed
from app.settings import Settings
from sql.errors import NotFound, Unavailable
from sql.repositories.attachments import Piece

log = structlog.get_logger()

PIECE_BYTES = 1024 * 1024
Result = TypeVar("Result")


class StoreUnavailable(Unavailable):
    """The object store cannot be reached, or refuses the keys; trying again later may help."""

    key = "file.store_unavailable"


class Damaged(NotFound):
    """The bytes of a file are missing or are not those that were stored."""

    key = "file.damaged"


class FileStore:
    """Reads and writes objects. `location`, such as `s3://bucket/files`, is where new files go; None: the database.

    Files in the object store are read without a location too. Nothing is connected before it is used.
    """

    def __init__(self, location: str | None = None) -> None:
        self.location = location
        self._buckets = Buckets()
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="object-store")

    async def put(self, address: str, content: bytes) -> None:
        """Write an object. Raises StoreUnavailable."""
        await self._call(partial(self._buckets.put, address, content))

    async def get(self, piece: Piece) -> bytes:
        """The verified bytes of a piece. Raises Damaged and StoreUnavailable."""
        address, size = f"{piece.object}/{piece.start}", piece.size or 0
        try:
            content = await self._call(partial(self._buckets.get, address, size + 1))
        except ObjectMissing as missing:
            log.error("an object is missing", reason=str(missing))
            raise Damaged from missing
        if len(content) != size or hashlib.sha256(content).hexdigest() != piece.sha256:
            log.error("an object is damaged", address=address, bytes=len(content), expected=size)
            raise Damaged
        return content

    async def sizes(self, folder: str) -> dict[str, int]:
        """The sizes of the objects in a folder. Raises StoreUnavailable."""
        return await self._call(partial(self._buckets.sizes, folder))

    async def remove(self, folder: str) -> int:
        """Delete a folder; a missing one is not an error. Raises StoreUnavailable."""
        return await self._call(partial(self._buckets.remove, folder))

    async def _call(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except ObjectMissing:
            raise
        except StoreFailed as failure:
            log.warning("the object store cannot be used", reason=str(failure))
            raise StoreUnavailable from failure

    async def close(self) -> None:
        """Calls that have not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def location_in_bucket(settings: Settings) -> str | None:
    """The folder of files in the bucket of the backups; None when backups go to no bucket."""
    scheme, _, rest = (settings.backup_destination or "").partition("://")
    bucket = rest.partition("/")[0]
    return f"s3://{bucket}/{settings.files_prefix}" if scheme == "s3" and bucket else None


def location_of_new_files(settings: Settings) -> str | None:
    """The folder in the bucket; None when new files go to the database."""
    return location_in_bucket(settings) if settings.files_store == "s3" else None


def open_store(settings: Settings) -> FileStore:
    """Raises StartError when a package is missing."""
    location = location_of_new_files(settings)
    if location is not None and find_spec("boto3") is None:
        raise StartError("FILES_STORE=s3 needs the package boto3; run `pip install -r app/requirements.lock`.")
    return FileStore(location)
