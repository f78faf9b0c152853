"""The event record: a subscription to all events, the latest cursor, and causal chains."""

from collections.abc import AsyncIterator

import strawberry
from strawberry.scalars import JSON

from resolvers.checks import checked_id
from resolvers.context import Info
from resolvers.ports import EventWithCursor
from resolvers.projects import checked_visible_project
from schema.events import Event, EventKind
from sql.errors import NotFound
from sql.repositories.nodes import NO_NODE, find_node_kind


def to_event(item: EventWithCursor) -> Event:
    row = item.event
    return Event(
        cursor=item.cursor,
        kind=EventKind(row.kind),
        subject_id=strawberry.ID(str(row.subject_id)),
        caused_by=None if row.caused_by is None else strawberry.ID(str(row.caused_by)),
        payload=JSON(row.payload),
        created_at=row.created_at,
    )


async def event_appended(
    info: Info,
    project_id: strawberry.ID | None = None,
    kinds: list[EventKind] | None = None,
    after: str | None = None,
) -> AsyncIterator[Event]:
    context = info.context
    wanted = None if kinds is None else frozenset(kind.value for kind in kinds)
    project = await checked_visible_project(info, project_id)
    async for item in context.events.follow(context.viewer.id, kinds=wanted, project_id=project, after=after):
        yield to_event(item)


async def latest_cursor(info: Info) -> str:
    return await info.context.events.latest(info.context.viewer.id)


async def trace(info: Info, id: strawberry.ID) -> list[Event]:
    context, subject_id = info.context, checked_id(id, NO_NODE)
    items = await context.events.trace(context.viewer.id, subject_id)
    if not items:  # the events of an existing record may have been trimmed
        async with context.database.connection() as connection:
            if await find_node_kind(connection, context.viewer.id, subject_id) is None:
                raise NotFound(NO_NODE)
    return [to_event(item) for item in items]
