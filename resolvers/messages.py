"""Queries and mutations of messages and replies."""

from uuid import UUID

import strawberry

from resolvers.attachments import checked_attachments
from resolvers.checks import checked_id, checked_key, checked_metadata, checked_model, checked_text
from resolvers.context import Context, Info
from resolvers.conversations import to_conversation
from resolvers.paging import id_cursor, page_range_of, to_page
from resolvers.projects import checked_project_id
from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow, view
from schema.conversations import Conversation
from schema.messages import (
    Message,
    MessageConnection,
    MessageEdge,
    MessageStatus,
    MessageType,
    SendMessageInput,
    SendMessagePayload,
)
from sql.errors import BadUserInput, Forbidden, NotFound
from sql.paging import PageRange
from sql.repositories import attachments, branches, conversations
from sql.repositories import messages as repository
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.events import set_cause
from sql.repositories.members import check_author
from sql.repositories.messages import ALL_TYPES, NO_MESSAGE
from sql.repositories.projects import check_not_archived, check_project
from sql.repositories.trash import move_to_trash
from sql.rows import MessageRow
from sql.statements import Connection

to_message = view(
    Message,
    id=IdColumn("id"),
    message_type=EnumColumn("message_type", MessageType),
    status=EnumColumn("status", MessageStatus),
    reply_to_id=Column("reply_to"),
    incomplete=Computed(lambda row: row.status == "failed" and row.content != ""),
    branch_id=Column("branch"),
)
to_edge = view(MessageEdge, cursor=Computed(lambda row: id_cursor(row.id)), node=SameRow(to_message))


def to_message_connection(
    rows: list[MessageRow], span: PageRange, after: str | None, before: str | None
) -> MessageConnection:
    edges, page_info = to_page(
        rows,
        span.count - 1,
        to_edge,
        backward=span.backward,
        has_previous=after is not None,
        has_next=before is not None,
    )
    return MessageConnection(edges=edges, page_info=page_info)


async def list_messages(
    info: Info,
    conversation_id: strawberry.ID | None = None,
    message_type: MessageType | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> MessageConnection:
    span = page_range_of(first, after, last, before)
    viewer_id = info.context.viewer.id
    types = ALL_TYPES if message_type is None else (message_type.value,)
    async with info.context.database.connection() as connection:
        if conversation_id is None:
            rows = await repository.list_messages(connection, viewer_id, span, types)
        else:
            only = checked_id(conversation_id, NO_CONVERSATION)
            if not await conversations.find_conversations(connection, viewer_id, [only]):
                raise NotFound(NO_CONVERSATION)
            rows = await repository.list_messages_of_conversations(connection, viewer_id, [only], span, types)
    return to_message_connection(rows, span, after, before)


async def get_message(info: Info, id: strawberry.ID) -> Message | None:
    found = await info.context.relations.message(checked_id(id, NO_MESSAGE))
    if found is None:
        raise NotFound(NO_MESSAGE)
    return found


async def send_message(info: Info, input: SendMessageInput) -> SendMessagePayload:
    context = info.context
    attached = checked_attachments(input.attachment_ids, context.limits.max_attachments)
    blank = bool(attached) and not input.content.strip()
    content = "" if blank else checked_text(input.content, "content", max_bytes=context.limits.max_content_bytes)
    metadata = checked_metadata(input.metadata)
    given = None if input.conversation_id is None else checked_id(input.conversation_id, NO_CONVERSATION)
    project_id, key = checked_project_id(input.project_id), checked_key(input.idempotency_key)
    model = checked_model(input.model, context.models)
    mentions = "@" in content or "＠" in content
    plain = key is None and project_id is None and model is None and not attached and not mentions
    async with context.writing(one_statement=plain) as connection:
        sent = await repository.find_sent(connection, context.viewer.id, key) if key else None
        if sent is None:
            await check_project(connection, context.viewer.id, project_id, given, new=given is None)
            if blank:
                content = await attachments.names_of(connection, context.viewer.id, attached)
            sent = await repository.insert_exchange(
                connection,
                context.viewer.id,
                given,
                content,
                title=context.title_of(content),
                project_id=project_id,
                metadata=metadata,
                idempotency_key=key,
            )
            await attachments.attach(connection, context.viewer.id, sent[0].id, attached)
            if mentions:
                await context.gate.check_message(connection, sent[0], actor=context.viewer.id)
            if model is not None:
                chosen_for = sent[0].conversation_id
                await conversations.set_conversation_model(connection, context.viewer.id, chosen_for, model)
    message, reply = sent
    return SendMessagePayload(
        message=to_message(message), reply=to_message(reply), client_mutation_id=input.client_mutation_id
    )


async def _locked_reply(connection: Connection, context: Context, message_id: UUID) -> MessageRow:
    row = await repository.lock_message(connection, context.viewer.id, message_id)
    if row.message_type != "kana":
        raise BadUserInput("message.not_a_reply")
    return row


async def stop_reply(info: Info, message_id: strawberry.ID) -> Message:
    """No effect when the reply has already ended."""
    reply_id = checked_id(message_id, NO_MESSAGE)
    async with info.context.writing() as connection:
        row = await _locked_reply(connection, info.context, reply_id)
        if row.status in ("pending", "streaming"):
            row = await repository.mark_reply_stopped(connection, info.context.viewer.id, reply_id)
    return to_message(row)


async def regenerate_reply(info: Info, message_id: strawberry.ID) -> Message:
    """A reply that failed without a text has nothing to read, so it is written again in its place."""
    context, reply_id = info.context, checked_id(message_id, NO_MESSAGE)
    async with context.writing() as connection:
        row = await branches.lock_branches(connection, context.viewer.id, reply_id)
        if row.message_type != "kana":
            raise BadUserInput("message.not_a_reply")
        await check_not_archived(connection, context.viewer.id, row.conversation_id)
        if row.status == "failed" and row.content == "":
            row = await repository.mark_reply_pending(connection, context.viewer.id, reply_id)
        else:
            await set_cause(connection, reply_id)  # of everything that this hides and creates
            row = await branches.insert_version(connection, row)
    return to_message(row)


async def continue_reply(info: Info, message_id: strawberry.ID) -> Message:
    reply_id = checked_id(message_id, NO_MESSAGE)
    async with info.context.writing() as connection:
        reply = await _locked_reply(connection, info.context, reply_id)
        await check_not_archived(connection, info.context.viewer.id, reply.conversation_id)
        row = await repository.mark_reply_continued(connection, info.context.viewer.id, reply_id)
    return to_message(row)


async def edit_message(info: Info, id: strawberry.ID, content: str) -> SendMessagePayload:
    context, message_id = info.context, checked_id(id, NO_MESSAGE)
    checked_text(content, "content", max_bytes=context.limits.max_content_bytes)
    async with context.writing() as connection:
        message = await branches.lock_branches(connection, context.viewer.id, message_id)
        if message.message_type != "user":
            raise BadUserInput("message.not_by_user")
        if message.user_id != context.viewer.id:
            raise Forbidden("message.not_author")
        await check_not_archived(connection, context.viewer.id, message.conversation_id)
        await set_cause(connection, message_id)  # of everything that this edit hides and creates
        await conversations.touch_conversation(connection, context.viewer.id, message.conversation_id)
        version = await branches.insert_version(connection, message, content)
        await set_cause(connection, version.id)
        await context.gate.check_message(connection, version, actor=context.viewer.id)
        reply = await repository.insert_pending_reply(connection, version)
    return SendMessagePayload(message=to_message(version), reply=to_message(reply))


async def select_version(info: Info, message_id: strawberry.ID) -> Conversation:
    context, version_id = info.context, checked_id(message_id, NO_MESSAGE)
    async with context.writing() as connection:
        message = await branches.lock_branches(connection, context.viewer.id, version_id)
        await branches.select_version(connection, message)
        conversation = await conversations.get_conversation(connection, context.viewer.id, message.conversation_id)
    return to_conversation(conversation)


async def delete_message(info: Info, id: strawberry.ID) -> strawberry.ID:
    message_id, viewer_id = checked_id(id, NO_MESSAGE), info.context.viewer.id
    async with info.context.writing() as connection:
        message = await branches.lock_branches(connection, viewer_id, message_id)
        await check_author(connection, viewer_id, message, "message.not_author")
        await branches.prepare_deletion(connection, viewer_id, message)
        await move_to_trash(connection, viewer_id, "message", message_id, actor=viewer_id)
    return strawberry.ID(str(message_id))
