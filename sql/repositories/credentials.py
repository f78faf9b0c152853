"""Sessions and tokens, of which only the SHA-256 is stored, and failed sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.rows import UserRow
from sql.service_rows import TokenRow
from sql.statements import Connection, statements

NO_TOKEN = "token.not_found"  # noqa: S105 - an error key


@dataclass(frozen=True, slots=True)
class CredentialHolder:
    """The user of a valid credential. `use_unrecorded`: its last recorded use is older than a minute."""

    credential_id: UUID
    kind: Literal["session", "token"]
    use_unrecorded: bool
    user: UserRow


CredentialKey = tuple[str, UUID | None]
"""A user id, and the id of the session or token; None for a JWT."""


async def insert_session(
    connection: Connection, user_id: str, secret_hash: bytes, *, idle_seconds: float, longest_seconds: float
) -> tuple[UUID, datetime]:
    """The session's id, and when it expires without use."""
    await statements.delete_expired_sessions(connection)
    record = await statements.insert_browser_session(
        connection,
        user_id=user_id,
        secret_hash=secret_hash,
        idle_seconds=idle_seconds,
        longest_seconds=longest_seconds,
    )
    return record["id"], record["expires_at"]


async def insert_token(
    connection: Connection,
    user_id: str,
    secret_hash: bytes,
    *,
    name: str,
    hint: str,
    expires_at: datetime | None,
    read_only: bool = False,
    project_id: UUID | None = None,
) -> TokenRow:
    """`read_only` and `project_id` are the scope of the secret, to list it."""
    record = await statements.insert_token(
        connection,
        user_id=user_id,
        secret_hash=secret_hash,
        name=name,
        hint=hint,
        expires_at=expires_at,
        read_only=read_only,
        project_id=project_id,
    )
    return TokenRow(**record)


async def find_credential(connection: Connection, secret_hash: bytes) -> CredentialHolder | None:
    record = await statements.find_credential(connection, secret_hash=secret_hash)
    if record is None:
        return None
    user = UserRow(record["id"], record["display_name"], record["role"])
    return CredentialHolder(record["credential_id"], record["kind"], record["use_unrecorded"], user)


async def mark_credential_used(connection: Connection, credential_id: UUID, *, idle_seconds: float) -> None:
    await statements.mark_credential_used(connection, id=credential_id, idle_seconds=idle_seconds)


async def list_valid_credentials(
    connection: Connection, pairs: Sequence[CredentialKey]
) -> dict[CredentialKey, UserRow]:
    """Those that are still valid, with the current state of their users."""
    records = statements.list_valid_credentials(
        connection, user_ids=[pair[0] for pair in pairs], credential_ids=[pair[1] for pair in pairs]
    )
    return {
        (record["user_id"], record["credential_id"]): UserRow(record["user_id"], record["display_name"], record["role"])
        async for record in records
    }


async def list_tokens(connection: Connection, user_id: str, *, count: int, before: UUID = LAST_ID) -> list[TokenRow]:
    """Newest first."""
    records = statements.list_tokens(connection, user_id=user_id, before=before, count=count)
    return [TokenRow(**record) async for record in records]


async def count_tokens(connection: Connection, user_id: str) -> int:
    total: int = await statements.count_tokens(connection, user_id=user_id)
    return total


async def find_tokens(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[TokenRow]:
    return [TokenRow(**record) async for record in statements.find_tokens(connection, user_id=user_id, ids=ids)]


async def get_token(connection: Connection, token_id: UUID) -> TokenRow:
    """The token of any user. Raises NotFound."""
    record = await statements.find_token(connection, id=token_id)
    if record is None:
        raise NotFound(NO_TOKEN)
    return TokenRow(**record)


async def delete_token(connection: Connection, user_id: str, token_id: UUID) -> TokenRow:
    """Raises NotFound."""
    record = await statements.delete_token(connection, user_id=user_id, id=token_id)
    if record is None:
        raise NotFound(NO_TOKEN)
    return TokenRow(**record)


async def delete_tokens(connection: Connection, user_id: str) -> list[TokenRow]:
    """Delete all tokens of a user; returns them."""
    return [TokenRow(**record) async for record in statements.delete_tokens(connection, user_id=user_id)]


async def delete_session(connection: Connection, user_id: str, session_id: UUID) -> bool:
    """Whether it existed."""
    return await statements.delete_session(connection, user_id=user_id, id=session_id) is not None


async def delete_sessions(connection: Connection, user_id: str, *, but: UUID | None = None) -> None:
    await statements.delete_sessions(connection, user_id=user_id, except_id=but)


async def delete_credentials(connection: Connection, user_id: str) -> None:
    """All sessions and tokens of a user."""
    await statements.delete_credentials(connection, user_id=user_id)


@dataclass(frozen=True, slots=True)
class SignInAttempts:
    """Failures of an account name or an address. `blocked_seconds`: time until the next attempt is checked."""

    key: str
    failures: int
    blocked_seconds: float


async def lock_sign_in_attempts(connection: Connection, keys: Sequence[str]) -> list[SignInAttempts]:
    """The attempts of each key, in the order of the keys, locked until the transaction ends."""
    ordered = sorted(keys)
    await statements.ensure_sign_in_attempts(connection, keys=ordered)
    return [SignInAttempts(**record) async for record in statements.lock_sign_in_attempts(connection, keys=ordered)]


async def find_sign_in_delay(connection: Connection, keys: Sequence[str]) -> float:
    """Seconds until the next attempt of all these keys is checked; 0 when there is no delay."""
    seconds: float = await statements.find_sign_in_delay(connection, keys=list(keys))
    return seconds


async def update_sign_in_attempt(connection: Connection, key: str, failures: int, delay_seconds: float) -> None:
    await statements.update_sign_in_attempt(connection, key=key, failures=failures, delay_seconds=delay_seconds)


async def delete_sign_in_attempts(connection: Connection, keys: Sequence[str]) -> None:
    """Delete these, and all that are older than a day."""
    await statements.delete_sign_in_attempts(connection, keys=list(keys))
    await statements.delete_old_sign_in_attempts(connection)


async def decrement_sign_in_failures(connection: Connection, key: str) -> None:
    await statements.decrement_sign_in_failures(connection, key=key)
