"""A field of a selection set, and its resolver as a plain function of the object."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import Enum
from inspect import isawaitable
from typing import Any, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLResolveInfo, VariableNode
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.info import Info

from app.graphql.compiled.completion import Compilation, NotCovered, completer

MISSING = object()
# Argument values of these types are immutable, so the next run may use the same object.
MAX_CACHED_CHARACTERS = 200
IMMUTABLE = (str, bool, int, float, Enum, datetime)


class Field:
    """One field: an attribute of the object, or a resolver."""

    def __init__(self, plan: Compilation, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> None:
        """Raises NotCovered for introspection and for fields that strawberry does not define."""
        definition = plan.schema.get_field(parent, nodes[0].name.value)
        if definition is None or nodes[0].name.value.startswith("__"):
            raise NotCovered(nodes[0].name.value)
        self.key = key
        self.definition: GraphQLField = definition
        self.strawberry: Any = definition.extensions.get("strawberry-definition")
        if self.strawberry is None:
            raise NotCovered(key)
        self.attribute: str | None = self.strawberry.python_name if self.strawberry.is_basic_field else None
        # The attribute by which one call of the resolver answers for many objects (schema/relations.py).
        self.batched_by: str | None = None
        if self.attribute is None and not self._is_guarded():
            self.batched_by = getattr(self.strawberry.base_resolver.wrapped_func, "batched_by", None)
        self.complete = completer(plan, definition.type, nodes)
        self._plan, self._parent, self._nodes = plan, parent, nodes
        self._variables = tuple(name for each in nodes[0].arguments or () for name in _variables_in(each.value))
        self._cached_arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    def resolver(self, variables: VariableValues, context: object) -> Callable[[Any], Any]:
        """The resolver as a function of the object, with its arguments bound."""
        info = self._info(variables, context)
        field, resolver = self.strawberry, self.strawberry.base_resolver
        if self._is_guarded():
            resolve = cast(Callable[..., Any], self.definition.resolve)
            arguments = get_argument_values(self.definition, self._nodes[0], variables)
            return lambda source: resolve(source, info, **arguments)
        named = self._arguments(variables, Info(info, field))
        function = resolver.wrapped_func
        if resolver.self_parameter:
            return lambda source: function(source, **named)
        return lambda source: function(**named)

    def _is_guarded(self) -> bool:
        """Whether extensions, permissions or special parameters need strawberry's own wrapper of the resolver."""
        field, resolver = self.strawberry, self.strawberry.base_resolver
        return bool(
            field.extensions or field.permission_classes or resolver.parent_parameter or resolver.root_parameter
        )

    def _arguments(self, variables: VariableValues, info: Info) -> dict[str, Any]:
        """The arguments of the resolver; cached while the variables that they use stay the same."""
        field, parameter = self.strawberry, self.strawberry.base_resolver.info_parameter
        key = tuple(variables.coerced.get(name, MISSING) for name in self._variables)
        if self._cached_arguments is not None and self._cached_arguments[0] == key:
            arguments = self._cached_arguments[1]
            return {**arguments, parameter.name: info} if parameter else arguments
        converter = self._plan.schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
        _, named = get_arguments(
            field=field,
            source=None,
            info=info,
            kwargs=get_argument_values(self.definition, self._nodes[0], variables),
            config=converter.config,
            scalar_registry=converter.scalar_registry,
        )
        if all(value is None or value is info or _may_be_cached(value) for value in named.values()):
            self._cached_arguments = key, {name: value for name, value in named.items() if value is not info}
        return named

    def _info(self, variables: VariableValues, context: object) -> GraphQLResolveInfo[Any]:
        plan = self._plan
        return GraphQLResolveInfo(
            field_name=self._nodes[0].name.value,
            field_nodes=self._nodes,
            return_type=self.definition.type,
            parent_type=self._parent,
            path=Path(None, self.key, self._parent.name),
            schema=plan.schema,
            fragments=plan.fragments,
            root_value=None,
            operation=plan.operation,
            variable_values=variables,
            context=context,
            is_awaitable=cast(Any, isawaitable),
            abort_signal=None,
            async_helpers=cast(Any, None),
        )


def _may_be_cached(value: Any) -> bool:
    """Whether the next run may use the same object. A long text would stay in memory with each cached document."""
    return isinstance(value, IMMUTABLE) and not (isinstance(value, str) and len(value) > MAX_CACHED_CHARACTERS)


def _variables_in(value: Any) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    for part in getattr(value, "values", ()):
        yield from _variables_in(part)
    for part in getattr(value, "fields", ()):
        yield from _variables_in(part.value)
