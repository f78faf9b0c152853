"""The steps of intents that a person takes: to-dos are started and completed, ended work is reopened.

Also the next occurrence of a recurring intent, and the intents whose time has come.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sql.errors import BadUserInput, Conflict
from sql.recurrence import count_missed
from sql.repositories.intents import NewIntent, earliest_attempt_at, insert_intent
from sql.rows import IntentRow
from sql.skipped_days import days_of, next_kept
from sql.statements import Connection, statements

OPEN = ("pending", "awaiting_confirmation")
ENDED = ("completed", "failed", "cancelled")


def check_editable(intent: IntentRow) -> None:
    """Raises Conflict for an intent that has ended, or that a worker processes."""
    if intent.status == "processing" and intent.assignee == "assistant":
        raise Conflict("intent.held_by_worker")
    if intent.status in ENDED:
        raise Conflict("intent.not_editable", status=intent.status.upper())


def _check_of_person(intent: IntentRow) -> None:
    if intent.assignee != "person":
        raise Conflict("intent.not_of_person")


async def start_intent(connection: Connection, intent: IntentRow, *, actor: str) -> IntentRow:
    """Start a locked to-do. Raises Conflict unless it is PENDING and a person's."""
    _check_of_person(intent)
    if intent.status != "pending":
        raise Conflict("intent.not_startable", status=intent.status.upper())
    return IntentRow(**await statements.start_intent(connection, id=intent.id, actor=actor))


async def complete_intent(
    connection: Connection, intent: IntentRow, *, actor: str, note: str | None, zone: ZoneInfo, now: datetime
) -> tuple[IntentRow, IntentRow | None]:
    """Complete a locked to-do; returns it, and the next one when it repeats. Days are those of `zone`.

    A reminder is completed when what it is about is done before its time. Raises Conflict unless it is a reminder or a
    person's, and PENDING or PROCESSING.
    """
    if intent.intent_type != "reminder" or intent.status != "pending":
        _check_of_person(intent)
    if intent.status not in ("pending", "processing"):
        raise Conflict("intent.not_completable", status=intent.status.upper())
    record = await statements.complete_intent_of_person(
        connection, id=intent.id, result=None if note is None else {"text": note}, actor=actor, reason=note
    )
    return IntentRow(**record), await insert_next_occurrence(connection, intent, actor=actor, zone=zone, now=now)


async def reopen_intent(
    connection: Connection, intent: IntentRow, *, actor: str, reason: str | None, due_at: datetime | None = None
) -> IntentRow:
    """Make a locked intent PENDING again, no matter who did it; `due_at`: the time that it is about to get.

    A started to-do waits again. Raises Conflict for other intents that have not ended.
    """
    begun = intent.status == "processing" and intent.assignee == "person"
    if intent.status not in ENDED and not begun:
        raise Conflict("intent.not_ended", status=intent.status.upper())
    record = await statements.mark_intent_pending(
        connection,
        id=intent.id,
        next_attempt_at=earliest_attempt_at(intent.intent_type, due_at or intent.due_at, intent.assignee),
        actor=actor,
        reason=reason or ("Not started after all." if begun else "Reopened."),
        reason_key=None if reason else "intent.waits_again" if begun else "intent.reopened",
        reason_params=None if reason else {},
    )
    return IntentRow(**record)


async def find_unused_occurrence(connection: Connection, intent: IntentRow, *, now: datetime) -> UUID | None:
    """The next one of a completed recurring intent, locked; it is taken back when the intent is reopened.

    None when it was changed, begun or due since. A reminder that has fired is not undone by reopening it.
    """
    fired = intent.assignee != "person" and intent.due_at is not None and intent.due_at <= now
    if intent.status != "completed" or intent.recurrence is None or fired:
        return None
    record = await statements.lock_unused_occurrence(connection, user_id=intent.user_id, key=_key_of_next(intent))
    return None if record is None else IntentRow(**record).id


def _key_of_next(intent: IntentRow) -> str:
    return f"recurrence:{intent.id}"


async def insert_next_occurrence(
    connection: Connection, intent: IntentRow, *, actor: str, zone: ZoneInfo, now: datetime
) -> IntentRow | None:
    """Insert the next intent of a recurring one, at most once; None when there is none."""
    if intent.recurrence is None or intent.due_at is None:
        return None
    try:
        slot = intent.occurs_at or intent.due_at
        following = next_kept(intent.recurrence, slot, zone, now, days_of(intent.metadata))
    except BadUserInput:
        return None  # a rule that only an imported file can contain
    if following is None:
        return None
    due_at, rule = following
    row, _ = await insert_intent(
        connection,
        NewIntent(
            user_id=intent.user_id,
            description=intent.description,
            actor=actor,
            intent_type=intent.intent_type,
            classification=intent.classification,
            priority=intent.priority,
            due_at=due_at,
            max_attempts=intent.max_attempts,
            metadata=intent.metadata,
            project_id=intent.project_id,
            conversation_id=intent.conversation_id,
            source_message_id=intent.source_message_id,
            idempotency_key=_key_of_next(intent),
            reason="The next occurrence.",
            reason_key="intent.recurred",
            reason_params={},
            assignee=intent.assignee,
            assignee_id=intent.assignee_id,
            labels=intent.labels,
            recurrence=rule,
        ),
    )
    return row


def missed_occurrences(intent: IntentRow, zone: ZoneInfo, now: datetime) -> int:
    """How many times of a recurring intent after this one have passed."""
    if intent.recurrence is None or intent.due_at is None:
        return 0
    try:
        return count_missed(intent.recurrence, intent.occurs_at or intent.due_at, zone, now)
    except BadUserInput:
        return 0  # a rule that only an imported file can contain


async def mark_due_intents(connection: Connection, now: datetime) -> list[tuple[IntentRow, str | None]]:
    """The unfinished intents whose `due_at` is reached, each once, with the time zone of their user's account.

    Without the reminders that the assistant fires.
    """
    due = []
    async for record in statements.mark_due_intents(connection, now=now):
        fields = dict(record)
        timezone = fields.pop("timezone")
        due.append((IntentRow(**fields), timezone))
    return due


async def set_overdue_time(connection: Connection, intent_id: UUID, overdue_at: datetime) -> None:
    """When the user is to be notified that the intent is overdue, unless it has ended or moved by then."""
    await statements.set_overdue_time(connection, id=intent_id, overdue_at=overdue_at)


async def mark_overdue_intents(connection: Connection, now: datetime) -> list[IntentRow]:
    """The unfinished intents that are overdue at `now`, each once."""
    return [IntentRow(**record) async for record in statements.mark_overdue_intents(connection, now=now)]
