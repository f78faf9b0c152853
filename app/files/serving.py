"""The response with a file: its type is known, nothing in it runs, and only images are shown in the page."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.files.kinds import IMAGES, PDF, TEXT
from app.files.ranges import Part, Unsatisfiable, part_of
from sql.pool import Database
from sql.repositories.attachments import find_chunk, find_place
from sql.rows import AttachmentRow

UNKNOWN = "application/octet-stream"


def response_for(file: AttachmentRow, request: Request, database: Database) -> Response:
    """The file or the part that is asked for, or 304 when the client has it. Other files than images are downloads."""
    headers = _headers(file)
    if headers["etag"] in request.headers.get("if-none-match", "")[:1000]:
        return Response(status_code=304, headers=headers)
    try:
        part = part_of(request, file.size, headers["etag"])
    except Unsatisfiable:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{file.size}"})
    shown = part or Part(0, file.size)
    headers["content-length"] = str(shown.end - shown.start)
    media_type = file.media_type if file.media_type in (*IMAGES, PDF, TEXT) else UNKNOWN
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media_type)
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
    status = 200 if part is None else 206
    return StreamingResponse(_pieces(file, shown, database), status, {**headers, "content-type": media_type})


def _headers(file: AttachmentRow) -> dict[str, str]:
    shown = "inline" if file.media_type in IMAGES else "attachment"
    return {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": f'"{file.sha256}"',
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
    }


async def _pieces(file: AttachmentRow, part: Part, database: Database) -> AsyncIterator[bytes]:
    """The bytes of the part, each piece read on its own: no connection is held while the client reads."""
    place, position = 0, 0
    if part.start:
        async with database.connection() as connection:
            place, position = await find_place(connection, file.user_id, file.id, part.start)
    while position < part.end:
        async with database.connection() as connection:
            chunk = await find_chunk(connection, file.user_id, file.id, place)
        if chunk is None:
            return
        yield chunk[max(part.start - position, 0) : part.end - position]
        place += 1
        position += len(chunk)
