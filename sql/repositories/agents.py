"""Coding agents that used the MCP server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.repositories.actions import ALL_STATUSES
from sql.rows import ActionRow
from sql.service_rows import AgentRow
from sql.statements import Connection, fetch_rows, statements

NO_AGENT = "agent.not_found"


@dataclass(frozen=True, slots=True)
class AgentKey:
    """`project_id` is None for all projects, `token_id` without a token."""

    user_id: str
    name: str
    project_id: UUID | None
    token_id: UUID | None


@dataclass(frozen=True, slots=True)
class AgentUse:
    """The uses of an agent to add to the stored ones."""

    key: AgentKey
    first_at: datetime
    last_at: datetime
    calls: int


async def upsert_agents(connection: Connection, uses: Sequence[AgentUse], *, kept: int) -> None:
    """Add the uses, of which each has another key; then keep only the `kept` agents of each user used last."""
    await statements.upsert_agents(
        connection,
        user_ids=[use.key.user_id for use in uses],
        names=[use.key.name for use in uses],
        project_ids=[use.key.project_id for use in uses],
        token_ids=[use.key.token_id for use in uses],
        first_used=[use.first_at for use in uses],
        last_used=[use.last_at for use in uses],
        calls=[use.calls for use in uses],
    )
    await statements.delete_oldest_agents(connection, user_ids=list({use.key.user_id for use in uses}), kept=kept)


async def list_agents(
    connection: Connection, user_id: str, *, count: int, before: tuple[datetime, UUID]
) -> list[AgentRow]:
    """Those used last first, used before this time or then with a lower id."""
    return await fetch_rows(
        connection,
        statements.list_agents,
        AgentRow,
        user_id=user_id,
        before_time=before[0],
        before_id=before[1],
        count=count,
    )


async def list_actions_of_agent(
    connection: Connection,
    user_id: str,
    agent_id: UUID,
    *,
    count: int,
    before: UUID = LAST_ID,
    statuses: Sequence[str] = ALL_STATUSES,
    actor: str | None = None,
    project_id: UUID | None = None,
) -> list[ActionRow]:
    """Newest first, with an id below `before`. Raises NotFound."""
    agent = await statements.find_agent(connection, user_id=user_id, id=agent_id)
    if agent is None:
        raise NotFound(NO_AGENT)
    return await fetch_rows(
        connection,
        statements.list_actions_of_agent,
        ActionRow,
        user_id=user_id,
        name=agent["name"],
        agent_project_id=agent["project_id"],
        project_id=project_id,
        statuses=statuses,
        actor=actor,
        before=before,
        count=count,
    )
