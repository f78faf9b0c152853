"""The access matrix: one row per root field; the selection below it is generated from the schema.

A new field of Query, Mutation or Subscription needs one line in ROWS: its arguments, with ids of the owner's rows as
variables ($conversation, $message, ...). If it reads another table, add a row of that table to OWNED_ROWS.
"""

import re
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from resolvers.root import schema
from sql.statements import Connection

SCHEMA = schema._schema
DEPTH = 3
MEMBERS = ("ProjectMember", "FormerMember")
NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(frozen=True)
class Row:
    """The arguments of a root field, and the expected error codes.

    `foreign` is the code for ids of another user's rows; None when the field takes no ids.
    `viewer` is the code for the role VIEWER with its own ids; None when it is allowed. `member` likewise.
    """

    arguments: str = ""
    foreign: str | None = None
    viewer: str | None = None
    member: str | None = None
    public: bool = False
    own: str | None = None  # the code for own ids, when the state of the row does not allow the operation
    person_only: bool = False  # a token gets FORBIDDEN; the other codes are those of a session
    by: str = "reader"  # who of the members of a project; see ALLOWED_ROLES


# The roles in a project that may do it with records of others that all members see.
ALLOWED_ROLES = {
    "reader": ("READER", "MEMBER", "ADMIN"),
    "member": ("MEMBER", "ADMIN"),
    "admin": ("ADMIN",),
    "author": (),
}


def reads(arguments: str = "", **special: Any) -> Row:
    return Row(arguments, **{"foreign": "NOT_FOUND" if "$" in arguments else None, "by": "reader", **special})


def writes(arguments: str = "", **special: Any) -> Row:
    return reads(arguments, **{"viewer": "FORBIDDEN", "by": "member", **special})


def own_account(arguments: str = "", **special: Any) -> Row:
    """A mutation of the own account, which a viewer may use as well."""
    return writes(arguments, **{"viewer": None, **special})


ROWS: dict[str, Row] = {
    "Query.viewer": reads(),
    "Query.modelConfiguration": reads(viewer="FORBIDDEN", member="FORBIDDEN", own="FORBIDDEN"),
    "Query.node": reads("id: $conversation"),
    "Query.projects": reads("includeArchived: true"),
    "Query.project": reads("id: $project"),
    "Query.conversations": reads("includeArchived: true, projectId: $project"),
    "Query.conversation": reads("id: $conversation"),
    "Query.messages": reads("conversationId: $conversation, first: 10"),
    "Query.message": reads("id: $message"),
    "Query.intents": reads("projectId: $project"),
    "Query.intent": reads("id: $intent"),
    "Query.notifications": reads(),
    "Query.specifications": reads(),
    "Query.specification": reads("id: $specification"),
    "Query.decisions": reads(),
    "Query.decision": reads("id: $decision"),
    "Query.previewReversal": reads("decisionId: $decision"),
    "Query.previewReversalNotice": reads("decisionId: $decision"),
    "Query.latestCursor": reads(),
    "Query.trash": reads("projectId: $project"),
    "Query.readTask": reads('text: "call the bank tomorrow"'),
    "Query.trace": reads("id: $intent"),
    "Query.overview": reads("days: 2"),
    "Query.tokens": reads(),
    "Query.webhooks": reads("projectId: $project", by="admin"),
    "Query.securityEvents": reads(viewer="FORBIDDEN", member="FORBIDDEN"),
    "Mutation.sendMessage": writes('input: {content: "hello", conversationId: $conversation}'),
    "Mutation.stopReply": writes("messageId: $reply"),
    "Mutation.continueReply": writes("messageId: $reply", own="CONFLICT"),
    "Mutation.regenerateReply": writes("messageId: $reply"),
    "Mutation.selectVersion": writes("messageId: $reply"),
    "Mutation.editMessage": writes('id: $message, content: "edited"', by="author"),
    "Mutation.deleteMessage": writes("id: $message", by="admin"),
    "Mutation.renameConversation": writes('id: $conversation, title: "renamed"'),
    "Mutation.updateConversation": writes('input: {id: $conversation, title: "renamed"}'),
    "Mutation.archiveConversation": writes("id: $conversation"),
    "Mutation.deleteConversation": writes("id: $conversation", by="admin"),
    "Mutation.createIntent": writes('input: {description: "new", conversationId: $conversation}'),
    "Mutation.updateIntent": writes("input: {id: $intent, priority: 3}"),
    "Mutation.cancelIntent": writes("id: $intent"),
    "Mutation.retryIntent": writes("id: $intent", own="CONFLICT"),
    "Mutation.startIntent": writes("id: $todo"),
    "Mutation.completeIntent": writes("id: $todo"),
    "Mutation.reopenIntent": writes("id: $intent", own="CONFLICT"),
    "Mutation.deleteIntent": writes("id: $intent"),
    "Mutation.confirmIntent": writes("id: $intent", own="CONFLICT", person_only=True),
    "Mutation.restore": writes("id: $deleted"),
    "Mutation.resolveContradiction": writes(
        'input: {id: $contradiction, resolution: REJECTED, rationale: "long enough to be one"}',
        person_only=True,
    ),
    "Mutation.markNotificationsRead": writes("ids: [$notification]", foreign=None),
    "Mutation.saveSpecification": writes('input: {id: $specification, title: "t", content: "c"}'),
    "Mutation.restoreSpecification": writes("id: $specification, version: 1", own="CONFLICT"),
    "Mutation.deleteSpecification": writes("id: $specification"),
    "Mutation.recordDecision": writes('input: {title: "t", supersedes: [$decision], sourceIds: [$message]}'),
    "Mutation.updateDecision": writes('input: {id: $decision, title: "t"}'),
    "Mutation.setDecisionStatus": writes('id: $decision, status: WITHDRAWN, reason: "because"'),
    "Mutation.deleteDecision": writes("id: $decision"),
    "Query.memories": reads("includeArchived: true"),
    "Query.search": reads('query: "everything of ann of bob of vic of oli"'),
    "Query.previewContext": reads('content: "what is of ann?", conversationId: $conversation, projectId: $project'),
    "Mutation.saveMemory": writes('input: {id: $memory, content: "edited"}'),
    "Mutation.archiveMemory": writes("id: $memory"),
    "Mutation.deleteMemory": writes("id: $memory"),
    "Mutation.keepMemories": writes("ids: [$memory]", person_only=True, by="author"),
    "Mutation.rateSearchHit": writes('input: {id: $memory, query: "of ann", rating: OUTDATED}', by="reader"),
    "Mutation.signIn": Row('input: {name: "x", password: "y"}', public=True, own="UNAUTHENTICATED"),
    "Mutation.claimOwnership": Row(
        'input: {code: "x", name: "x", password: "a phrase of some length"}',
        public=True,
        own="UNAUTHENTICATED",
    ),
    "Query.actions": reads(),
    "Query.agents": reads(),
    "Mutation.acceptAction": writes("id: $action", own="CONFLICT", person_only=True),
    "Mutation.dismissAction": writes("id: $action", own="CONFLICT"),
    "Mutation.undoAction": writes("id: $action", own="CONFLICT", person_only=True),
    "Mutation.saveProject": writes('input: {id: $project, name: "renamed"}', by="admin"),
    "Mutation.archiveProject": writes("id: $project, archived: false", by="admin"),
    "Mutation.deleteProject": writes("id: $project", own="CONFLICT", by="admin"),
    "Mutation.moveToProject": writes("ids: [$intent], projectId: $project"),
    "Mutation.createInvitation": writes("projectId: $project, role: READER", person_only=True, by="admin"),
    "Mutation.acceptInvitation": writes('code: "rei_of_nobody"', foreign=None, own="NOT_FOUND", person_only=True),
    "Mutation.setProjectMember": writes(
        'projectId: $project, userName: "oli", role: READER', person_only=True, by="admin"
    ),
    "Mutation.saveWebhook": writes('input: {id: $webhook, description: "d"}', person_only=True, by="admin"),
    "Mutation.deleteWebhook": writes("id: $webhook", person_only=True, by="admin"),
    "Mutation.rotateWebhookSecret": writes("id: $webhook", person_only=True, by="admin"),
    "Mutation.sendTestWebhook": writes("id: $webhook", person_only=True, by="admin"),
    "Mutation.replayWebhookDeliveries": writes("id: $webhook, deliveryIds: [$delivery]", person_only=True, by="admin"),
    "Mutation.muteProject": writes("id: $project", by="reader"),
    "Mutation.saveModelConfiguration": writes('input: {model: "m"}', member="FORBIDDEN", own="FORBIDDEN"),
    "Mutation.testModelConfiguration": writes('input: {model: "m"}', member="FORBIDDEN", own="FORBIDDEN"),
    "Mutation.removeModelConfiguration": writes("", member="FORBIDDEN", own="FORBIDDEN"),
    "Mutation.updateViewer": own_account('input: {timezone: "Asia/Tokyo"}'),
    "Mutation.signOut": own_account(own="BAD_USER_INPUT"),
    "Mutation.changePassword": own_account('input: {currentPassword: "x", newPassword: "y"}', own="BAD_USER_INPUT"),
    "Mutation.createToken": own_account('input: {name: "x"}', own="FORBIDDEN"),
    "Mutation.revokeToken": own_account("id: $token"),
    "Subscription.notificationAdded": reads(),
    "Subscription.messageChanged": reads("conversationId: $conversation, projectId: $project"),
    "Subscription.intentChanged": Row("ids: [$intent]"),
    "Subscription.eventAppended": reads(),
    "Subscription.replyStreamed": reads("messageId: $reply"),
}

# Rows of each user, in this order: a name for ROWS, and a statement that inserts the row for the user $1 and returns
# its id. `{name}` is the id of an earlier row. All text contains `of-$1`, so that a leak is found.
OWNED_ROWS: dict[str, str] = {
    "project": "INSERT INTO projects (user_id, name, slug, description) "
    "VALUES ($1, 'of-' || $1, 'of-' || $1 || '-' || right(uuidv7()::text, 12), 'of-' || $1)",
    "conversation": "INSERT INTO conversations (user_id, project_id, title, summary) "
    "VALUES ($1, '{project}', 'of-' || $1, 'of-' || $1)",
    "message": "INSERT INTO messages (user_id, conversation_id, content, message_type) "
    "VALUES ($1, '{conversation}', 'of-' || $1, 'user')",
    "reply": "INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to) "
    "VALUES ($1, '{conversation}', 'of-' || $1, 'kana', '{message}')",
    "intent": "INSERT INTO intents (user_id, conversation_id, source_message_id, description, actor) "
    "VALUES ($1, '{conversation}', '{message}', 'of-' || $1, $1)",
    "todo": "INSERT INTO intents (user_id, description, actor, assignee, assignee_id) "
    "VALUES ($1, 'of-' || $1, $1, 'person', $1)",
    "notification": "INSERT INTO notifications (user_id, title, message, notification_type, intent_id, "
    "source_message_id) VALUES ($1, 'of-' || $1, 'of-' || $1, 'info', '{intent}', '{message}')",
    "specification": "INSERT INTO specifications (user_id, title, content, author, tags) "
    "VALUES ($1, 'of-' || $1, 'of-' || $1, $1, ARRAY['of-' || $1])",
    "decision": "WITH made AS (INSERT INTO decisions (user_id, title, kind, topic, topic_key, status, author, "
    "conversation_id, intent_id) VALUES ($1, 'of-' || $1, 'rule', 'of-' || $1, 'of-' || $1, 'accepted', $1, "
    "'{conversation}', '{intent}') RETURNING id), options AS (INSERT INTO decision_options (decision_id, user_id, "
    "place, label) SELECT id, $1, n, 'of-' || $1 || n FROM made, generate_series(1, 2) AS n), sources AS (INSERT INTO "
    "decision_sources (decision_id, user_id, source_kind, source_id, place) SELECT id, $1, 'message', '{message}', 1 "
    "FROM made) SELECT id FROM made",
    "held": "INSERT INTO intents (user_id, description, actor, status) "
    "VALUES ($1, 'of-' || $1, $1, 'awaiting_confirmation')",
    "contradiction": "INSERT INTO contradictions (user_id, intent_id, kind, confidence, explanation, judge, "
    "other_intent_id) VALUES ($1, '{held}', 'duplicate', 1, 'of-' || $1, 'test', '{intent}')",
    "memory": "INSERT INTO memories (user_id, content, kind, source_kind, source_id) "
    "VALUES ($1, 'of-' || $1, 'longterm', 'message', '{message}')",
    "citation": "WITH made AS (INSERT INTO message_citations (message_id, user_id, number, place, record_kind, "
    "record_id) VALUES ('{reply}', $1, 1, 1, 'memory', '{memory}') RETURNING record_id) SELECT record_id FROM made",
    "action": "INSERT INTO actions (user_id, message_id, tool, summary, status, actor) "
    "VALUES ($1, '{message}', 'search', 'of-' || $1, 'dismissed', $1)",
    "attachment": "WITH stored AS (INSERT INTO attachments (user_id, name, media_type, size, sha256) "
    "VALUES ($1, 'of-' || $1, 'text/plain', 1, repeat('0', 64)) RETURNING id), given AS (INSERT INTO "
    "message_attachments (message_id, attachment_id, user_id, place) SELECT '{message}', id, $1, 1 FROM stored) "
    "SELECT id FROM stored",
    "rating": "INSERT INTO search_ratings (user_id, memory_id, rating, query) "
    "VALUES ($1, '{memory}', 'useful', 'of-' || $1)",
    "webhook": "WITH made AS (INSERT INTO webhooks (user_id, project_id, url, description) VALUES ($1, '{project}', "
    "'https://of-' || $1 || '.example/', 'of-' || $1) RETURNING id), key AS (INSERT INTO webhook_secrets (webhook_id, "
    "secret) SELECT id, 'of-' || $1 FROM made) SELECT id FROM made",
    "delivery": "INSERT INTO webhook_deliveries (webhook_id, kind, subject_id, payload, occurred_at, next_attempt_at, "
    "status, error, ended_at) VALUES ('{webhook}', 'intent_created', '{intent}', '{{}}', now(), now(), 'dead', "
    "'of-' || $1, now())",
    "forgotten": "INSERT INTO memories (user_id, content, kind) VALUES ($1, 'of-' || $1, 'longterm')",
    "deleted": "SELECT '{forgotten}' FROM move_to_trash($1, 'memory', '{forgotten}')",
    "token": "INSERT INTO credentials (user_id, kind, secret_hash, name, hint) "
    "VALUES ($1, 'token', sha256(gen_random_uuid()::text::bytea), 'of-' || $1, 'of-' || $1)",
    "agent": "INSERT INTO agents (user_id, name, project_id, token_id, first_used_at, last_used_at) "
    "VALUES ($1, 'of-' || $1, '{project}', '{token}', now(), now())",
}
# Links from rows of $1 to rows of another user, which no client can create: loaders must not follow them.
CROSS_LINKS = (
    "UPDATE messages SET reply_to = '{message}' WHERE user_id = $1 AND message_type = 'kana'",
    "UPDATE intents SET conversation_id = '{conversation}', source_message_id = '{message}' WHERE user_id = $1",
    "UPDATE notifications SET intent_id = '{intent}', source_message_id = '{message}' WHERE user_id = $1",
    "UPDATE contradictions SET intent_id = '{intent}', other_intent_id = '{intent}' WHERE user_id = $1",
    "UPDATE memories SET source_id = '{message}' WHERE user_id = $1",
    "UPDATE search_ratings SET memory_id = '{memory}' WHERE user_id = $1",
    "UPDATE decisions SET conversation_id = '{conversation}', intent_id = '{intent}' WHERE user_id = $1",
    "UPDATE decision_sources SET source_id = '{message}' WHERE user_id = $1",
    "UPDATE message_citations SET record_id = '{memory}' WHERE user_id = $1",
    "UPDATE message_attachments SET attachment_id = '{attachment}' WHERE user_id = $1",
    "UPDATE agents SET token_id = '{token}' WHERE user_id = $1",
    "UPDATE record_causes SET effect_id = '{intent}' WHERE user_id = $1 AND cause_kind = 'decision'",
)
NODES = (
    "project",
    "conversation",
    "message",
    "reply",
    "intent",
    "notification",
    "specification",
    "decision",
    "contradiction",
    "memory",
    "attachment",
)


async def insert_rows(connection: Connection, user: str) -> dict[str, str]:
    """Insert all OWNED_ROWS for the user; their ids by name."""
    ids: dict[str, str] = {}
    for name, statement in OWNED_ROWS.items():
        filled = statement.format(**ids)
        returning = filled if filled.startswith(("WITH", "SELECT")) else f"{filled} RETURNING id"
        ids[name] = str(await connection.fetchval(returning, user))
    return ids


async def link_across(connection: Connection, user: str, ids_of_other: dict[str, str]) -> None:
    for statement in CROSS_LINKS:
        await connection.execute(statement.format(**ids_of_other), user)


def selection(kind: Any, depth: int = DEPTH, above: tuple[str, ...] = (), covered: set[str] | None = None) -> str:
    """All fields of a type, up to `depth`, never a type inside itself.

    For an interface or union only the ids; its members are selected by other rows.
    """
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if not isinstance(named, GraphQLObjectType):
        with_id = [each.name for each in SCHEMA.get_possible_types(named) if "id" in each.fields]
        return "{ __typename " + " ".join(f"... on {name} {{ id }}" for name in with_id) + " }"
    parts = ["__typename"]
    for name, field in named.fields.items():
        if (part := _selected(named, name, field, depth, (*above, named.name), covered)) is not None:
            parts.append(part)
    return "{ " + " ".join(parts) + " }"


def _selected(
    parent: GraphQLObjectType,
    name: str,
    field: GraphQLField,
    depth: int,
    above: tuple[str, ...],
    covered: set[str] | None,
) -> str | None:
    named = get_named_type(field.type)
    if any(is_required_argument(argument) for argument in field.args.values()):
        return None
    if not is_leaf_type(named) and named.name != parent.name and (depth == 0 or named.name in above):
        return None
    if named.name in MEMBERS and len(above) > 1:
        return None  # only of a project that is asked for itself: documents have a highest cost
    if covered is not None and not is_leaf_type(named):
        covered.add(f"{parent.name}.{name}")
    # Of a field of the same type, such as the message that a reply answers, only the id is selected, if it has one.
    same = "{ id }" if "id" in parent.fields else "{ __typename }"
    below = same if named is parent else selection(named, depth - 1, above, covered)
    return f"{name} {below}".strip()


def root_fields(operation: str) -> dict[str, GraphQLField]:
    root = getattr(SCHEMA, f"{operation}_type")
    return {f"{root.name}.{name}": field for name, field in root.fields.items()}


def variables(name: str, ids: dict[str, str]) -> dict[str, str]:
    """The variables of a row."""
    return {variable: ids[variable] for variable in VARIABLE.findall(ROWS[name].arguments)}


def document(name: str) -> str:
    """The operation of a row, with all fields."""
    parent, _, field = name.partition(".")
    row = ROWS[name]
    declared = ", ".join(f"${variable}: ID!" for variable in sorted(set(VARIABLE.findall(row.arguments))))
    arguments = f"({row.arguments})" if row.arguments else ""
    chosen = selection(root_fields(parent.lower())[name].type)
    return f"{parent.lower()}{f'({declared})' if declared else ''} {{ {field}{arguments} {chosen} }}"


def type_of(row: str) -> Any:
    """The GraphQL type of an entry of NODES."""
    return SCHEMA.get_type("Message" if row == "reply" else "".join(part.capitalize() for part in row.split("_")))


def node_document(row: str) -> str:
    """`node(id: $id)` with all fields of the type of the row."""
    kind = type_of(row)
    return f"query($id: ID!) {{ node(id: $id) {{ ... on {kind.name} {selection(kind)} }} }}"


VARIABLE = re.compile(r"\$(\w+)")


def leaks(answer: str, sent: dict[str, str], user: str, ids: dict[str, str]) -> list[str]:
    """Text and ids of the user in an answer to another user, except the ids that the other user sent."""
    found = [f"of-{user}"] if f"of-{user}" in answer else []
    return found + [each for each in ids.values() if each in answer and each not in sent.values()]
