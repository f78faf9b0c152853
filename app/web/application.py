"""The ASGI application: security headers, a direct path for GraphQL over HTTP, and the pages of the web client."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import StartError

GRAPHQL = "/graphql"
CONTENT_POLICY = b"content-security-policy"
SECURITY_HEADERS = (
    (
        CONTENT_POLICY,
        b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        b"font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
TRUSTED_DOCUMENTS = "trusted-documents.json"
DIST = Path(__file__).parents[2] / "web/dist"
NOT_BUILT = "The web client is not built. Run `make web`, then reload this page.\n"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
REVALIDATE = {"cache-control": "no-cache"}


class SecurityHeaders:
    """ASGI middleware that adds the security headers to every HTTP response; a file has a content policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                own_policy = any(name == CONTENT_POLICY for name, _ in given)
                added = [each for each in SECURITY_HEADERS if not (own_policy and each[0] == CONTENT_POLICY)]
                message["headers"] = given + added
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Application(Starlette):
    """Starlette with `middleware` outside of its own, so that it also applies to Starlette's error responses."""

    def __init__(
        self, routes: Sequence[BaseRoute], graphql: ASGIApp, *, middleware: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        super().__init__(routes=routes)
        self._graphql = graphql
        self._outer_middleware = middleware

    def build_middleware_stack(self) -> ASGIApp:
        routed, graphql = super().build_middleware_stack(), self._graphql

        async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
            # GraphQL over HTTP is most of the traffic and handles its own failures, so it bypasses the router.
            is_graphql = scope["type"] == "http" and scope["path"] == GRAPHQL
            await (graphql if is_graphql else routed)(scope, receive, send)

        return SecurityHeaders(self._outer_middleware(dispatch))


class ImmutableFiles(StaticFiles):
    """Files whose names contain a hash of their content, cached by browsers for a year.

    The build also writes each file compressed with Brotli and gzip; clients that accept it get the smaller file.
    """

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path, encoding = _smallest(os.fspath(full_path), Headers(scope=scope).get("accept-encoding", ""))
        if encoding is not None:
            stat_result = os.stat(path)
        response = super().file_response(path, stat_result, scope, status_code)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["vary"] = "Accept-Encoding"
        if encoding is not None and "content-type" in response.headers:
            response.headers["content-type"] = FileResponse(full_path).headers["content-type"]
            response.headers["content-encoding"] = encoding
        return response


def _smallest(path: str, accepted: str) -> tuple[str, str | None]:
    """The smallest variant of the file for this `Accept-Encoding`, and its encoding."""
    names = {
        name.strip().lower()
        for name, _, weight in (each.partition(";") for each in accepted.split(","))
        if weight.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    }
    for encoding, suffix in ENCODINGS:
        if encoding in names and os.path.isfile(path + suffix):
            return path + suffix, encoding
    return path, None


def _document(path: Path) -> Response:
    if not path.is_file():
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(path, headers=REVALIDATE)


def load_trusted_documents(dist: Path = DIST) -> frozenset[str]:
    """The SHA-256 of every document that the built web client sends. Raises StartError when it is not built."""
    try:
        hashes = json.loads((dist / TRUSTED_DOCUMENTS).read_bytes())
    except (OSError, ValueError) as error:
        raise StartError(
            "GRAPHQL_TRUSTED_DOCUMENTS_ONLY needs the list that the web client's build writes; run `make web` first."
        ) from error
    return frozenset(hashes)


def page_routes(dist: Path = DIST, *, graphiql: bool = True) -> list[BaseRoute]:
    """The routes of the web client. It handles every path without a dot itself."""

    async def graphiql_page(request: Request) -> Response:
        if not graphiql:
            return PlainTextResponse("GraphiQL is switched off here.\n", 404)
        return _document(dist / "graphiql.html")

    def top_level_files() -> set[str]:
        """Read for each request, because a new build adds files. No path of a client reaches the file system."""
        return {entry.name for entry in os.scandir(dist) if entry.is_file()} if dist.is_dir() else set()

    async def sign_in(request: Request) -> Response:
        return _document(dist / "sign-in.html")

    async def client(request: Request) -> Response:
        path = request.path_params["path"]
        if path in top_level_files() and not path.endswith(".html"):
            return FileResponse(dist / path, headers=REVALIDATE)
        if "." in path:
            raise HTTPException(404)
        return _document(dist / "index.html")

    return [
        Route("/graphiql", graphiql_page),
        Route("/sign-in", sign_in),
        Mount("/assets", ImmutableFiles(directory=dist / "assets", check_dir=False)),
        Route("/{path:path}", client),
    ]
