"""Who was let in and by what, looked at again whenever it matters, many at a time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import time
from typing import Literal
from uuid import UUID

import structlog

from sql.errors import ResonantError, Unauthenticated
from sql.pool import Database, working_for_whoever
from sql.repositories.credentials import PriorRecord, list_standing
from sql.rows import UserRow

log = structlog.get_logger()

AccessKind = Literal["session", "token", "jwt"]
PATIENCE_SECONDS = 30.0
ENDED = {
    "session": "Your session has ended; sign in again.",
    "token": "This token is no longer good.",
    "jwt": "This account is no longer let in.",
}
EXPIRED = "Your token has expired; connect again with a new one."


@dataclass(slots=True, eq=False)
class Access:
    """One credential as one connection showed it. `viewer` is as the last check found them."""

    guard: "Guard"
    viewer: UserRow
    kind: AccessKind
    credential_id: UUID | None = None
    expires_at: float | None = None  # of a JWT, in seconds since 1970; the others expire in the database
    address: str | None = None
    looked_up_at: float = float("-inf")  # when the look-up began that found `problem`, on the loop's clock
    problem: str | None = None

    @property
    def standing(self) -> PriorRecord:
        return self.viewer.id, self.credential_id

    async def check(self, since: float | None = None) -> None:
        await self.guard.check(self, since)

    @contextmanager
    def watched(self, ended: Callable[[str], None]) -> Iterator[None]:
        self.guard.watching[self].append(ended)
        try:
            yield
        finally:
            self.guard.watching[self].remove(ended)
            if not self.guard.watching[self]:
                del self.guard.watching[self]

    def judge(self, found: dict[PriorRecord, UserRow]) -> str | None:
        """Take over the user as found; or why this access is no longer good."""
        user = found.get(self.standing)
        if user is not None:
            self.viewer = user
        expired = self.expires_at is not None and self.expires_at <= time()
        self.problem = EXPIRED if expired else ENDED[self.kind] if user is None else None
        return self.problem


@dataclass(slots=True)
class Batch:
    """Accesses that are looked up by one statement."""

    accesses: set[Access] = field(default_factory=set)
    found: "asyncio.Future[dict[PriorRecord, UserRow]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Guard:
    """Looks accesses up again: before what they do, and every `poll_seconds` while somebody is connected by them."""

    def __init__(self, database: Database, *, poll_seconds: float) -> None:
        self._database = database
        self._poll_seconds = poll_seconds
        self._next: Batch | None = None
        self._turn = asyncio.Lock()
        self._lookups: set[asyncio.Task[None]] = set()
        self.watching: defaultdict[Access, list[Callable[[str], None]]] = defaultdict(list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Guard"]:
        """Ending what is no longer good, for as long as the block runs."""
        watch = asyncio.create_task(self._watch(), name="guard")
        try:
            yield self
        finally:
            watch.cancel()
            await asyncio.wait([watch, *self._lookups])

    async def check(self, access: Access, since: float | None = None) -> None:
        """Look the access up now, unless that was done at or after `since`.

        With `since` the user's other connections are looked up along with it, for they are about to be checked too.
        Raises Unauthenticated, or Unavailable when the database is away for long.
        """
        if since is None or access.looked_up_at < since:
            others = () if since is None else [each for each in self.watching if each.viewer.id == access.viewer.id]
            began = asyncio.get_running_loop().time()
            found = await self._found([access, *others])
            for each in (access, *others):
                each.judge(found)
                each.looked_up_at = began
        if access.problem is not None:
            raise Unauthenticated(access.problem)

    async def _found(self, accesses: list[Access]) -> dict[PriorRecord, UserRow]:
        """What a statement that begins after this call finds; all who wait for one share the next."""
        batch = self._next
        if batch is None:
            batch = self._next = Batch()
            lookup = asyncio.create_task(self._look_up(batch))
            self._lookups.add(lookup)
            lookup.add_done_callback(self._lookups.discard)
        batch.accesses.update(accesses)
        return await asyncio.shield(batch.found)

    async def _look_up(self, batch: Batch) -> None:
        try:
            async with self._turn:
                self._next = None
                batch.found.set_result(await self._patiently({access.standing for access in batch.accesses}))
        except Exception as error:
            batch.found.set_exception(error)
            batch.found.exception()  # whoever waited may have left
        except asyncio.CancelledError:
            batch.found.cancel()
            raise

    async def _patiently(self, pairs: set[PriorRecord]) -> dict[PriorRecord, UserRow]:
        """A database that is away for a moment ends nobody's connection, and lets nothing through either."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                with working_for_whoever():
                    async with self._database.connection() as connection:
                        return await list_standing(connection, list(pairs))
            except ResonantError:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(0.2)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            watched = list(self.watching)
            if not watched:
                continue
            try:
                found = await self._found(watched)
            except ResonantError as failure:
                log.warning("who is connected cannot be looked up; trying again", reason=failure.message)
                continue
            for access in watched:
                if problem := access.judge(found):
                    for ended in list(self.watching.get(access, ())):
                        ended(problem)
