"""Protection of browsers: pages of other sites are refused, and security headers forbid foreign scripts."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.asgi import open_backend
from app.services import open_services
from app.settings import Settings
from tests.asgi_server import serve

QUERY = "{ viewer { id } }"
SEND = 'mutation { sendMessage(input: {content: "hi"}) { message { id } } }'
OTHER_SITE = "https://other.example"
ALLOWED_SITE = "https://allowed.example"


@asynccontextmanager
async def backend(database_url: str, **given: Any) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(_env_file=None, **given)
    async with (
        open_services(settings, database_url, name="test") as services,
        open_backend(services) as app,
        serve(app) as address,
        httpx.AsyncClient(base_url=address) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/c/1", "/graphiql", "/graphql", "/health", "/ready", "/assets/none.js", "/no.png"]
)
async def test_every_response_has_the_security_headers(database_url: str, path: str) -> None:
    async with backend(database_url) as client:
        for headers in ({}, {"origin": OTHER_SITE}, {"host": "rebound.example"}):
            answer = (await client.get(path, headers=headers)).headers
            policy = dict(part.strip().split(" ", 1) for part in answer["content-security-policy"].split(";"))
            assert policy["script-src"] == "'self'"
            assert policy["frame-ancestors"] == "'none'"
            assert policy["base-uri"] == "'none'"
            assert answer["x-content-type-options"] == "nosniff"
            assert answer["cross-origin-resource-policy"] == "same-origin"
            assert answer["x-frame-options"] == "DENY"


@pytest.mark.parametrize("origin", [OTHER_SITE, "null", "http://127.0.0.1.other.example"])
async def test_a_page_of_another_site_is_refused(database_url: str, origin: str) -> None:
    async with backend(database_url) as client:
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
            body = json.dumps({"query": SEND})
            sent = await client.post("/graphql", content=body, headers={"origin": origin, "content-type": content_type})
            assert sent.status_code == 403
            assert "access-control-allow-origin" not in sent.headers
        preflight = {"origin": origin, "access-control-request-method": "POST"}
        asked = await client.options("/graphql", headers=preflight)
        assert asked.status_code == 403
        assert "access-control-allow-origin" not in asked.headers
        count = await client.post("/graphql", json={"query": "{ messages { edges { cursor } } }"})
        assert count.json() == {"data": {"messages": {"edges": []}}}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_an_image_on_another_site_runs_no_query(database_url: str, site: str) -> None:
    async with backend(database_url) as client:
        sent = await client.get("/graphql", params={"query": QUERY}, headers={"sec-fetch-site": site})
        assert sent.status_code == 403
        for own in ("same-origin", "none"):
            sent = await client.get("/graphql", params={"query": QUERY}, headers={"sec-fetch-site": own})
            assert sent.json() == {"data": {"viewer": {"id": "owner"}}}


async def test_only_configured_origins_may_send_requests(database_url: str) -> None:
    async with backend(database_url, server_public_origins=(ALLOWED_SITE,)) as client:
        preflight = {"origin": ALLOWED_SITE, "access-control-request-method": "POST",
                     "access-control-request-headers": "content-type"}  # fmt: skip
        asked = await client.options("/graphql", headers=preflight)
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == ALLOWED_SITE
        sent = await client.post("/graphql", json={"query": QUERY}, headers={"origin": ALLOWED_SITE})
        assert sent.json() == {"data": {"viewer": {"id": "owner"}}}
        assert sent.headers["access-control-allow-origin"] == ALLOWED_SITE
        assert "Origin" in sent.headers["vary"]
        assert (await client.post("/graphql", json={"query": QUERY}, headers={"origin": OTHER_SITE})).status_code == 403


async def test_without_configuration_there_is_no_preflight(database_url: str) -> None:
    async with backend(database_url) as client:
        preflight = {"origin": str(client.base_url).rstrip("/"), "access-control-request-method": "POST"}
        asked = await client.options("/graphql", headers=preflight)
        assert asked.status_code == 405
        assert asked.headers["allow"] == "GET, POST"
        assert "access-control-allow-origin" not in asked.headers


async def test_the_endpoint_uses_the_limits_of_the_settings(database_url: str) -> None:
    async with backend(database_url, graphql_max_depth=1, graphql_max_cost=5, graphql_rate_limit_points=60) as client:

        async def errors(query: str) -> list[Any]:
            found: list[Any] = (await client.post("/graphql", json={"query": query})).json().get("errors", [])
            return [error["extensions"]["key"] for error in found]

        assert await errors(QUERY) == ["query.too_deep"]
        assert await errors("{ " + " ".join(f"a{n}: __typename" for n in range(6)) + " }") == ["query.too_expensive"]
        statuses = [(await client.post("/graphql", json={"query": "{ __typename }"})) for _ in range(70)]
        limited = [answer for answer in statuses if answer.status_code == 429]
        assert limited
        assert int(limited[0].headers["retry-after"]) >= 1


async def test_the_cost_is_reported_on_request(database_url: str) -> None:
    async with backend(database_url) as client:
        asked = {"query": "query($n: Int) { messages(first: $n) { edges { cursor } } }", "variables": {"n": 30},
                 "extensions": {"cost": True}}  # fmt: skip
        answer = (await client.post("/graphql", json=asked)).json()
        assert answer == {
            "data": {"messages": {"edges": []}},
            "extensions": {"cost": {"requested": 32, "allowed": 10_000}},
        }
        asked["variables"] = {"n": 20_000}
        answer = (await client.post("/graphql", json=asked)).json()
        assert answer["extensions"] == {"cost": {"requested": 20_002, "allowed": 10_000}}
        assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
