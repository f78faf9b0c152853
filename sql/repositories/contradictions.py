"""Contradictions between the intents and decisions of one user and earlier records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sql.errors import Conflict, NotFound
from sql.repositories.decision_reads import lock_decision
from sql.repositories.decisions import NewDecision, insert_decision, set_decision_status, supersede_decision
from sql.repositories.intents import find_intents
from sql.rows import ContradictionRow, DecisionRow, JsonObject
from sql.statements import Connection, statements

NO_CONTRADICTION = "contradiction.not_found"
TITLE_CHARACTERS = 200
IN_FORCE = ("accepted", "proposed")
ContradictionKind = Literal["tech_stack", "policy_shift", "duplicate", "dogma"]


@dataclass(frozen=True, slots=True)
class NewContradiction:
    """A contradiction to store. `with_kind` is intent, decision or specification; None for an absolute wording."""

    kind: ContradictionKind
    confidence: float
    explanation: str
    judge: str
    key: str | None = None
    params: JsonObject | None = None
    with_kind: str | None = None
    with_id: UUID | None = None


async def insert_contradiction(
    connection: Connection,
    user_id: str,
    intent_id: UUID | None,
    found: NewContradiction,
    *,
    decision_id: UUID | None = None,
) -> ContradictionRow:
    """Of an intent or of a decision, exactly one of them."""
    record = await statements.insert_contradiction(
        connection,
        user_id=user_id,
        intent_id=intent_id,
        decision_id=decision_id,
        kind=found.kind,
        confidence=found.confidence,
        explanation=found.explanation,
        key=found.key,
        params=found.params,
        judge=found.judge,
        other_intent_id=found.with_id if found.with_kind == "intent" else None,
        conflicts_with_decision_id=found.with_id if found.with_kind == "decision" else None,
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


async def list_contradictions_of_decisions(
    connection: Connection, user_id: str, decision_ids: Sequence[UUID]
) -> list[ContradictionRow]:
    """Oldest first within each decision."""
    records = statements.list_contradictions_of_decisions(connection, user_id=user_id, decision_ids=decision_ids)
    return [ContradictionRow(**record) async for record in records]


async def list_contradictions_of(connection: Connection, subject_id: UUID) -> list[ContradictionRow]:
    """Those of an intent or of a decision that the caller has found already."""
    records = statements.list_contradictions_of(connection, subject_id=subject_id)
    return [ContradictionRow(**record) async for record in records]


async def count_open_contradictions(connection: Connection, intent_id: UUID) -> int:
    """How many of the intent's contradictions are unresolved."""
    count: int = await statements.count_open_contradictions(connection, intent_id=intent_id)
    return count


async def approve_contradiction(
    connection: Connection,
    user_id: str,
    contradiction: ContradictionRow,
    *,
    actor: str,
    rationale: str,
    new_decision: NewDecision | None = None,
) -> DecisionRow | None:
    """Resolve it in favour of the new record and supersede the other one; returns the decision that applies now.

    For an intent that decision is `new_decision`, or one of the same kind and topic titled as the intent. Raises
    Conflict if it is already resolved.
    """
    changed = await statements.approve_contradiction(connection, id=contradiction.id, rationale=rationale, actor=actor)
    if not changed.endswith(" 1"):
        raise Conflict("contradiction.already_resolved")
    superseded = {"superseded_by": contradiction.intent_id}
    if contradiction.other_intent_id is not None:
        await statements.supersede_intent(
            connection,
            id=contradiction.other_intent_id,
            actor=actor,
            reason=f"Superseded: {rationale}",
            reason_key="intent.superseded",
            reason_params={"rationale": rationale},
            **superseded,
        )
    if contradiction.specification_id is not None and contradiction.intent_id is not None:
        await statements.supersede_specification(connection, id=contradiction.specification_id, **superseded)
    if contradiction.conflicts_with_decision_id is None:
        return None
    old = await lock_decision(connection, user_id, contradiction.conflicts_with_decision_id)
    if contradiction.decision_id is not None:
        return await _accept_new(connection, user_id, old, contradiction.decision_id, actor, rationale)
    if old.status not in IN_FORCE or contradiction.intent_id is None:
        return None
    new = new_decision or await _titled_as_intent(connection, user_id, old, contradiction.intent_id, actor, rationale)
    return await insert_decision(connection, replace(new, supersedes=[*new.supersedes, old.id]))


async def _accept_new(
    connection: Connection, user_id: str, old: DecisionRow, new_id: UUID, actor: str, rationale: str
) -> DecisionRow:
    """Supersede the old decision; accept the new one when none of its contradictions is open."""
    new = await lock_decision(connection, user_id, new_id)
    if old.status in IN_FORCE:
        await supersede_decision(connection, user_id, old, by=new, actor=actor, reason=rationale)
    if await count_open_contradictions_of_decision(connection, new.id) > 0:
        return new
    return await set_decision_status(connection, user_id, new.id, "accepted", actor=actor, reason=rationale)


async def _titled_as_intent(
    connection: Connection, user_id: str, old: DecisionRow, intent_id: UUID, actor: str, rationale: str
) -> NewDecision:
    """What the intent asks for as a decision of the same kind and topic."""
    [intent] = await find_intents(connection, user_id, [intent_id])
    return NewDecision(
        user_id=user_id,
        title=" ".join(intent.description.split())[:TITLE_CHARACTERS],
        topic=old.topic,
        topic_key=old.topic_key,
        kind=old.kind,
        project_id=old.project_id,
        author=actor,
        rationale=rationale,
        conversation_id=intent.conversation_id,
        intent_id=intent_id,
        sources=[("message", intent.source_message_id)] if intent.source_message_id else (),
    )


async def resolve_contradictions_of_decision(
    connection: Connection, decision: DecisionRow, status: str, *, actor: str, rationale: str
) -> None:
    """Resolve all open contradictions of a new decision as REJECTED or MODIFIED."""
    await statements.resolve_contradictions_of_decision(
        connection, decision_id=decision.id, status=status, rationale=rationale, actor=actor
    )


async def count_open_contradictions_of_decision(connection: Connection, decision_id: UUID) -> int:
    """How many of the new decision's contradictions are unresolved."""
    count: int = await statements.count_open_contradictions_of_decision(connection, decision_id=decision_id)
    return count


async def delete_divided_contradictions(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Delete the pending contradictions of moved records whose two sides are in different projects now.

    Returns the intents that had one.
    """
    records = statements.delete_divided_contradictions(connection, ids=ids)
    return sorted({record["intent_id"] async for record in records if record["intent_id"] is not None})
