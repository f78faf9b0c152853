"""The audit trail of sign-ins and accounts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sql.paging import LAST_ID
from sql.service_rows import SecurityEventRow
from sql.statements import Connection, statements

NOBODY = "nobody"
COMMAND_LINE = "command line"


async def insert_security_event(
    connection: Connection, kind: str, *, user_id: str | None, actor: str, address: str | None = None, **detail: Any
) -> None:
    """Insert it in the transaction of the change. `detail` must not contain secrets."""
    await statements.insert_security_event(
        connection, kind=kind, user_id=user_id, actor=actor, address=address, detail=detail
    )


async def list_security_events(
    connection: Connection, *, count: int, before: UUID = LAST_ID, kinds: Sequence[str] | None = None
) -> list[SecurityEventRow]:
    """Of all users, newest first."""
    records = statements.list_security_events(connection, kinds=kinds, before=before, count=count)
    return [SecurityEventRow(**record) async for record in records]
