"""Accounts: users as those who sign in."""

from typing import Literal

from sql.errors import Conflict
from sql.rows import AccountRow, UserRow
from sql.statements import Connection, statements

Role = Literal["owner", "member", "viewer"]


def to_user(account: AccountRow) -> UserRow:
    return UserRow(account.id, account.display_name, account.role)


async def insert_account(
    connection: Connection,
    *,
    name: str | None,
    display_name: str,
    role: Role,
    password_hash: str | None = None,
    issuer: str | None = None,
    subject: str | None = None,
) -> AccountRow:
    """Raises Conflict when the name or the subject is taken."""
    return AccountRow(
        **await statements.insert_account(
            connection,
            name=name,
            display_name=display_name,
            role=role,
            password_hash=password_hash,
            issuer=issuer,
            subject=subject,
        )
    )


async def find_account(connection: Connection, user_id: str) -> AccountRow | None:
    record = await statements.find_account(connection, id=user_id)
    return AccountRow(**record) if record else None


async def find_account_by_name(connection: Connection, name: str) -> AccountRow | None:
    record = await statements.find_account_by_name(connection, name=name)
    return AccountRow(**record) if record else None


async def find_account_by_subject(connection: Connection, issuer: str, subject: str) -> AccountRow | None:
    record = await statements.find_account_by_subject(connection, issuer=issuer, subject=subject)
    return AccountRow(**record) if record else None


async def list_accounts(connection: Connection) -> list[AccountRow]:
    return [AccountRow(**record) async for record in statements.list_accounts(connection)]


async def set_password_hash(connection: Connection, user_id: str, password_hash: str) -> None:
    await statements.set_password_hash(connection, id=user_id, password_hash=password_hash)


async def set_role(connection: Connection, user_id: str, role: Role) -> None:
    """Raises Conflict for the last owner."""
    if role != "owner":
        await _check_another_owner(connection, user_id)
    await statements.set_role(connection, id=user_id, role=role)


async def set_disabled(connection: Connection, user_id: str, disabled: bool) -> None:
    """Raises Conflict for the last owner."""
    if disabled:
        await _check_another_owner(connection, user_id)
    await statements.set_disabled(connection, id=user_id, disabled=disabled)


async def claim_owner(
    connection: Connection, user_id: str, *, name: str, display_name: str, password_hash: str
) -> AccountRow:
    """Raises Conflict when somebody else has the name."""
    record = await statements.claim_owner(
        connection, id=user_id, name=name, display_name=display_name, password_hash=password_hash
    )
    return AccountRow(**record)


async def list_owners(connection: Connection) -> list[str]:
    """The ids of those who can come in as owners; nobody becomes or ceases to be one while the transaction lasts."""
    return [record["id"] async for record in statements.lock_owners(connection)]


async def _check_another_owner(connection: Connection, user_id: str) -> None:
    if await list_owners(connection) == [user_id]:
        raise Conflict("account.last_owner")
