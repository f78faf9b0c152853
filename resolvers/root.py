"""The whole API on one page."""

from collections.abc import AsyncIterator

import strawberry

from resolvers.changes import intent_changed, message_changed, notification_added, reply_streamed
from resolvers.choice_points import create_choice_point, decide_choice_point, list_choice_points
from resolvers.contexts import preview_context
from resolvers.contradictions import resolve_contradiction
from resolvers.conversations import (
    archive_conversation,
    delete_conversation,
    get_conversation,
    list_conversations,
    rename_conversation,
)
from resolvers.events import event_appended, latest_cursor, trace
from resolvers.identity import (
    change_password,
    claim_ownership,
    create_token,
    list_security_events,
    list_tokens,
    revoke_token,
    sign_in,
    sign_out,
)
from resolvers.intents import (
    cancel_intent,
    confirm_intent,
    create_intent,
    delete_intent,
    get_intent,
    list_intents,
    retry_intent,
    update_intent,
)
from resolvers.memories import archive_memory, delete_memory, list_memories, save_memory
from resolvers.messages import (
    delete_message,
    edit_message,
    get_message,
    list_messages,
    regenerate_reply,
    send_message,
    stop_reply,
)
from resolvers.nodes import get_node
from resolvers.notifications import list_notifications, mark_notifications_read
from resolvers.overview import list_days
from resolvers.search import search
from resolvers.specifications import (
    delete_specification,
    get_specification,
    list_specifications,
    save_specification,
)
from resolvers.viewer import get_viewer
from schema.arguments import describe_arguments
from schema.choice_points import ChoicePoint, ChoicePointConnection
from schema.context import AssembledContext
from schema.contradictions import Contradiction
from schema.conversations import Conversation, ConversationConnection
from schema.costs import CALLS_MODEL, COUNTS, SEARCHES
from schema.events import Event, IntentChangedEvent, MessageChangedEvent, NotificationAddedEvent, ReplyChunk
from schema.identity import CreateTokenPayload, SecurityEventConnection, SignInPayload, Token, TokenConnection
from schema.intents import Intent, IntentConnection
from schema.memories import Memory, MemoryConnection
from schema.messages import Message, MessageConnection, SendMessagePayload
from schema.node import Node
from schema.notifications import NotificationConnection
from schema.overview import DayFigures
from schema.search import SearchHit
from schema.specifications import Specification, SpecificationConnection
from schema.viewer import Viewer


@strawberry.type(description="Everything that can be read. Lists page by cursor: `first` is 1 to 100, default 20.")
class Query:
    viewer: Viewer = strawberry.field(resolver=get_viewer, description="Who asks.")
    node: Node | None = strawberry.field(resolver=get_node, description="Anything with an id, by its id.")
    conversations: ConversationConnection = strawberry.field(
        resolver=list_conversations, description="Your conversations, the most recently active first."
    )
    conversation: Conversation | None = strawberry.field(resolver=get_conversation, description="One conversation.")
    messages: MessageConnection = strawberry.field(
        resolver=list_messages,
        description="Messages, oldest first, of one conversation or of all. Give `first` or `last`, not both.",
    )
    message: Message | None = strawberry.field(resolver=get_message, description="One message.")
    intents: IntentConnection = strawberry.field(
        resolver=list_intents, description="Your intents, filtered by status and type."
    )
    intent: Intent | None = strawberry.field(resolver=get_intent, description="One intent.")
    notifications: NotificationConnection = strawberry.field(
        resolver=list_notifications, description="Your notifications, latest first."
    )
    specifications: SpecificationConnection = strawberry.field(
        resolver=list_specifications,
        description="Your specifications, newest first, with one of the statuses and all of the tags.",
    )
    specification: Specification | None = strawberry.field(resolver=get_specification, description="One specification.")
    choice_points: ChoicePointConnection = strawberry.field(
        resolver=list_choice_points,
        description="Your decisions made and to be made, newest first, with all of the tags.",
    )
    latest_cursor: str = strawberry.field(
        resolver=latest_cursor,
        description="Where your events stand. Ask for it first, then subscribe with `after` set to it and read what "
        "there is: nothing that happens meanwhile is missed.",
    )
    trace: list[Event] = strawberry.field(
        resolver=trace,
        description="Every event in the causal chain through something: what led to it, what happened to it, and what "
        "it led to; oldest first, the first 10,000 of them. Events older than the retention are gone.",
    )
    memories: MemoryConnection = strawberry.field(
        resolver=list_memories, description="What is remembered, newest first; with every one of the tags."
    )
    preview_context: AssembledContext = strawberry.field(
        metadata=SEARCHES,
        resolver=preview_context,
        description="What a reply would be given if this were said now in the conversation; nothing is kept.",
    )
    search: list[SearchHit] = strawberry.field(
        metadata=SEARCHES,
        resolver=search,
        description="Find by words and meaning at once what was said, wished, laid down, decided and remembered. "
        'Time words in the query ("last Tuesday", 「先週」) narrow it to that time, unless nothing is found there or '
        "`since` or `until` is given.",
    )
    overview: list[DayFigures] = strawberry.field(
        metadata=COUNTS,
        resolver=list_days,
        description="What was said and done on each of the last days, today last: counts, times and tokens.",
    )
    tokens: TokenConnection = strawberry.field(
        resolver=list_tokens, description="Your tokens, newest first; what they are is shown only when they are made."
    )
    security_events: SecurityEventConnection = strawberry.field(
        resolver=list_security_events,
        description="The audit trail of everybody, newest first, of all kinds or of these. For owners.",
    )


@strawberry.type(description="Everything that can be changed. What was changed is told to all open subscriptions.")
class Mutation:
    send_message: SendMessagePayload = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=send_message,
        description="Say something; a reply is begun, and intents are raised from it.",
    )
    stop_reply: Message = strawberry.field(
        resolver=stop_reply, description="Stop a reply; what was written is kept. Harmless when it has ended."
    )
    regenerate_reply: Message = strawberry.field(
        metadata=CALLS_MODEL, resolver=regenerate_reply, description="Have a reply that has ended written anew."
    )
    edit_message: SendMessagePayload = strawberry.field(
        metadata=CALLS_MODEL,
        resolver=edit_message,
        description="Say it differently: what was said later is deleted, intents still open are cancelled, and a new "
        "reply is begun.",
    )
    delete_message: strawberry.ID = strawberry.field(
        resolver=delete_message, description="Delete a message, and the replies to it."
    )
    rename_conversation: Conversation = strawberry.field(
        resolver=rename_conversation, description="Give a conversation another title."
    )
    archive_conversation: Conversation = strawberry.field(
        resolver=archive_conversation, description="Put a conversation away, or bring it back."
    )
    delete_conversation: strawberry.ID = strawberry.field(
        resolver=delete_conversation,
        description="Delete a conversation with its messages; its intents stay.",
    )
    create_intent: Intent = strawberry.field(
        metadata=CALLS_MODEL, resolver=create_intent, description="Write an intent down."
    )
    update_intent: Intent = strawberry.field(
        resolver=update_intent, description="Change an intent before work on it begins."
    )
    confirm_intent: Intent = strawberry.field(
        resolver=confirm_intent, description="Let an intent go on that is AWAITING_CONFIRMATION."
    )
    cancel_intent: Intent = strawberry.field(
        resolver=cancel_intent, description="Call an intent off, also while it is processed."
    )
    retry_intent: Intent = strawberry.field(
        metadata=CALLS_MODEL, resolver=retry_intent, description="Try an intent again that FAILED or was CANCELLED."
    )
    delete_intent: strawberry.ID = strawberry.field(resolver=delete_intent, description="Delete an intent.")
    resolve_contradiction: Contradiction = strawberry.field(
        resolver=resolve_contradiction, description="Settle what an intent clashes with, and say why."
    )
    mark_notifications_read: int = strawberry.field(
        resolver=mark_notifications_read,
        description="Mark these notifications read, or all when `ids` is null; returns how many changed.",
    )
    save_specification: Specification = strawberry.field(
        resolver=save_specification, description="Save a specification; every change is kept as a revision."
    )
    delete_specification: strawberry.ID = strawberry.field(
        resolver=delete_specification, description="Delete a specification with its revisions."
    )
    create_choice_point: ChoicePoint = strawberry.field(
        resolver=create_choice_point, description="Lay out a choice: a question and at least two options."
    )
    decide_choice_point: ChoicePoint = strawberry.field(
        resolver=decide_choice_point, description="Choose an option, once, and say why; also why not the others."
    )
    save_memory: Memory = strawberry.field(
        resolver=save_memory, description="Have something remembered, or rewrite what is remembered."
    )
    archive_memory: Memory = strawberry.field(
        resolver=archive_memory, description="Put a memory away so that it is no longer used, or bring it back."
    )
    delete_memory: strawberry.ID = strawberry.field(resolver=delete_memory, description="Forget a memory for good.")
    sign_in: SignInPayload = strawberry.field(
        resolver=sign_in, description="Begin a session with your name and password; the response sets its cookie."
    )
    claim_ownership: SignInPayload = strawberry.field(
        resolver=claim_ownership,
        description="Become the first owner with the code that the first start printed on its console. Works once.",
    )
    sign_out: bool = strawberry.field(
        resolver=sign_out, description="End this session, its sockets and its streams; whether it was still there."
    )
    change_password: bool = strawberry.field(
        resolver=change_password, description="Change your password; your other sessions end."
    )
    create_token: CreateTokenPayload = strawberry.field(
        resolver=create_token, description="Make a token for a program. Needs a session: no token can make another."
    )
    revoke_token: Token = strawberry.field(
        resolver=revoke_token, description="End a token of yours, with the sockets and streams that use it."
    )


RESUME = "Resumes just behind `after`, nothing lost and nothing twice; without it, from now on."


@strawberry.type(description="Everything that can be followed. Each payload carries a `cursor` to resume from.")
class Subscription:
    notification_added: AsyncIterator[NotificationAddedEvent] = strawberry.field(
        is_subscription=True, resolver=notification_added, description=f"Each notification as it arrives. {RESUME}"
    )
    message_changed: AsyncIterator[MessageChangedEvent] = strawberry.field(
        is_subscription=True,
        resolver=message_changed,
        description=f"Each message written, changed or deleted, in one conversation or in all. {RESUME}",
    )
    intent_changed: AsyncIterator[IntentChangedEvent] = strawberry.field(
        is_subscription=True, resolver=intent_changed, description=f"Each change of these intents, or of all. {RESUME}"
    )
    event_appended: AsyncIterator[Event] = strawberry.field(
        is_subscription=True,
        resolver=event_appended,
        description=f"Everything that happens, or what is of these kinds. {RESUME}",
    )
    reply_streamed: AsyncIterator[ReplyChunk] = strawberry.field(
        is_subscription=True,
        resolver=reply_streamed,
        description="A reply as it is written: first what stands already from `fromOffset`, then each new piece; "
        "ends with the reply.",
    )


schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
describe_arguments(schema._schema)
