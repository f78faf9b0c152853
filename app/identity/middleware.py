"""Session cookies, their same-origin check, and the access to /metrics and to pages in AUTH_MODE=token."""

from collections.abc import Awaitable, Callable, Collection
from hmac import compare_digest
from http.cookies import SimpleCookie
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = ("/graphql", "/mcp", "/.well-known/", "/health", "/ready", "/metrics", "/sign-in", "/assets/", "/files")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
REFUSAL = "Metrics are shown on this machine only, or for `Authorization: Bearer <METRICS_TOKEN>`.\n"
NEW_COOKIES = "resonant.new_cookies"
"""Key in the ASGI scope of the list of cookies that the response sets."""
# The prefix __Host- makes browsers require Secure, no Domain and Path=/.
SECURE_NAME = "__Host-resonant"
PLAIN_NAME = "resonant"


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


def session_secret(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(SECURE_NAME) or connection.cookies.get(PLAIN_NAME)


def is_from_own_page(connection: HTTPConnection, origins: Collection[str]) -> bool:
    """Whether the request comes from a page of this server or of the trusted `origins`.

    A cookie alone proves nothing, because browsers attach it to requests of any page. `Origin` and `Sec-Fetch-Site`
    are set by the browser and cannot be forged by a page. A request without them is not from a browser; programs use
    tokens.
    """
    origin = connection.headers.get("origin")
    if origin is not None:
        return origin in origins or (_host_of(origin) or "invalid") == connection.headers.get("host")
    return connection.scope["type"] == "http" and connection.headers.get("sec-fetch-site") == "same-origin"


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def set_session_cookie(connection: HTTPConnection, secret: str, max_age: int) -> None:
    """Set the cookie in the response to this request; a `max_age` of 0 deletes it."""
    secure = _is_secure(connection)
    name = SECURE_NAME if secure else PLAIN_NAME
    cookie: SimpleCookie = SimpleCookie({name: secret})
    cookie[name].update({"path": "/", "max-age": str(max_age), "samesite": "Strict"})
    cookie[name]["httponly"] = True
    cookie[name]["secure"] = secure
    connection.scope[NEW_COOKIES].append(cookie.output(header="").strip())


def _is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser uses TLS. A proxy may end TLS without saying so; the origin of the page still shows it."""
    return connection.scope["scheme"] in ("https", "wss") or connection.headers.get("origin", "").startswith("https://")


def origin_of(connection: HTTPConnection, origins: Collection[str]) -> str:
    """The origin of the page that sent the request, if it is one of ours; else that of the address of the request."""
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    if origin is not None and (origin in origins or _host_of(origin) == host):
        return origin
    return f"{'https' if _is_secure(connection) else 'http'}://{host}"


class SessionCookies:
    """ASGI middleware that adds the new cookies to the HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        new_cookies: list[str] = []

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and new_cookies:
                cookies = [(b"set-cookie", each.encode()) for each in new_cookies]
                message["headers"] = [*message.get("headers", ()), *cookies, (b"cache-control", b"no-store")]
            await send(message)

        await self._app({**scope, NEW_COOKIES: new_cookies}, receive, send_with_cookies)
