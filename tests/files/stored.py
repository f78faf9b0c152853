"""Files in a bucket of the local S3 server, and a store that cannot be reached."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import boto3
import pytest

from app.files.store import FileStore
from app.files.uploads import FileLimits, Uploads
from app.text_process import InThisProcess
from sql.pool import Database
from sql.repositories.attachments import attach, find_attachments
from sql.rows import AttachmentRow

PIECES = b"%PDF-1.4 " + bytes(range(256)) * 10_000  # three objects


def objects_in(bucket: str) -> dict[str, bytes]:
    """All objects by their keys."""
    client: Any = boto3.client("s3")
    keys = [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", ())]
    return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def change_object(bucket: str, key: str, content: bytes | None) -> None:
    """Replace an object, or delete it."""
    client: Any = boto3.client("s3")
    if content is None:
        client.delete_object(Bucket=bucket, Key=key)
    else:
        client.put_object(Bucket=bucket, Key=key, Body=content)


@contextmanager
def unreachable() -> Iterator[None]:
    """Stores that are first used in the block find no server."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
        yield


async def upload(database: Database, store: FileStore, content: bytes, name: str = "a.txt") -> AttachmentRow:
    """Store a file of ann."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    uploads = Uploads(database, store, FileLimits(20 * 2**20, 2**30), InThisProcess())
    stored = await uploads.store("ann", name, pieces(), declared=len(content))
    async with database.connection() as connection:
        [row] = await find_attachments(connection, "ann", [stored.id])
    return row


async def send(database: Database, *files: AttachmentRow) -> UUID:
    """Give the files to a new message of ann; returns its id."""
    async with database.transaction() as connection:
        message: UUID = await connection.fetchval(
            "WITH c AS (INSERT INTO conversations (user_id, title) VALUES ('ann', 't') RETURNING id) "
            "INSERT INTO messages (user_id, conversation_id, content, message_type) "
            "SELECT 'ann', id, 'hello', 'user' FROM c RETURNING id"
        )
        await attach(connection, "ann", message, [file.id for file in files])
    return message
