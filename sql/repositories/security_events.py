"""The audit trail: what happened at the door."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sql.rows import SecurityEventRow
from sql.span import LAST_ID
from sql.statements import Connection, statements

NOBODY = "nobody"
COMMAND_LINE = "command line"


async def insert_security_event(
    connection: Connection, kind: str, *, user_id: str | None, actor: str, address: str | None = None, **detail: Any
) -> None:
    """Write it down in the transaction of what it tells of; never a secret in `detail`."""
    await statements.insert_security_event(
        connection, kind=kind, user_id=user_id, actor=actor, address=address, detail=detail
    )


async def list_security_events(
    connection: Connection, *, count: int, before: UUID = LAST_ID, kinds: Sequence[str] | None = None
) -> list[SecurityEventRow]:
    """Everybody's, newest first."""
    records = statements.list_security_events(connection, kinds=kinds, before=before, count=count)
    return [SecurityEventRow(**record) async for record in records]
