"""Contradictions of intents with what stands, always those of one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sql.errors import Conflict, NotFound
from sql.rows import ContradictionRow, JsonObject
from sql.statements import Connection, statements

NO_CONTRADICTION = "contradiction.not_found"
ClashKind = Literal["tech_stack", "policy_shift", "duplicate", "dogma"]


@dataclass(frozen=True, slots=True)
class NewContradiction:
    """What was found. `with_kind` is intent, choice_point or specification; None when nothing stands against it."""

    kind: ClashKind
    confidence: float
    explanation: str
    judge: str
    key: str | None = None
    params: JsonObject | None = None
    with_kind: str | None = None
    with_id: UUID | None = None


async def insert_contradiction(
    connection: Connection, user_id: str, intent_id: UUID, found: NewContradiction
) -> ContradictionRow:
    record = await statements.insert_contradiction(
        connection,
        user_id=user_id,
        intent_id=intent_id,
        kind=found.kind,
        confidence=found.confidence,
        explanation=found.explanation,
        key=found.key,
        params=found.params,
        judge=found.judge,
        other_intent_id=found.with_id if found.with_kind == "intent" else None,
        choice_point_id=found.with_id if found.with_kind == "choice_point" else None,
        specification_id=found.with_id if found.with_kind == "specification" else None,
    )
    return ContradictionRow(**record)


async def find_contradictions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ContradictionRow]:
    records = statements.find_contradictions(connection, user_id=user_id, ids=ids)
    return [ContradictionRow(**record) async for record in records]


async def get_contradiction(connection: Connection, user_id: str, contradiction_id: UUID) -> ContradictionRow:
    """Raises NotFound."""
    found = await find_contradictions(connection, user_id, [contradiction_id])
    if not found:
        raise NotFound(NO_CONTRADICTION)
    return found[0]


async def list_contradictions_of_intents(
    connection: Connection, user_id: str, intent_ids: Sequence[UUID]
) -> list[ContradictionRow]:
    """Oldest first within each intent."""
    records = statements.list_contradictions_of_intents(connection, user_id=user_id, intent_ids=intent_ids)
    return [ContradictionRow(**record) async for record in records]


async def count_open_contradictions(connection: Connection, user_id: str, intent_id: UUID) -> int:
    """How many of the intent's contradictions the user has not settled."""
    count: int = await statements.count_open_contradictions(connection, user_id=user_id, intent_id=intent_id)
    return count


async def approve_contradiction(connection: Connection, clash: ContradictionRow, *, actor: str, rationale: str) -> None:
    """Let the intent prevail over what stood against it. Raises Conflict when it was settled before."""
    changed = await statements.approve_contradiction(
        connection, user_id=clash.user_id, id=clash.id, rationale=rationale, actor=actor
    )
    if not changed.endswith(" 1"):
        raise Conflict("contradiction.already_resolved")
    gave_way = {"user_id": clash.user_id, "superseded_by": clash.intent_id}
    if clash.other_intent_id is not None:
        await statements.supersede_intent(
            connection,
            id=clash.other_intent_id,
            actor=actor,
            reason=f"Superseded: {rationale}",
            reason_key="intent.superseded",
            reason_params={"rationale": rationale},
            **gave_way,
        )
    if clash.choice_point_id is not None:
        await statements.supersede_choice_point(connection, id=clash.choice_point_id, **gave_way)
    if clash.specification_id is not None:
        await statements.supersede_specification(connection, id=clash.specification_id, **gave_way)
