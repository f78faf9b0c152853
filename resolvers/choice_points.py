"""Queries and mutations of decisions (choice points)."""

from uuid import UUID

import strawberry

from resolvers.checks import checked_id, checked_line, checked_tags
from resolvers.context import Info
from resolvers.paging import id_cursor, id_from_cursor, page_size, to_page
from schema.choice_points import (
    ChoiceOption,
    ChoicePoint,
    ChoicePointConnection,
    ChoicePointEdge,
    CreateChoicePointInput,
    DecideChoicePointInput,
    RejectionInput,
)
from sql.errors import BadUserInput, NotFound
from sql.paging import LAST_ID
from sql.repositories import choice_points as repository
from sql.repositories import conversations, intents
from sql.repositories.choice_points import NO_CHOICE_POINT
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.intents import NO_INTENT
from sql.rows import ChoicePointRow, JsonObject
from sql.statements import Connection

MIN_OPTIONS = 2
MAX_OPTIONS = 20
NO_OPTION = "choice_point.option_not_found"


def _to_option(option: JsonObject) -> ChoiceOption:
    return ChoiceOption(
        id=strawberry.ID(option["id"]), label=option["label"], rejection_reason=option["rejectionReason"]
    )


def to_choice_point(row: ChoicePointRow) -> ChoicePoint:
    options = [_to_option(option) for option in row.options]
    return ChoicePoint(
        id=strawberry.ID(str(row.id)),
        question=row.question,
        options=options,
        chosen=next((option for option in options if option.id == str(row.chosen_option_id)), None),
        rationale=row.rationale,
        tags=row.tags,
        decided_at=row.decided_at,
        created_at=row.created_at,
        conversation_id=row.conversation_id,
        intent_id=row.intent_id,
    )


async def list_choice_points(
    info: Info,
    decided: bool | None = None,
    tags: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> ChoicePointConnection:
    size = page_size(first)
    async with info.context.database.connection() as connection:
        rows = await repository.list_choice_points(
            connection,
            info.context.viewer.id,
            count=size + 1,
            before=LAST_ID if after is None else id_from_cursor(after),
            decided=decided,
            tags=checked_tags(tags),
        )
    edges, page_info = to_page(
        rows,
        size,
        lambda row: ChoicePointEdge(cursor=id_cursor(row.id), node=to_choice_point(row)),
        has_previous=after is not None,
    )
    return ChoicePointConnection(edges=edges, page_info=page_info)


def _checked_options(options: list[str]) -> list[str]:
    labels = [checked_line(option, "options", 500) for option in options]
    if not MIN_OPTIONS <= len(labels) <= MAX_OPTIONS:
        raise BadUserInput("choice_point.option_count", given=len(labels), minimum=MIN_OPTIONS, maximum=MAX_OPTIONS)
    if len({label.lower() for label in labels}) < len(labels):
        raise BadUserInput("choice_point.duplicate_option")
    return labels


async def create_choice_point(info: Info, input: CreateChoicePointInput) -> ChoicePoint:
    viewer_id = info.context.viewer.id
    question, labels = checked_line(input.question, "question", 2000), _checked_options(input.options)
    tags = checked_tags(input.tags)
    conversation_id = None if input.conversation_id is None else checked_id(input.conversation_id, NO_CONVERSATION)
    intent_id = None if input.intent_id is None else checked_id(input.intent_id, NO_INTENT)
    async with info.context.writing() as connection:
        await _check_links(connection, viewer_id, conversation_id, intent_id)
        made = await repository.insert_choice_point(
            connection, viewer_id, question, labels, tags=tags, conversation_id=conversation_id, intent_id=intent_id
        )
        row = await repository.get_choice_point(connection, viewer_id, made)
    return to_choice_point(row)


async def _check_links(
    connection: Connection, viewer_id: str, conversation_id: UUID | None, intent_id: UUID | None
) -> None:
    if conversation_id is not None:
        await conversations.touch_conversation(connection, viewer_id, conversation_id)
    if intent_id is not None and not await intents.find_intents(connection, viewer_id, [intent_id]):
        raise NotFound(NO_INTENT)


async def decide_choice_point(info: Info, input: DecideChoicePointInput) -> ChoicePoint:
    viewer_id, choice_point_id = info.context.viewer.id, checked_id(input.id, NO_CHOICE_POINT)
    chosen, rationale = (
        checked_id(input.chosen_option_id, NO_OPTION),
        checked_line(input.rationale, "rationale", 10_000),
    )
    async with info.context.writing() as connection:
        choice = await repository.lock_choice_point(connection, viewer_id, choice_point_id)
        if str(chosen) not in {option["id"] for option in choice.options}:
            raise NotFound(NO_OPTION)
        row = await repository.decide_choice_point(
            connection,
            viewer_id,
            choice_point_id,
            chosen_option_id=chosen,
            rationale=rationale,
            rejections=_checked_rejections(choice, chosen, input.rejections or []),
        )
    return to_choice_point(row)


def _checked_rejections(choice: ChoicePointRow, chosen: UUID, given: list[RejectionInput]) -> dict[UUID, str]:
    """The reasons by option: each option at most once, without the chosen one."""
    known = {option["id"] for option in choice.options}
    reasons: dict[UUID, str] = {}
    for rejection in given:
        option = checked_id(rejection.option_id, NO_OPTION)
        if str(option) not in known:
            raise NotFound(NO_OPTION)
        if option == chosen:
            raise BadUserInput("choice_point.chosen_option_rejected")
        if option in reasons:
            raise BadUserInput("choice_point.option_rejected_twice")
        reasons[option] = checked_line(rejection.reason, "reason", 2000)
    return reasons
