"""All queries on one page."""

import strawberry

from resolvers.actions import list_actions
from resolvers.agents import list_agents
from resolvers.assembled_contexts import preview_context
from resolvers.conversations import get_conversation, list_conversations
from resolvers.decisions import get_decision, list_decisions
from resolvers.events import latest_cursor, trace
from resolvers.identity import list_security_events, list_tokens
from resolvers.impacts import preview_reversal, preview_reversal_notice
from resolvers.intents import get_intent, list_intents, read_task
from resolvers.memories import list_memories
from resolvers.messages import get_message, list_messages
from resolvers.model_configuration import get_model_configuration
from resolvers.nodes import get_node
from resolvers.notifications import list_notifications
from resolvers.overview import list_days
from resolvers.projects import get_project, list_projects
from resolvers.search import search
from resolvers.specifications import get_specification, list_specifications
from resolvers.trash import list_trash
from resolvers.viewer import get_viewer
from resolvers.webhooks import list_webhooks
from schema.actions import ActionConnection
from schema.agents import AgentConnection
from schema.assistant import ModelConfiguration
from schema.context import AssembledContext
from schema.conversations import Conversation, ConversationConnection
from schema.costs import COUNTS, SEARCHES
from schema.decisions import Decision, DecisionConnection
from schema.events import Event
from schema.identity import SecurityEventConnection, TokenConnection
from schema.impacts import Impact, ReversalNotice
from schema.intents import Intent, IntentConnection, TypedTask
from schema.memories import MemoryConnection
from schema.messages import Message, MessageConnection
from schema.node import Node
from schema.notifications import NotificationConnection
from schema.overview import DayFigures
from schema.projects import Project, ProjectConnection
from schema.search import SearchHit
from schema.specifications import Specification, SpecificationConnection
from schema.trash import TrashConnection
from schema.viewer import Viewer
from schema.webhooks import Webhook


@strawberry.type(description="All queries. Lists have pages with cursors: `first` is 1 to 100, default 20.")
class Query:
    viewer: Viewer = strawberry.field(resolver=get_viewer, description="The user who sends the request.")
    model_configuration: ModelConfiguration = strawberry.field(
        resolver=get_model_configuration, description="The model of a local installation. Only for its owner."
    )
    node: Node | None = strawberry.field(resolver=get_node, description="Any record by its id.")
    projects: ProjectConnection = strawberry.field(
        resolver=list_projects, description="Your projects, oldest first; the first is your default project."
    )
    project: Project | None = strawberry.field(
        resolver=get_project, description="One project, by its id or by its slug."
    )
    conversations: ConversationConnection = strawberry.field(
        resolver=list_conversations, description="Your conversations, the most recently active first."
    )
    conversation: Conversation | None = strawberry.field(resolver=get_conversation, description="One conversation.")
    messages: MessageConnection = strawberry.field(
        resolver=list_messages,
        description="Messages of one conversation or of all, oldest first. Send `first` or `last`, not both.",
    )
    message: Message | None = strawberry.field(resolver=get_message, description="One message.")
    intents: IntentConnection = strawberry.field(
        resolver=list_intents, description="Your intents, filtered by project, assignee, labels, status and type."
    )
    intent: Intent | None = strawberry.field(resolver=get_intent, description="One intent.")
    read_task: TypedTask = strawberry.field(
        metadata=COUNTS,
        resolver=read_task,
        description="Read the time, labels, priority and assignee from a line such as "
        '"call the bank tomorrow 3pm #finance !high", to create an intent from it.',
    )
    notifications: NotificationConnection = strawberry.field(
        resolver=list_notifications, description="Your notifications, latest first."
    )
    specifications: SpecificationConnection = strawberry.field(
        resolver=list_specifications,
        description="Your specifications, newest first, with one of the statuses and all of the tags.",
    )
    specification: Specification | None = strawberry.field(resolver=get_specification, description="One specification.")
    decisions: DecisionConnection = strawberry.field(
        resolver=list_decisions,
        description="Your decisions, newest first, with one of the statuses and all of the tags. With `asOf` the "
        "statuses are those of that moment.",
    )
    actions: ActionConnection = strawberry.field(
        resolver=list_actions,
        description="What was done or proposed because of your messages, newest first, with one of the statuses and by "
        "this actor. With `agentId` what this coding agent did or proposed for you: the actions of its name, in its "
        "project if it has one.",
    )
    agents: AgentConnection = strawberry.field(
        resolver=list_agents,
        description="The coding agents that used the MCP server for you, those used last first. At most 100 are kept.",
    )
    decision: Decision | None = strawberry.field(resolver=get_decision, description="One decision.")
    trash: TrashConnection = strawberry.field(
        resolver=list_trash,
        description="What you deleted and can still restore, the latest first. Entries are deleted for good after "
        "DATABASE_TRASH_DAYS.",
    )
    preview_reversal: list[Impact] = strawberry.field(
        metadata=COUNTS,
        resolver=preview_reversal,
        description="What depends on a decision: the intents, specifications, decisions, memories and replies that "
        "were made with it, directly or through others, nearest first, at most 200.",
    )
    preview_reversal_notice: ReversalNotice | None = strawberry.field(
        metadata=COUNTS,
        resolver=preview_reversal_notice,
        description="Which limit `previewReversal` has reached for a decision, so that it does not list everything; "
        "null when it does.",
    )
    latest_cursor: str = strawberry.field(
        resolver=latest_cursor,
        description="The cursor of your latest event. Query it first, then read your data and subscribe with `after` "
        "set to it: no change is missed.",
    )
    trace: list[Event] = strawberry.field(
        resolver=trace,
        description="The causal chain of a record: the events that caused it, its own events and those that it caused, "
        "oldest first, at most 10,000. Events older than the retention period are not included.",
    )
    webhooks: list[Webhook] = strawberry.field(
        resolver=list_webhooks, description="The webhooks of a project, the oldest first. Only for its admins."
    )
    memories: MemoryConnection = strawberry.field(
        resolver=list_memories,
        description="Your memories with all of the tags, created at `since` or later, newest first. With `reviewed` "
        "false the long-term ones that were extracted and that you have not kept or changed yet, with true those that "
        "a person reviewed.",
    )
    preview_context: AssembledContext = strawberry.field(
        metadata=SEARCHES,
        resolver=preview_context,
        description="The context of a reply to this message, if it were sent now. Nothing is stored.",
    )
    search: list[SearchHit] = strawberry.field(
        metadata=SEARCHES,
        resolver=search,
        description="Search messages, intents, specifications, decisions and memories by words and by meaning. "
        'A period in the query ("last Tuesday", 「先週」) limits the search to it, unless it has no records or `since` '
        "or `until` is given.",
    )
    overview: list[DayFigures] = strawberry.field(
        metadata=COUNTS,
        resolver=list_days,
        description="The figures of the last days, today last: counts, durations and tokens.",
    )
    tokens: TokenConnection = strawberry.field(
        resolver=list_tokens, description="Your tokens, newest first. Secrets are shown only when a token is created."
    )
    security_events: SecurityEventConnection = strawberry.field(
        resolver=list_security_events,
        description="The audit trail of all users, newest first, of all kinds or of some. Only for owners.",
    )
