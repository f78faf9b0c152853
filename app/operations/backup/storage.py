"""Where backups lie: a directory, or a bucket of any server that speaks S3."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from app.operations.backup.failure import BackupFailed

Advance = Callable[[int], None]
COPY_BYTES = 1024 * 1024


class Place(Protocol):
    """Blocking; `advance` hears how many bytes more were moved. All raise BackupFailed."""

    def names(self) -> list[str]: ...

    def put(self, source: Path, name: str, advance: Advance) -> None:
        """Either all of it lies there under this name afterwards, or nothing."""

    def fetch(self, name: str, target: Path, advance: Advance) -> None: ...

    def remove(self, name: str) -> None:
        """Nothing happens when it is not there."""

    def shown(self, name: str) -> str:
        """Where it lies, as a person would type it."""


class Directory:
    """A directory; it is made when it is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self._path.iterdir() if entry.is_file())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise BackupFailed(f"{self._path} cannot be read ({error.strerror}).") from None

    def put(self, source: Path, name: str, advance: Advance) -> None:
        part = self._path / f".{name}.part"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (
                source.open("rb") as read,
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written,
            ):
                while piece := read.read(COPY_BYTES):
                    written.write(piece)
                    advance(len(piece))
                written.flush()
                os.fsync(written.fileno())
            part.rename(self._path / name)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise BackupFailed(
                f"{self._path} cannot be written ({error.strerror}); make room or name another place."
            ) from None

    def fetch(self, name: str, target: Path, advance: Advance) -> None:
        try:
            shutil.copyfile(self._path / name, target)
        except FileNotFoundError:
            raise BackupFailed(f"{self._path / name} is not there.") from None
        except OSError as error:
            raise BackupFailed(f"{self._path / name} cannot be read ({error.strerror}).") from None
        advance(target.stat().st_size)

    def remove(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def shown(self, name: str) -> str:
        return str(self._path / name)


class Bucket:
    """A prefix in a bucket. Address and keys come from where every S3 program takes them (AWS_ENDPOINT_URL, ...)."""

    def __init__(self, bucket: str, prefix: str) -> None:
        try:
            import boto3
            from boto3.exceptions import Boto3Error
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise BackupFailed("s3:// needs the package boto3: `pip install boto3`.") from None
        self._failures = (Boto3Error, BotoCoreError, ClientError)
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        try:
            self._client: Any = boto3.client("s3")
        except self._failures as error:
            raise BackupFailed(f"s3://{bucket} cannot be used: {error}") from None

    def _try(self, what: str, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except self._failures as error:
            raise BackupFailed(f"{what} failed: {error}") from None

    def names(self) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        entries = self._try(
            f"Listing {self.shown('')}", lambda: [e for page in pages for e in page.get("Contents", ())]
        )
        names = (entry["Key"].removeprefix(self._prefix) for entry in entries)
        return sorted(name for name in names if "/" not in name)

    def put(self, source: Path, name: str, advance: Advance) -> None:
        key = self._prefix + name
        self._try(
            f"Writing {self.shown(name)}",
            lambda: self._client.upload_file(str(source), self._bucket, key, Callback=advance),
        )

    def fetch(self, name: str, target: Path, advance: Advance) -> None:
        key = self._prefix + name
        self._try(
            f"Reading {self.shown(name)}",
            lambda: self._client.download_file(self._bucket, key, str(target), Callback=advance),
        )

    def remove(self, name: str) -> None:
        self._try(
            f"Removing {self.shown(name)}",
            lambda: self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name),
        )

    def shown(self, name: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{name}"


def place_for(address: str) -> Place:
    """The place that `DIR` or `s3://bucket/prefix` means."""
    if not address.startswith("s3://"):
        return Directory(Path(address))
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    if not bucket:
        raise BackupFailed("s3:// needs a bucket: s3://bucket/prefix.")
    return Bucket(bucket, prefix)


def split_address(address: str) -> tuple[str, str]:
    """The place and the name of one file: `DIR/name`, `s3://bucket/prefix/name`."""
    place, slash, name = address.rpartition("/")
    return (place if slash else "."), name
