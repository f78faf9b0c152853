"""Users: who owns the rows."""

from sql.rows import UserRow
from sql.statements import Connection, statements


async def find_user(connection: Connection, user_id: str) -> UserRow | None:
    record = await statements.find_user(connection, id=user_id)
    return UserRow(**record) if record else None


async def ensure_owner(connection: Connection, user_id: str, display_name: str) -> UserRow:
    """The owner of a local installation, made when there is none."""
    return UserRow(**await statements.ensure_owner(connection, id=user_id, display_name=display_name))
