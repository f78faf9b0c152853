"""How often somebody tried to sign in, by key: an account's name, or an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class Attempts:
    """`failures` so far, and for how many seconds yet no try is judged."""

    key: str
    failures: int
    blocked_seconds: float


async def lock_attempts(connection: Connection, keys: Sequence[str]) -> list[Attempts]:
    """In the order of their keys; held until the transaction ends."""
    ordered = sorted(keys)
    await statements.ensure_attempts(connection, keys=ordered)
    return [Attempts(**record) async for record in statements.lock_attempts(connection, keys=ordered)]


async def save_attempt(connection: Connection, key: str, failures: int, delay_seconds: float) -> None:
    await statements.save_attempt(connection, key=key, failures=failures, delay_seconds=delay_seconds)


async def forgive_attempts(connection: Connection, keys: Sequence[str]) -> None:
    """Forget these, and all that are older than a day."""
    await statements.forgive_attempts(connection, keys=list(keys))
    await statements.forget_old_attempts(connection)


async def take_back_attempt(connection: Connection, key: str) -> None:
    await statements.take_back_attempt(connection, key=key)
