"""AUTH_MODE=token: who comes in over HTTP, WebSocket and server-sent events, and by what."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.identity.access import Access, Guard
from app.identity.accounts import Accounts, SessionLength
from app.identity.anonymous import NoAccess, asks_to_sign_in
from app.identity.cookies import SessionCookies, session_secret
from app.identity.jwt import IdentityProvider
from app.identity.jwt_subjects import NewUsers, user_of
from app.identity.metrics_access import MetricsAccess
from app.identity.passwords import Passwords
from app.identity.same_origin import from_own_page
from app.identity.secrets import digest, is_ours
from app.identity.sign_in_throttle import Rules
from sql.errors import Unauthenticated
from sql.pool import Database, working_for_whoever
from sql.repositories.credentials import find_holder, mark_used

NOT_GOOD = "This token is not good here; it may have been revoked or have expired."
OPEN_PATHS = ("/graphql", "/health", "/ready", "/metrics", "/sign-in", "/assets/")


def bearer_of(connection: HTTPConnection, parameters: dict[str, Any]) -> str | None:
    """The token of a program: in the header, or in connection_init as `authorization` or `token`."""
    named = {name.lower(): value for name, value in parameters.items()}
    header = connection.headers.get("authorization") or named.get("authorization")
    if header is None:
        header = None if named.get("token") is None else f"Bearer {named['token']}"
    if header is None:
        return None
    scheme, _, secret = str(header).partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Send your token as `Authorization: Bearer …`.")
    return secret.strip()


class TokenAuthenticator:
    """Lets in sessions, tokens and JWTs; whoever shows none of them may sign in."""

    def __init__(
        self,
        database: Database,
        guard: Guard,
        length: SessionLength,
        tries: Rules,
        *,
        origins: tuple[str, ...] = (),
        provider: IdentityProvider | None = None,
        new_users: NewUsers = "refuse",
        metrics_token: str | None = None,
    ) -> None:
        self._database = database
        self._guard = guard
        self._length = length
        self._tries = tries
        self._origins = origins
        self._provider = provider
        self._new_users: NewUsers = new_users
        self._metrics_token = metrics_token
        self._passwords = Passwords()

    async def authenticate(self, connection: HTTPConnection, parameters: dict[str, Any]) -> Access:
        """Raises Unauthenticated."""
        access = await self._find(connection, parameters)
        if access is None:
            raise Unauthenticated
        return access

    async def admit(self, connection: HTTPConnection, query: str) -> Access | NoAccess:
        """Who sends this document; nobody, when it only asks to sign in. Raises Unauthenticated."""
        access = await self._find(connection, {})
        if access is not None:
            return access
        if not asks_to_sign_in(query) or not self._may_sign_in(connection):
            raise Unauthenticated
        return NoAccess(_address_of(connection))

    def _may_sign_in(self, connection: HTTPConnection) -> bool:
        """Programs and our own pages; another site's page could sign its visitor in as somebody else."""
        return "origin" not in connection.headers or from_own_page(connection, self._origins)

    def accounts_for(self, access: Access | NoAccess, connection: HTTPConnection | None = None) -> Accounts:
        return Accounts(self._database, self._passwords, self._length, self._tries, access, connection)

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application behind this door: cookies can be set, and pages are for those who have signed in."""
        return MetricsAccess(SessionCookies(SignedInPages(app, self)), self._metrics_token)

    async def has_session(self, connection: HTTPConnection) -> bool:
        """Whether the browser holds a session: enough to be shown a page, which holds nobody's data."""
        secret = session_secret(connection)
        return secret is not None and await self._holder(connection, secret) is not None

    async def _find(self, connection: HTTPConnection, parameters: dict[str, Any]) -> Access | None:
        bearer = bearer_of(connection, parameters)
        if bearer is not None:
            access = await (self._holder(connection, bearer) if is_ours(bearer) else self._subject(connection, bearer))
            if access is None:
                raise Unauthenticated(NOT_GOOD)
            return access
        secret = session_secret(connection)
        if secret is None or not from_own_page(connection, self._origins):
            return None
        return await self._holder(connection, secret)

    async def _holder(self, connection: HTTPConnection, secret: str) -> Access | None:
        with working_for_whoever():
            return await self._look_up(connection, digest(secret))

    async def _look_up(self, connection: HTTPConnection, secret_hash: bytes) -> Access | None:
        async with self._database.connection() as database:
            holder = await find_holder(database, secret_hash)
            if holder is None:
                return None
            if holder.unnoted:
                await mark_used(database, holder.credential_id, idle_seconds=self._length.idle)
        return self._access(connection, holder.user, holder.kind, holder.credential_id)

    async def _subject(self, connection: HTTPConnection, token: str) -> Access | None:
        if self._provider is None:
            return None
        claims = await self._provider.claims_of(token)
        async with self._database.transaction() as database:
            user = await user_of(database, self._provider.issuer, claims, self._new_users)
        return self._access(connection, user, "jwt", None, float(claims["exp"]) + self._provider.leeway)

    def _access(
        self,
        connection: HTTPConnection,
        user: Any,
        kind: Any,
        credential_id: UUID | None,
        expires_at: float | None = None,
    ) -> Access:
        return Access(self._guard, user, kind, credential_id, expires_at, _address_of(connection))


def _address_of(connection: HTTPConnection) -> str | None:
    return connection.client.host if connection.client else None


class SignedInPages:
    """Sends a browser that is not signed in to the page where it can; code and styles hold no data and are open."""

    def __init__(self, app: ASGIApp, door: TokenAuthenticator) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_page(scope["path"]):
            connection = HTTPConnection(scope)
            if not await self._door.has_session(connection):
                asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
                where = f"/sign-in?next={quote(asked, safe='')}"
                await RedirectResponse(where, 303, {"cache-control": "no-store"})(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_page(self, path: str) -> bool:
        return not path.startswith(OPEN_PATHS) and "." not in path.rsplit("/", 1)[-1]
