"""Rows of any table by their id: their kind, and the trace (W3C Trace Context) that they belong to."""

from collections.abc import Sequence
from uuid import UUID

from sql.errors import Forbidden, NotFound, ResonantError
from sql.statements import Connection, statements

NO_NODE = "node.not_found"


async def find_node_kind(connection: Connection, user_id: str, node_id: UUID) -> str | None:
    """The kind, for example `decision`; None when the user has no row with this id."""
    kind: str | None = await statements.find_node_kind(connection, user_id=user_id, id=node_id)
    return kind


async def list_private(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the messages, memories, actions and other records that only their author sees."""
    return {record["id"] async for record in statements.list_private(connection, ids=ids)}


async def refusal(connection: Connection, user_id: str, record_id: UUID, missing: str) -> ResonantError:
    """Why the user cannot change a record: NotFound with this key, or Forbidden for a reader of its project."""
    right = await statements.find_right(connection, user_id=user_id, id=record_id)
    return Forbidden("project.read_only") if right is False else NotFound(missing)


async def check_writable(connection: Connection, user_id: str, record_id: UUID, missing: str) -> None:
    """Raises NotFound with the key `missing`, or Forbidden for a reader of its project."""
    if not await statements.find_right(connection, user_id=user_id, id=record_id):
        raise await refusal(connection, user_id, record_id, missing)


async def set_trace_parent(connection: Connection, trace_parent: str) -> None:
    """Assign the rows that this transaction inserts to the trace."""
    await statements.set_trace_parent(connection, trace_parent=trace_parent)


async def find_trace_parent(connection: Connection, work_id: UUID) -> str | None:
    """The trace of a reply or an intent."""
    trace_parent: str | None = await statements.find_trace_parent(connection, id=work_id)
    return trace_parent
