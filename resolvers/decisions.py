"""Queries and mutations of decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import strawberry

from resolvers.checks import checked_id, checked_line, checked_tags, checked_time
from resolvers.context import Context, Info
from resolvers.decision_checks import MAX_LABEL, MAX_TEXT, MAX_TITLE, checked_options, checked_topic, optional_line
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import visible_project
from resolvers.views import to_json
from schema.decisions import (
    Decision,
    DecisionChange,
    DecisionConnection,
    DecisionEdge,
    DecisionKind,
    DecisionOption,
    DecisionOptionInput,
    DecisionStatus,
    RecordDecisionInput,
    UpdateDecisionInput,
)
from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.repositories import decision_options, decision_reads
from sql.repositories import decisions as repository
from sql.repositories.decision_reads import ALL_STATUSES, NO_DECISION, DecisionFilter, lock_decision
from sql.repositories.decisions import DecisionText
from sql.repositories.trash import move_to_trash
from sql.rows import DecisionChangeRow, DecisionRow, JsonObject


def _to_option(option: JsonObject) -> DecisionOption:
    return DecisionOption(
        id=strawberry.ID(option["id"]), label=option["label"], rejection_reason=option["rejectionReason"]
    )


def to_decision(row: DecisionRow) -> Decision:
    options = [_to_option(option) for option in row.options]
    return Decision(
        id=strawberry.ID(str(row.id)),
        number=row.number,
        title=row.title,
        kind=DecisionKind(row.kind),
        topic=row.topic,
        context=row.context,
        options=options,
        chosen=next((option for option in options if option.id == str(row.chosen_option_id)), None),
        value=row.value,
        rationale=row.rationale,
        consequences=row.consequences,
        status=DecisionStatus(row.status),
        version=row.version,
        tags=row.tags,
        author=row.author,
        decided_at=row.decided_at,
        valid_until=row.valid_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
        project_id=row.project_id,
        superseded_by_id=row.superseded_by,
        conversation_id=row.conversation_id,
        intent_id=row.intent_id,
    )


def to_change(row: DecisionChangeRow) -> DecisionChange:
    return DecisionChange(
        at=row.at,
        actor=row.actor,
        from_status=None if row.from_status is None else DecisionStatus(row.from_status),
        to_status=DecisionStatus(row.to_status),
        reason=row.reason,
        key=row.key,
        params=to_json(row.params),
    )


async def list_decisions(
    info: Info,
    project_id: strawberry.ID | None = None,
    status: list[DecisionStatus] | None = None,
    topic: str | None = None,
    tags: list[str] | None = None,
    as_of: datetime | None = None,
    first: int | None = None,
    after: str | None = None,
) -> DecisionConnection:
    size = page_size(first)
    within = DecisionFilter(
        statuses=ALL_STATUSES if status is None else [each.value for each in status],
        topic_key=None if topic is None else info.context.topic_key(checked_topic(topic)),
        tags=checked_tags(tags),
        as_of=checked_time(as_of),
    )
    async with info.context.database.connection() as connection:
        within = replace(within, project_id=await visible_project(connection, info.context.viewer.id, project_id))
        rows = await decision_reads.list_decisions(
            connection,
            info.context.viewer.id,
            within,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
        )
    edges, page_info = to_page(
        rows,
        size,
        lambda row: DecisionEdge(cursor=id_cursor(row.id), node=to_decision(row)),
        has_previous=after is not None,
    )
    return DecisionConnection(edges=edges, page_info=page_info)


async def get_decision(info: Info, id: strawberry.ID) -> Decision | None:
    found = await info.context.relations.decision(checked_id(id, NO_DECISION))
    if found is None:
        raise NotFound(NO_DECISION)
    return found


def _option_arguments(options: Sequence[DecisionOptionInput]) -> list[dict[str, str | None]]:
    return [{"label": each.label, "rejectionReason": each.rejection_reason} for each in options]


def to_arguments(input: RecordDecisionInput) -> dict[str, Any]:
    """The arguments of the tool record_decision."""
    return {
        "title": input.title,
        "topic": input.topic,
        "kind": None if input.kind is None else input.kind.name,
        "status": None if input.status is None else input.status.name,
        "context": input.context,
        "options": _option_arguments(input.options or []),
        "chosen": input.chosen,
        "value": input.value,
        "rationale": input.rationale,
        "consequences": input.consequences,
        "tags": input.tags,
        "supersedes": input.supersedes,
        "sourceIds": input.source_ids,
        "projectId": input.project_id,
        "idempotencyKey": input.idempotency_key,
    }


async def record_decision(info: Info, input: RecordDecisionInput) -> Decision:
    context = info.context
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "record_decision", to_arguments(input))
    return to_decision(row)


async def update_decision(info: Info, input: UpdateDecisionInput) -> Decision:
    context, decision_id = info.context, checked_id(input.id, NO_DECISION)
    async with context.writing() as connection:
        row = await lock_decision(connection, context.viewer.id, decision_id)
        row = await repository.update_decision(
            connection,
            context.viewer.id,
            decision_id,
            _edited(context, row, input),
            actor=context.viewer.id,
            expected_version=input.expected_version,
        )
    return to_decision(row)


def _edited(context: Context, row: DecisionRow, input: UpdateDecisionInput) -> DecisionText:
    """The text after the edit; what is null in the input stays."""
    topic = row.topic if input.topic is None else checked_topic(input.topic)
    options = (
        decision_options.options_of(row) if input.options is None else checked_options(_option_arguments(input.options))
    )
    chosen = decision_options.chosen_of(row)
    if input.chosen is not None:
        chosen = optional_line(input.chosen, "chosen", MAX_LABEL)
    elif input.options is not None and chosen not in [each.label for each in options]:
        chosen = None

    def text(given: str | None, name: str, current: str | None, maximum: int = MAX_TEXT) -> str | None:
        return current if given is None else optional_line(given, name, maximum)

    return DecisionText(
        title=row.title if input.title is None else checked_line(input.title, "title", MAX_TITLE),
        topic=topic,
        topic_key=row.topic_key if input.topic is None else context.topic_key(topic),
        context=text(input.context, "context", row.context),
        value=text(input.value, "value", row.value, MAX_LABEL),
        rationale=text(input.rationale, "rationale", row.rationale),
        consequences=text(input.consequences, "consequences", row.consequences),
        tags=row.tags if input.tags is None else checked_tags(input.tags),
        options=options,
        chosen=chosen,
    )


async def set_decision_status(info: Info, id: strawberry.ID, status: DecisionStatus, reason: str) -> Decision:
    context = info.context
    if status is DecisionStatus.ACCEPTED:
        context.require_person()
    arguments = {"id": id, "status": status.name, "reason": reason}
    async with context.writing() as connection:
        row = await context.tools.run(connection, context.viewer.id, "set_decision_status", arguments)
    return to_decision(row)


async def delete_decision(info: Info, id: strawberry.ID) -> strawberry.ID:
    decision_id, viewer_id = checked_id(id, NO_DECISION), info.context.viewer.id
    async with info.context.writing() as connection:
        await move_to_trash(connection, viewer_id, "decision", decision_id, actor=viewer_id)
    return strawberry.ID(str(decision_id))
