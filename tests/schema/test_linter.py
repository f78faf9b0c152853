"""graphql-schema-linter itself finds nothing in our schema; of its rules only the alphabetical order is not ours."""

import pytest
from graphql import GraphQLInputObjectType

from resolvers.root import schema
from tests.node_scripts import NODE_DIRECTORY, run_node
from tests.processes import ROOT

LINTER = NODE_DIRECTORY / "node_modules" / "graphql-schema-linter" / "lib"
ORDER = "sorted-alphabetically"
NAMED = {
    "arguments-have-descriptions",
    "descriptions-are-capitalized",
    "enum-values-all-caps",
    "enum-values-have-descriptions",
    "fields-are-camel-cased",
    "fields-have-descriptions",
    "input-object-values-are-camel-cased",
    "input-object-values-have-descriptions",
    "relay-connection-arguments-spec",
    "relay-connection-types-spec",
    "relay-page-info-spec",
    "types-are-capitalized",
    "types-have-descriptions",
}


@pytest.mark.node
async def test_the_linter_finds_nothing() -> None:
    known = {path.stem.replace("_", "-") for path in (LINTER / "rules").glob("*.js")}
    rules = sorted(rule for rule in known if not rule.endswith(ORDER))
    assert set(rules) >= NAMED
    schema_file = str(ROOT / "schema" / "schema.graphql")
    await run_node("lint_schema.mjs", "--format", "compact", "--rules", ",".join(rules), schema_file)


def test_inputs_are_named_so() -> None:
    inputs = [type_ for type_ in schema._schema.type_map.values() if isinstance(type_, GraphQLInputObjectType)]
    assert inputs
    assert [type_.name for type_ in inputs if not type_.name.endswith("Input")] == []
