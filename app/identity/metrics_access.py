"""/metrics: for a collector on this machine, or one that holds the token for it; no user's credential opens it."""

from hmac import compare_digest
from ipaddress import ip_address

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
REFUSAL = "Metrics are shown on this machine only, or for `Authorization: Bearer <METRICS_TOKEN>`.\n"


def _is_local(connection: HTTPConnection) -> bool:
    """A proxy on this machine asks for others: what it hands on is not local."""
    if connection.client is None or any(name in connection.headers for name in FORWARDED):
        return False
    try:
        return ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


class MetricsAccess:
    """Refuses everybody else."""

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
        scheme, _, shown = connection.headers.get("authorization", "").partition(" ")
        if self._token is None or scheme.lower() != "bearer":
            return False
        return compare_digest(shown.strip().encode(), self._token.encode())
