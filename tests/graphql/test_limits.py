"""Limits of documents: counted in one pass, and refused with the name of the limit and the excess."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    Visitor,
    get_introspection_query,
    parse,
    visit,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from app.graphql.documents import MAX_CACHED_BYTES, Documents
from app.graphql.executor import Executor
from app.graphql.limits.analysis import analyse
from app.graphql.limits.policy import KEYS, DocumentLimits, Price, check_size, count_tokens, price_of
from resolvers.root import schema
from sql.errors import QueryTooComplex
from tests.resolvers.conftest import Api

LIMITS = DocumentLimits()
WEB_DOCUMENTS = Path(__file__).parents[2] / "web" / "src" / "gql" / "gql.ts"
FIRST_N = "query Page($n: Int = 7, $m: Int) { messages(first: $n, last: $m) { edges { node { id } } } }"


def chain(length: int, body: str) -> str:
    """Fragments on Conversation; `%s` in each is replaced by the name of the next."""
    links = [f"fragment F{n} on Conversation {{ {body.replace('%s', f'F{n + 1}')} }}" for n in range(length)]
    return " ".join(
        ["{ conversations { edges { node { ...F0 } } } }", *links, f"fragment F{length} on Conversation {{ id }}"]
    )


BOMBS = {
    "doubled spreads": chain(25, "...%s ...%s"),
    "tripled spreads": chain(40, "...%s ...%s ...%s"),
    "doubled fields": chain(20, "a: messages { edges { node { conversation { ...%s } } } } "
                                "b: messages { edges { node { conversation { ...%s } } } }"),
    "a long chain": chain(95, "...%s"),
    "fields that repeat": "{ viewer { " + "id " * 1990 + "} }",
    "objects that repeat": "{ " + "viewer { id } " * 490 + "}",
    "spreads that repeat": "{ viewer { " + "...F " * 900 + "} } fragment F on Viewer { id }",
    "many fragments": "{ viewer { " + " ".join(f"...F{n}" for n in range(240)) + " } } "
                      + " ".join(f"fragment F{n} on Viewer {{ id }}" for n in range(240)),
    "many operations": " ".join(f"query Q{n} {{ ...F }}" for n in range(300))
                       + " fragment F on Query { viewer { id } }",
    "inline fragments": "{ viewer { " + "... { " * 150 + "id" + " }" * 150 + " } }",
    "directives": "{ viewer { id " + "@include(if: true) " * 300 + "} }",
    "unknown fields": "{ " + " ".join(f"x{n}" for n in range(1990)) + " }",
    "a deep list": "{ messages(first: " + "[" * 150 + "]" * 150 + ") { edges { cursor } } }",
    "nested introspection": "{ __schema { types { " + "fields { type { " * 30 + "name" + " } }" * 30 + " } } }",
    "two introspections": "query { a: __schema { types { name fields { name } } } "
                          + get_introspection_query().split("{", 1)[1],
    "a circle": "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A ...A }",
}  # fmt: skip


class Counted:
    """Prices that count their calls: one for each field that the analysis visits."""

    def __init__(self) -> None:
        self.asked = 0

    def price_of(self, field: GraphQLField) -> Price:
        self.asked += 1
        return Price()


class Fields(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = 0

    def enter_field(self, node: FieldNode, *rest: Any) -> None:
        self.found += 1


def fields_in(document: DocumentNode) -> int:
    fields = Fields()
    visit(document, fields)
    return fields.found


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS.keys())
def test_the_analysis_of_a_hostile_document_is_linear_in_its_size(query: str) -> None:
    assert count_tokens(query) <= LIMITS.tokens + 300
    document, prices = parse(query), Counted()
    try:
        for cost in analyse(schema._schema, document, LIMITS, prices.price_of, 20).values():
            cost.of({})
    except (QueryTooComplex, GraphQLError):
        pass
    assert prices.asked <= fields_in(document)


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS.keys())
async def test_a_hostile_document_executes_at_most_one_statement(api: Api, query: str) -> None:
    try:
        operation = api.executor.prepare(query, "Q0" if "query Q0" in query else None)
    except api.executor.refused:
        return
    context = await api.context("ann")
    api.database.statements.clear()
    response = await api.executor.execute(operation, {}, context)
    assert [error["extensions"]["code"] for error in response.get("errors", ())] in ([], ["QUERY_TOO_COMPLEX"])
    assert len(api.database.statements) <= 1


names = st.sampled_from(["A", "B", "C", "D"])
selections = st.recursive(
    st.one_of(st.just("id"), st.just("title"), names.map("...{}".format), st.just("x: id @skip(if: false)")),
    lambda inner: st.lists(inner, min_size=1, max_size=4).flatmap(
        lambda parts: st.sampled_from(
            [
                "messages(last: 3) { edges { node { conversation { %s } } } }",
                "intents { edges { node { history { at } conversation { %s } } } }",
                "... on Conversation { %s }",
                "... @include(if: true) { %s }",
            ]
        ).map(lambda shape: shape.replace("%s", " ".join(parts)))
    ),
    max_leaves=12,
)
sets = st.lists(selections, min_size=1, max_size=4).map(" ".join)


def count_by_brute_force(document: DocumentNode) -> dict[str, int]:
    """The same counts by brute force: every fragment is visited at each spread."""
    operation, *definitions = cast(Any, document.definitions)
    fragments = {node.name.value: node for node in definitions}

    def walk(selected: Any, numbers: dict[str, int], level: int, trail: tuple[str, ...]) -> None:
        seen: set[str] = set()
        for node in selected.selections:
            numbers["directives"] += len(node.directives or ())
            if node.kind == "field":
                key = (node.alias or node.name).value
                numbers["aliases"] += node.alias is not None or key in seen
                seen.add(key)
                numbers["depth"] = max(numbers["depth"], level)
                if node.selection_set:
                    walk(node.selection_set, numbers, level + 1, trail)
            elif node.kind == "inline_fragment":
                walk(node.selection_set, numbers, level, trail)
            else:
                name = node.name.value
                if name in trail:
                    raise RecursionError
                numbers["spreads"] += 1
                walk(fragments[name].selection_set, numbers, level, (*trail, name))

    numbers = {"depth": 0, "aliases": 0, "directives": 0, "spreads": 0}
    walk(operation.selection_set, numbers, 1, ())
    return numbers


@settings(max_examples=150, deadline=None)
@given(sets, sets, sets, sets, sets)
def test_the_analysis_counts_like_visiting_every_spread(root: str, a: str, b: str, c: str, d: str) -> None:
    query = f"{{ conversations {{ edges {{ node {{ {root} }} }} }} }} " + " ".join(
        f"fragment {name} on Conversation {{ {body} }}" for name, body in zip("ABCD", (a, b, c, d), strict=True)
    )
    document = parse(query)
    tight = DocumentLimits(depth=4, aliases=1, directives=1, spreads=4)
    try:
        expected = count_by_brute_force(document)
    except RecursionError:
        with pytest.raises((GraphQLError, QueryTooComplex)):
            analyse(schema._schema, document, tight, lambda field: Price(), 20)
        return
    limit_of = {key: limit for limit, key in KEYS.items()}
    over = [name for name, number in expected.items() if number > getattr(tight, name)]
    refused: Mapping[str, Any] = {}
    try:
        analyse(schema._schema, document, tight, lambda field: Price(), 20)
    except QueryTooComplex as refusal:
        refused = {"limit": limit_of[refusal.key], **refusal.params}
    assert bool(refused) == bool(over)
    if refused:
        assert refused["limit"] in over
        assert refused["given"] == expected[refused["limit"]]


def cost_of(query: str, **variables: Any) -> int:
    operation = Documents(schema._schema, LIMITS).operation(query, None)
    return operation.price(variables).points


def test_a_page_multiplies_the_cost_of_each_row() -> None:
    assert cost_of("{ viewer { id } }") == 2
    assert cost_of("{ messages(first: 50) { edges { node { id } } } }") == 1 + 50 * 3 - 50 + 1
    assert cost_of("{ messages { edges { node { id } } } }") == 1 + 1 + 20 * 2
    assert cost_of("{ messages(last: 3) { pageInfo { endCursor } } }") == 3


@pytest.mark.parametrize(
    ("variables", "rows"),
    [({}, 7), ({"n": 3}, 3), ({"n": None, "m": 5}, 5), ({"n": None}, 20), ({"n": -4}, 0), ({"n": 12.0}, 12)],
)
def test_a_page_size_in_a_variable_counts_as_given(variables: dict[str, Any], rows: int) -> None:
    operation = Documents(schema._schema, LIMITS).operation(FIRST_N, None)
    computed, cached = operation.price(variables), operation.price(variables)
    assert computed.points == cached.points == 2 + 2 * rows


def test_a_fragment_on_a_connection_counts_with_its_page() -> None:
    query = """{ messages(first: 100) { ...Rows } intents(first: 2) { edges { node { id } } } }
        fragment Rows on MessageConnection { edges { node { ...Row } } } fragment Row on Message { id content }"""
    assert cost_of(query) == (2 + 100 * 7) + (2 + 2 * 2)


def test_long_texts_cost_more_than_other_fields() -> None:
    assert cost_of("{ memories(first: 10) { edges { node { content } } } }") == 2 + 10 * (1 + 5)
    revisions = "{ specifications(first: 10) { edges { node { revisions { content title } } } } }"
    assert cost_of(revisions) == 2 + 10 * (2 + 5 * (5 + 1))


def test_only_the_most_expensive_of_several_object_types_counts() -> None:
    branches = "... on Memory { content } ... on Intent { id status } ... on Memory { id }"
    assert cost_of(f'{{ node(id: "x") {{ id {branches} }} }}') == 1 + 1 + (5 + 1)
    paged = "... on Conversation { messages(first: $n) { edges { cursor } } }"
    query = f'query($n: Int) {{ node(id: "x") {{ ... on Memory {{ content }} {paged} }} }}'
    assert [cost_of(query, n=n) for n in (1, 100)] == [1 + 5, 1 + 1 + 1 + 100]
    spread = '{ node(id: "x") { ...A ...B } } fragment A on Memory { content } fragment B on Intent { id }'
    assert cost_of(spread) == 1 + 5
    assert cost_of('{ conversation(id: "x") { ... on Conversation { id } ... on Conversation { id title } } }') == 1 + 3


def test_each_operation_of_the_web_client_costs_at_most_two_thirds_of_the_limit() -> None:
    written = re.findall(r'^    ("(?:[^"\\]|\\.)+"): typeof', WEB_DOCUMENTS.read_text(), re.MULTILINE)
    texts = [json.loads(each) for each in dict.fromkeys(written)]
    fragments = re.findall(r"\bfragment \w+ on ", "".join(texts))
    merged = parse("".join(texts))
    costs = analyse(schema._schema, merged, replace(LIMITS, spreads=len(fragments)), price_of, 20)
    dear = {str(name): cost.of({}).points for name, cost in costs.items()}
    assert len(dear) > 50
    assert {name: points for name, points in dear.items() if points > LIMITS.cost * 2 / 3} == {}


def test_the_full_introspection_query_is_within_the_limits() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert cost_of(query) <= LIMITS.cost


def test_lists_without_pages_have_an_estimate_and_nested_pages_multiply() -> None:
    assert cost_of("{ messages(first: 10) { edges { node { intents { id } } } } }") == 2 + 10 * (2 + 5)
    nested = "{ conversations(first: 10) { edges { node { messages(last: 5) { edges { node { id } } } } } } }"
    assert cost_of(nested) == 2 + 10 * (2 + 1 + 5 * 2)


@pytest.mark.parametrize(
    ("name", "query", "requested"),
    [
        ("depth", "{ conversations { edges { node { " + "messages { edges { node { conversation { " * 3 + "id"
         + " } } } }" * 3 + " } } } }", 16),
        ("aliases", "{ viewer { " + " ".join(f"a{n}: id" for n in range(31)) + " } }", 31),
        ("directives", "{ viewer { " + "id @include(if: true) " * 20 + "role "
         + "@skip(if: false) " * 40 + "} }", 60),
        ("root_fields", "{ " + " ".join(f"a{n}: __typename" for n in range(21)) + " }", 21),
        ("tokens", "{ " + "a " * 3000 + "}", 3002),
        ("characters", "{ viewer { id } } #" + "x" * 70_000, 70_019),
        ("cost", "{ conversations(first: 100) { edges { node { messages(first: 100) { edges { cursor } } } } } }",
         2 + 100 * (2 + 1 + 100)),
    ],
)  # fmt: skip
async def test_a_refusal_names_the_limit_and_by_how_much(api: Api, name: str, query: str, requested: int) -> None:
    try:
        response = await api(query)
    except api.executor.refused as refused:
        response = refused.response()
    [error] = response["errors"]
    allowed = getattr(LIMITS, name)
    assert "data" not in response
    assert error["extensions"] == {
        "code": "QUERY_TOO_COMPLEX",
        "key": KEYS[name],
        "params": {"given": requested, "maximum": allowed},
    }
    assert f"{allowed:,}" in error["message"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='{}()[]:!|@$&= \n\t,ab_1.9-"\\#é\ufeff', max_size=60))
def test_tokens_are_counted_like_in_the_parser(text: str) -> None:
    try:
        parse("{ a } #\n" + text)
    except GraphQLError:
        return  # only a valid document has a number of tokens
    counted = count_tokens(text) + 3
    with pytest.raises(GraphQLError, match="tokens"):
        parse("{ a } #\n" + text, max_tokens=counted)
    parse("{ a } #\n" + text, max_tokens=counted + 1)  # the parser counts the end of the text as well


@pytest.mark.parametrize("text", ['"' * 60_000, '"""' + "\\" * 60_000, '"""' + '\\"""' * 15_000, '"\\' * 30_000])
def test_unterminated_strings_are_counted_quickly(text: str) -> None:
    check_size(DocumentLimits(tokens=100_000), text)


def test_the_cache_is_bounded() -> None:
    documents = Documents(schema._schema, LIMITS)
    for number in range(250):
        documents.operation(
            f"query Q{number} {{ viewer {{ {'id ' * 20} }} }}".replace("{ viewer", "{ __typename viewer"), None
        )
        documents.operation(
            f"query R{number} {{ messages(first: {number}) {{ " + "edges { cursor } " * 30 + "} }", None
        )
    assert documents._cached_bytes <= MAX_CACHED_BYTES
    assert documents._cached_bytes == sum(each.size for each in documents._cached.values())


async def test_introspection_can_be_disabled() -> None:
    closed = Executor(
        schema._schema, documents=Documents(schema._schema, LIMITS, introspection=False, suggestions=False)
    )
    with pytest.raises(closed.refused, match="introspection"):
        closed.prepare("{ __schema { types { name } } }")
    with pytest.raises(closed.refused) as refused:
        closed.prepare("{ viewr { id } }")
    assert "Did you mean" not in str(refused.value)
    closed.prepare("{ viewer { __typename } }")
