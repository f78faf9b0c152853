"""The real Claude Code program with the MCP server and a scripted model."""

import json

from tests.fakes.messages_api import Scripted
from tests.live.backend import Served
from tests.mcp.claude_code import ClaudeCode

RECORD, SEARCH = "mcp__resonant__record_decision", "mcp__resonant__search"


async def test_claude_code_lists_the_server_as_connected(served: Served, claude: ClaudeCode) -> None:
    await claude.run("mcp", "add", "--transport", "http", "resonant", f"{served.address}/mcp")
    assert "Connected" in await claude.run("mcp", "list")


async def test_claude_code_records_a_decision_and_searches(served: Served, claude: ClaudeCode) -> None:
    servers = {"mcpServers": {"resonant": {"type": "http", "url": f"{served.address}/mcp"}}}
    assert claude.api is not None
    claude.api.script(
        Scripted(pieces=["I record it."], tool=(RECORD, {"title": "Use Redis for the queue"})),
        Scripted(pieces=["I search."], tool=(SEARCH, {"query": "Redis"})),
        Scripted(pieces=["Done."]),
    )
    options = ("--mcp-config", json.dumps(servers), "--strict-mcp-config", "--allowedTools", f"{RECORD},{SEARCH}")
    result = await claude.ask("Record that we use Redis.", *options)
    assert result["result"] == "Done."
    row = await served.services.database.pool.fetchrow("SELECT title, status FROM decisions")
    assert row is not None
    assert (row["title"], row["status"]) == ("Use Redis for the queue", "proposed")
    assert await served.services.database.pool.fetchval("SELECT actor FROM actions") == "agent:claude-code"
    assert "Use Redis for the queue" in str(claude.api.requests[-1]["messages"])  # what the search found
