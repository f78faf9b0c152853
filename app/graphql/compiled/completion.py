"""Completes resolved values: scalars and enumerations are serialised, objects and lists are built."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Any, Protocol, Union, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from app.graphql.size import size_of
from resolvers.views import Views
from sql.budget import Budget
from sql.columns import Columns

Places = tuple[list[Any], list[dict[str, Any]]]
"""The objects that a resolver will be called with (or their keys), and the dictionaries that receive its values."""


class Pending(defaultdict[Any, Places]):
    """The open places of one level, by Field. `budget` counts the bytes of the response."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(lambda: ([], []))
        self.budget = budget


Complete = Union["LeafComplete", "ObjectComplete", "ListComplete"]

# Per scalar: the Python test that is true for a value which needs serialising. `{v}` is the value.
NEEDS_CALL = {
    "String": "{v}.__class__ is not str",
    "ID": "{v}.__class__ is not str",
    "Boolean": "{v}.__class__ is not bool",
    "Int": "{v}.__class__ is not int or not -2147483648 <= {v} <= 2147483647",
    # orjson writes a UTC time like `isoformat`, and faster.
    "DateTime": "{v}.__class__ is not datetime or {v}.tzinfo is not UTC",
}


class NotCovered(Exception):
    """The standard executor has to run the operation."""


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


class LeafComplete:
    """Serialises a scalar or an enumeration. `needs_call` is the test for values that need the call."""

    def __init__(self, leaf: GraphQLScalarType | GraphQLEnumType, nullable: bool) -> None:
        self._leaf = leaf
        self._nullable = nullable
        self.needs_call = NEEDS_CALL.get(leaf.name, "True")
        self.enum_names: dict[Any, str] = {}
        if isinstance(leaf, GraphQLEnumType):
            self.enum_names = {value.value: name for name, value in leaf.values.items()}
        self.is_time = leaf.name == "DateTime"
        self.is_text = leaf.name == "String"
        self._may_be_long = leaf.name in ("String", "JSON")

    def __call__(self, value: Any, pending: Pending) -> Any:
        if value is None:
            return _null(self._nullable)
        if isinstance(value, Exception):
            raise NotCovered("an exception as a value")
        serialised = self._leaf.coerce_output_value(value)
        if serialised is None or (isinstance(serialised, float) and not math.isfinite(serialised)):
            raise NotCovered("a value that cannot be serialised")
        if self._may_be_long and serialised:
            pending.budget.add_answered(size_of(serialised))
        return serialised


class ObjectComplete:
    """Builds an object; its class determines the object type."""

    def __init__(self, plan: Compilation, type_: Any, nodes: list[FieldNode], nullable: bool) -> None:
        self._plan = plan
        self._type = type_
        self._sets = [node.selection_set.selections for node in nodes if node.selection_set]
        self._nullable = nullable
        self._by_type: dict[GraphQLObjectType, Builder] = {}
        self._by_kind: dict[Any, Builder] = {}

    def builder_of(self, kind: Any) -> Builder:
        """The builder for objects of this class or view."""
        builder = self._by_kind.get(kind)
        if builder is None:
            type_ = self._type_of(kind)
            if type_ not in self._by_type:
                self._by_type[type_] = self._plan.select(type_, self._sets)
            builder = self._by_kind[kind] = self._by_type[type_]
        return builder

    def _type_of(self, kind: Any) -> GraphQLObjectType:
        if not is_abstract_type(self._type):
            return cast(GraphQLObjectType, self._type)
        name = kind.__strawberry_definition__.name
        type_ = self._plan.schema.get_type(name)
        if not isinstance(type_, GraphQLObjectType) or not self._plan.schema.is_sub_type(self._type, type_):
            raise NotCovered(f"{name} is not a {self._type.name}")
        return type_

    def __call__(self, value: Any, pending: Pending) -> Any:
        if value is None:
            return _null(self._nullable)
        return self.builder_of(value.__class__).build((value,), pending)[0]

    def all(self, values: Sequence[Any], pending: Pending) -> list[Any]:
        """Build many objects, with one call when all have the same class."""
        kind = values[0].__class__
        if kind is type(None) or any(value.__class__ is not kind for value in values):
            return [self(value, pending) for value in values]
        return self.builder_of(kind).build(values, pending)


class ListComplete:
    """Builds a list of leaves, objects or lists."""

    def __init__(self, element: Complete, nullable: bool) -> None:
        self._element = element
        self._nullable = nullable

    def all(self, values: Sequence[Any], pending: Pending) -> list[Any]:
        """Build many lists. When all hold rows of one view, one call builds the elements of all lists."""
        element, view = self._element, getattr(values[0], "view", None)
        if (
            not hasattr(view, "reads")
            or not isinstance(element, ObjectComplete)
            or {value.__class__ for value in values} != {Views}
            or {value.view for value in values} != {view}
        ):
            return [self(value, pending) for value in values]
        rows = [row for value in values for row in value.rows]
        built = iter(element.builder_of(view).build(rows, pending, view))
        return [list(islice(built, len(value.rows))) for value in values]

    def __call__(self, value: Any, pending: Pending) -> Any:
        if value is None:
            return _null(self._nullable)
        element = self._element
        if isinstance(element, ObjectComplete):
            if value.__class__ is Views and hasattr(value.view, "reads"):
                return element.builder_of(value.view).build(value.rows, pending, value.view)
            value = list(value)
            if len({each.__class__ for each in value}) == 1 and value[0] is not None:
                return element.builder_of(value[0].__class__).build(value, pending)
        elif not isinstance(value, (list, tuple, Views)):
            raise NotCovered("an iterable that is not a list")
        return [element(each, pending) for each in value]


def _null(nullable: bool) -> None:
    if not nullable:
        raise NotCovered("null for a non-null type")


def completer(plan: Compilation, type_: GraphQLOutputType, nodes: list[FieldNode]) -> Complete:
    """What completes the values of a field of this type."""
    nullable = not is_non_null_type(type_)
    inner: Any = type_ if nullable else cast(Any, type_).of_type
    if is_list_type(inner):
        return ListComplete(completer(plan, inner.of_type, nodes), nullable)
    if is_leaf_type(inner):
        return LeafComplete(inner, nullable)
    return ObjectComplete(plan, inner, nodes, nullable)
