"""The query of the coding agents that used the MCP server for the viewer."""

from datetime import UTC, datetime

from resolvers.context import Info
from resolvers.paging import page_size, time_cursor, time_from_cursor, to_page
from resolvers.views import Column, Computed, IdColumn, SameRow, view
from schema.agents import Agent, AgentConnection, AgentEdge
from sql.paging import LAST_ID
from sql.repositories import agents as repository

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)

to_agent = view(
    Agent,
    id=IdColumn("id"),
    action_count=Column("actions"),
    one_project=Computed(lambda row: row.project_id is not None),
    used_token=Computed(lambda row: row.token_id is not None),
)
to_edge = view(AgentEdge, cursor=Computed(lambda row: time_cursor(row.last_used_at, row.id)), node=SameRow(to_agent))


async def list_agents(info: Info, first: int | None = None, after: str | None = None) -> AgentConnection:
    size = page_size(first)
    before = (END_OF_TIME, LAST_ID) if after is None else time_from_cursor(after)
    async with info.context.database.connection() as connection:
        rows = await repository.list_agents(connection, info.context.viewer.id, count=size + 1, before=before)
    edges, page_info = to_page(rows, size, to_edge, has_previous=after is not None)
    return AgentConnection(edges=edges, page_info=page_info)
