"""The response with a file: its type is known, nothing in it runs, and only images are shown in the page."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.files.kinds import IMAGES, PDF, TEXT
from app.files.ranges import Part, Unsatisfiable, part_of
from app.files.reading import check_pieces, read_file
from app.files.store import FileStore
from sql.pool import Database
from sql.rows import AttachmentRow

UNKNOWN = "application/octet-stream"


async def response_for(file: AttachmentRow, request: Request, database: Database, store: FileStore) -> Response:
    """The file or the part that is asked for, or 304 when the client has it. Other files than images are downloads.

    Raises Damaged and StoreUnavailable before anything is sent; a piece that is found damaged later ends the response.
    """
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
    await check_pieces(database, store, file)
    pieces = read_file(database, store, file, shown.start, shown.end)
    content = _chained(await anext(pieces), pieces)
    return StreamingResponse(content, status, {**headers, "content-type": media_type})


def _headers(file: AttachmentRow) -> dict[str, str]:
    shown = "inline" if file.media_type in IMAGES else "attachment"
    return {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": f'"{file.sha256}"',
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
    }


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
