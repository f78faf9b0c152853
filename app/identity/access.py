"""Validity of credentials: checked again before each use, and polled while clients are connected.

Checks that run at the same time are batched into one SQL statement.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from time import time
from typing import Literal
from uuid import UUID

from app.identity.secrets import FULL, TokenScope
from app.language.catalogue import render
from app.retry import Backoff, poll_forever, retry
from sql.errors import Closed, ResonantError, Unauthenticated
from sql.pool import Database, unscoped
from sql.repositories.credentials import CredentialKey, list_valid_credentials
from sql.rows import UserRow

AccessKind = Literal["session", "token", "jwt"]
LOOKUP_DEADLINE_SECONDS = 30.0
RETRY_SECONDS = 0.2
ENDED = {
    "session": "session.ended",
    "token": "token.invalid",
    "jwt": "account.disabled",
}
EXPIRED = "token.expired"


@dataclass(slots=True, eq=False)
class Access:
    """One credential on one connection. `viewer` is the user as found by the last check."""

    checker: "AccessChecker"
    viewer: UserRow
    kind: AccessKind
    credential_id: UUID | None = None
    expires_at: float | None = None  # of a JWT, in seconds since 1970; sessions and tokens expire in the database
    address: str | None = None
    looked_up_at: float = float("-inf")  # start of the look-up that set `problem`, on the clock of the event loop
    problem: str | None = None
    scope: TokenScope = FULL

    def __post_init__(self) -> None:
        self.viewer = self._limited(self.viewer)

    def _limited(self, user: UserRow) -> UserRow:
        """The user with the role that the token permits."""
        return replace(user, role="viewer") if self.scope.read_only else user

    @property
    def key(self) -> CredentialKey:
        return self.viewer.id, self.credential_id

    @property
    def token_id(self) -> UUID | None:
        """The id of the API token; None for a session and a JWT."""
        return self.credential_id if self.kind == "token" else None

    async def check(self, since: float | None = None) -> None:
        await self.checker.check(self, since)

    def is_checked_since(self, since: float) -> bool:
        return self.looked_up_at >= since

    @contextmanager
    def on_revoked(self, callback: Callable[[str], None]) -> Iterator[None]:
        callbacks = self.checker.revocation_callbacks
        callbacks[self].append(callback)
        try:
            yield
        finally:
            callbacks[self].remove(callback)
            if not callbacks[self]:
                del callbacks[self]

    def update(self, valid: dict[CredentialKey, UserRow]) -> str | None:
        """Update `viewer` and `problem` from the valid credentials; returns why this access is invalid, or None."""
        user = valid.get(self.key)
        if user is not None:
            self.viewer = self._limited(user)
        expired = self.expires_at is not None and self.expires_at <= time()
        self.problem = EXPIRED if expired else ENDED[self.kind] if user is None else None
        return self.problem


@dataclass(slots=True)
class Batch:
    """Accesses that are looked up by one statement."""

    accesses: set[Access] = field(default_factory=set)
    valid: "asyncio.Future[dict[CredentialKey, UserRow]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class AccessChecker:
    """Looks accesses up before each use, and every `poll_seconds` while clients are connected with them."""

    def __init__(self, database: Database, *, poll_seconds: float) -> None:
        self._database = database
        self._poll_seconds = poll_seconds
        self._next: Batch | None = None
        self._lookup_lock = asyncio.Lock()
        self._lookups: set[asyncio.Task[None]] = set()
        self.revocation_callbacks: defaultdict[Access, list[Callable[[str], None]]] = defaultdict(list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["AccessChecker"]:
        """Call the callbacks of accesses that become invalid while the block runs."""
        seconds = self._poll_seconds
        polling = asyncio.create_task(
            poll_forever(
                self._check_connected, name="access checker", seconds=seconds, backoff=Backoff(seconds, seconds)
            ),
            name="access checker",
        )
        try:
            yield self
        finally:
            polling.cancel()
            await asyncio.wait([polling, *self._lookups])

    async def check(self, access: Access, since: float | None = None) -> None:
        """Look the access up now, unless that was done at `since` or later.

        With `since` the user's other connections are looked up in the same statement, because they are checked next.
        Raises Unauthenticated, or Unavailable when the database stays unavailable.
        """
        if since is None or access.looked_up_at < since:
            others = (
                ()
                if since is None
                else [each for each in self.revocation_callbacks if each.viewer.id == access.viewer.id]
            )
            started = asyncio.get_running_loop().time()
            valid = await self._find_valid([access, *others])
            for each in (access, *others):
                each.update(valid)
                each.looked_up_at = started
        if access.problem is not None:
            raise Unauthenticated(access.problem)

    async def _find_valid(self, accesses: list[Access]) -> dict[CredentialKey, UserRow]:
        """The valid credentials, by a statement that starts after this call; concurrent callers share it."""
        batch = self._next
        if batch is None:
            batch = self._next = Batch()
            lookup = asyncio.create_task(self._look_up(batch))
            self._lookups.add(lookup)
            lookup.add_done_callback(self._lookups.discard)
        batch.accesses.update(accesses)
        return await asyncio.shield(batch.valid)

    async def _look_up(self, batch: Batch) -> None:
        try:
            async with self._lookup_lock:
                self._next = None
                batch.valid.set_result(await self._query({access.key for access in batch.accesses}))
        except Exception as error:
            batch.valid.set_exception(error)
            batch.valid.exception()  # marks it as retrieved: the callers may have been cancelled
        except asyncio.CancelledError:
            batch.valid.cancel()
            raise

    async def _query(self, keys: set[CredentialKey]) -> dict[CredentialKey, UserRow]:
        """Retries until the deadline: a short outage of the database neither closes connections nor skips a check."""
        now = asyncio.get_running_loop().time
        deadline = now() + LOOKUP_DEADLINE_SECONDS

        async def query() -> dict[CredentialKey, UserRow]:
            with unscoped():
                async with self._database.connection() as connection:
                    return await list_valid_credentials(connection, list(keys))

        def pause_after(failure: Exception, attempt: int) -> float | None:
            retryable = isinstance(failure, ResonantError) and not isinstance(failure, Closed)
            return RETRY_SECONDS if retryable and now() < deadline else None

        return await retry(query, pause_after)

    async def _check_connected(self) -> None:
        connected = list(self.revocation_callbacks)
        if not connected:
            return
        valid = await self._find_valid(connected)
        for access in connected:
            if problem := access.update(valid):
                for callback in list(self.revocation_callbacks.get(access, ())):
                    callback(render(problem, {}))
