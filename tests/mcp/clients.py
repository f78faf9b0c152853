"""Clients of the official SDK, for both generations of the protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, Implementation, TextContent

from tests.timeouts import TIMEOUT

VERSIONS = {"2025-11-25": "legacy", "2026-07-28": "2026-07-28"}
"""The mode of the client that uses a protocol version."""


@asynccontextmanager
async def connected(
    address: str,
    *,
    version: str = "2026-07-28",
    name: str = "claude-code",
    token: str | None = None,
    path: str = "/mcp",
) -> AsyncIterator[Client]:
    headers = {"user-agent": "program", **({} if token is None else {"authorization": f"Bearer {token}"})}
    async with httpx2.AsyncClient(headers=headers, timeout=TIMEOUT) as http:
        transport = streamable_http_client(address + path, http_client=http)
        client = Client(transport, mode=VERSIONS[version], client_info=Implementation(name=name, version="1"))
        async with client:
            yield client


def text_of(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    """The structured content of a call that succeeds; that of a list without its envelope."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    content = result.structured_content
    return content["items"] if set(content) == {"items"} else content


async def failure_of(client: Client, tool: str, **arguments: Any) -> str:
    """The text of a call that fails."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, result
    return text_of(result)
