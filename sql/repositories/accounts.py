"""Users and their accounts, and the setup codes that create the first owner."""

from typing import Literal

from sql.errors import Conflict
from sql.rows import UserRow
from sql.service_rows import AccountRow
from sql.statements import Connection, statements

Role = Literal["owner", "member", "viewer"]


def to_user(account: AccountRow) -> UserRow:
    return UserRow(account.id, account.display_name, account.role)


async def find_user(connection: Connection, user_id: str) -> UserRow | None:
    record = await statements.find_user(connection, id=user_id)
    return UserRow(**record) if record else None


async def find_timezone(connection: Connection, user_id: str) -> str | None:
    """The IANA name of the time zone that the user has chosen, else that of the device that was used last."""
    timezone: str | None = await statements.find_timezone(connection, id=user_id)
    return timezone


async def find_chosen_timezone(connection: Connection, user_id: str) -> str | None:
    """The IANA name of the time zone that the user has chosen."""
    timezone: str | None = await statements.find_chosen_timezone(connection, id=user_id)
    return timezone


async def update_user(
    connection: Connection,
    user_id: str,
    *,
    timezone: str | None,
    follow_device: bool,
    device_timezone: str | None,
    display_name: str | None,
) -> UserRow | None:
    """Change what is not None; `follow_device` forgets the time zone that was chosen."""
    await statements.update_user(
        connection,
        id=user_id,
        timezone=timezone,
        follow_device=follow_device,
        device_timezone=device_timezone,
        display_name=display_name,
    )
    return await find_user(connection, user_id)


async def ensure_owner(connection: Connection, user_id: str, display_name: str) -> UserRow:
    """The owner of a local installation; created if there is none."""
    return UserRow(**await statements.ensure_owner(connection, id=user_id, display_name=display_name))


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
    """Raises Conflict when another account has the name or the subject."""
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


async def upsert_owner(
    connection: Connection, user_id: str, *, name: str, display_name: str, password_hash: str
) -> AccountRow:
    """Make the user an owner with a name and a password. Raises Conflict when another account has the name."""
    record = await statements.upsert_owner(
        connection, id=user_id, name=name, display_name=display_name, password_hash=password_hash
    )
    return AccountRow(**record)


async def lock_owners(connection: Connection) -> list[str]:
    """The ids of the owners who can sign in, locked until the transaction ends."""
    return [record["id"] async for record in statements.lock_owners(connection)]


async def _check_another_owner(connection: Connection, user_id: str) -> None:
    if await lock_owners(connection) == [user_id]:
        raise Conflict("account.last_owner")


async def insert_setup_code(connection: Connection, secret_hash: bytes, *, seconds: float) -> None:
    """`seconds` until the code expires."""
    await statements.insert_setup_code(connection, secret_hash=secret_hash, seconds=seconds)


async def can_claim_ownership(connection: Connection, secret_hash: bytes) -> bool:
    """Whether this setup code is valid and no owner can sign in yet; locks nothing."""
    can: bool = await statements.can_claim_ownership(connection, secret_hash=secret_hash)
    return can


async def lock_password_hash(connection: Connection, user_id: str) -> str | None:
    """The current hash of a user who is not disabled, locked until the transaction ends."""
    found: str | None = await statements.lock_password_hash(connection, id=user_id)
    return found


async def use_setup_code(connection: Connection, secret_hash: bytes) -> bool:
    """Delete all setup codes if this one is valid; returns whether it was."""
    valid: bool = await statements.use_setup_code(connection, secret_hash=secret_hash)
    return valid
