"""Undoing a replacement: a superseded decision applies again instead of the one that superseded it."""

from dataclasses import dataclass
from uuid import UUID

from sql.repositories.decision_reads import find_decisions, get_decision, lock_with_project
from sql.repositories.decisions import set_decision_status
from sql.repositories.intents import hold_intent, lock_intent
from sql.rows import DecisionRow, IntentRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class Replacement:
    """A superseded decision, the accepted one that superseded it, and the intent that the new one is recorded for."""

    old: DecisionRow
    new: DecisionRow
    intent: IntentRow | None


async def find_replacement(connection: Connection, user_id: str, old_id: UUID) -> Replacement | None:
    """Locked; None unless an accepted decision superseded the given one. Raises NotFound."""
    old = await get_decision(connection, user_id, old_id)
    if old.superseded_by is None:
        return None
    # The intent first, as where its contradictions are resolved.
    recorded_for = (await get_decision(connection, user_id, old.superseded_by)).intent_id
    intent = await lock_intent(connection, user_id, recorded_for) if recorded_for else None
    old = await lock_with_project(connection, user_id, old_id)
    found = await find_decisions(connection, user_id, [old.superseded_by]) if old.superseded_by else []
    if not found or found[0].status != "accepted" or found[0].intent_id != recorded_for:
        return None
    return Replacement(old, found[0], intent)


async def undo_replacement(
    connection: Connection, user_id: str, replacement: Replacement, *, actor: str, reason: str | None
) -> DecisionRow:
    """Withdraw the new decision and accept the old one, which is returned.

    The contradictions of the intent that were resolved by the replacement are open again, and the intent waits, unless
    it is in progress or has ended.
    """
    old, new, intent = replacement.old, replacement.new, replacement.intent
    await set_decision_status(connection, user_id, new.id, "withdrawn", actor=actor, reason=reason)
    row = await set_decision_status(connection, user_id, old.id, "accepted", actor=actor, reason=reason)
    if intent is not None and intent.status in ("pending", "awaiting_confirmation"):
        opened = await statements.reopen_contradictions(connection, intent_id=intent.id, decision_id=old.id)
        if not opened.endswith(" 0") and intent.status == "pending":
            await hold_intent(
                connection,
                intent.id,
                actor=actor,
                reason=f'ADR {old.number}, "{old.title}", applies again, so the contradiction is open again.',
                reason_key="intent.replacement_undone",
                reason_params={"number": str(old.number), "title": old.title},
            )
    return row
