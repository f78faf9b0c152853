"""Documents that are short but expensive: bounded before the expensive step, by counts and not by time."""

import sys
from contextlib import suppress
from random import Random

import pytest
from graphql import GraphQLError, parse

from app.graphql.documents import MAX_CACHED_BYTES, Documents, RequestRefused
from app.graphql.limits.analysis import analyse
from app.graphql.limits.policy import DocumentLimits, count_tokens, price_of
from app.graphql.operation import Operation
from app.identity.anonymous import MAX_CHARACTERS, only_signs_in
from resolvers.root import schema
from sql.errors import QueryTooComplex

LIMITS = DocumentLimits()
FIELD = "messages(first:1 last:null){pageInfo{hasNextPage}}"
TYPES = ("Message", "Intent", "Specification", "Decision", "Memory")
IN_CONVERSATION = "{conversations(first:1){edges{node{%s}}}}"


def documents(limits: DocumentLimits = LIMITS) -> Documents:
    return Documents(schema._schema, limits)


def key_of_refusal(query: str) -> tuple[str, dict[str, int]]:
    with pytest.raises(RequestRefused) as refused:
        documents().operation(query, None)
    extensions = refused.value.response()["errors"][0]["extensions"]
    return extensions["key"], extensions["params"]


@pytest.mark.parametrize("separator", ["-", "-1.5e3-", "-0", ",-", " "])
def test_numbers_without_spaces_count_as_the_tokens_that_the_parser_reads(separator: str) -> None:
    numbers = f"1{separator}" * 3000 + "1"
    query = f"mutation {{ markNotificationsRead(ids: [{numbers}]) }}"
    key, params = key_of_refusal(query)
    assert key == "query.too_many_tokens"
    assert params["given"] > 3000


def test_every_token_count_is_at_least_that_of_the_parser() -> None:
    random, valid = Random(7), 0
    for _ in range(300):
        query = (
            "{a(x:["
            + "".join(random.choices(["1", "-1", "1.5", "-0", "-0.1e5", "2E+3", " ", ",", '"a"', "$b"], k=6))
            + "])}"
        )
        with suppress(GraphQLError):  # only a valid document has a number of tokens
            parse(query)
            valid += 1
            assert parse(query, max_tokens=count_tokens(query) + 1)
    assert valid > 50


REPEATED = {
    "inline fragments": IN_CONVERSATION % (f"...{{{FIELD}}}" * 110),
    "fragments": "{viewer{" + " ".join(f"...F{n}" for n in range(99)) + "}}"
    + " ".join(f"fragment F{n} on Viewer {{ id displayName role __typename }}" for n in range(99)),
    "nested inline fragments": "{viewer{" + "...{" * 150 + "...{id}" * 50 + "}" * 150 + "}}",
    "below repeated fields": IN_CONVERSATION
    % (("...{messages(first:1){" + "...{pageInfo{hasNextPage}}" * 12 + "}}") * 12),
}  # fmt: skip


@pytest.mark.parametrize("query", REPEATED.values(), ids=REPEATED.keys())
def test_fields_of_the_same_name_are_counted_across_fragments_before_validation_compares_them(query: str) -> None:
    key, params = key_of_refusal(query)
    assert key == "query.too_many_comparisons"
    assert params["maximum"] == LIMITS.comparisons


def test_fragments_on_several_types_may_select_the_same_fields() -> None:
    fields = "... on %s { id createdAt __typename }"
    query = '{ search(query: "x") { node { ' + " ".join(fields % name for name in TYPES) + " } } }"
    documents().operation(query, None)


def test_comparisons_are_bounded_by_the_pairs_of_equal_names() -> None:
    for repeated in (2, 5, 9):
        query = "{ viewer { " + "... { id displayName } " * repeated + "} }"
        tight = DocumentLimits(comparisons=2 * repeated * (repeated - 1) - 1)
        with pytest.raises(QueryTooComplex):
            analyse(schema._schema, parse(query), tight, price_of, 20)
        analyse(schema._schema, parse(query), DocumentLimits(comparisons=2 * repeated * (repeated - 1)), price_of, 20)


def test_the_cache_is_bounded_in_bytes() -> None:
    kept = documents()
    texts = [f"{{ __typename }} #{n} {'あ' * 60_000}" for n in range(160)]
    for text in texts:
        kept.operation(text, None)
    assert sum(sys.getsizeof(text) for text in kept._cached) <= MAX_CACHED_BYTES
    assert kept._cached_bytes <= MAX_CACHED_BYTES
    assert kept._cached_bytes == sum(each.size for each in kept._cached.values())


def test_a_price_is_not_cached_for_a_page_size_that_is_no_number() -> None:
    query = "query($n: Int) { messages(first: $n) { edges { cursor } } }"
    operation: Operation = documents().operation(query, None)
    for value in ("x" * 1000, ["x"], {"a": 1}):
        operation.price({"n": value})
    assert operation._prices == {}


@pytest.mark.parametrize("size", [1e30, -1e30, float("inf"), 2**70, 10**400])
def test_a_page_size_that_is_no_int_has_no_cost_because_coercion_refuses_it(size: float) -> None:
    operation = documents().operation("query($n: Int) { messages(first: $n) { edges { cursor } } }", None)
    assert operation.price({"n": size}).points == 2


LONG = "1" * 5000
LONG_NUMBERS = {
    f"{{ messages(first: {LONG}) {{ edges {{ cursor }} }} }}": "query.number_too_long",
    f"query($n: Int = {LONG}) {{ messages(first: $n) {{ edges {{ cursor }} }} }}": "query.number_too_long",
    f"{{ viewer {{ id @include(if: -{LONG}.5e-3) }} }}": "query.number_too_long",
    f"{{ messages(first: {LONG[:1000]}) {{ edges {{ cursor }} }} }}": "query.invalid",
    f"query($n: Int = {LONG[:1000]}) {{ messages(first: $n) {{ edges {{ cursor }} }} }}": "query.invalid",
}


@pytest.mark.parametrize(("query", "key"), LONG_NUMBERS.items(), ids=range(len(LONG_NUMBERS)))
def test_a_number_of_many_digits_is_refused(query: str, key: str) -> None:
    assert key_of_refusal(query)[0] == key


def test_each_error_of_a_document_is_reported_once_with_its_places() -> None:
    query = "{ viewer { " + "id @nope " * 10 + "role @other } }"
    with pytest.raises(RequestRefused) as refused:
        documents().operation(query, None)
    errors = refused.value.response()["errors"]
    assert [each["message"] for each in errors] == ["Unknown directive '@nope'.", "Unknown directive '@other'."]
    assert len(errors[0]["locations"]) == 10


def test_the_document_of_a_request_without_a_credential_has_a_limit_of_its_own() -> None:
    sign_in = 'mutation { signIn(input: {name: "%s", password: "x"}) { userId } }'
    assert only_signs_in(sign_in % "ann")
    assert not only_signs_in(sign_in % ("a" * MAX_CHARACTERS))
