"""An operation for each argument of the API and each part of it, with a hole for a hostile value."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from resolvers.root import schema
from tests.fuzz.values import UUID

HOLE = "@hole@"
USUAL = {
    "ID": UUID,
    "String": "x",
    "Int": 1,
    "Float": 0.5,
    "Boolean": True,
    "DateTime": "2031-01-01T00:00:00Z",
    "JSON": {},
}


@dataclass(frozen=True)
class Place:
    """A place for a value: the argument of a root field, or a part of it, such as `createIntent(input.dueAt)`."""

    kind: str
    field: str
    argument: str
    path: tuple[str, ...]
    type: Any
    """The type of the whole argument."""
    others: dict[str, Any]
    """Usual values of the required arguments besides this one."""
    has_fields: bool

    def __str__(self) -> str:
        return f"{self.field}({'.'.join((self.argument, *self.path))})"

    def with_variable(self, value: str) -> str:
        """The body of a request whose variable has the value, which is JSON."""
        given = json.dumps({**self.others, self.argument: _around(self.type, self.path)})
        call = ", ".join(f"{name}: ${name}" for name in (*self.others, self.argument))
        types = {each: _arguments(self.kind, self.field)[each].type for each in self.others}
        heads = ", ".join(f"${name}: {type_}" for name, type_ in {**types, self.argument: self.type}.items())
        query = f"{self.kind}({heads}) {{ {self.field}({call}){self._selected()} }}"
        return f'{{"query": {json.dumps(query)}, "variables": {given.replace(json.dumps(HOLE), value)}}}'

    def with_literal(self, value: str) -> str:
        """The body of a request whose document has the value, which is GraphQL."""
        given = {**self.others, self.argument: _around(self.type, self.path)}
        types = _arguments(self.kind, self.field)
        call = ", ".join(f"{name}: {_literal(types[name].type, each)}" for name, each in given.items())
        query = f"{self.kind} {{ {self.field}({call.replace(json.dumps(HOLE), value)}){self._selected()} }}"
        return json.dumps({"query": query})

    def _selected(self) -> str:
        return " { __typename }" if self.has_fields else ""


def places() -> Iterator[Place]:
    """Every place of every query and mutation."""
    core = schema._schema
    roots: list[tuple[str, GraphQLObjectType | None]] = [("query", core.query_type), ("mutation", core.mutation_type)]
    for kind, root in roots:
        assert root is not None
        for name, field in root.fields.items():
            has_fields = not is_leaf_type(get_named_type(field.type))
            for argument, definition in field.args.items():
                others = {
                    other: _usual(each.type)
                    for other, each in field.args.items()
                    if other != argument and is_non_null_type(each.type)
                }
                for path in _paths(definition.type):
                    yield Place(kind, name, argument, path, definition.type, others, has_fields)


def _arguments(kind: str, field: str) -> dict[str, Any]:
    core = schema._schema
    root = core.query_type if kind == "query" else core.mutation_type
    assert root is not None
    arguments: dict[str, Any] = root.fields[field].args
    return arguments


def _paths(type_: Any) -> Iterator[tuple[str, ...]]:
    yield ()
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        yield ("0",)
    elif isinstance(inner, GraphQLInputObjectType):
        for name, field in inner.fields.items():
            yield from ((name, *rest) for rest in _paths(field.type))


def _usual(type_: Any) -> Any:
    """A value that the type accepts."""
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        return [_usual(inner.of_type)]
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    if isinstance(inner, GraphQLInputObjectType):
        return {name: _usual(field.type) for name, field in inner.fields.items() if is_non_null_type(field.type)}
    return USUAL[inner.name]


def _around(type_: Any, path: tuple[str, ...]) -> Any:
    """A usual value with the hole at the path."""
    if not path:
        return HOLE
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        return [_around(inner.of_type, path[1:])]
    return {**_usual(type_), path[0]: _around(inner.fields[path[0]].type, path[1:])}


def _literal(type_: Any, value: Any) -> str:
    inner = get_nullable_type(type_)
    if value == HOLE:
        return json.dumps(HOLE)
    if isinstance(value, list):
        return "[" + ", ".join(_literal(inner.of_type, each) for each in value) + "]"
    if isinstance(inner, GraphQLInputObjectType):
        parts = (f"{name}: {_literal(inner.fields[name].type, each)}" for name, each in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(inner, GraphQLEnumType):
        return str(value)
    return "{}" if value == {} else json.dumps(value)
