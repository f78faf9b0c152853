"""A server with production limits: it accepts the documents of its own web client and no others."""

import httpx
import pytest
from playwright.async_api import Page, expect
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.journeys.conftest import System
from tests.journeys.test_first_message import say

CLOSED = {
    "GRAPHQL_TRUSTED_DOCUMENTS_ONLY": "true",
    "GRAPHQL_INTROSPECTION": "false",
    "GRAPHQL_SUGGESTIONS": "false",
    "GRAPHQL_GRAPHIQL": "false",
}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("system", [CLOSED], indirect=True)
async def test_the_web_client_works_where_only_its_own_documents_are_accepted(system: System, page: Page) -> None:
    await page.goto(system.url)
    await say(page, "what is a lease?")
    await expect(page.get_by_role("log").get_by_text("You said: what is a lease?")).to_be_visible()
    await page.goto("about:blank")
    async with httpx.AsyncClient(base_url=system.url) as client:
        refused = await client.post("/graphql", json={"query": "{ viewer { id } }"})
        assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert (await client.get("/graphiql")).status_code == 404
    address = f"{system.url}/graphql".replace("http", "ws", 1)
    async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        await socket.send('{"type": "connection_init"}')
        await socket.recv()
        await socket.send('{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { id } }"}}')
        assert "FORBIDDEN" in str(await socket.recv())
