"""What stands and a new wish may clash with: decisions, approved specifications, earlier intents; of one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class StandingChoice:
    id: UUID
    question: str
    chosen: str
    rejected: list[str]


@dataclass(frozen=True, slots=True)
class StandingSpecification:
    id: UUID
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class StandingIntent:
    id: UUID
    status: str
    description: str


async def list_standing_choices(connection: Connection, user_id: str, count: int) -> list[StandingChoice]:
    """The latest first."""
    records = statements.list_standing_choices(connection, user_id=user_id, count=count)
    return [StandingChoice(**record) async for record in records]


async def list_standing_specifications(connection: Connection, user_id: str, count: int) -> list[StandingSpecification]:
    """The latest first."""
    records = statements.list_standing_specifications(connection, user_id=user_id, count=count)
    return [StandingSpecification(**record) async for record in records]


async def list_standing_intents(
    connection: Connection,
    user_id: str,
    *,
    before: UUID,
    plain: str,
    terms: Sequence[str],
    least: int,
    names: Sequence[str],
    count: int,
) -> list[StandingIntent]:
    """Those that are `plain`, share at least `least` of the terms or contain one of the names; the most alike first.

    All are lower-case; of long intents the first 2,000 characters count.
    """
    records = statements.list_standing_intents(
        connection, user_id=user_id, before=before, plain=plain, terms=terms, least=least, names=names, count=count
    )
    return [StandingIntent(**record) async for record in records]


async def find_standing_intents(
    connection: Connection, user_id: str, ids: Sequence[UUID], *, before: UUID
) -> list[StandingIntent]:
    records = statements.find_standing_intents(connection, user_id=user_id, ids=ids, before=before)
    return [StandingIntent(**record) async for record in records]
