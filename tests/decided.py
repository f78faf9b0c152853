"""Decisions for tests of other parts."""

from typing import Any
from uuid import UUID

from app.language.topics import topic_key
from sql.repositories.decision_options import DecisionOption
from sql.repositories.decisions import NewDecision, insert_decision
from sql.rows import DecisionRow
from sql.statements import Connection


def new_decision(
    title: str, chosen: str | None = None, *rejected: str, user: str = "ann", **fields: Any
) -> NewDecision:
    """An accepted decision; the topic is the title unless it is given."""
    topic = fields.pop("topic", title)
    options = [] if chosen is None else [DecisionOption(each) for each in (chosen, *rejected)]
    return NewDecision(
        user_id=user,
        title=title,
        topic=topic,
        topic_key=topic_key(topic),
        author=user,
        options=options,
        chosen=chosen,
        **fields,
    )


async def decide(
    connection: Connection, title: str, chosen: str | None = None, *rejected: str, **fields: Any
) -> DecisionRow:
    """Insert a decision, in a transaction of its own."""
    async with connection.transaction():
        return await insert_decision(connection, new_decision(title, chosen, *rejected, **fields))


async def decide_with(database: Any, title: str, chosen: str | None = None, *rejected: str, **fields: Any) -> UUID:
    """The same through a pool of connections; the id."""
    async with database.transaction() as connection:
        return (await insert_decision(connection, new_decision(title, chosen, *rejected, **fields))).id
