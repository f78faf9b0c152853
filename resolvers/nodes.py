"""The `node` field: any record by its id."""

import strawberry

from resolvers.checks import checked_id
from resolvers.context import Info
from schema.node import Node
from sql.errors import NotFound
from sql.repositories.nodes import NO_NODE, find_node_kind


async def get_node(info: Info, id: strawberry.ID) -> Node | None:
    node_id = checked_id(id, NO_NODE)
    async with info.context.database.connection() as connection:
        kind = await find_node_kind(connection, info.context.viewer.id, node_id)
    found = await info.context.relations.node(kind, node_id) if kind else None
    if found is None:
        raise NotFound(NO_NODE)
    return found
