"""Signing in and out, passwords and tokens, on behalf of whoever asks. Implements resolvers.ports.Accounts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import HTTPConnection

from app.identity.access import Access
from app.identity.anonymous import NoAccess
from app.identity.cookies import JAR, keep_session
from app.identity.local_mode import OWNER_ID
from app.identity.names import MAX_NAME_CHARACTERS, checked_name, plain_name
from app.identity.passwords import MAX_CHARACTERS, Passwords, checked_password
from app.identity.secrets import digest, hint_of, new_secret
from app.identity.sign_in_throttle import Rules, count_attempt, forgive
from resolvers.ports import SignedIn
from sql.errors import BadUserInput, Conflict, Forbidden, Unauthenticated
from sql.pool import Database
from sql.repositories import accounts, credentials
from sql.repositories.security_events import NOBODY, insert_security_event
from sql.repositories.setup_codes import take_setup_codes
from sql.rows import AccountRow, TokenRow
from sql.statements import Connection

WRONG = "The name or the password is wrong."
MAX_TOKENS = 100


@dataclass(frozen=True, slots=True)
class SessionLength:
    """Seconds: without use, and at the most."""

    idle: float
    longest: float


def _fits(name: str, password: str) -> bool:
    """Whether it could be right at all; what could not is judged like a name that nobody has."""
    return len(name) <= MAX_NAME_CHARACTERS and name.isprintable() and len(password) <= 4 * MAX_CHARACTERS


class Accounts:
    """For one request or one operation of a socket."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        length: SessionLength,
        tries: Rules,
        access: Access | NoAccess,
        connection: HTTPConnection | None = None,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._length = length
        self._tries = tries
        self._access = access
        self._connection = connection if connection is not None and JAR in connection.scope else None

    @property
    def access_kind(self) -> str:
        return self._access.kind

    async def sign_in(self, name: str, password: str) -> SignedIn:
        self._cookies()
        name = plain_name(name)
        if not _fits(name, password):
            name, password = "", ""
        await self._count(name)
        async with self._database.connection() as connection:
            account = await accounts.find_account_by_name(connection, name)
        kept = account.password_hash if account and account.disabled_at is None else None
        if not await self._passwords.verify(password, kept) or account is None or kept is None:
            await self._note_failure(account)
            raise Unauthenticated(WRONG)
        rehashed = await self._passwords.hash(password) if self._passwords.is_outdated(kept) else None
        async with self._database.transaction() as connection:
            await forgive(connection, name, self._access.address)
            if rehashed:
                await accounts.set_password_hash(connection, account.id, rehashed)
            return await self._begin_session(connection, account)

    async def claim_ownership(self, code: str, name: str, password: str) -> SignedIn:
        self._cookies()
        name = checked_name(name)
        hashed = await self._passwords.hash(checked_password(password, name))
        async with self._database.transaction() as connection:
            if not await take_setup_codes(connection, digest(code)) or await accounts.list_owners(connection):
                raise Unauthenticated("This link has been used or has expired; start the server again for a new one.")
            account = await accounts.claim_owner(
                connection, OWNER_ID, name=name, display_name=name, password_hash=hashed
            )
            await self._note(connection, "user_added", account.id, role="owner", by="setup link")
            return await self._begin_session(connection, account)

    async def sign_out(self) -> bool:
        access = self._signed_in()
        if access.kind != "session" or access.credential_id is None:
            raise BadUserInput("You came in with a token; revoke it to end it.")
        async with self._database.transaction() as connection:
            ended = await credentials.delete_session(connection, access.viewer.id, access.credential_id)
            await self._note(connection, "signed_out", access.viewer.id)
        if self._connection is not None:
            keep_session(self._connection, "", 0)
        return ended

    async def change_password(self, current: str, new: str) -> None:
        """All other sessions end."""
        access = self._signed_in()
        async with self._database.connection() as connection:
            account = await accounts.find_account(connection, access.viewer.id)
        if account is None or account.name is None or account.password_hash is None:
            raise BadUserInput("This account has no password.")
        await self._count(account.name)
        if not await self._passwords.verify(current, account.password_hash):
            await self._note_failure(account)
            raise BadUserInput("The current password is wrong.")
        hashed = await self._passwords.hash(checked_password(new, account.name))
        async with self._database.transaction() as connection:
            await forgive(connection, account.name, access.address)
            await accounts.set_password_hash(connection, account.id, hashed)
            await credentials.delete_sessions(connection, account.id, but=access.credential_id)
            await self._note(connection, "password_changed", account.id)

    async def create_token(self, name: str, expires_at: datetime | None) -> tuple[TokenRow, str]:
        access = self._signed_in()
        if access.kind != "session":
            # A token that leaked must not make others that outlive it.
            raise Forbidden("Sign in with your password to create a token; a token cannot create another.")
        if expires_at is not None and expires_at <= datetime.now(UTC):
            raise BadUserInput("`expiresAt` has passed already.")
        secret = new_secret("token")
        async with self._database.transaction() as connection:
            if await credentials.count_tokens(connection, access.viewer.id) >= MAX_TOKENS:
                raise Conflict(f"You have {MAX_TOKENS} tokens; revoke one first.")
            token = await credentials.insert_token(
                connection,
                access.viewer.id,
                digest(secret),
                name=name,
                hint=hint_of(secret),
                expires_at=expires_at,
            )
            await self._note(connection, "token_created", access.viewer.id, token=name, hint=token.hint)
        return token, secret

    async def revoke_token(self, token_id: UUID) -> TokenRow:
        access = self._signed_in()
        async with self._database.transaction() as connection:
            token = await credentials.delete_token(connection, access.viewer.id, token_id)
            await self._note(connection, "token_revoked", access.viewer.id, token=token.name, hint=token.hint)
        return token

    def _signed_in(self) -> Access:
        if isinstance(self._access, NoAccess):
            raise Unauthenticated
        return self._access

    def _cookies(self) -> HTTPConnection:
        if self._connection is None:
            raise BadUserInput("Sign in over HTTP; over a WebSocket no cookie can be set.")
        return self._connection

    async def _count(self, name: str) -> None:
        """Delays count by the name that was typed, so they tell nothing of whether anybody has it."""
        async with self._database.transaction() as connection:
            if await count_attempt(connection, self._tries, name, self._access.address):
                account = await accounts.find_account_by_name(connection, name)
                await self._note(connection, "sign_in_blocked", account.id if account else None)

    async def _note_failure(self, account: AccountRow | None) -> None:
        async with self._database.transaction() as connection:
            await self._note(connection, "sign_in_failed", account.id if account else None)

    async def _begin_session(self, connection: Connection, account: AccountRow) -> SignedIn:
        secret = new_secret("session")
        _, expires_at = await credentials.insert_session(
            connection,
            account.id,
            digest(secret),
            idle_seconds=self._length.idle,
            longest_seconds=self._length.longest,
        )
        await insert_security_event(
            connection, "signed_in", user_id=account.id, actor=account.id, address=self._access.address
        )
        keep_session(self._cookies(), secret, int(self._length.longest))
        return SignedIn(accounts.to_user(account), expires_at)

    async def _note(self, connection: Connection, kind: str, user_id: str | None, **detail: str) -> None:
        actor = NOBODY if isinstance(self._access, NoAccess) else self._access.viewer.id
        await insert_security_event(
            connection, kind, user_id=user_id, actor=actor, address=self._access.address, **detail
        )
