"""A prefix in a bucket with backups. Files are sent in parts, so that a file of any size needs little memory."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from app.errors import OperationFailed

READ_BYTES = 1024 * 1024
PART_BYTES = 8 * 1024 * 1024
PARTS_OF_A_SIZE = 2000  # S3 allows 10,000 parts; after every 2,000 parts the next ones are twice as large: 248 GiB


class BucketStorage:
    """Implements Storage. Server and keys come from the usual AWS variables (AWS_ENDPOINT_URL, ...)."""

    def __init__(self, bucket: str, prefix: str) -> None:
        try:
            import boto3  # an optional package
            from boto3.exceptions import Boto3Error
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise OperationFailed("s3:// needs the package boto3: `pip install boto3`.") from None
        self._failures = (Boto3Error, BotoCoreError, ClientError, OSError)
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        try:
            self._client: Any = boto3.client("s3")
        except self._failures as error:
            raise OperationFailed(f"s3://{bucket} cannot be used: {error}") from None

    def call(self, action: str, method: str, name: str | None = None, **arguments: Any) -> Any:
        """Call a method of the client, for a file if its name is given. Raises OperationFailed."""
        if name is not None:
            arguments["Key"] = self._prefix + name
        return self._checked(action, lambda: getattr(self._client, method)(Bucket=self._bucket, **arguments))

    def _checked(self, action: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except self._failures as error:
            raise OperationFailed(f"{action} failed: {error}") from None

    def _listed(self, operation: str, field: str, **arguments: Any) -> list[Any]:
        pages = self._client.get_paginator(operation).paginate(Bucket=self._bucket, Prefix=self._prefix, **arguments)
        return self._checked(  # type: ignore[no-any-return]
            f"Listing {self.address_of('')}", lambda: [each for page in pages for each in page.get(field, ())]
        )

    def names(self) -> list[str]:
        entries = self._listed("list_objects_v2", "Contents", Delimiter="/")
        names = (entry["Key"].removeprefix(self._prefix) for entry in entries)
        return sorted(name for name in names if "/" not in name)

    def open(self, name: str) -> "BucketUpload":
        return BucketUpload(self, name)

    def read(self, name: str) -> Iterator[bytes]:
        action = f"Reading {self.address_of(name)}"
        body = self.call(action, "get_object", name)["Body"]
        try:
            while piece := self._checked(action, lambda: body.read(READ_BYTES)):
                yield piece
        finally:
            body.close()

    def remove(self, name: str) -> None:
        self.call(f"Removing {self.address_of(name)}", "delete_object", name)

    def _uploads(self) -> list[tuple[str, str]]:
        """Name and id of each upload of a backup that is neither complete nor aborted."""
        found = self._listed("list_multipart_uploads", "Uploads")
        named = ((each["Key"].removeprefix(self._prefix), each["UploadId"]) for each in found)
        return [(name, upload_id) for name, upload_id in named if name.startswith("resonant-") and "/" not in name]

    def unfinished(self) -> list[str]:
        return [name for name, _ in self._uploads()]

    def discard_unfinished(self) -> None:
        for name, upload_id in self._uploads():
            with suppress(OperationFailed):
                self.call("Aborting", "abort_multipart_upload", name, UploadId=upload_id)

    def address_of(self, name: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{name}"


class BucketUpload:
    """A file that is sent in parts."""

    def __init__(self, storage: BucketStorage, name: str) -> None:
        self._storage, self._name = storage, name
        self._action = f"Writing {storage.address_of(name)}"
        self._id = storage.call(self._action, "create_multipart_upload", name)["UploadId"]
        self._parts: list[dict[str, Any]] = []
        self._waiting = bytearray()

    def write(self, piece: bytes) -> None:
        self._waiting += piece
        while len(self._waiting) >= (size := PART_BYTES << len(self._parts) // PARTS_OF_A_SIZE):
            self._send(bytes(self._waiting[:size]))
            del self._waiting[:size]

    def commit(self) -> None:
        if self._waiting or not self._parts:
            self._send(bytes(self._waiting))
        parts = {"Parts": self._parts}
        self._call("complete_multipart_upload", MultipartUpload=parts)

    def abort(self) -> None:
        with suppress(OperationFailed):
            self._call("abort_multipart_upload")

    def _send(self, part: bytes) -> None:
        number = len(self._parts) + 1
        sent = self._call("upload_part", PartNumber=number, Body=part)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    def _call(self, method: str, **arguments: Any) -> Any:
        return self._storage.call(self._action, method, self._name, UploadId=self._id, **arguments)
