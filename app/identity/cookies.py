"""The session cookie: sent by the browser to our own pages only, out of reach for scripts."""

from http.cookies import SimpleCookie

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JAR = "resonant.cookies"
# A name that begins with __Host- makes the browser insist: Secure, for this host alone, for all of its paths.
SECURE_NAME = "__Host-resonant"
PLAIN_NAME = "resonant"


def session_secret(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(SECURE_NAME) or connection.cookies.get(PLAIN_NAME)


def _is_secure(connection: HTTPConnection) -> bool:
    """Behind a proxy that speaks TLS the page's own origin tells, whatever the proxy hands on."""
    return connection.url.scheme in ("https", "wss") or connection.headers.get("origin", "").startswith("https://")


def keep_session(connection: HTTPConnection, secret: str, max_age: int) -> None:
    """Have the response to this request set the cookie; a `max_age` of 0 takes it away."""
    secure = _is_secure(connection)
    name = SECURE_NAME if secure else PLAIN_NAME
    cookie: SimpleCookie = SimpleCookie({name: secret})
    cookie[name].update({"path": "/", "max-age": str(max_age), "samesite": "Strict"})
    cookie[name]["httponly"] = True
    cookie[name]["secure"] = secure
    connection.scope[JAR].append(cookie.output(header="").strip())


class SessionCookies:
    """Adds to each HTTP response the cookies that were put into the request's jar."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        jar: list[str] = []

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and jar:
                cookies = [(b"set-cookie", each.encode()) for each in jar]
                message["headers"] = [*message.get("headers", ()), *cookies, (b"cache-control", b"no-store")]
            await send(message)

        await self._app({**scope, JAR: jar}, receive, send_with_cookies)
