"""Rules for sign-in names and passwords, and password hashing with argon2id.

Verification for an unknown name takes the same time as for a known one.
"""

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
MAX_CONCURRENT = 2  # each takes 64 MiB and a core
MAX_WAITING = 32
MAX_NAME_CHARACTERS = 64


class TooManyAttempts(ResonantError):
    """Too many attempts to sign in; `seconds` says how long to wait."""

    code = "RATE_LIMITED"
    key = "sign_in.throttled"


def normalized_name(name: str) -> str:
    """The name in NFKC, case-folded, without surrounding space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def validated_name(name: str) -> str:
    """The normalized name, if it is allowed. Raises BadUserInput."""
    normalized = normalized_name(name)
    if not 1 <= len(normalized) <= MAX_NAME_CHARACTERS or not normalized.isprintable() or " " in normalized:
        raise BadUserInput("account.name_invalid", maximum=MAX_NAME_CHARACTERS)
    return normalized


def normalized_password(password: str) -> str:
    """The password in NFKC, so that all keyboards and input methods produce the same text."""
    return unicodedata.normalize("NFKC", password)


def validated_password(password: str, name: str | None) -> str:
    """The password, if it is allowed. Raises BadUserInput."""
    length = len(normalized_password(password))
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
    """Hashes and verifies in threads, with the second recommended option of RFC 9106: 64 MiB, 3 passes."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._waiting = 0

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher, Type  # needed only for a sign-in

        return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)

    @cached_property
    def _dummy_hash(self) -> str:
        """A hash that no password matches, verified when the account has none."""
        return self._hasher.hash("a password that nobody has")

    async def hash(self, password: str) -> str:
        return await self._run_in_thread(lambda: self._hasher.hash(normalized_password(password)))

    async def verify(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password matches the hash. Without a hash: False, after the same time."""
        return (
            await self._run_in_thread(lambda: self._matches(password, stored_hash or self._dummy_hash))
            and stored_hash is not None
        )

    def is_outdated(self, stored_hash: str) -> bool:
        """Whether it was hashed with other than the current parameters."""
        return self._hasher.check_needs_rehash(stored_hash)

    def _matches(self, password: str, stored_hash: str) -> bool:
        from argon2.exceptions import VerifyMismatchError

        try:
            return self._hasher.verify(stored_hash, normalized_password(password))
        except (VerifyMismatchError, UnicodeEncodeError):
            return False

    async def _run_in_thread(self, call: Callable[[], Result]) -> Result:
        if self._waiting >= MAX_WAITING:
            raise TooManyAttempts("sign_in.busy", seconds=1)
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(call)
        finally:
            self._waiting -= 1
