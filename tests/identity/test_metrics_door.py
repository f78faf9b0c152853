"""/metrics in AUTH_MODE=token: from this machine, or with its own token."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.identity.middleware import MetricsAccess

TOKEN = "the-token-for-metrics"


def asking_from(address: str, token: str | None = TOKEN) -> httpx.AsyncClient:
    async def metrics(request: Request) -> Response:
        return PlainTextResponse("figures")

    app = MetricsAccess(Starlette(routes=[Route("/metrics", metrics), Route("/other", metrics)]), token)
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://house.example")


@pytest.fixture
async def far() -> AsyncIterator[httpx.AsyncClient]:
    async with asking_from("203.0.113.7") as client:
        yield client


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
async def test_a_collector_on_this_machine_reads_them(address: str) -> None:
    async with asking_from(address, None) as near:
        assert (await near.get("/metrics")).text == "figures"


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip"])
async def test_what_a_proxy_on_this_machine_hands_on_is_not_local(name: str) -> None:
    async with asking_from("127.0.0.1") as proxied:
        assert (await proxied.get("/metrics", headers={name: "203.0.113.7"})).status_code == 403


async def test_everybody_else_needs_the_token(far: httpx.AsyncClient) -> None:
    assert (await far.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text == "figures"
    for wrong in ("", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer x"):
        for path in ("/metrics", "/metrics/"):
            refused = await far.get(path, headers={"authorization": wrong})
            assert refused.status_code == 403
            assert "figures" not in refused.text
    assert (await far.get("/other")).text == "figures"


async def test_without_a_token_nobody_far_away_reads_them() -> None:
    async with asking_from("203.0.113.7", None) as far:
        for header in ("Bearer ", "Bearer None", ""):
            assert (await far.get("/metrics", headers={"authorization": header.strip()})).status_code == 403
