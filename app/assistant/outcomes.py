"""Describes the actions of a message, as the reply without a model reports them."""

from collections.abc import Sequence
from uuid import UUID

from app.assistant.answers.confirmations import Done
from app.assistant.record import Record
from app.language.catalogue import Language, render
from sql.repositories.known_records import Hold, KnownDecision, list_holds, list_known_decisions
from sql.rows import ActionRow, JsonObject
from sql.statements import Connection

LATEST_DECISIONS = 50
CHOICES = 5


async def describe(
    connection: Connection, user_id: str, record: Record, actions: Sequence[ActionRow], language: Language
) -> list[Done]:
    """What came of each call; `record` is the one that the calls were made from."""
    subjects = [each.subject_id for each in actions if each.subject_id is not None]
    if not subjects and not any(each.candidates for each in actions):
        return [_to_done(each, record, {}, {}, language) for each in actions]
    holds = {hold.subject_id: hold for hold in await list_holds(connection, user_id, subjects)}
    recorded = any(each.tool == "record_decision" for each in actions)
    project = record.project_id
    decisions = (
        await list_known_decisions(connection, user_id, project, LATEST_DECISIONS) if recorded and project else []
    )
    return [_to_done(each, record, holds, {each.id: each for each in decisions}, language) for each in actions]


def _to_done(
    action: ActionRow, record: Record, holds: dict[UUID, Hold], decisions: dict[UUID, KnownDecision], language: Language
) -> Done:
    decision = decisions.get(action.subject_id) if action.subject_id else None
    hold = holds.get(action.subject_id) if action.subject_id else None
    replaced = next((each for each in decisions.values() if decision and each.superseded_by == decision.id), None)
    arguments = action.arguments
    named = arguments.get("title") or arguments.get("description") or arguments.get("content")
    if action.tool == "update_intent" or not named:
        named = _name_after(record.name_of(action.subject_id), arguments.get("description")) or named or action.summary
    return Done(
        tool=action.tool,
        status=action.status,
        arguments=arguments,
        what=str(named),
        summary=action.summary,
        reason=render(action.reason_key, action.reason_params or {}, language) if action.reason_key else action.reason,
        held=None if hold is None else _why(hold, language),
        number=decision.number if decision else None,
        replaced=(replaced.number, replaced.title) if replaced else None,
        drafted=action.status == "done" and any(each["kind"] == "specification" for each in _changes(action)),
        choices=[name for each in action.candidates[:CHOICES] if (name := record.name_of(each))],
    )


def _name_after(before: str | None, after: str | None) -> str | None:
    """The name of a changed item; one that only got an addition keeps its name."""
    return before if before is None or after is None or after.startswith(before) else after


def _changes(action: ActionRow) -> Sequence[JsonObject]:
    made: Sequence[JsonObject] = (action.undo or {}).get("changes", ())
    return made


def _why(hold: Hold, language: Language) -> str:
    return hold.explanation if hold.key is None else render(hold.key, hold.params or {}, language)
