"""Storage for backups: a directory, or a bucket of an S3-compatible server."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from app.errors import OperationFailed

Advance = Callable[[int], None]
COPY_BYTES = 1024 * 1024


class Storage(Protocol):
    """Named files. The methods block and raise OperationFailed; `advance` gets the number of bytes that were copied."""

    def names(self) -> list[str]: ...

    def put(self, source: Path, name: str, advance: Advance) -> None:
        """Store a file under this name, completely or not at all."""

    def fetch(self, name: str, target: Path, advance: Advance) -> None: ...

    def remove(self, name: str) -> None:
        """Delete a file; a missing file is not an error."""

    def address_of(self, name: str) -> str:
        """The path or URL of a file, for messages."""


class DirectoryStorage:
    """A directory; it is created when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self._path.iterdir() if entry.is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OperationFailed(f"{self._path} cannot be read ({error.strerror}).") from None

    def put(self, source: Path, name: str, advance: Advance) -> None:
        part = self._path / f".{name}.part"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                source.open("rb") as reader,
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writer,
            ):
                while chunk := reader.read(COPY_BYTES):
                    writer.write(chunk)
                    advance(len(chunk))
                writer.flush()
                os.fsync(writer.fileno())
            part.rename(self._path / name)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise OperationFailed(
                f"{self._path} cannot be written ({error.strerror}); free some space or use another directory."
            ) from None

    def fetch(self, name: str, target: Path, advance: Advance) -> None:
        try:
            shutil.copyfile(self._path / name, target)
        except FileNotFoundError:
            raise OperationFailed(f"{self._path / name} does not exist.") from None
        except OSError as error:
            raise OperationFailed(f"{self._path / name} cannot be read ({error.strerror}).") from None
        advance(target.stat().st_size)

    def remove(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def address_of(self, name: str) -> str:
        return str(self._path / name)


class BucketStorage:
    """A prefix in a bucket. Server and keys come from the usual AWS variables (AWS_ENDPOINT_URL, ...)."""

    def __init__(self, bucket: str, prefix: str) -> None:
        try:
            import boto3  # an optional package
            from boto3.exceptions import Boto3Error
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise OperationFailed("s3:// needs the package boto3: `pip install boto3`.") from None
        self._failures = (Boto3Error, BotoCoreError, ClientError)
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        try:
            self._client: Any = boto3.client("s3")
        except self._failures as error:
            raise OperationFailed(f"s3://{bucket} cannot be used: {error}") from None

    def _call(self, action: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except self._failures as error:
            raise OperationFailed(f"{action} failed: {error}") from None

    def names(self) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"
        )
        entries = self._call(
            f"Listing {self.address_of('')}", lambda: [e for page in pages for e in page.get("Contents", ())]
        )
        names = (entry["Key"].removeprefix(self._prefix) for entry in entries)
        return sorted(name for name in names if "/" not in name)

    def put(self, source: Path, name: str, advance: Advance) -> None:
        key = self._prefix + name
        self._call(
            f"Writing {self.address_of(name)}",
            lambda: self._client.upload_file(str(source), self._bucket, key, Callback=advance),
        )

    def fetch(self, name: str, target: Path, advance: Advance) -> None:
        key = self._prefix + name
        self._call(
            f"Reading {self.address_of(name)}",
            lambda: self._client.download_file(self._bucket, key, str(target), Callback=advance),
        )

    def remove(self, name: str) -> None:
        self._call(
            f"Removing {self.address_of(name)}",
            lambda: self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name),
        )

    def address_of(self, name: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{name}"


def storage_at(address: str) -> Storage:
    """The storage at `DIR` or `s3://bucket/prefix`. Raises OperationFailed."""
    if not address.startswith("s3://"):
        return DirectoryStorage(Path(address))
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    if not bucket:
        raise OperationFailed("s3:// needs a bucket: s3://bucket/prefix.")
    return BucketStorage(bucket, prefix)


def split_address(address: str) -> tuple[str, str]:
    """Split `DIR/name` or `s3://bucket/prefix/name` into storage address and file name."""
    parent, slash, name = address.rpartition("/")
    return (parent if slash else "."), name
