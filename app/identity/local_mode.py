"""AUTH_MODE=local: every request is made by the owner, so only local pages and programs may send requests."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.identity.secrets import FULL, TokenScope
from sql.errors import BadUserInput
from sql.pool import Database
from sql.repositories.accounts import ensure_owner
from sql.rows import UserRow

OWNER_ID = "owner"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


async def load_owner(database: Database, display_name: str) -> UserRow:
    """The only user of a local installation, created on the first start."""
    async with database.connection() as connection:
        return await ensure_owner(connection, OWNER_ID, display_name)


@dataclass(frozen=True, slots=True)
class LocalAccess:
    """The access of the owner; it is always valid."""

    viewer: UserRow
    kind: Literal["local"] = "local"
    scope: TokenScope = FULL
    token_id: None = None

    async def check(self, since: float | None = None) -> None:
        """Always valid."""

    def is_checked_since(self, since: float) -> bool:
        return True

    def on_revoked(self, callback: Callable[[str], None]) -> AbstractContextManager[None]:
        return nullcontext()


class LocalAccounts:
    """There is no sign-in with AUTH_MODE=local. Implements resolvers.ports.Accounts."""

    access_kind = "local"

    def stored_name(self, name: str) -> str:
        return name.strip() if name.isprintable() else ""

    async def _refuse(self, *arguments: Any, **named: Any) -> Any:
        raise BadUserInput("sign_in.not_used")

    sign_in = claim_ownership = sign_out = change_password = create_token = revoke_token = _refuse


class LocalAuthenticator:
    """Authenticates every request that passed LocalRequestsOnly as the owner."""

    def __init__(self, owner: UserRow, *, origins: tuple[str, ...] = ()) -> None:
        self._access = LocalAccess(owner)
        self._accounts = LocalAccounts()
        self._origins = origins

    async def authenticate(self, connection: HTTPConnection, parameters: dict[str, Any]) -> LocalAccess:
        return self._access

    async def authenticate_document(self, connection: HTTPConnection, query: str) -> LocalAccess:
        return self._access

    async def authenticate_agent(self, connection: HTTPConnection, parameters: dict[str, Any]) -> LocalAccess:
        return self._access

    def accounts_for(self, access: LocalAccess, connection: HTTPConnection | None = None) -> LocalAccounts:
        return self._accounts

    def wrap(self, app: ASGIApp) -> ASGIApp:
        return LocalRequestsOnly(app, allowed_origins=self._origins)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class LocalRequestsOnly:
    """Refuses requests for another host name, and requests of pages of another host.

    A page on the internet can resolve its own name to 127.0.0.1 (DNS rebinding); its requests then carry that name.
    """

    def __init__(self, app: ASGIApp, *, allowed_origins: tuple[str, ...] = ()) -> None:
        self._app = app
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and (problem := self._problem(Headers(scope=scope))):
            # For a WebSocket that is not accepted yet, this becomes an HTTP 403, too.
            await PlainTextResponse(problem, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _problem(self, headers: Headers) -> str | None:
        if _host_of(f"//{headers.get('host', '')}") not in LOOPBACK_NAMES:
            return "AUTH_MODE=local answers only to requests for 127.0.0.1, localhost or [::1].\n"
        origin = headers.get("origin")
        if origin is not None and origin not in self._allowed_origins and _host_of(origin) not in LOOPBACK_NAMES:
            return "AUTH_MODE=local answers only to pages of this machine; add others to SERVER_PUBLIC_ORIGINS.\n"
        return None
