"""POST /files stores a file, GET /files has the limits, GET /files/{id} returns a file; all with authentication."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.files.multipart import FileReader, boundary_of
from app.files.serving import response_for
from app.files.store import FileStore
from app.files.uploads import FileLimits, Uploads
from app.graphql.errors import format_failure
from app.graphql.http import OTHER_SITES, STATUS_OF_CODE
from app.text_process import TextWork
from sql.errors import BadUserInput, Forbidden, NotFound, ResonantError
from sql.pool import Database, current_user
from sql.repositories.attachments import MEGABYTE, NO_FILE, find_attachments
from sql.rows import UserRow

log = structlog.get_logger()

FORM_BYTES = 64 * 1024  # of a form besides the file: its boundary, heads and other fields
TOO_LARGE = ("file.too_large", "file.quota")
STATUSES = STATUS_OF_CODE | {"FORBIDDEN": 403, "NOT_FOUND": 404}
ViewerOf = Callable[[Request], Awaitable[UserRow]]
"""The sender of a request. Raises Unauthenticated."""


class FileEndpoints:
    """Two ASGI applications: `upload` and `download`."""

    def __init__(
        self, database: Database, store: FileStore, viewer_of: ViewerOf, limits: FileLimits, pdf_work: TextWork
    ) -> None:
        self._database = database
        self._store = store
        self._viewer_of = viewer_of
        self._limits = limits
        self._uploads = Uploads(database, store, limits, pdf_work)

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = _Body(request, self._limits.max_bytes + FORM_BYTES)
        response = await self._answered(request, lambda: self._upload(request, body))
        if response.status_code >= 400:
            await body.drain()
        await response(scope, receive, send)

    async def download(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self._answered(request, lambda: self._download(request)))(scope, receive, send)

    async def _answered(self, request: Request, act: Callable[[], Awaitable[Response]]) -> Response:
        """The response, also to a request that fails."""
        try:
            return await act()
        except ClientDisconnect:
            log.debug("client disconnected before the response")
            return Response(status_code=400)
        except Exception as failure:
            headers = {"cache-control": "no-store", "connection": "close"}
            content = orjson.dumps({"errors": [format_failure(failure)]})
            return Response(content, _status_of(failure), headers, media_type="application/json")

    async def _viewer(self, request: Request) -> UserRow:
        viewer = await self._viewer_of(request)
        current_user.set(viewer.id)
        return viewer

    async def _upload(self, request: Request, body: "_Body") -> Response:
        if request.method not in ("GET", "POST"):
            return Response(status_code=405, headers={"allow": "GET, POST"})
        viewer = await self._viewer(request)
        if request.method == "GET":
            limits = {"maxBytes": self._limits.max_bytes, "perMessage": self._limits.per_message}
            return Response(orjson.dumps(limits), headers={"cache-control": "no-store"}, media_type="application/json")
        if viewer.role == "viewer":
            raise Forbidden("forbidden.read_only")
        boundary = boundary_of(request.headers.get("content-type", ""))
        declared = int(request.headers.get("content-length") or body.limit)
        if declared > body.limit:
            raise BadUserInput("file.too_large", maximum=self._limits.max_bytes // MEGABYTE)
        form = FileReader(body.pieces(), boundary)
        name = await form.open()

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in form.content():
                yield piece
            await form.close()

        stored = await self._uploads.store(viewer.id, name, pieces(), declared=declared)
        answer = {"id": str(stored.id), "name": stored.name, "size": stored.size}
        return Response(orjson.dumps(answer), 201, {"cache-control": "no-store"}, media_type="application/json")

    async def _download(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"allow": "GET, HEAD"})
        if request.headers.get("sec-fetch-site") in OTHER_SITES and "origin" not in request.headers:
            raise Forbidden("request.cross_site")
        viewer = await self._viewer(request)
        try:
            file_id = UUID(request.path_params["id"])
        except ValueError:
            raise NotFound(NO_FILE) from None
        async with self._database.connection() as connection:
            found = await find_attachments(connection, viewer.id, [file_id])
        if not found:
            raise NotFound(NO_FILE)
        return await response_for(found[0], request, self._database, self._store)


class _Body:
    """The body of a request, whose size is limited."""

    def __init__(self, request: Request, limit: int) -> None:
        self.limit = limit
        self._received = 0
        self._stream = request.stream()

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._received += len(piece)
            if self._received > self.limit:
                raise BadUserInput("file.too_large", maximum=(self.limit - FORM_BYTES) // MEGABYTE)
            if piece:
                yield piece

    async def drain(self) -> None:
        """Read what a refused client still sends, up to the limit: a browser reads the response only afterwards."""
        try:
            async for piece in self._stream:
                self._received += len(piece)
                if self._received > self.limit:
                    return
        except ClientDisconnect:
            return


def _status_of(failure: Exception) -> int:
    if not isinstance(failure, ResonantError):
        return 500
    return 413 if failure.key in TOO_LARGE else STATUSES.get(failure.code, 400)
