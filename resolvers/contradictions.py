"""The resolution of contradictions."""

import strawberry

from resolvers.checks import checked_id, checked_line, checked_text
from resolvers.context import Info
from resolvers.views import to_json
from schema.contradictions import (
    Contradiction,
    ContradictionKind,
    ContradictionStatus,
    ResolveContradictionInput,
)
from sql.errors import BadUserInput, Conflict
from sql.repositories import contradictions as repository
from sql.repositories import intents
from sql.repositories.contradictions import NO_CONTRADICTION
from sql.repositories.events import set_cause
from sql.rows import ContradictionRow, IntentRow
from sql.statements import Connection

MIN_RATIONALE_CHARACTERS = 10


def to_contradiction(row: ContradictionRow) -> Contradiction:
    return Contradiction(
        id=strawberry.ID(str(row.id)),
        kind=ContradictionKind(row.kind),
        confidence=row.confidence,
        explanation=row.explanation,
        key=row.key,
        params=to_json(row.params),
        judge=row.judge,
        status=ContradictionStatus(row.status),
        rationale=row.rationale,
        rationale_key=row.rationale_key,
        rationale_params=to_json(row.rationale_params),
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        intent_id=row.intent_id,
        decision_id=row.decision_id,
        other_intent_id=row.other_intent_id,
        conflicts_with_decision_id=row.conflicts_with_decision_id,
        specification_id=row.specification_id,
    )


def _checked_rationale(value: str) -> str:
    rationale = checked_line(value, "rationale", 10_000)
    if len(rationale) < MIN_RATIONALE_CHARACTERS:
        raise BadUserInput("input.too_short", field="rationale", given=len(rationale), minimum=MIN_RATIONALE_CHARACTERS)
    return rationale


def _checked_description(input: ResolveContradictionInput, max_bytes: int) -> str | None:
    """The new description; required by MODIFIED and not allowed otherwise."""
    if input.resolution is ContradictionStatus.PENDING:
        raise BadUserInput("contradiction.resolution_invalid")
    if input.resolution is ContradictionStatus.MODIFIED:
        if input.new_description is None:
            raise BadUserInput("contradiction.description_missing")
        return checked_text(input.new_description, "newDescription", max_bytes=max_bytes)
    if input.new_description is not None:
        raise BadUserInput("contradiction.description_not_allowed")
    return None


async def resolve_contradiction(info: Info, input: ResolveContradictionInput) -> Contradiction:
    context, viewer_id = info.context, info.context.viewer.id
    context.require_person()
    contradiction_id, rationale = checked_id(input.id, NO_CONTRADICTION), _checked_rationale(input.rationale)
    description = _checked_description(input, context.limits.max_content_bytes)
    async with context.writing() as connection:
        contradiction = await repository.get_contradiction(connection, viewer_id, contradiction_id)
        if contradiction.intent_id is None:
            raise BadUserInput("contradiction.resolution_invalid")
        intent = await intents.lock_intent(connection, viewer_id, contradiction.intent_id)
        # Read it again under the lock: it may have been resolved in the meantime.
        contradiction = await repository.get_contradiction(connection, viewer_id, contradiction_id)
        _check_open(contradiction, intent)
        await set_cause(
            connection, contradiction_id
        )  # of the changes of the intent and of the record that it supersedes
        if description is not None:
            _check_differs(description, intent)
            await intents.reword_intent(connection, intent, description=description, actor=viewer_id, reason=rationale)
        elif input.resolution is ContradictionStatus.REJECTED:
            await intents.mark_intent_cancelled(connection, intent.id, actor=viewer_id, reason=rationale)
        else:
            await _approve(connection, contradiction, intent, viewer_id, rationale)
        contradiction = await repository.get_contradiction(connection, viewer_id, contradiction_id)
    return to_contradiction(contradiction)


def _check_open(contradiction: ContradictionRow, intent: IntentRow) -> None:
    if contradiction.status != "pending":
        raise Conflict("contradiction.already_resolved")
    if intent.status != "awaiting_confirmation":
        raise Conflict("contradiction.intent_not_waiting", status=intent.status.upper())


def _check_differs(description: str, intent: IntentRow) -> None:
    if description == intent.description:
        raise BadUserInput("contradiction.description_unchanged")


async def _approve(
    connection: Connection, contradiction: ContradictionRow, intent: IntentRow, viewer_id: str, rationale: str
) -> None:
    """Approve it; the intent continues when no other contradiction is open."""
    await repository.approve_contradiction(connection, contradiction, actor=viewer_id, rationale=rationale)
    if await repository.count_open_contradictions(connection, viewer_id, intent.id) == 0:
        await intents.resume_intent(connection, intent, actor=viewer_id, reason=rationale)
