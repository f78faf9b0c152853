"""The ASGI application at /mcp: authentication, limits, and the start of the SDK on the first request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.graphql.http_request import HttpRefusal, read_body
from app.identity.middleware import is_from_own_page
from app.identity.secrets import TokenScope
from app.language.catalogue import Language, message_of
from app.mcp.agent import SCOPE_KEY, Agent, agent_name, name_in_message, name_in_session_id, session_id_for
from app.mcp.metadata import metadata_url
from app.mcp.project import find_named_project, linked_project
from app.mcp.tools import AgentTools
from app.mcp.uses import AgentUses
from sql.errors import Forbidden, ResonantError, Unauthenticated
from sql.pool import Database, current_user
from sql.rows import UserRow

if TYPE_CHECKING:
    from app.mcp.server import McpServer

log = structlog.get_logger()

STATUSES = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "NOT_FOUND": 404, "RATE_LIMITED": 429, "UNAVAILABLE": 503}
SESSION_ID = "mcp-session-id"
LINKED = "resonant-project"
"""The header of a response that says which project the repository of the agent belongs to."""
CALLS = ("tools/call", "resources/read", "prompts/get")
FAILURE = -32000  # the JSON-RPC code of an error that the server defines


class AgentAccess(Protocol):
    """What the endpoint needs of an access of app/identity."""

    @property
    def viewer(self) -> UserRow: ...

    @property
    def scope(self) -> TokenScope: ...

    @property
    def token_id(self) -> UUID | None: ...


class McpEndpoint:
    """Answers each request on its own, so that any process can answer it."""

    def __init__(
        self,
        database: Database,
        tools: AgentTools,
        access_of: Callable[[Request], Awaitable[AgentAccess]],
        uses: AgentUses,
        *,
        max_body_bytes: int,
        trusted_origins: tuple[str, ...] | None,
    ) -> None:
        """`access_of` raises Unauthenticated. `trusted_origins`: None when the origin has been checked already."""
        self._database = database
        self._tools = tools
        self._access_of = access_of
        self._uses = uses
        self._max_body_bytes = max_body_bytes
        self._origins = trusted_origins
        self._starting = asyncio.Lock()
        self._server: McpServer | None = None
        self._running: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["McpEndpoint"]:
        """Store who uses the server while the block runs, and stop the server, if a request started it, at its end."""
        async with self._uses.running():
            try:
                yield self
            finally:
                if self._running is not None:
                    self._running.cancel()
                    await asyncio.wait([self._running])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._prepare(request)
        except HttpRefusal as refusal:
            answer = _failure(refusal, refusal.status, refusal.headers)
        except Unauthenticated as failure:
            address = metadata_url(request, self._origins or ())
            answer = _failure(failure, 401, {"www-authenticate": f'Bearer resource_metadata="{address}"'})
        except ResonantError as failure:
            answer = _failure(failure, STATUSES.get(failure.code, 400))
        await answer(scope, receive, send)

    async def _prepare(self, request: Request) -> ASGIApp:
        """What answers the request. Raises ResonantError, HttpRefusal."""
        if self._origins is not None and "origin" in request.headers and not is_from_own_page(request, self._origins):
            raise Forbidden("request.cross_site")
        access = await self._access_of(request)
        if request.method != "POST":
            # The server sends nothing on its own, and has no session to end.
            return Response(status_code=405, headers={"allow": "POST"})
        body = await read_body(request, self._max_body_bytes)
        message = _decoded(body)
        agent, linked = await self._agent_of(request, access, message)
        server = await self._started()
        method = message.get("method")
        if isinstance(method, str):
            self._uses.note(agent, called=method in CALLS)
        headers = {} if linked is None else {LINKED: linked}
        if method == "initialize":
            headers[SESSION_ID] = session_id_for(agent.name)
        return _Exchange(server, agent, body, headers)

    async def _agent_of(
        self, request: Request, access: AgentAccess, message: Mapping[str, Any]
    ) -> tuple[Agent, str | None]:
        """The agent, and what the response says about its repository. Raises NotFound, Forbidden, Conflict."""
        viewer, bound_to = access.viewer, access.scope.project_id
        named = name_in_message(message)
        name = named or name_in_session_id(request.headers.get(SESSION_ID)) or _user_agent(request)
        current_user.set(viewer.id)
        async with self._database.connection() as connection:
            project = await find_named_project(connection, viewer.id, request, bound_to)
            linked = await linked_project(connection, viewer.id, request, project, bound_to)
        project_id = None if project is None else project.id
        if bound_to is not None and project_id not in (None, bound_to):
            raise Forbidden("token.other_project")
        language, bound = _language(request), bound_to is not None
        agent = Agent(viewer, name, bound_to or project_id, language, bound=bound, token_id=access.token_id)
        return agent, linked

    async def _started(self) -> "McpServer":
        """The server, started by the first request: in a thread, because importing the SDK takes a second."""
        async with self._starting:
            if self._server is None:
                module = await asyncio.to_thread(import_module, "app.mcp.server")
                server: McpServer = module.McpServer(self._tools, max_body_bytes=self._max_body_bytes)
                ready = asyncio.Event()
                self._running = asyncio.create_task(server.run(ready), name="MCP server")
                await ready.wait()
                self._server = server
            return self._server


class _Exchange:
    """One request that the SDK answers, with the agent in its scope. `headers`: further ones of the response."""

    def __init__(self, server: "McpServer", agent: Agent, body: bytes, headers: Mapping[str, str]) -> None:
        self._server = server
        self._agent = agent
        self._body = body
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body: list[Message] = [{"type": "http.request", "body": self._body, "more_body": False}]

        async def receive_again() -> Message:
            return body.pop() if body else await receive()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        await self._server.handle({**scope, SCOPE_KEY: self._agent}, receive_again, send_with_headers)


def _decoded(body: bytes) -> Mapping[str, Any]:
    """The message; empty when it is none, which the SDK refuses."""
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return message if isinstance(message, dict) else {}


def _user_agent(request: Request) -> str:
    """The name of the program, for a client that has not named itself: `claude-code/2.1` is claude-code."""
    return agent_name(request.headers.get("user-agent", "").partition("/")[0].partition(" ")[0])


def _language(request: Request) -> Language:
    return "ja" if request.headers.get("accept-language", "").lower().startswith("ja") else "en"


def _failure(failure: ResonantError, status: int, headers: Mapping[str, str] | None = None) -> Response:
    error = {"code": FAILURE, "message": message_of(failure), "data": {"code": failure.code, "key": failure.key}}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
