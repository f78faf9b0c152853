"""Queries and mutations of conversations."""

import strawberry

from resolvers.checks import checked_id, checked_model, checked_title
from resolvers.context import Info
from resolvers.paging import page_size, time_cursor, time_from_cursor, to_page
from resolvers.projects import checked_project_id, visible_project
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow, view
from schema.conversations import (
    Conversation,
    ConversationConnection,
    ConversationEdge,
    UpdateConversationInput,
    Visibility,
)
from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.repositories import conversations as repository
from sql.repositories.conversations import END_OF_TIME, NO_CONVERSATION, NOT_AUTHOR
from sql.repositories.members import check_author
from sql.repositories.moves import move_records
from sql.repositories.trash import move_to_trash

to_conversation = view(
    Conversation,
    id=IdColumn("id"),
    author_id=Column("user_id"),
    visibility=EnumColumn("visibility", Visibility),
)
to_edge = view(
    ConversationEdge,
    cursor=Computed(lambda row: time_cursor(row.updated_at, row.id)),
    node=SameRow(to_conversation),
)


async def list_conversations(
    info: Info,
    project_id: strawberry.ID | None = None,
    first: int | None = None,
    after: str | None = None,
    include_archived: bool | None = False,
) -> ConversationConnection:
    size = page_size(first)
    position = (END_OF_TIME, LAST_ID) if after is None else time_from_cursor(after)
    async with info.context.database.connection() as connection:
        rows = await repository.list_conversations(
            connection,
            info.context.viewer.id,
            count=size + 1,
            after=position,
            include_archived=bool(include_archived),
            project_id=await visible_project(connection, info.context.viewer.id, project_id),
        )
    edges, page_info = to_page(rows, size, to_edge, has_previous=after is not None)
    return ConversationConnection(edges=edges, page_info=page_info)


async def get_conversation(info: Info, id: strawberry.ID) -> Conversation | None:
    found = await info.context.relations.conversation(checked_id(id, NO_CONVERSATION))
    if found is None:
        raise NotFound(NO_CONVERSATION)
    return found


async def rename_conversation(info: Info, id: strawberry.ID, title: str) -> Conversation:
    conversation_id, title = checked_id(id, NO_CONVERSATION), checked_title(title)
    async with info.context.writing() as connection:
        row = await repository.rename_conversation(connection, info.context.viewer.id, conversation_id, title)
    return to_conversation(row)


async def update_conversation(info: Info, input: UpdateConversationInput) -> Conversation:
    context, conversation_id = info.context, checked_id(input.id, NO_CONVERSATION)
    title = None if input.title is None else checked_title(input.title)
    model = checked_model(input.model, context.models)
    project_id = checked_project_id(input.project_id)
    async with context.writing() as connection:
        row = await repository.get_conversation(connection, context.viewer.id, conversation_id)
        if title is not None:
            row = await repository.rename_conversation(connection, context.viewer.id, conversation_id, title)
        if input.model is not strawberry.UNSET:
            row = await repository.set_conversation_model(connection, context.viewer.id, conversation_id, model)
        if project_id is not None and project_id != row.project_id:
            moved = await move_records(connection, context.viewer.id, [conversation_id], project_id)
            await context.gate.check_moved(connection, context.viewer.id, moved, actor=context.viewer.id)
            row = await repository.get_conversation(connection, context.viewer.id, conversation_id)
        if input.visibility is not None:
            row = await repository.set_visibility(
                connection, context.viewer.id, conversation_id, input.visibility.value
            )
    return to_conversation(row)


async def archive_conversation(info: Info, id: strawberry.ID, archived: bool | None = True) -> Conversation:
    conversation_id = checked_id(id, NO_CONVERSATION)
    async with info.context.writing() as connection:
        row = await repository.archive_conversation(
            connection, info.context.viewer.id, conversation_id, archived is not False
        )
    return to_conversation(row)


async def delete_conversation(info: Info, id: strawberry.ID) -> strawberry.ID:
    conversation_id, viewer_id = checked_id(id, NO_CONVERSATION), info.context.viewer.id
    async with info.context.writing() as connection:
        row = await repository.get_conversation(connection, viewer_id, conversation_id)
        await check_author(connection, viewer_id, row, NOT_AUTHOR)
        await move_to_trash(connection, viewer_id, "conversation", conversation_id, actor=viewer_id)
    return strawberry.ID(str(conversation_id))
