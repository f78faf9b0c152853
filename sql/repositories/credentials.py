"""Sessions and tokens: secrets of which only the SHA-256 is known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sql.errors import NotFound
from sql.rows import TokenRow, UserRow
from sql.span import LAST_ID
from sql.statements import Connection, statements

NO_TOKEN = "token.not_found"  # noqa: S105 - an error key


@dataclass(frozen=True, slots=True)
class Holder:
    """Who comes in with a secret; `unnoted` when its use was not written down for a minute."""

    credential_id: UUID
    kind: Literal["session", "token"]
    unnoted: bool
    user: UserRow


CredentialKey = tuple[str, UUID | None]
"""A user id, and the id of the session or token; None for a JWT."""


async def insert_session(
    connection: Connection, user_id: str, secret_hash: bytes, *, idle_seconds: float, longest_seconds: float
) -> tuple[UUID, datetime]:
    """The session's id, and when it ends if it is not used."""
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
    connection: Connection, user_id: str, secret_hash: bytes, *, name: str, hint: str, expires_at: datetime | None
) -> TokenRow:
    record = await statements.insert_token(
        connection, user_id=user_id, secret_hash=secret_hash, name=name, hint=hint, expires_at=expires_at
    )
    return TokenRow(**record)


async def find_holder(connection: Connection, secret_hash: bytes) -> Holder | None:
    record = await statements.find_holder(connection, secret_hash=secret_hash)
    if record is None:
        return None
    user = UserRow(record["id"], record["display_name"], record["role"])
    return Holder(record["credential_id"], record["kind"], record["unnoted"], user)


async def mark_used(connection: Connection, credential_id: UUID, *, idle_seconds: float) -> None:
    await statements.mark_used(connection, id=credential_id, idle_seconds=idle_seconds)


async def list_standing(connection: Connection, pairs: Sequence[CredentialKey]) -> dict[CredentialKey, UserRow]:
    """Of these, the ones that are still good, with the users as they are now."""
    records = statements.list_standing(
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


async def get_token(connection: Connection, token_id: UUID) -> TokenRow:
    """Anybody's. Raises NotFound."""
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


async def delete_session(connection: Connection, user_id: str, session_id: UUID) -> bool:
    """Whether it was there."""
    return await statements.delete_session(connection, user_id=user_id, id=session_id) is not None


async def delete_sessions(connection: Connection, user_id: str, *, but: UUID | None = None) -> None:
    await statements.delete_sessions(connection, user_id=user_id, except_id=but)


async def delete_credentials(connection: Connection, user_id: str) -> None:
    """All sessions and tokens of a user."""
    await statements.delete_credentials(connection, user_id=user_id)
