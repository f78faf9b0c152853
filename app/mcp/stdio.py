"""MCP over standard input and output: passes each message on to the server at /mcp, in either protocol version."""

import asyncio
import base64
import contextlib
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx2
import orjson

from app.errors import StartError

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
NAMES = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""The parameter that the header `Mcp-Name` repeats, since protocol version 2026-07-28."""
SECONDS = 120.0
MAX_LINE = 4 * 1024 * 1024
AWAY = -32000
USER_AGENT = "resonant-engine"  # the name of the agent until the client names itself
Json = dict[str, Any]


class StdioBridge:
    """Sends messages to the server; keeps the version and the session that `initialize` agreed on."""

    def __init__(self, url: str, *, token: str | None = None, parameters: Mapping[str, str] | None = None) -> None:
        """`parameters` of the address: `project`, or `repository` and `directory`."""
        self._url = f"{url}?{urlencode(parameters)}" if parameters else url
        headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
        headers["user-agent"] = USER_AGENT
        if token:
            headers["authorization"] = f"Bearer {token}"
        self._http = httpx2.AsyncClient(headers=headers, timeout=SECONDS)
        self._version: str | None = None
        self._session: str | None = None

    async def answer(self, message: Json) -> bytes | None:
        """The server's answer as JSON; None for a notification. A failure to reach the server is an answer, too."""
        try:
            response = await self._http.post(self._url, content=orjson.dumps(message), headers=self._headers(message))
        except httpx2.HTTPError as error:
            return _failure(message, f"Resonant Engine does not answer at {self._url} ({error!r}). Start it: make run")
        if "id" not in message:
            return None
        if not response.headers.get("content-type", "").startswith("application/json"):
            return _failure(message, f"Resonant Engine answered with the HTTP status {response.status_code}.")
        answer = orjson.loads(response.content)
        if message.get("method") == "initialize" and "result" in answer:
            self._version = answer["result"].get("protocolVersion")
            self._session = response.headers.get("mcp-session-id")
        # A refusal before the message was read has no id.
        return orjson.dumps({**answer, "id": message["id"]})

    def _headers(self, message: Json) -> Mapping[str, str]:
        parameters = message.get("params") if isinstance(message.get("params"), dict) else {}
        meta = (parameters or {}).get("_meta")
        version = meta.get(VERSION_KEY) if isinstance(meta, dict) else None
        headers = {} if self._session is None else {"mcp-session-id": self._session}
        if version is None:
            return headers if self._version is None else {**headers, "mcp-protocol-version": self._version}
        method = str(message.get("method"))
        headers |= {"mcp-protocol-version": str(version), "mcp-method": method}
        name = (parameters or {}).get(NAMES.get(method, ""))
        return headers if name is None else {**headers, "mcp-name": _header_value(str(name))}

    async def call(self, tool: str, arguments: Json) -> Json:
        """The structured content of a call. Raises StartError when it fails."""
        parameters = {"name": tool, "arguments": arguments}
        answer = orjson.loads(
            await self.answer({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters}) or b"{}"
        )
        result = answer.get("result") or {}
        if "error" in answer or result.get("isError"):
            raise StartError(answer["error"]["message"] if "error" in answer else result["content"][0]["text"])
        content: Json = result["structuredContent"]
        return content

    async def close(self) -> None:
        await self._http.aclose()


def _header_value(text: str) -> str:
    """The text as a header; encoded as the protocol says when it is not printable ASCII."""
    if text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def _failure(message: Json, text: str) -> bytes | None:
    if "id" not in message:
        return None
    error = {"code": AWAY, "message": text}
    return orjson.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error})


async def run_stdio(bridge: StdioBridge) -> None:
    """Answer the lines of standard input until it ends, several at the same time."""
    reader = asyncio.StreamReader(limit=MAX_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    handshake = asyncio.Event()
    handshake.set()
    async with asyncio.TaskGroup() as tasks:
        while line := await reader.readline():
            with contextlib.suppress(orjson.JSONDecodeError):
                message = orjson.loads(line)
                if isinstance(message, dict) and "method" in message:
                    await handshake.wait()
                    if message["method"] == "initialize":
                        handshake.clear()
                    tasks.create_task(_respond(bridge, message, handshake))
    await bridge.close()


async def _respond(bridge: StdioBridge, message: Json, handshake: asyncio.Event) -> None:
    answer = await bridge.answer(message)
    if message["method"] == "initialize":
        handshake.set()
    if answer is not None:
        sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.flush()
