"""Compares the schema with the public contract: what is built must not be renamed or weaker."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    build_schema,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from resolvers.root import schema

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "tests/data/contract.graphql"
SDL = ROOT / "schema/schema.graphql"

NOT_BUILT_YET = ROOT / "tests/data/contract_not_built.txt"
MISSING = " is missing"

Composite = GraphQLObjectType | GraphQLInterfaceType


def is_as_strong(built: GraphQLType, promised: GraphQLType) -> bool:
    """Whether the built output type is the same as the promised one, or non-null where that is nullable."""
    if is_non_null_type(built) and not is_non_null_type(promised):
        built = built.of_type
    if hasattr(promised, "of_type") and hasattr(built, "of_type") and type(promised) is type(built):
        return is_as_strong(built.of_type, promised.of_type)
    return str(built) == str(promised)


def compare_inputs(
    where: str,
    built: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
    promised: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
) -> list[str]:
    """Clients may send what the contract allows, and no further argument is required."""
    problems = []
    for name, wanted in promised.items():
        if name not in built:
            problems.append(f"{where}({name}:){MISSING}")
        elif not is_as_strong(wanted.type, built[name].type):
            problems.append(f"{where}({name}:) is {built[name].type}, promised {wanted.type}")
    for name, added in built.items():
        required = is_required_argument(added) if isinstance(added, GraphQLArgument) else is_required_input_field(added)
        if required and name not in promised:
            problems.append(f"{where}({name}:) is demanded but not in the contract")
    return problems


def compare_fields(built: Composite, promised: Composite) -> list[str]:
    problems = []
    for name, wanted in promised.fields.items():
        where = f"{promised.name}.{name}"
        if name not in built.fields:
            problems.append(f"{where}{MISSING}")
        else:
            if not is_as_strong(built.fields[name].type, wanted.type):
                problems.append(f"{where} is {built.fields[name].type}, promised {wanted.type}")
            problems += compare_inputs(where, built.fields[name].args, wanted.args)
    return problems


def compare_types(built: GraphQLNamedType, promised: GraphQLNamedType) -> list[str]:
    if isinstance(promised, Composite) and isinstance(built, Composite):
        missing = {each.name for each in promised.interfaces} - {each.name for each in built.interfaces}
        return [f"{promised.name} does not implement {name}" for name in missing] + compare_fields(built, promised)
    if isinstance(promised, GraphQLInputObjectType) and isinstance(built, GraphQLInputObjectType):
        return compare_inputs(promised.name, built.fields, promised.fields)
    if isinstance(promised, GraphQLEnumType) and isinstance(built, GraphQLEnumType):
        return [f"{promised.name}.{value}{MISSING}" for value in promised.values if value not in built.values]
    return [] if type(built) is type(promised) else [f"{promised.name} is another kind of type"]


def compare(built: GraphQLSchema, promised: GraphQLSchema) -> list[str]:
    problems = []
    for name, wanted in promised.type_map.items():
        if name.startswith("__"):
            continue
        if name not in built.type_map:
            problems.append(f"{name}{MISSING}")
        else:
            problems += compare_types(built.type_map[name], wanted)
    return problems


def test_nothing_that_is_built_is_weaker_than_the_contract() -> None:
    problems = compare(schema._schema, build_schema(CONTRACT.read_text()))
    assert [problem for problem in problems if not problem.endswith(MISSING)] == []


def test_the_list_of_names_that_are_not_built_yet_is_exact() -> None:
    problems = compare(schema._schema, build_schema(CONTRACT.read_text()))
    missing = {problem.removesuffix(MISSING) for problem in problems if problem.endswith(MISSING)}
    assert missing == set(NOT_BUILT_YET.read_text().splitlines())


@pytest.mark.parametrize(
    ("promise", "weaker"),
    [
        ("content: String!", "content: String"),
        ("unreadCount: Int!", "unread: Int!"),
        ("enum Role { OWNER MEMBER VIEWER }", "enum Role { OWNER MEMBER }"),
        ("type Message implements Node {", "type Message {"),
        ("viewer: Viewer!", "viewer(token: String!): Viewer!"),
        ("title: String!", "title: Int!"),
    ],
)
def test_the_comparison_notices_what_is_weaker(promise: str, weaker: str) -> None:
    contract = CONTRACT.read_text()
    assert promise in contract
    assert compare(build_schema(contract.replace(promise, weaker)), build_schema(contract)) != []


def test_the_exported_sdl_is_the_schema_of_the_code() -> None:
    assert SDL.read_text() == schema.as_str() + "\n", "run `python -m app schema`"


def test_everything_that_a_client_sees_is_described() -> None:
    undescribed = []
    for name, kind in schema._schema.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        if not kind.description:
            undescribed.append(name)
        members = getattr(kind, "fields", None) or getattr(kind, "values", {})
        undescribed += [f"{name}.{member}" for member, value in members.items() if not value.description]
    assert undescribed == []
