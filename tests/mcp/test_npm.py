"""The npm clients of both protocol generations, the inspector and the conformance suite of the protocol."""

import json
from pathlib import Path

import pytest

from tests.live.backend import Served
from tests.mcp.clients import VERSIONS
from tests.node_scripts import run_node

pytestmark = pytest.mark.node
CONFORMANCE = "node_modules/@modelcontextprotocol/conformance/dist/index.js"
INSPECTOR = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"
# The scenarios that need no tool, resource or prompt made for them.
SCENARIOS = ("server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "dns-rebinding-protection")


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_npm_client_calls_tools_and_reads(served: Served, version: str) -> None:
    got = json.loads(await run_node("mcp_client.mjs", f"{served.address}/mcp", version, timeout=60))
    assert got["made"]["status"] == "DONE"
    assert [each["title"] for each in got["items"]] == ["Use PostgreSQL"]
    assert got["failed"] is True
    assert (got["read"], got["prompts"]) == ("Use PostgreSQL", ["start_task", "record_decisions"])
    assert "Write the migration" in got["prompt"]
    assert await served.services.database.pool.fetchval("SELECT actor FROM actions") == "agent:npm-client"


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_the_server_conforms(served: Served, scenario: str) -> None:
    shown = await run_node(CONFORMANCE, "server", "--url", f"{served.address}/mcp", "--scenario", scenario, timeout=60)
    assert "0 failed" in shown, shown


async def test_the_inspector_lists_and_calls_tools(served: Served, tmp_path: Path) -> None:
    target = (INSPECTOR, "--cli", f"{served.address}/mcp", "--transport", "http")
    listed = json.loads(await run_node(*target, "--method", "tools/list", timeout=60, home=tmp_path))
    assert "record_decision" in [each["name"] for each in listed["tools"]]
    call = ("--method", "tools/call", "--tool-name", "record_decision", "--tool-arg", "title=PostgreSQLを使う")
    made = json.loads(await run_node(*target, *call, timeout=60, home=tmp_path))["structuredContent"]
    assert (made["status"], made["kind"]) == ("DONE", "decision")
