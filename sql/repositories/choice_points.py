"""Choice points (decisions with their options) of one user."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.rows import ChoicePointRow
from sql.statements import Connection, statements

NO_CHOICE_POINT = "choice_point.not_found"


async def insert_choice_point(
    connection: Connection,
    user_id: str,
    question: str,
    labels: Sequence[str],
    *,
    tags: Sequence[str] = (),
    conversation_id: UUID | None = None,
    intent_id: UUID | None = None,
) -> UUID:
    """Insert a choice point. It needs at least two different options."""
    made: UUID = await statements.insert_choice_point(
        connection,
        user_id=user_id,
        question=question,
        labels=labels,
        tags=tags,
        conversation_id=conversation_id,
        intent_id=intent_id,
    )
    return made


async def lock_choice_point(connection: Connection, user_id: str, choice_point_id: UUID) -> ChoicePointRow:
    """The choice point, locked until the transaction ends. Raises NotFound."""
    await statements.lock_choice_point(connection, user_id=user_id, id=choice_point_id)
    return await get_choice_point(connection, user_id, choice_point_id)


async def decide_choice_point(
    connection: Connection,
    user_id: str,
    choice_point_id: UUID,
    *,
    chosen_option_id: UUID,
    rationale: str,
    rejections: Mapping[UUID, str],
) -> ChoicePointRow:
    """Decide a locked choice point; `rejections` are reasons by option. Raises Conflict when it is already decided."""
    await statements.decide_choice_point(
        connection, user_id=user_id, id=choice_point_id, chosen_option_id=chosen_option_id, rationale=rationale
    )
    await statements.reject_options(
        connection,
        user_id=user_id,
        choice_point_id=choice_point_id,
        option_ids=list(rejections),
        reasons=list(rejections.values()),
    )
    return await get_choice_point(connection, user_id, choice_point_id)


async def get_choice_point(connection: Connection, user_id: str, choice_point_id: UUID) -> ChoicePointRow:
    """Raises NotFound."""
    found = await find_choice_points(connection, user_id, [choice_point_id])
    if not found:
        raise NotFound(NO_CHOICE_POINT)
    return found[0]


async def find_choice_points(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ChoicePointRow]:
    records = statements.find_choice_points(connection, user_id=user_id, ids=ids)
    return [ChoicePointRow(**record) async for record in records]


async def list_choice_points(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID = LAST_ID,
    decided: bool | None = None,
    tags: Sequence[str] = (),
) -> list[ChoicePointRow]:
    """Newest first, with all of the tags. `decided` None includes both kinds."""
    records = statements.list_choice_points(
        connection, user_id=user_id, decided=decided, tags=tags, before=before, count=count
    )
    return [ChoicePointRow(**record) async for record in records]
