"""Queries and mutations of actions."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import strawberry
from strawberry.scalars import JSON

from resolvers.checks import checked_id, checked_line, checked_metadata
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import visible_project
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow, view
from schema.actions import Action, ActionConnection, ActionEdge, ActionStatus
from sql.errors import BadUserInput
from sql.paging import LAST_ID
from sql.repositories import actions as repository
from sql.repositories.actions import ALL_STATUSES, NO_ACTION
from sql.repositories.agents import NO_AGENT, list_actions_of_agent
from sql.rows import ActionRow

MAX_ACTOR_CHARACTERS = 200

to_action = view(
    Action,
    id=IdColumn("id"),
    status=EnumColumn("status", ActionStatus),
    candidate_ids=Column("candidates"),
)
to_edge = view(ActionEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_action))


async def list_actions(
    info: Info,
    project_id: strawberry.ID | None = None,
    status: list[ActionStatus] | None = None,
    actor: str | None = None,
    agent_id: strawberry.ID | None = None,
    first: int | None = None,
    after: str | None = None,
) -> ActionConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        rows = await _list(agent_id)(
            connection,
            info.context.viewer.id,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
            statuses=ALL_STATUSES if status is None else [each.value for each in status],
            actor=None if actor is None else checked_line(actor, "actor", MAX_ACTOR_CHARACTERS),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
        )
    edges, page_info = to_page(rows, size, to_edge, has_previous=after is not None)
    return ActionConnection(edges=edges, page_info=page_info)


def _list(agent_id: str | None) -> Callable[..., Awaitable[list[ActionRow]]]:
    """The reader of all actions, or of those of an agent."""
    if agent_id is None:
        return repository.list_actions
    return partial(list_actions_of_agent, agent_id=checked_id(agent_id, NO_AGENT))


async def accept_action(info: Info, id: strawberry.ID, arguments: JSON | None = None) -> Action:
    context, action_id = info.context, checked_id(id, NO_ACTION)
    context.require_person()
    given = _checked_arguments(arguments)
    async with context.writing() as connection:
        row = await context.tools.accept(connection, context.viewer.id, action_id, given)
    return to_action(row)


def _checked_arguments(arguments: Any) -> dict[str, Any]:
    if not isinstance(arguments, dict | None):
        raise BadUserInput("action.arguments_not_an_object")
    return checked_metadata(arguments)


async def dismiss_action(info: Info, id: strawberry.ID) -> Action:
    context, action_id = info.context, checked_id(id, NO_ACTION)
    async with context.writing() as connection:
        row = await context.tools.dismiss(connection, context.viewer.id, action_id)
    return to_action(row)


async def undo_action(info: Info, id: strawberry.ID) -> Action:
    context, action_id = info.context, checked_id(id, NO_ACTION)
    context.require_person()
    async with context.writing() as connection:
        row = await context.tools.undo(connection, context.viewer.id, action_id)
    return to_action(row)
