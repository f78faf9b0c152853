"""Objects in buckets of an S3-compatible server. The server and its keys come from the usual AWS variables."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

CONNECT_SECONDS = 5
READ_SECONDS = 20
ATTEMPTS = 3
CONNECTIONS = 8
MISSING = ("NoSuchKey", "404", "NotFound")


class StoreFailed(Exception):
    """The object store cannot be used; the message is one line for the operator."""


class ObjectMissing(StoreFailed):
    """There is no such object."""


class Buckets:
    """Objects by address, `s3://bucket/key`. The methods block and raise StoreFailed. Any thread may call them."""

    def __init__(self) -> None:
        self._made: Any = None
        self._failures: tuple[type[Exception], ...] = ()
        self._lock = Lock()

    def put(self, address: str, content: bytes) -> None:
        """Write an object, completely or not at all."""
        bucket, key = _split(address)
        with self._translated(address):
            self._client.put_object(Bucket=bucket, Key=key, Body=content)

    def get(self, address: str, most: int) -> bytes:
        """At most so many bytes of an object. Raises ObjectMissing."""
        bucket, key = _split(address)
        with self._translated(address):
            content: bytes = self._client.get_object(Bucket=bucket, Key=key)["Body"].read(most)
            return content

    def sizes(self, folder: str) -> dict[str, int]:
        """The sizes of the objects in a folder by their names."""
        bucket, prefix = _split(f"{folder}/")
        with self._translated(folder):
            return {entry["Key"].removeprefix(prefix): entry["Size"] for entry in self._entries(bucket, prefix)}

    def remove(self, folder: str) -> int:
        """Delete all objects in a folder and below it; returns how many there were."""
        bucket, prefix = _split(f"{folder}/")
        count = 0
        with self._translated(folder):
            for entry in self._entries(bucket, prefix):
                self._client.delete_object(Bucket=bucket, Key=entry["Key"])
                count += 1
        return count

    def _entries(self, bucket: str, prefix: str) -> Iterator[Any]:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", ())

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made, self._failures = _new_client()
            return self._made

    @contextmanager
    def _translated(self, address: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not isinstance(error, self._failures):
                raise
            missing = getattr(error, "response", {}).get("Error", {}).get("Code") in MISSING
            raise (ObjectMissing if missing else StoreFailed)(f"{address}: {error}") from error


def _new_client() -> tuple[Any, tuple[type[Exception], ...]]:
    """A client, and the failures of the server, of the connection to it and of the keys.

    Raises StoreFailed when the package is not installed or the variables are wrong.
    """
    try:
        import boto3  # an optional package
        from boto3.exceptions import Boto3Error
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise StoreFailed("the package boto3 is missing; `pip install -r app/requirements.lock`") from None
    retries = {"mode": "standard", "total_max_attempts": ATTEMPTS}
    config = Config(
        connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries=retries, max_pool_connections=CONNECTIONS
    )
    try:
        return boto3.client("s3", config=config), (Boto3Error, BotoCoreError, ClientError)
    except (BotoCoreError, ValueError) as error:
        raise StoreFailed(f"the object store cannot be used: {error}") from None


def _split(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key
