"""ASGI middleware of AUTH_MODE=token: who may read /metrics and who may load pages."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN_PATHS = ("/graphql", "/health", "/ready", "/metrics", "/sign-in", "/assets/")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
REFUSAL = "Metrics are shown on this machine only, or for `Authorization: Bearer <METRICS_TOKEN>`.\n"


def _is_local(connection: HTTPConnection) -> bool:
    """Whether the client is on this machine. Requests that a local proxy forwards are not local."""
    if connection.client is None or any(name in connection.headers for name in FORWARDED):
        return False
    try:
        return ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


class MetricsAccess:
    """Allows /metrics for local collectors and for the metrics token. A user's credential does not allow it."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") == "/metrics":
            connection = HTTPConnection(scope)
            if not (self._has_token(connection) or _is_local(connection)):
                await PlainTextResponse(REFUSAL, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _has_token(self, connection: HTTPConnection) -> bool:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if self._token is None or scheme.lower() != "bearer":
            return False
        return compare_digest(token.strip().encode(), self._token.encode())


class SignedInPages:
    """Redirects browsers without a session to the sign-in page. Scripts and styles hold no data and are public."""

    def __init__(self, app: ASGIApp, has_session: Callable[[HTTPConnection], Awaitable[bool]]) -> None:
        self._app = app
        self._has_session = has_session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_page(scope["path"]):
            connection = HTTPConnection(scope)
            if not await self._has_session(connection):
                query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
                location = f"/sign-in?next={quote(scope['path'] + query, safe='')}"
                await RedirectResponse(location, 303, {"cache-control": "no-store"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_page(path: str) -> bool:
    return not path.startswith(OPEN_PATHS) and "." not in path.rsplit("/", 1)[-1]
