"""The trash: deleted records, and how they are restored."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, cast
from uuid import UUID

import strawberry

from resolvers.checks import checked_id
from resolvers.context import Info
from resolvers.conversations import to_conversation
from resolvers.decisions import to_decision
from resolvers.intents import to_intent
from resolvers.memories import to_memory
from resolvers.messages import to_message
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import to_project, visible_project
from resolvers.specifications import to_specification
from schema.node import Node
from schema.trash import TrashConnection, TrashEdge
from sql.paging import LAST_ID
from sql.repositories import branches
from sql.repositories import trash as repository
from sql.rows import TrashRow
from sql.statements import Connection

VIEWS: dict[str, Callable[[Any], Node]] = {
    "project": to_project,
    "conversation": to_conversation,
    "message": to_message,
    "intent": to_intent,
    "specification": to_specification,
    "decision": to_decision,
    "memory": to_memory,
}


async def list_trash(
    info: Info, project_id: strawberry.ID | None = None, first: int | None = None, after: str | None = None
) -> TrashConnection:
    size, viewer_id = page_size(first), info.context.viewer.id
    async with info.context.database.connection() as connection:
        rows = await repository.list_trash(
            connection,
            viewer_id,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
            project_id=await visible_project(connection, viewer_id, project_id),
        )
        nodes = await _nodes(connection, viewer_id, rows)
    edges, page_info = to_page(
        [row for row in rows if row.record_id in nodes],
        size,
        lambda row: TrashEdge(
            cursor=id_cursor(row.id),
            node=nodes[row.record_id],
            deleted_at=row.deleted_at,
            deleted_by=row.deleted_by,
        ),
        has_previous=after is not None,
    )
    return TrashConnection(edges=edges, page_info=page_info)


async def _nodes(connection: Connection, viewer_id: str, rows: Sequence[TrashRow]) -> dict[UUID, Node]:
    """The records by their ids; without those that were restored since the rows were read."""
    ids = defaultdict[str, list[UUID]](list)
    for row in rows:
        ids[row.kind].append(row.record_id)
    found: dict[UUID, Node] = {}
    for kind, of_kind in ids.items():
        deleted = await repository.find_deleted(connection, viewer_id, kind, of_kind)
        found |= {each.id: VIEWS[kind](each) for each in deleted}
    return found


async def restore(info: Info, id: strawberry.ID) -> Node:
    context, record_id = info.context, checked_id(id, repository.NOT_IN_TRASH)
    async with context.writing() as connection:
        kind = await repository.restore(connection, context.viewer.id, record_id)
        if kind == "message":
            await branches.show_restored(connection, context.viewer.id, record_id)
    return cast(Node, await context.relations.node(kind, record_id))
