"""The metadata of the protected resource (RFC 9728), from which a client learns how to get a token."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

WELL_KNOWN = "/.well-known/oauth-protected-resource"
PATH = "/mcp"
SCOPES = ("read", "write")


def _base(request: Request, origins: Sequence[str] = ()) -> str:
    """The address that the client used. A proxy may end TLS, so a public origin with the same host says the scheme."""
    host = request.headers.get("host", "")
    public = next((origin for origin in origins if urlsplit(origin).netloc == host), None)
    return public or f"{request.url.scheme}://{host}"


def metadata_url(request: Request, origins: Sequence[str] = ()) -> str:
    return f"{_base(request, origins)}{WELL_KNOWN}{PATH}"


class ProtectedResource:
    """Answers requests for the metadata. `issuer`: the identity provider whose tokens are accepted, if any."""

    def __init__(self, *, issuer: str | None, origins: Sequence[str]) -> None:
        self._issuer = issuer
        self._origins = origins

    async def respond(self, request: Request) -> Response:
        return JSONResponse(
            {
                "resource": f"{_base(request, self._origins)}{PATH}",
                "resource_name": "Resonant Engine",
                "authorization_servers": [] if self._issuer is None else [self._issuer],
                "scopes_supported": list(SCOPES),
                "bearer_methods_supported": ["header"],
            },
            headers={"cache-control": "no-store"},
        )
