"""Which trace work belongs to, handed from one process to the next by the rows themselves."""

from uuid import UUID

from sql.statements import Connection, statements


async def name_trace(connection: Connection, trace_parent: str) -> None:
    """What the transaction inserts belongs to this trace."""
    await statements.name_trace(connection, trace_parent=trace_parent)


async def find_trace_parent(connection: Connection, work_id: UUID) -> str | None:
    """The trace of a reply or an intent."""
    trace_parent: str | None = await statements.find_trace_parent(connection, id=work_id)
    return trace_parent
