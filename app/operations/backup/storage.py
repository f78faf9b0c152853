"""Storage for backups: a directory, or a bucket of an S3-compatible server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from app.errors import OperationFailed
from app.operations.backup.directory_storage import DirectoryStorage

PIECE_BYTES = 1024 * 1024


class Upload(Protocol):
    """A file that is being stored and gets its name with `commit`. The methods block, and raise OperationFailed."""

    def write(self, piece: bytes) -> None: ...

    def commit(self) -> None: ...

    def abort(self) -> None:
        """Delete what was stored; never fails."""


class Storage(Protocol):
    """Named files. The methods block and raise OperationFailed."""

    def names(self) -> list[str]: ...

    def open(self, name: str) -> Upload:
        """Begin to store a file; fails when the storage cannot be written."""

    def read(self, name: str) -> Iterator[bytes]:
        """The pieces of a file."""

    def remove(self, name: str) -> None:
        """Delete a file; a missing file is not an error."""

    def unfinished(self) -> list[str]:
        """The names of files that were begun and neither committed nor aborted, by a running or a killed process."""

    def discard_unfinished(self) -> None:
        """Delete those files."""

    def address_of(self, name: str) -> str:
        """The path or URL of a file, for messages."""


def put(storage: Storage, name: str, content: bytes) -> None:
    """Store a small file. Raises OperationFailed."""
    upload = storage.open(name)
    try:
        upload.write(content)
        upload.commit()
    except BaseException:
        upload.abort()
        raise


def storage_at(address: str) -> Storage:
    """The storage at `DIR` or `s3://bucket/prefix`. Raises OperationFailed."""
    if not address.startswith("s3://"):
        return DirectoryStorage(Path(address))
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    if not bucket:
        raise OperationFailed("s3:// needs a bucket: s3://bucket/prefix.")
    from app.operations.backup.bucket_storage import BucketStorage  # its package is optional

    return BucketStorage(bucket, prefix)


def split_address(address: str) -> tuple[str, str]:
    """Split `DIR/name` or `s3://bucket/prefix/name` into storage address and file name."""
    parent, slash, name = address.rpartition("/")
    return (parent if slash else "."), name
