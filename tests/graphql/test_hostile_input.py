"""Input that JSON or GraphQL can express but the service cannot use: refused with the reason, never INTERNAL."""

import json
from typing import Any

import httpx
import pytest

from tests.resolvers.conftest import Api

SEND = 'mutation($m: JSON) { sendMessage(input: {content: "x", metadata: $m}) { message { metadata } } }'
PAGE = "query($n: Int) { messages(first: $n) { edges { cursor } } }"
FAR = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59")


async def post(http: httpx.AsyncClient, body: bytes | str, content_type: str = "application/json") -> httpx.Response:
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return await http.post("/graphql", content=content, headers={"content-type": content_type})


def key_of(response: httpx.Response) -> str:
    key: str = response.json()["errors"][0]["extensions"]["key"]
    return key


async def test_a_body_that_is_json_but_not_usable_is_refused_with_the_reason(http: httpx.AsyncClient) -> None:
    query = '"query": "{ viewer { id } }"'
    bodies = {
        '{%s, "variables": {"a": "\\ud800"}}': "request.unpaired_surrogate",
        '{%s, "variables": {"a": "\\udc00x"}}': "request.unpaired_surrogate",
        '{%s, "variables": {"a": "\\ud800\\u0041"}}': "request.unpaired_surrogate",
        '{%s, "variables": {"a": "\ud800"}}': "request.wrong_encoding",
        '{%s, "variables": {"a": 1e400}}': "request.number_too_large",
        '{%s, "variables": {"a": -1e999}}': "request.number_too_large",
        '{%s, "variables": {"a": ' + "1" * 5000 + "}}": "request.number_too_large",
        '{%s, "variables": {"a": ' + "[" * 1100 + "]" * 1100 + "}}": "request.nested_too_deeply",
        '{%s, "variables": {"a": NaN}}': "request.invalid_json",
    }
    for body, key in bodies.items():
        response = await post(http, body.replace("%s", query))
        assert (response.status_code, key_of(response)) == (400, key), body[:60]


@pytest.mark.parametrize("levels", [255, 500, 1000])
async def test_variables_nested_deeply_are_refused_where_they_are_stored(http: httpx.AsyncClient, levels: int) -> None:
    nested = '{"a": ' * levels + "1" + "}" * levels
    sent = await post(http, f'{{"query": {json.dumps(SEND)}, "variables": {{"m": {nested}}}}}')
    assert key_of(sent) == "metadata.nested_too_deeply"
    for name in ("n", "unknown"):
        answer = await post(http, f'{{"query": {json.dumps(PAGE)}, "variables": {{"{name}": {nested}}}}}')
        assert "INTERNAL" not in answer.text


async def test_metadata_is_stored_as_it_was_sent(http: httpx.AsyncClient) -> None:
    metadata = {
        "path": "C:\\u0000temp",
        "\\u0000": ["\\\\u0000"],
        "emoji": "😀",
        "deep": [[[[1.5, -0.0, 2**53, None]]]],
    }
    response = await http.post("/graphql", json={"query": SEND, "variables": {"m": metadata}})
    assert response.json()["data"]["sendMessage"]["message"]["metadata"] == metadata


@pytest.mark.parametrize("value", ['{a: "\\u0000"}', "{a: 1e999}", "{a: [-1e400]}", '{a: [["x\\u0000y"]]}'])
async def test_metadata_in_the_document_is_not_changed_silently(http: httpx.AsyncClient, value: str) -> None:
    query = f'mutation {{ sendMessage(input: {{content: "x", metadata: {value}}}) {{ message {{ id }} }} }}'
    response = await http.post("/graphql", json={"query": query})
    assert key_of(response) in ("input.null_character", "input.number_too_large")


@pytest.mark.parametrize("size", ["1e30", "-1e30", "1e308", "2147483648", "1" * 300, "1.5", "true", '"5"', "[5]"])
async def test_a_page_size_that_is_no_int_is_refused_as_such(http: httpx.AsyncClient, size: str) -> None:
    response = await post(http, f'{{"query": {json.dumps(PAGE)}, "variables": {{"n": {size}}}}}')
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Int cannot represent" in error["message"]


async def test_times_near_the_ends_of_the_calendar_are_refused(api: Api) -> None:
    queries = {
        '{ search(query: "x", since: "%s") { score } }',
        '{ search(query: "x", until: "%s") { score } }',
        'mutation { createIntent(input: {description: "x", dueAt: "%s"}) { id } }',
        'mutation { saveMemory(input: {content: "x", expiresAt: "%s"}) { id } }',
    }
    for query in queries:
        for time in FAR:
            [error] = (await api(query % time))["errors"]
            assert error["extensions"]["key"] == "input.time_out_of_range", (query, time)


async def test_a_cursor_of_any_length_is_refused(api: Api) -> None:
    await api.data('mutation { sendMessage(input: {content: "x"}) { message { id } } }')
    cursor = (await api.data("{ messages { pageInfo { endCursor } } }"))["messages"]["pageInfo"]["endCursor"]
    query = "query($c: String) { messages(after: $c) { edges { cursor } } }"
    assert (await api.data(query, c=cursor))["messages"]["edges"] == []
    assert await api.code(query, c=cursor + "!" * 1000) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset=utf8", 200),
        ('application/json; charset="UTF-8"', 200),
        ("Application/JSON;Charset=Utf_8", 200),
        ("application/json; charset=us-ascii", 200),
        ("application/json; profile=x; charset=utf-8", 200),
        ("application/json;", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin1", 415),
        ("application/json; charset=nothing", 415),
        ("text/plain; charset=utf-8; x=application/json", 415),
        ("application/json, text/plain", 415),
    ],
)
async def test_every_name_of_utf_8_is_accepted(http: httpx.AsyncClient, content_type: str, status: int) -> None:
    assert (await post(http, '{"query": "{ viewer { id } }"}', content_type)).status_code == status


async def test_a_byte_order_mark_before_the_json_is_ignored(http: httpx.AsyncClient) -> None:
    response = await post(http, b'\xef\xbb\xbf{"query": "{ viewer { id } }"}')
    assert response.json() == {"data": {"viewer": {"id": "ann"}}}


async def test_a_probe_for_persisted_queries_is_told_to_send_the_document(http: httpx.AsyncClient) -> None:
    extensions: dict[str, Any] = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    probe = {"operationName": "Q", "variables": {}, "extensions": extensions}
    answers = [
        await http.post("/graphql", json=probe),
        await http.get("/graphql", params={"extensions": json.dumps(extensions)}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        [error] = answer.json()["errors"]
        assert error["message"] == "PersistedQueryNotSupported"  # by which clients recognise it
        assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"
    full = {"query": "query Q { viewer { id } }", **probe}
    assert (await http.post("/graphql", json=full)).json() == {"data": {"viewer": {"id": "ann"}}}
