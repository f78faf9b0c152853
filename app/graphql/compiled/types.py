"""Types that the modules of this package share."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from graphql import (
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
)

from sql.columns import Columns

Places = tuple[list[Any], list[dict[str, Any]]]
"""The objects that a resolver will be called with (or their keys), and the dictionaries that receive its values."""
Pending = defaultdict[Any, Places]
"""The open places of one level, by Field."""


class NotCovered(Exception):
    """The standard executor has to run the operation."""


def new_pending() -> Pending:
    return defaultdict(lambda: ([], []))


class Builder(Protocol):
    """Builds the fields that one object type shows in one selection set."""

    @property
    def type(self) -> GraphQLObjectType: ...

    @property
    def fields(self) -> Sequence[Any]: ...

    def build(self, objects: Sequence[Any], pending: Pending, kind: Any = None) -> list[Any]:
        """The response dictionaries. `kind` is the class of the objects, or the view whose rows they are."""


class Compilation(Protocol):
    """What fields and selections need of the plan that they belong to."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    columns: Columns

    def select(self, type_: GraphQLObjectType, sets: Sequence[Sequence[SelectionNode]]) -> Builder:
        """The builder of the merged selection sets. Raises NotCovered."""
