"""Holds a new intent or a new decision that contradicts accepted decisions, in the transaction that creates it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from app.deferred_imports import imported
from app.gate.mentions import notify_mentioned
from app.gate.statements import NAME, Conflict, Statement, statement_of_decision
from app.intent_types import INTENT_TYPES
from app.language.catalogue import StoredText, render
from app.language.text import language_of, shortened
from sql.repositories.contradictions import (
    NewContradiction,
    count_open_contradictions,
    delete_divided_contradictions,
    insert_contradiction,
    list_contradictions_of,
)
from sql.repositories.conversations import is_shared
from sql.repositories.decision_reads import find_decisions, is_new_decision, list_accepted_decisions
from sql.repositories.decisions import set_decision_status
from sql.repositories.intents import find_intents, hold_intent, lock_intent, resume_intent
from sql.repositories.members import list_admins
from sql.repositories.moves import Moved
from sql.repositories.notifications import insert_notification
from sql.rows import ContradictionRow, DecisionRow, IntentRow, JsonObject, MessageRow
from sql.statements import Connection

MAX_MOVED = 500  # intents
HELD = ("pending", "awaiting_confirmation")
NOTIFICATION = "notification.contradiction"


class Gate:
    """Implements resolvers.ports.Gate."""

    async def check_intent(self, connection: Connection, intent: IntentRow, *, actor: str) -> IntentRow:
        return await check_intent(connection, intent, actor=actor)

    async def check_message(self, connection: Connection, message: MessageRow, *, actor: str) -> None:
        """Notify the members whom a message of a shared conversation mentions."""
        if await is_shared(connection, message.conversation_id):
            await notify_mentioned(
                connection,
                message.project_id,
                message.content,
                subject_id=message.id,
                author=message.user_id,
                actor=actor,
                source_message_id=message.id,
            )

    async def check_moved(self, connection: Connection, user_id: str, moved: Moved, *, actor: str) -> None:
        await check_moved(connection, user_id, moved, actor=actor)


async def check_intent(connection: Connection, intent: IntentRow, *, actor: str) -> IntentRow:
    """The intent; AWAITING_CONFIRMATION with its contradictions when accepted decisions speak against it.

    Call it in the transaction that creates the intent or changes its description.
    """
    intent_type = INTENT_TYPES.get(intent.intent_type or "")
    await notify_mentioned(
        connection,
        intent.project_id,
        intent.description,
        subject_id=intent.id,
        author=intent.user_id,
        actor=actor,
        intent_id=intent.id,
    )
    if intent.status not in HELD or (intent_type is not None and not intent_type.checked):
        return intent
    statement = Statement(intent.description, intent_type=intent.intent_type)
    settled = await list_contradictions_of(connection, intent.id)
    conflicts = await find_conflicts(connection, intent.user_id, intent.project_id, statement, settled)
    if not conflicts:
        return intent
    if intent.status == "pending":
        intent = await hold_intent(connection, intent.id, actor=actor, **conflicts[0].explanation.as_reason())
    others = await _others(connection, intent, actor)
    for conflict in conflicts:
        row = await insert_contradiction(connection, intent.user_id, intent.id, _to_new(conflict))
        await _notify(connection, [intent.user_id, *others], row, conflict, intent.description, intent=intent)
    return intent


async def check_decision(connection: Connection, decision: DecisionRow, *, actor: str) -> DecisionRow:
    """The decision; PROPOSED with its contradictions when it contradicts accepted decisions.

    Call it in the transaction that records the decision; one that was recorded before is returned as it is.
    """
    if decision.status not in ("accepted", "proposed"):
        return decision
    if not await is_new_decision(connection, decision.id):
        return decision
    await notify_mentioned(
        connection,
        decision.project_id,
        "\n".join(filter(None, (decision.title, decision.context, decision.rationale, decision.consequences))),
        subject_id=decision.id,
        author=decision.user_id,
        actor=actor,
        metadata={"decisionId": str(decision.id)},
    )
    return await _hold_decision(connection, decision.user_id, decision, [decision.id], actor)


async def check_moved(connection: Connection, user_id: str, moved: Moved, *, actor: str) -> None:
    """Hold the moved decisions and waiting intents that contradict what their new project has accepted.

    A pending contradiction whose two sides are in different projects now is deleted; the intents that waited only for
    such ones are released. Call it in the transaction of the move.
    """
    ids = [*moved.intents, *moved.decisions, *moved.specifications]
    for intent_id in await delete_divided_contradictions(connection, ids):
        await _release(connection, user_id, intent_id, actor)
    for decision in await find_decisions(connection, user_id, moved.decisions):
        if decision.status in ("accepted", "proposed"):
            await _hold_decision(connection, user_id, decision, moved.decisions, actor)
    for intent in await find_intents(connection, user_id, moved.intents[-MAX_MOVED:]):
        if intent.status == "pending":
            await check_intent(connection, intent, actor=actor)


async def _release(connection: Connection, user_id: str, intent_id: UUID, actor: str) -> None:
    intent = await lock_intent(connection, user_id, intent_id)
    if intent.status == "awaiting_confirmation" and not await count_open_contradictions(connection, intent_id):
        await resume_intent(
            connection,
            intent,
            actor=actor,
            reason="What it contradicted is in another project now.",
            reason_key="intent.released_by_move",
            reason_params={},
        )


async def _hold_decision(
    connection: Connection, user_id: str, decision: DecisionRow, without: Sequence[UUID], actor: str
) -> DecisionRow:
    settled = await list_contradictions_of(connection, decision.id)
    statement = statement_of_decision(decision)
    conflicts = await find_conflicts(
        connection, decision.user_id, decision.project_id, statement, settled, without=without
    )
    if not conflicts:
        return decision
    if decision.status == "accepted":
        why = conflicts[0].explanation
        decision = await set_decision_status(
            connection,
            user_id,
            decision.id,
            "proposed",
            actor=actor,
            reason=why.text,
            key=why.key,
            params=why.params,
        )
    others = await _others(connection, decision, actor)
    for conflict in conflicts:
        row = await insert_contradiction(connection, decision.user_id, None, _to_new(conflict), decision_id=decision.id)
        await _notify(connection, [decision.user_id, *others], row, conflict, decision.title)
    return decision


async def find_conflicts(
    connection: Connection,
    user_id: str,
    project_id: UUID,
    statement: Statement,
    settled: Sequence[ContradictionRow] = (),
    *,
    without: Sequence[UUID] = (),
) -> list[Conflict]:
    """The conflicts with accepted decisions of the project, except with those that a person has settled already.

    `without`: ids of decisions that are not compared.
    """
    known = {row.conflicts_with_decision_id for row in settled if row.status in ("pending", "approved")}
    decisions = await list_accepted_decisions(connection, user_id, project_id)
    decisions = [each for each in decisions if each.id not in known and each.id not in without]
    if not decisions:
        return []
    comparison = await imported("app.gate.compare")
    # In a thread: the first reading of many decisions takes longer than the event loop may wait.
    conflicts: list[Conflict] = await asyncio.to_thread(comparison.compare, statement, decisions)
    return conflicts


def _to_new(conflict: Conflict) -> NewContradiction:
    why = conflict.explanation
    return NewContradiction(
        kind=conflict.kind,
        confidence=conflict.confidence,
        explanation=why.text,
        key=why.key,
        params=why.params,
        judge=NAME,
        with_kind="decision",
        with_id=conflict.decision.id,
    )


async def _others(connection: Connection, held: IntentRow | DecisionRow, actor: str) -> list[str]:
    """Whom a hold concerns besides the author: who shall do the work, and the admins; not who acts."""
    assignee = held.assignee_id if isinstance(held, IntentRow) else None
    concerned = [assignee, *await list_admins(connection, held.project_id)]
    return [user for user in concerned if user is not None and user != actor]


async def _notify(
    connection: Connection,
    user_ids: Sequence[str],
    row: ContradictionRow,
    conflict: Conflict,
    subject: str,
    *,
    intent: IntentRow | None = None,
) -> None:
    links: JsonObject = {
        "contradictionId": str(row.id),
        "kind": row.kind,
        "conflictsWith": {"kind": "decision", "id": str(conflict.decision.id)},
    }
    if row.decision_id is not None:
        links["decisionId"] = str(row.decision_id)
    explanation: StoredText = conflict.explanation
    params: JsonObject = {"subject": shortened(subject), "explanation": explanation.param}
    language = language_of(subject)
    await insert_notification(
        connection,
        *user_ids,
        project_id=conflict.decision.project_id,
        title=render(f"{NOTIFICATION}.title", params, language),
        message=render(NOTIFICATION, params, language),
        key=NOTIFICATION,
        params=params,
        notification_type="warning",
        intent_id=intent.id if intent else None,
        source_message_id=intent.source_message_id if intent else None,
        occurrence=f"contradiction:{row.id}",
        metadata=links,
    )
