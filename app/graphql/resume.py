"""Finds the cursor that a subscription resumes from: the argument `after` of its field."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    NullValueNode,
    OperationDefinitionNode,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)

ARGUMENT = "after"
Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """A cursor, and the other variables of the subscription."""

    cursor: str | None
    variables: Variables


@dataclass(frozen=True, slots=True)
class ResumeArgument:
    """How the document gives the cursor: by a variable, or by a literal."""

    variable: str | None = None
    literal: str | None = None

    def point(self, variables: Variables | None) -> ResumePoint | None:
        """None when the value is not a string; execution then refuses it with a clear message."""
        rest = dict(variables or {})
        cursor = self.literal if self.variable is None else rest.pop(self.variable, None)
        return ResumePoint(cursor, rest) if cursor is None or isinstance(cursor, str) else None


class _Uses(Visitor):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.count = 0

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.count += node.name.value == self._name


def _is_used_once(document: DocumentNode, name: str) -> bool:
    """Whether the variable is used in one place only. In a second place, its value would change the response."""
    uses = _Uses(name)
    visit(document, uses)
    return uses.count == 2  # the definition and one use


def is_resumable(schema: GraphQLSchema, node: OperationDefinitionNode) -> bool:
    """Whether the subscription field takes a cursor; True when the root selection is a fragment."""
    selected = node.selection_set.selections[0]
    if schema.subscription_type is None or not isinstance(selected, FieldNode):
        return True
    return ARGUMENT in schema.subscription_type.fields[selected.name.value].args


def find_resume_argument(
    schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode
) -> ResumeArgument | None:
    """None when the subscription cannot be resumed, or when its cursor cannot be identified."""
    selected = node.selection_set.selections[0]
    if not isinstance(selected, FieldNode) or not is_resumable(schema, node):
        return None
    value = next((each.value for each in selected.arguments or () if each.name.value == ARGUMENT), None)
    if isinstance(value, VariableNode):
        name = value.name.value
        has_default = any(
            each.default_value is not None
            for each in node.variable_definitions or ()
            if each.variable.name.value == name
        )
        return ResumeArgument(variable=name) if not has_default and _is_used_once(document, name) else None
    if isinstance(value, StringValueNode):
        return ResumeArgument(literal=value.value)
    return ResumeArgument() if value is None or isinstance(value, NullValueNode) else None
