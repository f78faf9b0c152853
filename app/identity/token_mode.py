"""AUTH_MODE=token: authenticates HTTP, WebSocket and SSE requests by session cookie, API token or JWT."""

from typing import Any
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from app.identity.access import Access, AccessChecker
from app.identity.accounts import Accounts, SessionLifetime
from app.identity.anonymous import AnonymousAccess, only_signs_in
from app.identity.jwt import IdentityProvider, NewUsers, find_or_create_user
from app.identity.middleware import MetricsAccess, SessionCookies, SignedInPages, is_from_own_page, session_secret
from app.identity.passwords import Passwords
from app.identity.secrets import FULL, TokenScope, digest, is_own_secret, scope_of
from app.identity.sign_in_throttle import ThrottleRules
from sql.errors import Unauthenticated
from sql.pool import Database, unscoped
from sql.repositories.credentials import find_credential, mark_credential_used


def bearer_of(connection: HTTPConnection, parameters: dict[str, Any]) -> str | None:
    """The bearer token: from the header, or from connection_init as `authorization` or `token`; None without one."""
    named = {name.lower(): value for name, value in parameters.items()}
    header = connection.headers.get("authorization") or named.get("authorization")
    if header is None:
        header = None if named.get("token") is None else f"Bearer {named['token']}"
    if header is None:
        return None
    scheme, _, secret = str(header).partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("token.header_malformed")
    return secret.strip()


class TokenAuthenticator:
    """Accepts sessions, API tokens and JWTs. A request without a credential may only sign in."""

    def __init__(
        self,
        database: Database,
        checker: AccessChecker,
        session_lifetime: SessionLifetime,
        throttle: ThrottleRules,
        *,
        origins: tuple[str, ...] = (),
        provider: IdentityProvider | None = None,
        new_users: NewUsers = "refuse",
        metrics_token: str | None = None,
    ) -> None:
        self._database = database
        self._checker = checker
        self._session_lifetime = session_lifetime
        self._throttle = throttle
        self._origins = origins
        self._provider = provider
        self._new_users: NewUsers = new_users
        self._metrics_token = metrics_token
        self._passwords = Passwords()

    async def authenticate(self, connection: HTTPConnection, parameters: dict[str, Any]) -> Access:
        """Raises Unauthenticated, also for a token of one project."""
        return _of_all_projects(await self.authenticate_agent(connection, parameters))

    async def authenticate_agent(self, connection: HTTPConnection, parameters: dict[str, Any]) -> Access:
        """As `authenticate`, for the MCP server, which ensures the scope of each token. Raises Unauthenticated."""
        access = await self._find(connection, parameters)
        if access is None:
            raise Unauthenticated
        return access

    async def authenticate_document(self, connection: HTTPConnection, query: str) -> Access | AnonymousAccess:
        """The access of the request with this document, anonymous if it only signs in. Raises Unauthenticated."""
        access = await self._find(connection, {})
        if access is not None:
            return _of_all_projects(access)
        if not only_signs_in(query) or not self._may_sign_in(connection):
            raise Unauthenticated
        return AnonymousAccess(_address_of(connection))

    def _may_sign_in(self, connection: HTTPConnection) -> bool:
        """Programs and our own pages may. The page of another site could sign its visitor in as another user."""
        return "origin" not in connection.headers or is_from_own_page(connection, self._origins)

    def accounts_for(self, access: Access | AnonymousAccess, connection: HTTPConnection | None = None) -> Accounts:
        return Accounts(self._database, self._passwords, self._session_lifetime, self._throttle, access, connection)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The application with middleware that sets cookies, requires a session for pages and protects /metrics."""
        return MetricsAccess(SessionCookies(SignedInPages(app, self.has_session)), self._metrics_token)

    async def has_session(self, connection: HTTPConnection) -> bool:
        """Whether the request has a valid session: enough to load a page, which contains no data."""
        secret = session_secret(connection)
        return secret is not None and await self._find_by_secret(connection, secret) is not None

    async def _find(self, connection: HTTPConnection, parameters: dict[str, Any]) -> Access | None:
        bearer = bearer_of(connection, parameters)
        if bearer is not None:
            access = await (
                self._find_by_secret(connection, bearer)
                if is_own_secret(bearer)
                else self._find_by_jwt(connection, bearer)
            )
            if access is None:
                raise Unauthenticated("token.invalid")
            return access
        secret = session_secret(connection)
        if secret is None or not is_from_own_page(connection, self._origins):
            return None
        return await self._find_by_secret(connection, secret)

    async def _find_by_secret(self, connection: HTTPConnection, secret: str) -> Access | None:
        with unscoped():
            return await self._look_up(connection, secret)

    async def _look_up(self, connection: HTTPConnection, secret: str) -> Access | None:
        async with self._database.connection() as database:
            holder = await find_credential(database, digest(secret))
            if holder is None:
                return None
            if holder.use_unrecorded:
                await mark_credential_used(database, holder.credential_id, idle_seconds=self._session_lifetime.idle)
        return self._access(connection, holder.user, holder.kind, holder.credential_id, scope=scope_of(secret))

    async def _find_by_jwt(self, connection: HTTPConnection, token: str) -> Access | None:
        if self._provider is None:
            return None
        claims = await self._provider.claims_of(token)
        async with self._database.transaction() as database:
            user = await find_or_create_user(database, self._provider.issuer, claims, self._new_users)
        return self._access(connection, user, "jwt", None, float(claims["exp"]) + self._provider.leeway)

    def _access(
        self,
        connection: HTTPConnection,
        user: Any,
        kind: Any,
        credential_id: UUID | None,
        expires_at: float | None = None,
        scope: TokenScope = FULL,
    ) -> Access:
        address = _address_of(connection)
        return Access(self._checker, user, kind, credential_id, expires_at, address, scope=scope)


def _of_all_projects(access: Access) -> Access:
    """Raises Unauthenticated for a token of one project: only the MCP server can ensure that scope."""
    if access.scope.project_id is not None:
        raise Unauthenticated("token.of_one_project")
    return access


def _address_of(connection: HTTPConnection) -> str | None:
    return connection.client.host if connection.client else None
