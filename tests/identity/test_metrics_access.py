"""/metrics with AUTH_MODE=token: allowed for local clients and with the metrics token."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.identity.middleware import MetricsAccess

TOKEN = "the-token-for-metrics"


def client_at(address: str, token: str | None = TOKEN) -> httpx.AsyncClient:
    async def metrics(request: Request) -> Response:
        return PlainTextResponse("figures")

    app = MetricsAccess(Starlette(routes=[Route("/metrics", metrics), Route("/other", metrics)]), token)
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://backend.example")


@pytest.fixture
async def remote() -> AsyncIterator[httpx.AsyncClient]:
    async with client_at("203.0.113.7") as client:
        yield client


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
async def test_local_collector_reads_metrics(address: str) -> None:
    async with client_at(address, None) as local:
        assert (await local.get("/metrics")).text == "figures"


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip"])
async def test_request_forwarded_by_a_local_proxy_is_not_local(name: str) -> None:
    async with client_at("127.0.0.1") as proxied:
        assert (await proxied.get("/metrics", headers={name: "203.0.113.7"})).status_code == 403


async def test_remote_client_needs_the_token(remote: httpx.AsyncClient) -> None:
    assert (await remote.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text == "figures"
    for wrong in ("", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer x"):
        for path in ("/metrics", "/metrics/"):
            refused = await remote.get(path, headers={"authorization": wrong})
            assert refused.status_code == 403
            assert "figures" not in refused.text
    assert (await remote.get("/other")).text == "figures"


async def test_remote_client_is_refused_when_no_token_is_set() -> None:
    async with client_at("203.0.113.7", None) as remote:
        for header in ("Bearer ", "Bearer None", ""):
            assert (await remote.get("/metrics", headers={"authorization": header.strip()})).status_code == 403
