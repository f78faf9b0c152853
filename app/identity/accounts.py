"""Sign-in, sign-out, password changes and API tokens of the requesting user."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import HTTPConnection

from app.identity.access import Access
from app.identity.anonymous import AnonymousAccess
from app.identity.local_mode import OWNER_ID
from app.identity.middleware import NEW_COOKIES, set_session_cookie
from app.identity.passwords import (
    MAX_NAME_CHARACTERS,
    Passwords,
    can_be_normalized,
    normalized_name,
    validated_name,
    validated_password,
)
from app.identity.secrets import TokenScope, digest, issue_token, new_secret
from app.identity.sign_in_throttle import ThrottleRules, client_of, count_attempt, refuse_delayed, reset_attempts
from resolvers.ports import SignedIn
from sql.errors import BadUserInput, Conflict, Forbidden, Unauthenticated
from sql.pool import Database
from sql.repositories import accounts, credentials
from sql.repositories.accounts import use_setup_code
from sql.repositories.security_events import NOBODY, insert_security_event
from sql.service_rows import AccountRow, TokenRow
from sql.statements import Connection

MAX_TOKENS = 100


@dataclass(frozen=True, slots=True)
class SessionLifetime:
    """Seconds until a session ends: without use, and in total."""

    idle: float
    total: float


def _as_stored(name: str, password: str) -> tuple[str, str]:
    """The normalized name, and the password. Input that matches no account is handled like an unknown name, ""."""
    if can_be_normalized(name, password):
        name = normalized_name(name)
        if len(name) <= MAX_NAME_CHARACTERS and name.isprintable():
            return name, password
    return "", ""


class Accounts:
    """For one request, or one operation on a socket. Implements resolvers.ports.Accounts."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        session_lifetime: SessionLifetime,
        throttle: ThrottleRules,
        access: Access | AnonymousAccess,
        connection: HTTPConnection | None = None,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._session_lifetime = session_lifetime
        self._throttle = throttle
        self._access = access
        self._connection = connection if connection is not None and NEW_COOKIES in connection.scope else None

    @property
    def access_kind(self) -> str:
        return self._access.kind

    def stored_name(self, name: str) -> str:
        return _as_stored(name, "")[0]

    async def sign_in(self, name: str, password: str) -> SignedIn:
        self._require_http()
        name, password = _as_stored(name, password)
        await self._refuse_delayed(name)
        async with self._passwords.turn(client_of(self._access.address)) as turn:
            account = await self._count_and_find(name)
            stored_hash = account.password_hash if account and account.disabled_at is None else None
            if not await turn.verify(password, stored_hash) or account is None or stored_hash is None:
                await self._record_failure(account)
                raise Unauthenticated("sign_in.failed")
            rehashed = await turn.hash(password) if self._passwords.is_outdated(stored_hash) else None
        async with self._database.transaction() as connection:
            if await accounts.lock_password_hash(connection, account.id) != stored_hash:
                raise Unauthenticated("sign_in.failed")  # changed or disabled while it was verified
            await reset_attempts(connection, name, self._access.address)
            if rehashed:
                await accounts.set_password_hash(connection, account.id, rehashed)
            return await self._begin_session(connection, account)

    async def claim_ownership(self, code: str, name: str, password: str) -> SignedIn:
        self._require_http()
        name = validated_name(name)
        validated_password(password, name)
        async with self._database.connection() as connection:
            if not await accounts.can_claim_ownership(connection, digest(code)):
                raise Unauthenticated("setup_link.used")
        async with self._passwords.turn(client_of(self._access.address)) as turn:
            hashed = await turn.hash(password)
        async with self._database.transaction() as connection:
            if not await use_setup_code(connection, digest(code)) or await accounts.lock_owners(connection):
                raise Unauthenticated("setup_link.used")
            account = await accounts.upsert_owner(
                connection, OWNER_ID, name=name, display_name=name, password_hash=hashed
            )
            await self._record(connection, "user_added", account.id, role="owner", by="setup link")
            return await self._begin_session(connection, account)

    async def sign_out(self) -> bool:
        access = self._require_access()
        if access.kind != "session" or access.credential_id is None:
            raise BadUserInput("session.not_used")
        async with self._database.transaction() as connection:
            ended = await credentials.delete_session(connection, access.viewer.id, access.credential_id)
            await self._record(connection, "signed_out", access.viewer.id)
        if self._connection is not None:
            set_session_cookie(self._connection, "", 0)
        return ended

    async def change_password(self, current: str, new: str, *, keep_tokens: bool) -> None:
        """Change the password and end all other sessions of the user, and their tokens unless they are kept."""
        access = self._require_access()
        async with self._database.connection() as connection:
            account = await accounts.find_account(connection, access.viewer.id)
        if account is None or account.name is None or account.password_hash is None:
            raise BadUserInput("password.not_set")
        validated_password(new, account.name)
        await self._refuse_delayed(account.name)
        async with self._passwords.turn(f"user:{account.id}") as turn:
            await self._count_and_find(account.name)
            if not await turn.verify(current, account.password_hash):
                await self._record_failure(account)
                raise BadUserInput("password.wrong")
            hashed = await turn.hash(new)
        async with self._database.transaction() as connection:
            if await accounts.lock_password_hash(connection, account.id) != account.password_hash:
                raise BadUserInput("password.wrong")  # changed while it was verified
            await reset_attempts(connection, account.name, access.address)
            await accounts.set_password_hash(connection, account.id, hashed)
            await credentials.delete_sessions(connection, account.id, but=access.credential_id)
            for token in () if keep_tokens else await credentials.delete_tokens(connection, account.id):
                await self._record(connection, "token_revoked", account.id, token=token.name, hint=token.hint)
            await self._record(connection, "password_changed", account.id)

    async def create_token(
        self, name: str, expires_at: datetime | None, *, read_only: bool, project_id: UUID | None
    ) -> tuple[TokenRow, str]:
        access = self._require_access()
        if access.kind != "session":
            # A leaked token must not be able to create tokens that outlive it.
            raise Forbidden("token.session_required")
        if expires_at is not None and expires_at <= datetime.now(UTC):
            raise BadUserInput("input.past", field="expiresAt")
        scope = TokenScope(read_only, project_id)
        async with self._database.transaction() as connection:
            if await credentials.count_tokens(connection, access.viewer.id) >= MAX_TOKENS:
                raise Conflict("token.too_many", maximum=MAX_TOKENS)
            token, secret = await issue_token(connection, access.viewer.id, name, expires_at, scope)
            await self._record(connection, "token_created", access.viewer.id, token=name, hint=token.hint)
        return token, secret

    async def revoke_token(self, token_id: UUID) -> TokenRow:
        access = self._require_access()
        if access.scope.read_only:
            raise Forbidden("forbidden.read_only")
        async with self._database.transaction() as connection:
            token = await credentials.delete_token(connection, access.viewer.id, token_id)
            await self._record(connection, "token_revoked", access.viewer.id, token=token.name, hint=token.hint)
        return token

    def _require_access(self) -> Access:
        if isinstance(self._access, AnonymousAccess):
            raise Unauthenticated
        return self._access

    def _require_http(self) -> HTTPConnection:
        if self._connection is None:
            raise BadUserInput("sign_in.http_required")
        return self._connection

    async def _refuse_delayed(self, name: str) -> None:
        """Refuse a delayed attempt before it waits for a turn. Raises TooManyAttempts."""
        async with self._database.connection() as connection:
            await refuse_delayed(connection, name, self._access.address)

    async def _count_and_find(self, name: str) -> AccountRow | None:
        """Count an attempt that is about to be verified; returns the account, if there is one.

        Counts by the entered name, so delays do not reveal whether the account exists. An attempt that is refused
        before its turn is not counted: it tested no password.
        """
        async with self._database.transaction() as connection:
            delays_next = await count_attempt(connection, self._throttle, name, self._access.address)
            account = await accounts.find_account_by_name(connection, name)
            if delays_next:
                await self._record(connection, "sign_in_blocked", account.id if account else None)
            return account

    async def _record_failure(self, account: AccountRow | None) -> None:
        async with self._database.transaction() as connection:
            await self._record(connection, "sign_in_failed", account.id if account else None)

    async def _begin_session(self, connection: Connection, account: AccountRow) -> SignedIn:
        secret = new_secret("session")
        _, expires_at = await credentials.insert_session(
            connection,
            account.id,
            digest(secret),
            idle_seconds=self._session_lifetime.idle,
            longest_seconds=self._session_lifetime.total,
        )
        await insert_security_event(
            connection, "signed_in", user_id=account.id, actor=account.id, address=self._access.address
        )
        set_session_cookie(self._require_http(), secret, int(self._session_lifetime.total))
        return SignedIn(accounts.to_user(account), expires_at)

    async def _record(self, connection: Connection, kind: str, user_id: str | None, **detail: str) -> None:
        actor = NOBODY if isinstance(self._access, AnonymousAccess) else self._access.viewer.id
        await insert_security_event(
            connection, kind, user_id=user_id, actor=actor, address=self._access.address, **detail
        )
