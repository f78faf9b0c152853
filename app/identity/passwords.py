"""Rules for sign-in names and passwords, and password hashing with argon2id.

Verification for an unknown name takes the same time as for a known one.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from app.identity.turns import Turns
from sql.errors import BadUserInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Result = TypeVar("Result")
MIN_CHARACTERS = 12
MAX_CHARACTERS = 256
MAX_CONCURRENT = 2  # each takes 64 MiB and a core
MAX_WAITING = 64
MAX_WAITING_PER_CLIENT = 16
MAX_NAME_CHARACTERS = 64
# Typed characters per normalized one. Longer input is never normalized: that takes quadratic time for some texts.
TYPED = 4


def can_be_normalized(name: str, password: str) -> bool:
    """Whether both are short enough for a name and a password, however their characters are composed."""
    return len(name) <= TYPED * MAX_NAME_CHARACTERS and len(password) <= TYPED * MAX_CHARACTERS


def normalized_name(name: str) -> str:
    """The name in NFKC, case-folded, without surrounding space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def validated_name(name: str) -> str:
    """The normalized name, if it is allowed. Raises BadUserInput."""
    normalized = normalized_name(name) if can_be_normalized(name, "") else ""
    if not 1 <= len(normalized) <= MAX_NAME_CHARACTERS or not normalized.isprintable() or " " in normalized:
        raise BadUserInput("account.name_invalid", maximum=MAX_NAME_CHARACTERS)
    return normalized


def normalized_password(password: str) -> str:
    """The password in NFKC, so that all keyboards and input methods produce the same text."""
    return unicodedata.normalize("NFKC", password)


def validated_password(password: str, name: str | None) -> str:
    """The password, if it is allowed. Raises BadUserInput."""
    length = len(normalized_password(password)) if can_be_normalized("", password) else len(password)
    if not MIN_CHARACTERS <= length <= MAX_CHARACTERS:
        raise BadUserInput("password.wrong_length", minimum=MIN_CHARACTERS, maximum=MAX_CHARACTERS, given=length)
    if name is not None and normalized_password(password).casefold() == name:
        raise BadUserInput("password.is_name")
    if len(set(normalized_password(password))) < 4:
        raise BadUserInput("password.repetitive")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise BadUserInput("input.invalid_unicode", field="password") from None
    return password


class Passwords:
    """Hashes and verifies with the second recommended option of RFC 9106: 64 MiB, 3 passes.

    It has threads of its own, and clients get turns: a flood of one client delays the others by one turn each.
    """

    def __init__(self) -> None:
        self._turns = Turns(MAX_CONCURRENT, per_client=MAX_WAITING_PER_CLIENT, total=MAX_WAITING)
        self._threads = ThreadPoolExecutor(MAX_CONCURRENT, thread_name_prefix="passwords")

    @cached_property
    def hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher, Type  # needed only for a sign-in

        return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)

    @cached_property
    def dummy_hash(self) -> str:
        """A hash that no password matches, verified when the account has none."""
        return self.hasher.hash("a password that nobody has")

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator["HashingTurn"]:
        """A turn to hash for this client, such as an address. Raises TooManyAttempts when too many wait."""
        await self._turns.take(client)
        turn = HashingTurn(self, self._threads)
        try:
            yield turn
        finally:
            # A thread cannot be cancelled: the turn of a cancelled caller ends when its thread has finished.
            if turn.running is None or turn.running.done():
                self._turns.release()
            else:
                turn.running.add_done_callback(lambda done: self._turns.release())

    def is_outdated(self, stored_hash: str) -> bool:
        """Whether it was hashed with other than the current parameters."""
        return self.hasher.check_needs_rehash(stored_hash)

    def compute_hash(self, password: str) -> str:
        """The hash of a password; blocks."""
        return self.hasher.hash(normalized_password(password))

    def matches(self, password: str, stored_hash: str) -> bool:
        """Whether the password matches the hash; blocks."""
        from argon2.exceptions import VerifyMismatchError

        try:
            return self.hasher.verify(stored_hash, normalized_password(password))
        except (VerifyMismatchError, UnicodeEncodeError):
            return False


class HashingTurn:
    """Hashes and verifies, one call after the other, while the turn lasts."""

    def __init__(self, passwords: Passwords, threads: ThreadPoolExecutor) -> None:
        self.running: asyncio.Future[Any] | None = None
        self._passwords = passwords
        self._threads = threads

    async def hash(self, password: str) -> str:
        return await self._run_in_thread(lambda: self._passwords.compute_hash(password))

    async def verify(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password matches the hash. Without a hash: False, after the same time."""
        passwords = self._passwords
        matches = await self._run_in_thread(
            lambda: passwords.matches(password, passwords.dummy_hash if stored_hash is None else stored_hash)
        )
        return matches and stored_hash is not None

    async def _run_in_thread(self, call: Callable[[], Result]) -> Result:
        running = self.running = asyncio.get_running_loop().run_in_executor(self._threads, call)
        return await asyncio.shield(running)
