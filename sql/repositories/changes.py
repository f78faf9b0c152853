"""What of a user's record changed since a time."""

from datetime import datetime

from sql.service_rows import ChangedRecordRow
from sql.statements import Connection, statements


async def list_changes_since(
    connection: Connection, user_id: str, since: datetime, count: int
) -> list[ChangedRecordRow]:
    """Latest first."""
    records = statements.list_changes_since(connection, user_id=user_id, since=since, count=count)
    return [ChangedRecordRow(**record) async for record in records]
