"""What of a user's record changed since a time."""

from datetime import datetime
from uuid import UUID

from sql.service_rows import ChangedRecordRow
from sql.statements import Connection, statements


async def list_changes_since(
    connection: Connection, user_id: str, since: datetime, count: int, project_id: UUID | None = None
) -> list[ChangedRecordRow]:
    """Latest first; of all projects without one."""
    records = statements.list_changes_since(
        connection, user_id=user_id, project_id=project_id, since=since, count=count
    )
    return [ChangedRecordRow(**record) async for record in records]
