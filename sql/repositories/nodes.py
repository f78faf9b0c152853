"""Nodes: ids of which only the id is known."""

from uuid import UUID

from sql.statements import Connection, statements


async def find_node_kind(connection: Connection, user_id: str, node_id: UUID) -> str | None:
    """The kind, such as `choice_point`; None when the user has nothing with this id."""
    kind: str | None = await statements.find_node_kind(connection, user_id=user_id, id=node_id)
    return kind
