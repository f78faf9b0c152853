"""Queries and mutations of decisions."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from resolvers.checks import checked_id, checked_key, checked_line, checked_tags, checked_time
from resolvers.context import Context, Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from resolvers.projects import checked_project_id, visible_project
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
from sql.errors import BadUserInput, NotFound
from sql.paging import LAST_ID
from sql.repositories import decision_options
from sql.repositories import decisions as repository
from sql.repositories.decisions import ALL_STATUSES, NO_DECISION, DecisionFilter, DecisionText, NewDecision
from sql.repositories.nodes import find_node_kind
from sql.repositories.projects import check_project
from sql.rows import DecisionChangeRow, DecisionRow, JsonObject
from sql.statements import Connection

MAX_OPTIONS = 20
MAX_SOURCES = 20
MAX_LABEL_CHARACTERS = 500
MAX_TITLE_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 10_000
SOURCE_KINDS = frozenset({"message", "intent", "specification", "decision", "memory"})


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
        topic_key=None if topic is None else info.context.topic_key(_checked_topic(topic)),
        tags=checked_tags(tags),
        as_of=checked_time(as_of),
    )
    async with info.context.database.connection() as connection:
        within = replace(within, project_id=await visible_project(connection, info.context.viewer.id, project_id))
        rows = await repository.list_decisions(
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


def _checked_topic(topic: str) -> str:
    return checked_line(topic, "topic", MAX_TITLE_CHARACTERS)


def _optional(value: str | None, name: str, maximum: int = MAX_TEXT_CHARACTERS) -> str | None:
    """The text, or None when it is absent or blank."""
    return checked_line(value, name, maximum) if value and value.strip() else None


def _checked_options(options: list[DecisionOptionInput] | None) -> list[decision_options.DecisionOption]:
    given = options or []
    if len(given) > MAX_OPTIONS:
        raise BadUserInput("input.too_many", field="options", given=len(given), maximum=MAX_OPTIONS)
    return [
        decision_options.DecisionOption(
            checked_line(each.label, "options", MAX_LABEL_CHARACTERS),
            _optional(each.rejection_reason, "rejectionReason", 2000),
        )
        for each in given
    ]


def _topic_of(context: Context, title: str, chosen: str | None) -> str:
    """The topic that the title or the chosen option speaks about; the title when it is unknown."""
    return context.topic_of(title) or (context.topic_of(chosen) if chosen else None) or title


def to_new_decision(context: Context, input: RecordDecisionInput) -> NewDecision:
    """The checked input, without its sources. Raises BadUserInput."""
    title = checked_line(input.title, "title", MAX_TITLE_CHARACTERS)
    status = input.status or DecisionStatus.ACCEPTED
    if status not in (DecisionStatus.ACCEPTED, DecisionStatus.PROPOSED):
        raise BadUserInput("decision.status_of_new")
    chosen = _optional(input.chosen, "chosen", MAX_LABEL_CHARACTERS)
    topic = _topic_of(context, title, chosen) if input.topic is None else _checked_topic(input.topic)
    return NewDecision(
        user_id=context.viewer.id,
        title=title,
        topic=topic,
        topic_key=context.topic_key(topic),
        author=context.viewer.id,
        kind=(input.kind or DecisionKind.CHOICE).value,
        status=status.value,
        context=_optional(input.context, "context"),
        options=_checked_options(input.options),
        chosen=chosen,
        value=_optional(input.value, "value", MAX_LABEL_CHARACTERS),
        rationale=_optional(input.rationale, "rationale"),
        consequences=_optional(input.consequences, "consequences"),
        tags=checked_tags(input.tags),
        supersedes=[checked_id(each, NO_DECISION) for each in input.supersedes or []],
        project_id=checked_project_id(input.project_id),
        idempotency_key=checked_key(input.idempotency_key),
    )


async def _find_sources(
    connection: Connection, viewer_id: str, ids: list[strawberry.ID] | None
) -> list[tuple[str, UUID]]:
    """The kinds and ids of the records. Raises NotFound."""
    given = list(dict.fromkeys(ids or []))
    if len(given) > MAX_SOURCES:
        raise BadUserInput("input.too_many", field="sourceIds", given=len(given), maximum=MAX_SOURCES)
    found = []
    for each in given:
        source_id = checked_id(each, "decision.no_source")
        kind = await find_node_kind(connection, viewer_id, source_id)
        if kind not in SOURCE_KINDS:
            raise NotFound("decision.no_source")
        found.append((kind, source_id))
    return found


async def to_new_decision_with_sources(
    context: Context, connection: Connection, input: RecordDecisionInput
) -> NewDecision:
    """The checked input. Raises BadUserInput, NotFound."""
    new = to_new_decision(context, input)
    return replace(new, sources=await _find_sources(connection, new.user_id, input.source_ids))


async def record_decision(info: Info, input: RecordDecisionInput) -> Decision:
    new = to_new_decision(info.context, input)
    async with info.context.writing() as connection:
        await check_project(connection, new.user_id, new.project_id)
        sources = await _find_sources(connection, new.user_id, input.source_ids)
        row = await repository.insert_decision(connection, replace(new, sources=sources))
        row = await info.context.gate.check_decision(connection, row, actor=new.author)
    return to_decision(row)


async def update_decision(info: Info, input: UpdateDecisionInput) -> Decision:
    context, decision_id = info.context, checked_id(input.id, NO_DECISION)
    async with context.writing() as connection:
        row = await repository.lock_decision(connection, context.viewer.id, decision_id)
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
    topic = row.topic if input.topic is None else _checked_topic(input.topic)
    options = decision_options.options_of(row) if input.options is None else _checked_options(input.options)
    chosen = decision_options.chosen_of(row)
    if input.chosen is not None:
        chosen = _optional(input.chosen, "chosen", MAX_LABEL_CHARACTERS)
    elif input.options is not None and chosen not in [each.label for each in options]:
        chosen = None

    def text(given: str | None, name: str, current: str | None, maximum: int = MAX_TEXT_CHARACTERS) -> str | None:
        return current if given is None else _optional(given, name, maximum)

    return DecisionText(
        title=row.title if input.title is None else checked_line(input.title, "title", MAX_TITLE_CHARACTERS),
        topic=topic,
        topic_key=row.topic_key if input.topic is None else context.topic_key(topic),
        context=text(input.context, "context", row.context),
        value=text(input.value, "value", row.value, MAX_LABEL_CHARACTERS),
        rationale=text(input.rationale, "rationale", row.rationale),
        consequences=text(input.consequences, "consequences", row.consequences),
        tags=row.tags if input.tags is None else checked_tags(input.tags),
        options=options,
        chosen=chosen,
    )


async def set_decision_status(info: Info, id: strawberry.ID, status: DecisionStatus, reason: str) -> Decision:
    context, decision_id = info.context, checked_id(id, NO_DECISION)
    why = checked_line(reason, "reason", MAX_TEXT_CHARACTERS)
    if status is DecisionStatus.ACCEPTED:
        context.require_person()
    if status is DecisionStatus.SUPERSEDED:
        raise BadUserInput("decision.supersede_by_recording")
    async with context.writing() as connection:
        row = await repository.set_decision_status(
            connection, context.viewer.id, decision_id, status.value, actor=context.viewer.id, reason=why
        )
    return to_decision(row)


async def delete_decision(info: Info, id: strawberry.ID) -> strawberry.ID:
    decision_id = checked_id(id, NO_DECISION)
    async with info.context.writing() as connection:
        await repository.delete_decision(connection, info.context.viewer.id, decision_id)
    return strawberry.ID(str(decision_id))
