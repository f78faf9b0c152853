"""Coding agents that used the MCP server."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.costs import COUNTS
from schema.identity import Token
from schema.paging import PageInfo
from schema.projects import Project
from schema.relations import Info, awaited


@strawberry.type(
    description="A coding agent that used the MCP server for you: one for each name, project and token. Its client "
    "chooses the name, so a name proves nothing."
)
class Agent:
    id: strawberry.ID = strawberry.field(description="The id of the agent.")
    name: str = strawberry.field(description="What its client calls itself, reduced to `a-z`, `0-9`, `.`, `_` and `-`.")
    first_used_at: datetime = strawberry.field(description="When it was first used.")
    last_used_at: datetime = strawberry.field(description="When it was last used, to the minute.")
    calls: int = strawberry.field(description="How often it called a tool or read a record, to the minute.")
    action_count: int = strawberry.field(
        metadata=COUNTS, description="How many actions `actions(agentId:)` lists for it; see there."
    )
    one_project: bool = strawberry.field(description="Whether it used one project only.")
    used_token: bool = strawberry.field(description="Whether it used a token; without one it acts for the owner.")
    project_id: strawberry.Private[UUID | None]
    token_id: strawberry.Private[UUID | None]

    @strawberry.field(
        description="The project that it reads and records into. Null for all projects, or when you see that project "
        "no more."
    )
    def project(self, info: Info) -> Project | None:
        return None if self.project_id is None else awaited(info.context.relations.project(self.project_id))

    @strawberry.field(description="The token that it used; null without one, or when that was revoked.")
    def token(self, info: Info) -> Token | None:
        return None if self.token_id is None else awaited(info.context.relations.token(self.token_id))


@strawberry.type(description="A coding agent in a list.")
class AgentEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Agent = strawberry.field(description="The agent.")


@strawberry.type(description="A page of coding agents, those used last first.")
class AgentConnection:
    edges: list[AgentEdge] = strawberry.field(description="The agents of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
