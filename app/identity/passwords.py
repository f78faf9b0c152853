"""Passwords: argon2id, a few at a time, and as much work for a name that nobody has."""

import asyncio
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sql.errors import BadUserInput, ResonantError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Result = TypeVar("Result")
MIN_CHARACTERS = 12
MAX_CHARACTERS = 256
AT_ONCE = 2  # each takes 64 MiB and a core
WAITING = 32


class TooManyAttempts(ResonantError):
    """Too many tries; wait before the next."""

    code = "RATE_LIMITED"


def plain(password: str) -> str:
    """The same text however a keyboard composed it."""
    return unicodedata.normalize("NFKC", password)


def checked_password(password: str, name: str | None) -> str:
    """A password that may be set. Raises BadUserInput."""
    length = len(plain(password))
    if not MIN_CHARACTERS <= length <= MAX_CHARACTERS:
        raise BadUserInput(
            f"A password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters; this one has {length}. "
            "A few words in a row are good."
        )
    if name is not None and plain(password).casefold() == name:
        raise BadUserInput("The password must not be the name.")
    if len(set(plain(password))) < 4:
        raise BadUserInput("The password repeats itself; choose a less regular one.")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise BadUserInput("The password contains half of a surrogate pair; send valid Unicode.") from None
    return password


class Passwords:
    """Hashes and verifies in threads, with the second parameters that RFC 9106 recommends: 64 MiB, 3 passes."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher, Type  # only when somebody signs in

        return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password has, verified when there is nothing else to verify."""
        return self._hasher.hash("a password that nobody has")

    async def hash(self, password: str) -> str:
        return await self._in_turn(lambda: self._hasher.hash(plain(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Whether it is the password behind the hash; takes as long when there is none, and says no."""
        return await self._in_turn(lambda: self._matches(password, kept or self._nobodys)) and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, password: str, kept: str) -> bool:
        from argon2.exceptions import VerifyMismatchError

        try:
            return self._hasher.verify(kept, plain(password))
        except (VerifyMismatchError, UnicodeEncodeError):
            return False

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise TooManyAttempts("Too many people sign in at this moment; try again.", retryAfter=1)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
