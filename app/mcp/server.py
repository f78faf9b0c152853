"""The server of the SDK, with our handlers. Imported on the first request only."""

import asyncio
from typing import Any

import mcp_types as types
import orjson
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.types import Receive, Scope, Send

from app.graphql.errors import format_failure
from app.language.catalogue import render
from app.language.text import truncate
from app.mcp.agent import SCOPE_KEY, Agent
from app.mcp.declarations import declared
from app.mcp.prompts import PROMPTS, prompt_text
from app.mcp.resources import TEMPLATES, list_resources, read_resource
from app.mcp.tools import AgentTools
from sql.errors import ResonantError

INVALID_PARAMS = -32602
NOT_FOUND = -32002
INTERNAL = -32603
MAX_TEXT = 40_000
Request = ServerRequestContext[Any, Any]


class McpServer:
    """Serves protocol version 2026-07-28 and the earlier ones, without sessions."""

    def __init__(self, tools: AgentTools, *, max_body_bytes: int) -> None:
        self._tools = tools
        self._declared = [types.Tool.model_validate(each) for each in declared()]
        self._names = frozenset(each.name for each in self._declared)
        schemas = {each.name: each.input_schema for each in self._declared}
        server: Server[Any] = Server(
            "resonant-engine",
            version="0.1.0",
            title="Resonant Engine",
            instructions=render("mcp.instructions", {}),
            get_tool_input_schema=schemas.get,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
        )
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=max_body_bytes
        )

    async def run(self, ready: asyncio.Event) -> None:
        """Serve until cancelled."""
        async with self._manager.run():
            ready.set()
            await asyncio.Event().wait()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)

    async def _list_tools(self, ctx: Request, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self._declared)

    async def _call_tool(self, ctx: Request, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in self._names:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:80]}.")
        try:
            structured = await self._tools.call(_agent(ctx), params.name, params.arguments or {})
        except Exception as failure:
            # For the model, which can call again with other arguments. What is unexpected is masked.
            described = format_failure(failure)
            text = f"{described['extensions']['code']}: {described['message']}"
            return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)
        text = truncate(orjson.dumps(structured, default=str).decode(), MAX_TEXT)
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=structured)

    async def _list_resources(
        self, ctx: Request, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        found = await _or_error(list_resources(self._tools, _agent(ctx)))
        return types.ListResourcesResult(resources=[types.Resource.model_validate(each) for each in found])

    async def _list_templates(
        self, ctx: Request, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        templates = [types.ResourceTemplate.model_validate(each) for each in TEMPLATES]
        return types.ListResourceTemplatesResult(resource_templates=templates)

    async def _read_resource(self, ctx: Request, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text, media_type = await _or_error(read_resource(self._tools, _agent(ctx), str(params.uri)))
        contents = types.TextResourceContents(uri=params.uri, text=text, mime_type=media_type)
        return types.ReadResourceResult(contents=[contents])

    async def _list_prompts(self, ctx: Request, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        language = _agent(ctx).language
        return types.ListPromptsResult(
            prompts=[types.Prompt.model_validate(each(language)) for each in PROMPTS.values()]
        )

    async def _get_prompt(self, ctx: Request, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        if params.name not in PROMPTS:
            raise MCPError(INVALID_PARAMS, f"There is no prompt {params.name[:80]}.")
        text = await _or_error(prompt_text(self._tools, _agent(ctx), params.name, params.arguments or {}))
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(messages=[message])


def _agent(ctx: Request) -> Agent:
    if ctx.request is None:
        raise RuntimeError("the SDK has passed on no HTTP request")
    agent: Agent = ctx.request.scope[SCOPE_KEY]
    return agent


async def _or_error(work: Any) -> Any:
    """The result; a failure becomes an error of the protocol, masked when it is unexpected."""
    try:
        return await work
    except ResonantError as failure:
        code = NOT_FOUND if failure.code == "NOT_FOUND" else INVALID_PARAMS
        raise MCPError(code, format_failure(failure)["message"]) from None
    except Exception as failure:
        raise MCPError(INTERNAL, format_failure(failure)["message"]) from None
