"""Decisions of one user, with their options, sources and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.errors import Conflict
from sql.repositories.decision_options import (
    DecisionOption,
    chosen_of,
    needs_choice,
    options_of,
    place_of_chosen,
    store_options,
)
from sql.repositories.decision_reads import (
    find_decision_by_key,
    get_decision,
    lock_decision,
    lock_with_project,
)
from sql.repositories.projects import find_project_of_new
from sql.rows import DecisionRow, JsonObject
from sql.statements import Connection, statements

ONE_PER_TOPIC = ("choice", "value")
FROM_STATUSES = {
    "accepted": ("proposed", "rejected", "withdrawn", "superseded"),
    "rejected": ("proposed",),
    "withdrawn": ("proposed", "accepted"),
    "proposed": ("accepted", "rejected", "withdrawn", "superseded"),
}
"""The statuses from which a person may set a status. SUPERSEDED is only set by the decision that supersedes."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to insert. `author` is the user's id or a bridge; `actor` who inserts it, if that is another one.

    `chosen` is the label of one of the options. `supersedes` are accepted or proposed decisions that it replaces.
    `sources` are kinds (as `search_entries` names them) and ids. `decided_at` is for decisions made earlier. Without
    `project_id` it belongs to the project of the conversation, else to the default project. `number` is taken when it
    is higher than all that were given, otherwise the next one.
    """

    user_id: str
    title: str
    topic: str
    topic_key: str
    author: str
    kind: str = "choice"
    status: str = "accepted"
    context: str | None = None
    options: Sequence[DecisionOption] = ()
    chosen: str | None = None
    value: str | None = None
    rationale: str | None = None
    consequences: str | None = None
    tags: Sequence[str] = ()
    supersedes: Sequence[UUID] = ()
    sources: Sequence[tuple[str, UUID]] = ()
    project_id: UUID | None = None
    number: int | None = None
    conversation_id: UUID | None = None
    intent_id: UUID | None = None
    idempotency_key: str | None = None
    decided_at: datetime | None = None
    actor: str | None = None
    reason: str | None = None
    reason_key: str | None = None
    reason_params: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class DecisionText:
    """The text of a decision after an edit. Options, the chosen one and the value are fixed once it is not PROPOSED."""

    title: str
    topic: str
    topic_key: str
    context: str | None
    value: str | None
    rationale: str | None
    consequences: str | None
    tags: Sequence[str]
    options: Sequence[DecisionOption] = ()
    chosen: str | None = None


async def insert_decision(connection: Connection, new: NewDecision) -> DecisionRow:
    """Insert it and supersede the decisions that it replaces; an existing idempotency key returns the first one.

    When another accepted choice or value has the topic, it is stored as PROPOSED, and its history says why. Raises
    BadUserInput, NotFound, Conflict.
    """
    chosen = place_of_chosen(new.options, new.chosen, required=needs_choice(new.kind, new.status))
    project_id = await find_project_of_new(connection, new.user_id, new.project_id, new.conversation_id)
    await statements.lock_decisions(connection, user_id=new.user_id, project_id=project_id)
    if (known := await find_decision_by_key(connection, new.user_id, new.idempotency_key)) is not None:
        return known
    superseded = [await _lock_replaceable(connection, new.user_id, each) for each in dict.fromkeys(new.supersedes)]
    reserved = await statements.reserve_decision(
        connection, user_id=new.user_id, project_id=project_id, given=new.number
    )
    actor = new.actor or new.author
    if superseded:
        await _mark_superseded(
            connection, superseded, by_id=reserved["id"], number=reserved["number"], title=new.title, actor=actor
        )
    status, reason = await _status_of_new(connection, new, project_id)
    await statements.insert_decision(
        connection,
        id=reserved["id"],
        user_id=new.user_id,
        project_id=project_id,
        number=reserved["number"],
        title=new.title,
        kind=new.kind,
        topic=new.topic,
        topic_key=new.topic_key,
        context=new.context,
        value=new.value,
        rationale=new.rationale,
        consequences=new.consequences,
        status=status,
        tags=new.tags,
        author=new.author,
        conversation_id=new.conversation_id,
        intent_id=new.intent_id,
        idempotency_key=new.idempotency_key,
        actor=actor,
        decided_at=new.decided_at,
        labels=[each.label for each in new.options],
        rejection_reasons=[each.rejection_reason for each in new.options],
        chosen=chosen,
        **reason,
    )
    if new.sources:
        await insert_sources(connection, new.user_id, reserved["id"], new.sources)
    return await get_decision(connection, new.user_id, reserved["id"])


async def _lock_replaceable(connection: Connection, user_id: str, decision_id: UUID) -> DecisionRow:
    row = await lock_decision(connection, user_id, decision_id)
    if row.status not in ("accepted", "proposed"):
        raise Conflict("decision.not_in_force", number=str(row.number), status=row.status)
    return row


async def _status_of_new(connection: Connection, new: NewDecision, project_id: UUID) -> tuple[str, JsonObject]:
    """The status, and the reason for the history: PROPOSED when the topic is decided already."""
    given = {"reason": new.reason, "reason_key": new.reason_key, "reason_params": new.reason_params}
    if new.status != "accepted" or new.kind not in ONE_PER_TOPIC:
        return new.status, given
    taken = await statements.find_decision_of_topic(connection, project_id=project_id, topic_key=new.topic_key)
    if taken is None:
        return new.status, given
    return "proposed", {
        "reason": f"ADR {taken['number']} decides this topic already: {taken['title']}",
        "reason_key": "decision.proposed_only",
        "reason_params": {"number": str(taken["number"]), "title": taken["title"]},
    }


async def insert_sources(
    connection: Connection, user_id: str, decision_id: UUID, sources: Sequence[tuple[str, UUID]]
) -> None:
    """Add records that the decision was taken from; those that it has already are left out."""
    await statements.insert_decision_sources(
        connection,
        decision_id=decision_id,
        user_id=user_id,
        kinds=[kind for kind, _ in sources],
        ids=[each for _, each in sources],
    )


async def update_decision(
    connection: Connection,
    user_id: str,
    decision_id: UUID,
    text: DecisionText,
    *,
    actor: str,
    expected_version: int | None = None,
) -> DecisionRow:
    """Edit it. Raises NotFound, BadUserInput, or Conflict when another version is current or the content is fixed."""
    row = await lock_with_project(connection, user_id, decision_id)
    if expected_version is not None and expected_version != row.version:
        raise Conflict("decision.changed", version=row.version, expected=expected_version)
    await _check_topic_free(connection, row, text.topic_key, row.status)
    chosen = await store_options(connection, row, text.options, chosen=text.chosen, value=text.value)
    await statements.update_decision(
        connection,
        id=decision_id,
        title=text.title,
        topic=text.topic,
        topic_key=text.topic_key,
        context=text.context,
        value=text.value,
        rationale=text.rationale,
        consequences=text.consequences,
        tags=text.tags,
        chosen_option_id=chosen,
        actor=actor,
    )
    return await get_decision(connection, user_id, decision_id)


async def _check_topic_free(connection: Connection, row: DecisionRow, topic_key: str, status: str) -> None:
    """Raises Conflict when another accepted choice or value has the topic."""
    if status != "accepted" or row.kind not in ONE_PER_TOPIC:
        return
    taken = await statements.find_decision_of_topic(connection, project_id=row.project_id, topic_key=topic_key)
    if taken is not None and taken["id"] != row.id:
        raise Conflict("decision.topic_decided", number=str(taken["number"]), title=taken["title"])


async def set_decision_status(
    connection: Connection,
    user_id: str,
    decision_id: UUID,
    status: str,
    *,
    actor: str,
    reason: str | None,
    key: str | None = None,
    params: JsonObject | None = None,
) -> DecisionRow:
    """Accept, reject, withdraw or reopen it. Raises NotFound, or Conflict when its status or topic forbids it."""
    row = await lock_with_project(connection, user_id, decision_id)
    if row.status not in FROM_STATUSES[status]:
        raise Conflict("decision.transition", **{"number": str(row.number), "from": row.status, "to": status})
    place_of_chosen(options_of(row), chosen_of(row), required=needs_choice(row.kind, status))
    if status == "accepted":
        await _check_settled(connection, row)
    await _check_topic_free(connection, row, row.topic_key, status)
    await statements.set_decision_status(
        connection,
        id=decision_id,
        status=status,
        actor=actor,
        reason=reason,
        reason_key=key,
        reason_params=params,
    )
    return await get_decision(connection, user_id, decision_id)


async def _check_settled(connection: Connection, row: DecisionRow) -> None:
    """Raises Conflict while a contradiction of the decision is open."""
    open_ones = await statements.count_open_contradictions_of_decision(connection, decision_id=row.id)
    if open_ones > 0:
        raise Conflict("decision.contradiction_open", number=str(row.number))


async def supersede_decision(
    connection: Connection, user_id: str, old: DecisionRow, *, by: DecisionRow, actor: str, reason: str | None = None
) -> DecisionRow:
    """Supersede a decision by another one that is stored already. The link goes both ways.

    When both have the same topic, supersede the old one first and accept the new one then.
    """
    await _mark_superseded(connection, [old], by_id=by.id, number=by.number, title=by.title, actor=actor, reason=reason)
    return await get_decision(connection, user_id, old.id)


async def _mark_superseded(
    connection: Connection,
    rows: Sequence[DecisionRow],
    *,
    by_id: UUID,
    number: int,
    title: str,
    actor: str,
    reason: str | None = None,
) -> None:
    await statements.supersede_decisions(
        connection,
        ids=[row.id for row in rows],
        superseded_by=by_id,
        actor=actor,
        reason=f"Superseded by ADR {number}: {title}" + (f". {reason}" if reason else ""),
        reason_key="decision.superseded_because" if reason else "decision.superseded",
        reason_params={"number": str(number), "title": title} | ({"reason": reason} if reason else {}),
    )
