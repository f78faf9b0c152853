"""The resolution of contradictions."""

from dataclasses import replace

import strawberry

from resolvers.checks import checked_id, checked_line, checked_text
from resolvers.context import Context, Info
from resolvers.decisions import to_arguments
from resolvers.views import to_json
from schema.contradictions import (
    Contradiction,
    ContradictionKind,
    ContradictionStatus,
    ResolveContradictionInput,
)
from sql.errors import BadUserInput, Conflict
from sql.repositories import contradictions as repository
from sql.repositories import decisions, intents
from sql.repositories.contradictions import NO_CONTRADICTION
from sql.repositories.decision_reads import get_decision, lock_decision
from sql.repositories.decisions import NewDecision
from sql.repositories.events import set_cause
from sql.repositories.notifications import insert_notification
from sql.rows import ContradictionRow, DecisionRow
from sql.statements import Connection

MIN_RATIONALE_CHARACTERS = 10
SUPERSEDED_TITLE = "Decision superseded"


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
    """The new description of the intent; required by MODIFIED and not allowed otherwise."""
    if input.resolution is ContradictionStatus.MODIFIED:
        if input.new_description is None:
            raise BadUserInput("contradiction.description_missing")
        return checked_text(input.new_description, "newDescription", max_bytes=max_bytes)
    if input.new_description is not None:
        raise BadUserInput("contradiction.description_not_allowed")
    return None


async def resolve_contradiction(info: Info, input: ResolveContradictionInput) -> Contradiction:
    viewer_id = info.context.viewer.id
    info.context.require_person()
    contradiction_id, rationale = checked_id(input.id, NO_CONTRADICTION), _checked_rationale(input.rationale)
    if input.resolution is ContradictionStatus.PENDING:
        raise BadUserInput("contradiction.resolution_invalid")
    async with info.context.writing() as connection:
        contradiction = await repository.get_contradiction(connection, viewer_id, contradiction_id)
        # The cause of the changes of the intent or decision, and of the record that it supersedes.
        await set_cause(connection, contradiction_id)
        if contradiction.intent_id is not None:
            await _resolve_of_intent(info.context, connection, contradiction, input, rationale)
        elif contradiction.decision_id is not None:
            await _resolve_of_decision(info.context, connection, contradiction, input, rationale)
        contradiction = await repository.get_contradiction(connection, viewer_id, contradiction_id)
    return to_contradiction(contradiction)


async def _resolve_of_intent(
    context: Context,
    connection: Connection,
    contradiction: ContradictionRow,
    input: ResolveContradictionInput,
    rationale: str,
) -> None:
    viewer_id = context.viewer.id
    description = _checked_description(input, context.limits.max_content_bytes)
    new_decision = await _new_decision_of_intent(context, connection, contradiction, input)
    assert contradiction.intent_id is not None  # noqa: S101 - for the type checker
    intent = await intents.lock_intent(connection, viewer_id, contradiction.intent_id)
    # Read it again under the lock: it may have been resolved in the meantime.
    contradiction = await repository.get_contradiction(connection, viewer_id, contradiction.id)
    _check_pending(contradiction)
    if intent.status != "awaiting_confirmation":
        raise Conflict("contradiction.intent_not_waiting", status=intent.status.upper())
    if description is not None:
        if description == intent.description:
            raise BadUserInput("contradiction.description_unchanged")
        reworded = await intents.reword_intent(
            connection, intent, description=description, actor=viewer_id, reason=rationale
        )
        await context.gate.check_intent(connection, reworded, actor=viewer_id)
    elif input.resolution is ContradictionStatus.REJECTED:
        await intents.mark_intent_cancelled(connection, intent.id, actor=viewer_id, reason=rationale)
    else:
        decided = await repository.approve_contradiction(
            connection, viewer_id, contradiction, actor=viewer_id, rationale=rationale, new_decision=new_decision
        )
        await _notify_of_superseded(connection, viewer_id, contradiction, decided)
        if await repository.count_open_contradictions(connection, intent.id) == 0:
            await intents.resume_intent(connection, intent, actor=viewer_id, reason=rationale)


async def _new_decision_of_intent(
    context: Context, connection: Connection, contradiction: ContradictionRow, input: ResolveContradictionInput
) -> NewDecision | None:
    if input.new_decision is None:
        return None
    if input.resolution is not ContradictionStatus.APPROVED or contradiction.conflicts_with_decision_id is None:
        raise BadUserInput("contradiction.decision_not_allowed")
    new = await context.tools.new_decision(connection, context.viewer.id, to_arguments(input.new_decision))
    return replace(new, intent_id=contradiction.intent_id, rationale=new.rationale or input.rationale.strip())


async def _resolve_of_decision(
    context: Context,
    connection: Connection,
    contradiction: ContradictionRow,
    input: ResolveContradictionInput,
    rationale: str,
) -> None:
    viewer_id, resolution = context.viewer.id, input.resolution
    if input.new_description is not None:
        raise BadUserInput("contradiction.description_only_of_intents")
    if (input.new_decision is None) == (resolution is ContradictionStatus.MODIFIED):
        missing = input.new_decision is None
        raise BadUserInput("contradiction.decision_missing" if missing else "contradiction.decision_not_allowed")
    assert contradiction.decision_id is not None  # noqa: S101 - for the type checker
    decision = await lock_decision(connection, viewer_id, contradiction.decision_id)
    contradiction = await repository.get_contradiction(connection, viewer_id, contradiction.id)
    _check_pending(contradiction)
    if decision.status != "proposed":
        raise Conflict("contradiction.decision_not_waiting", status=decision.status.upper())
    if resolution is ContradictionStatus.APPROVED:
        decided = await repository.approve_contradiction(
            connection, viewer_id, contradiction, actor=viewer_id, rationale=rationale
        )
        await _notify_of_superseded(connection, viewer_id, contradiction, decided)
        return
    await repository.resolve_contradictions_of_decision(
        connection, decision, resolution.value, actor=viewer_id, rationale=rationale
    )
    if input.new_decision is None:
        await decisions.set_decision_status(
            connection, viewer_id, decision.id, "rejected", actor=viewer_id, reason=rationale
        )
        return
    arguments = to_arguments(input.new_decision)
    arguments["supersedes"] = [*(arguments["supersedes"] or []), str(decision.id)]
    await context.tools.run(connection, viewer_id, "record_decision", arguments)


def _check_pending(contradiction: ContradictionRow) -> None:
    if contradiction.status != "pending":
        raise Conflict("contradiction.already_resolved")


async def _notify_of_superseded(
    connection: Connection, viewer_id: str, contradiction: ContradictionRow, decided: DecisionRow | None
) -> None:
    """Nothing is overturned without a notification."""
    old_id = contradiction.conflicts_with_decision_id
    if decided is None or old_id is None:
        return
    old = await get_decision(connection, viewer_id, old_id)
    await insert_notification(
        connection,
        contradiction.user_id,
        *({old.user_id} - {viewer_id}),
        project_id=old.project_id,
        title=SUPERSEDED_TITLE,
        message=f'Decision {old.number}, "{old.title}", was superseded by decision {decided.number}, '
        f'"{decided.title}".',
        key="notification.decision_superseded",
        params={
            "number": str(old.number),
            "title": old.title,
            "newNumber": str(decided.number),
            "newTitle": decided.title,
        },
        notification_type="info",
        intent_id=contradiction.intent_id,
        occurrence=f"superseded:{contradiction.id}",
        metadata={"decisionId": str(old.id), "newDecisionId": str(decided.id)},
    )
