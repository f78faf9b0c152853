"""Private APIs of strawberry and graphql-core that this project uses: each test names the one that changed.

pyproject.toml has upper bounds for both packages. After raising a bound, a failure here says which code to adapt.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest
from graphql import GraphQLResolveInfo, parse
from graphql.execution import Executor, create_source_event_stream
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from graphql.pyutils import Path
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.info import Info

from resolvers.root import schema
from schema.messages import Message

COMPILED = "app/graphql/compiled"
BUDGETED = "app/graphql/budgeted.py"
COST = "app/graphql/limits/policy.py"
EXECUTOR = "app/graphql/executor.py"
RESOLVE_INFO = {
    "field_name", "field_nodes", "return_type", "parent_type", "path", "schema", "fragments", "root_value", "operation",
    "variable_values", "context", "is_awaitable", "abort_signal", "async_helpers",
}  # fmt: skip
ARGUMENTS = {"field", "source", "info", "kwargs", "config", "scalar_registry"}
BUILD = {"context_value", "raw_variable_values", "operation_name"}


def parameters(function: Callable[..., Any]) -> list[str]:
    return list(signature(function).parameters)


def type_(name: str) -> Any:
    return schema._schema.get_type(name)


def field(type_name: str, name: str) -> Any:
    """The strawberry field of a field in the schema."""
    return type_(type_name).fields[name].extensions["strawberry-definition"]


def leaf_parameters() -> list[str]:
    assert isinstance(Executor.__dict__["complete_leaf_value"], staticmethod)
    return parameters(Executor.complete_leaf_value)


def resolver() -> Any:
    return field("Message", "intents").base_resolver


def executor() -> Any:
    return Executor.build(schema._schema, parse("subscription { notificationAdded { cursor } }"))


Check = tuple[str, str, Callable[[], bool]]
"""The API, the code that uses it, and whether it is unchanged."""

STRAWBERRY: list[Check] = [
    ("Schema._schema", "app/asgi.py", lambda: schema._schema.query_type is not None),
    ("_strawberry_schema", COMPILED, lambda: schema._schema._strawberry_schema is schema),  # type: ignore[attr-defined]
    ("schema_converter.config", COMPILED, lambda: schema.schema_converter.config is not None),
    ("schema_converter.scalar_registry", COMPILED, lambda: bool(schema.schema_converter.scalar_registry)),
    ("get_arguments parameters", COMPILED, lambda: set(parameters(get_arguments)) == ARGUMENTS),
    ("get_arguments result", COMPILED, lambda: "tuple[" in str(signature(get_arguments).return_annotation)),
    ("Info(_raw_info, _field)", COMPILED, lambda: parameters(Info) == ["_raw_info", "_field"]),
    ("extensions['strawberry-definition']", COMPILED, lambda: field("Message", "content") is not None),
    ("StrawberryField.python_name", COMPILED, lambda: field("Message", "messageType").python_name == "message_type"),
    ("is_basic_field of an attribute", COMPILED, lambda: field("Message", "content").is_basic_field is True),
    ("is_basic_field of a resolver", COMPILED, lambda: field("Query", "message").is_basic_field is False),
    ("StrawberryField.metadata", COST, lambda: "points" in field("Query", "search").metadata),
    ("StrawberryField.extensions", COMPILED, lambda: field("Query", "message").extensions == []),
    ("StrawberryField.permission_classes", COMPILED, lambda: field("Query", "message").permission_classes == []),
    ("StrawberryResolver.wrapped_func", COMPILED, lambda: resolver().wrapped_func.batched_by == "id"),
    ("StrawberryResolver.self_parameter", COMPILED, lambda: resolver().self_parameter is not None),
    ("StrawberryResolver.info_parameter", COMPILED, lambda: resolver().info_parameter.name == "info"),
    ("StrawberryResolver.parent_parameter", COMPILED, lambda: resolver().parent_parameter is None),
    ("StrawberryResolver.root_parameter", COMPILED, lambda: resolver().root_parameter is None),
    ("origin", COMPILED, lambda: type_("Message").extensions["strawberry-definition"].origin is Message),
    ("__strawberry_definition__", COMPILED, lambda: Message.__strawberry_definition__.name == "Message"),  # type: ignore[attr-defined]
]
GRAPHQL_CORE: list[Check] = [
    ("VariableValues.coerced", COMPILED, lambda: VariableValues({}, {}).coerced == {}),
    (
        "get_argument_values parameters",
        COMPILED,
        lambda: parameters(get_argument_values)[:3] == ["type_def", "node", "variable_values"],
    ),
    (
        "get_variable_values parameters",
        COMPILED,
        lambda: parameters(get_variable_values)[:3] == ["schema", "var_def_nodes", "inputs"],
    ),
    (
        "get_variable_values result",
        COMPILED,
        lambda: isinstance(get_variable_values(schema._schema, [], {}), VariableValues),
    ),
    ("GraphQLResolveInfo fields", COMPILED, lambda: set(GraphQLResolveInfo._fields) == RESOLVE_INFO),
    ("pyutils.Path", COMPILED, lambda: Path(None, "key", "Query").key == "key"),
    ("coerce_output_value", COMPILED, lambda: type_("Boolean").coerce_output_value(True) is True),
    ("Executor.build parameters", EXECUTOR, lambda: set(parameters(Executor.build)) >= BUILD),
    ("Executor.build_per_event_executor", EXECUTOR, lambda: executor().build_per_event_executor(7).root_value == 7),
    ("Executor.context_value", EXECUTOR, lambda: hasattr(executor(), "context_value")),
    ("Executor.execute_operation", EXECUTOR, lambda: parameters(Executor.execute_operation) == ["self", "serially"]),
    ("complete_leaf_value parameters", BUDGETED, lambda: leaf_parameters() == ["return_type", "result"]),
    (
        "handle_field_error parameters",
        BUDGETED,
        lambda: parameters(Executor.handle_field_error)[:2] == ["self", "raw_error"],
    ),
    ("create_source_event_stream", EXECUTOR, lambda: parameters(create_source_event_stream) == ["executor"]),
]


def assert_unchanged(package: str, name: str, user: str, is_unchanged: Callable[[], bool]) -> None:
    message = f"{package} changed its private API {name}, which {user} uses"
    try:
        unchanged = is_unchanged()
    except Exception as error:
        pytest.fail(f"{message}: {error!r}")
    assert unchanged, message


@pytest.mark.parametrize("check", STRAWBERRY, ids=lambda check: check[0])
def test_private_api_of_strawberry_is_unchanged(check: Check) -> None:
    assert_unchanged("strawberry-graphql", *check)


@pytest.mark.parametrize("check", GRAPHQL_CORE, ids=lambda check: check[0])
def test_private_api_of_graphql_core_is_unchanged(check: Check) -> None:
    assert_unchanged("graphql-core", *check)
