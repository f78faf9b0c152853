"""GraphQL over HTTP: status codes, media types, and requests that are refused before GraphQL reads them."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from structlog.testing import capture_logs

from tests.node_scripts import run_node
from tests.resolvers.conftest import Api

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
VIEWER = "{ viewer { id } }"
MUTATION = 'mutation { sendMessage(input: {content: "hi"}) { message { id } } }'


async def test_every_audit_of_graphql_over_http_passes(endpoint_url: str) -> None:
    results = [json.loads(line) for line in (await run_node("http_audits.mjs", endpoint_url)).splitlines()]
    assert len(results) == 61
    assert [result for result in results if result["status"] != "ok"] == []


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.1, {JSON}", JSON),
        ("application/*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL_RESPONSE),
    ],
)
async def test_the_response_has_the_media_type_that_the_client_prefers(
    http: httpx.AsyncClient, accept: str, content_type: str
) -> None:
    response = await http.post("/graphql", json={"query": VIEWER}, headers={"accept": accept})
    assert response.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert response.json() == {"data": {"viewer": {"id": "ann"}}}


async def test_a_client_that_accepts_neither_type_gets_the_list_of_types(http: httpx.AsyncClient) -> None:
    response = await http.post("/graphql", json={"query": VIEWER}, headers={"accept": "image/png"})
    assert response.status_code == 406
    assert GRAPHQL_RESPONSE in response.json()["errors"][0]["message"]


async def test_long_lists_in_headers_and_addresses_are_not_read_to_the_end(http: httpx.AsyncClient) -> None:
    accept = "image/png," * 6000
    for first, content_type in ((GRAPHQL_RESPONSE, GRAPHQL_RESPONSE), (JSON, JSON)):
        response = await http.post("/graphql", json={"query": VIEWER}, headers={"accept": f"{first},{accept}"})
        assert response.headers["content-type"] == f"{content_type}; charset=utf-8"
    response = await http.post("/graphql", json={"query": VIEWER}, headers={"accept": f"{accept}{JSON}"})
    assert response.status_code == 406
    response = await http.get(f"/graphql?query={VIEWER}" + "&a=b" * 10_000)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["key"] == "request.too_many_parameters"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b'"text"',
        b"[]",
        b'[{"query": "{ viewer { id } }"}]',
        b"{}",
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": "{ viewer { id } }", "variables": []}',
        b'{"query": "{ viewer { id } }", "variables": "x"}',
        b'{"query": "{ viewer { id } }", "operationName": 7}',
        b'{"query": "{ viewer { id } }", "extensions": []}',
        b'{"query": "\\ud800"}',
        b"\xff\xfe",
    ],
)
async def test_an_invalid_body_is_refused_with_a_json_error(http: httpx.AsyncClient, body: bytes) -> None:
    response = await http.post("/graphql", content=body, headers={"content-type": JSON})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_content_types_of_cross_site_forms_are_refused(
    http: httpx.AsyncClient, api: Api, content_type: str
) -> None:
    body = json.dumps({"query": MUTATION}).encode()
    response = await http.post("/graphql", content=body, headers={"content-type": content_type})
    assert response.status_code == 415
    assert await api.database.pool.fetchval("SELECT count(*) FROM messages") == 0


async def test_get_runs_queries_but_not_mutations(http: httpx.AsyncClient, api: Api) -> None:
    assert (await http.get("/graphql", params={"query": VIEWER})).json() == {"data": {"viewer": {"id": "ann"}}}
    refused = await http.get("/graphql", params={"query": MUTATION})
    assert refused.status_code == 405
    assert refused.headers["allow"] == "POST"
    assert await api.database.pool.fetchval("SELECT count(*) FROM messages") == 0


async def test_a_browser_that_opens_the_endpoint_is_redirected_to_graphiql(http: httpx.AsyncClient) -> None:
    response = await http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.status_code == 303
    assert response.headers["location"] == "/graphiql"


async def test_a_body_over_the_limit_is_refused_with_and_without_a_declared_size(http: httpx.AsyncClient) -> None:
    body = b'{"query": "' + b" " * (1024 * 1024) + b'{ viewer { id } }"}'

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    declared = await http.post("/graphql", content=body, headers={"content-type": JSON})
    streamed = await http.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert declared.status_code == streamed.status_code == 413


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_RESPONSE, 400)])
@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nope }",
        "query A { viewer { id } } query B { viewer { id } }",
        "subscription { notificationAdded { cursor } } extend type Query { x: Int }",
        "query($n: Int!) { messages(first: $n) { edges { cursor } } }",
        "{" * 900,
        "{ messages(first: " + "[" * 300 + "]" * 300 + ") { edges { cursor } } }",
        "{ viewer { ...Round } } fragment Round on Viewer { ...Trip } fragment Trip on Viewer { ...Round }",
    ],
)
async def test_an_invalid_document_is_answered_with_errors_and_no_data(
    http: httpx.AsyncClient, query: str, accept: str, status: int
) -> None:
    response = await http.post("/graphql", json={"query": query}, headers={"accept": accept})
    assert response.status_code == status
    assert "data" not in response.json()
    assert all(error["extensions"]["code"] == "BAD_USER_INPUT" for error in response.json()["errors"])


async def test_the_operation_is_chosen_by_name(http: httpx.AsyncClient) -> None:
    query = "query A { viewer { id } } query B { viewer { displayName } }"
    response = await http.post("/graphql", json={"query": query, "operationName": "B"})
    assert response.json() == {"data": {"viewer": {"displayName": "Ann"}}}


async def test_an_unexpected_failure_is_masked_and_has_an_error_id(http: httpx.AsyncClient, api: Api) -> None:
    await api.database.pool.execute("ALTER TABLE conversations RENAME COLUMN title TO headline")
    with capture_logs() as logged:
        answer = await http.post("/graphql", json={"query": "{ conversations { edges { cursor } } }"})
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["errorId"] in [line.get("error_id") for line in logged]
    assert "title" not in json.dumps(error)


async def test_an_unavailable_database_is_reported(http: httpx.AsyncClient, api: Api) -> None:
    await api.context("ann")
    await api.database.close()
    response = await http.post("/graphql", json={"query": VIEWER})
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
