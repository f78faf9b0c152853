"""Subscriptions whose responses are the same for all who see an event: they select nothing but the event and its row.

Every other field loads something that not all of them may see, for example the conversation of an intent.
"""

from collections.abc import Mapping

from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, visit

SAME_FOR_ALL: Mapping[str, frozenset[str]] = {
    "Subscription": frozenset({"eventAppended", "messageChanged", "intentChanged"}),
    "Event": frozenset({"cursor", "kind", "subjectId", "causedBy", "payload", "createdAt"}),
    "MessageChangedEvent": frozenset({"cursor", "kind", "messageId", "message"}),
    "Message": frozenset(
        {
            "id",
            "userId",
            "content",
            "messageType",
            "status",
            "incomplete",
            "error",
            "errorKey",
            "errorParams",
            "metadata",
            "createdAt",
            "updatedAt",
            "shown",
        }
    ),
    "IntentChangedEvent": frozenset({"cursor", "kind", "intentId", "intent", "previousStatus"}),
    "Intent": frozenset(
        {
            "id",
            "description",
            "assignee",
            "assigneeId",
            "labels",
            "recurrence",
            "intentType",
            "classification",
            "status",
            "priority",
            "result",
            "error",
            "errorKey",
            "errorParams",
            "progress",
            "metadata",
            "version",
            "attempts",
            "maxAttempts",
            "nextAttemptAt",
            "dueAt",
            "createdAt",
            "updatedAt",
            "processedAt",
            "project",
        }
    ),
    "Classification": frozenset({"intentType", "confidence", "reason", "key", "params", "classifier"}),
    "Project": frozenset({"id", "name", "slug", "description", "archived", "createdAt", "updatedAt"}),
}
"""The fields of each type whose value is the same for all who see the row."""


class _Fields(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.all_same = True

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._types.get_parent_type()
        name = node.name.value
        known = SAME_FOR_ALL.get(get_named_type(parent).name, ()) if parent is not None else ()
        self.all_same &= name == "__typename" or name in known


def is_same_for_all(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether the document selects only fields that are the same for all who see the event."""
    types = TypeInfo(schema)
    fields = _Fields(types)
    visit(document, TypeInfoVisitor(types, fields))
    return fields.all_same
