"""`python -m app mcp`, with the stdio client of the official SDK."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import Implementation

from tests.identity.conftest import Backend
from tests.live.backend import Served
from tests.mcp.clients import VERSIONS, call, failure_of
from tests.processes import ROOT


@asynccontextmanager
async def over_stdio(*arguments: str, version: str = "2026-07-28") -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "app", "mcp", *arguments], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    client = Client(
        stdio_client(command), mode=VERSIONS[version], client_info=Implementation(name="Cursor", version="1")
    )
    async with client:
        yield client


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_agent_works_over_standard_input_and_output(served: Served, version: str) -> None:
    async with over_stdio("--url", f"{served.address}/mcp", version=version) as agent:
        assert len((await agent.list_tools()).tools) > 10
        made = await call(agent, "remember", content="覚えておくこと")
        assert (await call(agent, "get_record", id=made["id"]))["content"] == "覚えておくこと"
        assert await failure_of(agent, "get_record", id="no id")
        uri = f"resonant://decision/{(await call(agent, 'record_decision', title='t'))['id']}"
        assert (await agent.read_resource(uri)).contents
    assert await served.services.database.pool.fetchval("SELECT DISTINCT actor FROM actions") == "agent:cursor"


async def test_the_token_is_passed_on(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann")
    async with over_stdio("--url", f"{backend.url}/mcp", "--token", token) as agent:
        assert (await call(agent, "remember", content="x"))["status"] == "DONE"


async def test_a_server_that_is_away_is_named(served: Served) -> None:
    async with over_stdio("--url", "http://127.0.0.1:9/mcp") as agent:
        with pytest.raises(Exception, match=r"does not answer at http://127\.0\.0\.1:9/mcp"):
            await agent.list_tools()
