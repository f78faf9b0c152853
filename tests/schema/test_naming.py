"""The rules of graphql-schema-linter on descriptions, naming and Relay, for every type of ours."""

import re
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    is_specified_scalar_type,
)

from resolvers.root import schema

CAMEL = re.compile(r"^[a-z][A-Za-z0-9]*$")
PASCAL = re.compile(r"^[A-Z][A-Za-z0-9]*$")
CAPITALS = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")


def ours() -> Iterator[GraphQLNamedType]:
    for type_ in schema._schema.type_map.values():
        if not type_.name.startswith("__") and not is_specified_scalar_type(type_):
            yield type_


def members(type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """The name of each field or value, and its description."""
    if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
        yield from ((name, field.description) for name, field in type_.fields.items())
    if isinstance(type_, GraphQLEnumType):
        yield from ((name, value.description) for name, value in type_.values.items())


def test_everything_has_a_description_that_begins_as_a_sentence_does() -> None:
    described = {type_.name: type_.description for type_ in ours()}
    described |= {f"{type_.name}.{name}": text for type_ in ours() for name, text in members(type_)}
    assert [name for name, text in described.items() if not text] == []
    assert [name for name, text in described.items() if text and text[0].islower()] == []


def test_names_have_the_case_of_their_kind() -> None:
    wrong = [type_.name for type_ in ours() if not PASCAL.match(type_.name)]
    for type_ in ours():
        pattern = CAPITALS if isinstance(type_, GraphQLEnumType) else CAMEL
        wrong += [f"{type_.name}.{name}" for name, _ in members(type_) if not pattern.match(name)]
        if isinstance(type_, GraphQLInputObjectType) and not type_.name.endswith("Input"):
            wrong.append(type_.name)
    assert wrong == []


def test_connections_have_relays_shape_and_arguments() -> None:
    for type_ in ours():
        if not isinstance(type_, GraphQLObjectType):
            continue
        if type_.name.endswith("Connection"):
            assert str(type_.fields["pageInfo"].type) == "PageInfo!", type_.name
            assert str(type_.fields["edges"].type).startswith(f"[{type_.name.removesuffix('Connection')}Edge"), (
                type_.name
            )
        for name, field in type_.fields.items():
            if str(field.type).rstrip("!").endswith("Connection"):
                assert {"first", "after"} <= set(field.args), f"{type_.name}.{name}"
    page_info = schema._schema.type_map["PageInfo"]
    assert isinstance(page_info, GraphQLObjectType)
    assert {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"} == set(page_info.fields)
