"""The contents of the pictures and PDF of a context, as far as a model accepts them."""

from collections.abc import Mapping
from uuid import UUID

from app.files.kinds import IMAGES, PDF, count_pages, kind_of
from app.memory.context.attachments import MAX_IMAGE_BYTES
from app.models.ports import TurnFile
from app.models.tags import tagged
from sql.pool import Database
from sql.repositories.attachments import find_attachments, read_content
from sql.repositories.contexts import AssembledContext, ContextItem
from sql.rows import AttachmentRow

# Limits of the Messages API. A request has at most 32 MB in Base64.
MAX_SIDE = 8_000
MAX_IMAGES = 20  # with more of them, each has to be smaller
MAX_PAGES = 100
MAX_REQUEST_BYTES = 20 * 1024 * 1024
NOT_SENT = (
    "It is not shown to you, because it is larger than you accept or there are too many files. Say so if it matters."
)
Contents = Mapping[UUID, tuple[str, bytes | None]]
"""The media type of each picture and PDF by its id, and its content; None for one that is not sent."""


async def load_contents(database: Database, user_id: str, context: AssembledContext) -> Contents:
    """The contents of the files of the context, the latest first, as far as they fit into a request."""
    ids = [item.file_id for item in reversed(context.of("working", "user")) if item.file_id is not None]
    if not ids:
        return {}
    async with database.connection() as connection:
        rows = {row.id: row for row in await find_attachments(connection, user_id, ids)}
    contents: dict[UUID, tuple[str, bytes | None]] = {}
    left, images = MAX_REQUEST_BYTES, MAX_IMAGES
    for row in [rows[each] for each in ids if each in rows and rows[each].media_type in (*IMAGES, PDF)]:
        data = None
        is_image = row.media_type in IMAGES
        if row.size <= left and (images if is_image else True):
            data = await _accepted(database, row)
        if data is not None:
            left -= len(data)
            images -= is_image
        contents[row.id] = (row.media_type, data)
    return contents


async def _accepted(database: Database, row: AttachmentRow) -> bytes | None:
    """The content, if a model accepts it."""
    if row.media_type in IMAGES and row.size > MAX_IMAGE_BYTES:
        return None
    async with database.connection() as connection:
        data = await read_content(connection, row.user_id, row.id)
    if row.media_type == PDF:
        return data if count_pages(data) <= MAX_PAGES else None
    kind = kind_of(data)
    return data if kind is not None and max(kind.width, kind.height) <= MAX_SIDE else None


def to_turn_file(item: ContextItem, contents: Contents) -> TurnFile:
    """What the prompt has of the file that the item is about."""
    media_type, data = contents.get(item.file_id, ("text/plain", None)) if item.file_id else ("text/plain", None)
    left_out = item.file_id in contents and data is None
    return TurnFile(item.text + (tagged("attachment", NOT_SENT) if left_out else ""), media_type, data)
