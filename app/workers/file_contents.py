"""The contents of the pictures and PDF of a context, as far as a model accepts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.files.kinds import IMAGES, PDF, count_pages, kind_of
from app.files.reading import read_file
from app.files.store import Damaged, FileStore, StoreUnavailable
from app.memory.context.attachments import DATA, MAX_IMAGE_BYTES, fitting
from app.models.ports import TurnFile
from app.models.tags import tagged
from sql.pool import Database
from sql.repositories.attachments import find_attachments, find_text
from sql.repositories.contexts import AssembledContext, ContextItem
from sql.rows import AttachmentRow

log = structlog.get_logger()

# Limits of the Messages API. A request has at most 32 MB in Base64.
MAX_SIDE = 8_000
MAX_IMAGES = 20  # with more of them, each has to be smaller
MAX_PAGES = 100
MAX_REQUEST_BYTES = 20 * 1024 * 1024
NOT_SENT = (
    "It is not shown to you, because it is larger than you accept, there are too many files, or it cannot be read at "
    "present. Say so if it matters."
)
AS_TEXT = "The PDF itself is not shown to you. This is its text:"
MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class FileContent:
    """A picture or a PDF; `data` is None when it is not sent, and `text` is then the text of a PDF that has one."""

    media_type: str
    data: bytes | None = None
    text: str = ""


Contents = Mapping[UUID, FileContent]
"""The pictures and PDF files by their ids."""


async def load_contents(
    database: Database, store: FileStore, user_id: str, context: AssembledContext, *, pdf_blocks: bool = True
) -> Contents:
    """The contents of the files of the context, the latest first, as far as they fit into a request.

    Without `pdf_blocks`, PDF files are given as text.
    """
    ids = [item.file_id for item in reversed(context.of("working", "user")) if item.file_id is not None]
    if not ids:
        return {}
    async with database.connection() as connection:
        rows = {row.id: row for row in await find_attachments(connection, user_id, ids)}
    contents: dict[UUID, FileContent] = {}
    left, images = MAX_REQUEST_BYTES, MAX_IMAGES
    for row in [rows[each] for each in ids if each in rows and rows[each].media_type in (*IMAGES, PDF)]:
        data = None
        is_image = row.media_type in IMAGES
        if row.size <= left and (images if is_image else pdf_blocks):
            data = await _accepted(database, store, row)
        if data is not None:
            left -= len(data)
            images -= is_image
        text = "" if is_image or data is not None else await _text_of(database, row)
        contents[row.id] = FileContent(row.media_type, data, text)
    return contents


async def _text_of(database: Database, row: AttachmentRow) -> str:
    async with database.connection() as connection:
        return await find_text(connection, row.user_id, row.id, characters=MOST_CHARACTERS) or ""


async def _accepted(database: Database, store: FileStore, row: AttachmentRow) -> bytes | None:
    """The content, if a model accepts it and it can be read: a reply without a file is better than none."""
    if row.media_type in IMAGES and row.size > MAX_IMAGE_BYTES:
        return None
    try:
        data = b"".join([piece async for piece in read_file(database, store, row)])
    except (Damaged, StoreUnavailable) as failure:
        log.warning("a file is not given to the model", file=str(row.id), reason=failure.key)
        return None
    if row.media_type == PDF:
        return data if count_pages(data) <= MAX_PAGES else None
    kind = kind_of(data)
    return data if kind is not None and max(kind.width, kind.height) <= MAX_SIDE else None


def to_turn_file(item: ContextItem, contents: Contents) -> TurnFile:
    """What the prompt has of the file that the item is about."""
    found = contents.get(item.file_id) if item.file_id else None
    if found is None:
        return TurnFile(item.text, "text/plain", None)
    if found.data is not None:
        return TurnFile(item.text, found.media_type, found.data)
    # The tokens of the item are those of the PDF, so its text may have as many.
    shown = fitting(found.text, item.tokens)
    note = f"{AS_TEXT} {DATA}" + ("" if shown == found.text else " Only its beginning is shown.")
    return TurnFile(item.text + tagged("attachment", f"{note}\n{shown}" if shown else NOT_SENT), found.media_type, None)
