"""The response with a file: its type is known, nothing in it runs, and only images are shown in the page."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.files.kinds import IMAGES, PDF, TEXT
from sql.pool import Database
from sql.repositories.attachments import find_chunk
from sql.rows import AttachmentRow

UNKNOWN = "application/octet-stream"


def response_for(file: AttachmentRow, request: Request, database: Database) -> Response:
    """The file, or 304 when the client has it. Other files than images are downloads."""
    headers = _headers(file)
    if headers["etag"] in request.headers.get("if-none-match", "")[:1000]:
        return Response(status_code=304, headers=headers)
    headers["content-length"] = str(file.size)
    media_type = file.media_type if file.media_type in (*IMAGES, PDF, TEXT) else UNKNOWN
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media_type)
    return StreamingResponse(_chunks(file, database), headers={**headers, "content-type": media_type})


def _headers(file: AttachmentRow) -> dict[str, str]:
    shown = "inline" if file.media_type in IMAGES else "attachment"
    return {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": f'"{file.sha256}"',
        "cache-control": "private, no-cache",
    }


async def _chunks(file: AttachmentRow, database: Database) -> AsyncIterator[bytes]:
    """The pieces of the file, each read on its own: no connection is held while the client reads."""
    place = 0
    while True:
        async with database.connection() as connection:
            chunk = await find_chunk(connection, file.user_id, file.id, place)
        if chunk is None:
            return
        yield chunk
        place += 1
