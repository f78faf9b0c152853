"""The composition root of the backend: builds the ASGI application from all packages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.clock import SystemClock
from app.deferred_imports import imported
from app.files.endpoints import FileEndpoints
from app.files.retention import FileRetention
from app.files.uploads import FileLimits
from app.gate.checks import Gate
from app.graphql.documents import Documents
from app.graphql.executor import Executor
from app.graphql.http import GraphQLEndpoint
from app.graphql.limits.policy import DocumentLimits, Price
from app.graphql.limits.rates import RateLimits
from app.graphql.operation import OperationCompiler
from app.identity.anonymous import AnonymousAccess
from app.identity.factory import Authenticator, build_authenticator
from app.identity.middleware import origin_of
from app.instrumentation.backend import (
    InstrumentedSubscriptions,
    RequestInstrumentation,
    event_lag_observer,
    instrumented_executor,
)
from app.language.text import title_of
from app.language.topics import topic_key
from app.live.hub import EventHub
from app.live.replies import ReplyStreams
from app.live.retention import EventRetention
from app.live.transports.slots import LiveSlots
from app.live.transports.sse import EventStreamEndpoint, StreamLimits
from app.live.transports.websocket import GraphQLTransportWS
from app.live.transports.websocket_connection import WebSocketLimits
from app.mcp.endpoint import AgentAccess, McpEndpoint
from app.mcp.metadata import PATH, WELL_KNOWN, ProtectedResource
from app.mcp.tools import AgentTools
from app.mcp.uses import AgentUses
from app.models.configuration import ModelConfiguration, to_assistant_info
from app.observability.metrics import CONTENT_TYPE
from app.operations.health import Readiness, check_readiness
from app.operations.trash import TrashRetention
from app.services import Services
from app.settings.service import GraphQLSettings
from app.web.application import Application, load_trusted_documents, page_routes
from app.workers.replies.context import ContextPreview
from app.workers.webhooks.retention import DeliveryRetention
from resolvers.context import Context
from resolvers.paging import DEFAULT_PAGE
from resolvers.ports import EventFeed, TypedTask
from resolvers.relations import LoadedRelations
from resolvers.root import schema
from sql.pool import current_user
from sql.rows import UserRow


async def read_typed_task(text: str, now: datetime, timezone: str) -> TypedTask:
    """The work item that a line describes; see app/assistant/quick_add.py."""
    quick_add = await imported("app.assistant.quick_add")
    task: TypedTask = quick_add.read_typed_task(text, now, timezone)
    return task


def _document_limits(settings: GraphQLSettings) -> DocumentLimits:
    return DocumentLimits(
        characters=settings.graphql_max_document_characters,
        tokens=settings.graphql_max_tokens,
        depth=settings.graphql_max_depth,
        aliases=settings.graphql_max_aliases,
        directives=settings.graphql_max_directives,
        root_fields=settings.graphql_max_root_fields,
        spreads=settings.graphql_max_fragment_spreads,
        cost=settings.graphql_max_cost,
        errors=settings.graphql_max_errors,
        response_bytes=settings.graphql_max_response_bytes,
    )


def _compiler(settings: GraphQLSettings) -> OperationCompiler | None:
    if not settings.compiled_operations:
        return None
    # Imported here so that COMPILED_OPERATIONS=false loads no module of the package.
    from app.graphql.compiled import CompiledOperations

    return CompiledOperations(schema._schema)


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    """The application with CORS headers, so that pages of these origins may send requests and read responses."""
    if not origins:
        return app
    headers = ["accept", "authorization", "content-type", "traceparent"]
    return CORSMiddleware(
        app, origins, ["GET", "POST"], headers, expose_headers=["retry-after"], allow_credentials=True, max_age=3600
    )


class _AsgiApp:
    """An ASGI application that the router calls with all methods: it takes a function for a handler of requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class Backend:
    """The GraphQL API over HTTP, WebSocket and SSE, the web client, health and metrics."""

    def __init__(
        self,
        services: Services,
        authenticator: Authenticator,
        events: EventHub,
        replies: ReplyStreams,
    ) -> None:
        self._services = services
        self._authenticator = authenticator
        self._events = events
        self._replies = replies
        self._preview = ContextPreview(services.database, services.memory.assembler, SystemClock(), services.model)
        self._limits = services.limits
        self._tools = services.tools()
        settings = services.settings
        local = settings.auth_mode == "local"
        self._configurator = ModelConfiguration(services.model) if local else None
        self._rates = RateLimits(
            services.database,
            points=settings.graphql_rate_limit_points,
            scarce_points=settings.graphql_rate_limit_expensive_points,
        )
        self.mcp = self._mcp_endpoint()

    def context_for(
        self, access: Any, events: EventFeed | None = None, request: HTTPConnection | None = None
    ) -> Context:
        """A new context with empty loaders. `access` is one that the authenticator returned."""
        # Loaders for an anonymous viewer find nothing, because no row belongs to the user id "".
        viewer_id = "" if isinstance(access, AnonymousAccess) else access.viewer.id
        model = self._services.model.settings
        current_user.set(viewer_id)
        return Context(
            viewer=access.viewer,
            accounts=self._authenticator.accounts_for(access, request),
            database=self._services.database,
            events=events or self._events,
            replies=self._replies,
            announcer=self._services.bus,
            assistant=to_assistant_info(model),
            limits=self._limits,
            title_of=title_of,
            topic_key=topic_key,
            read_typed_task=read_typed_task,
            gate=Gate(),
            searcher=self._services.memory.search,
            previewer=self._preview,
            tools=self._tools,
            relations=LoadedRelations(self._services.database, viewer_id, self._services.memory.search, self._tools),
            models=model.available_models,
            configurator=self._configurator,
            timezone=self._services.settings.server_timezone,
            origin="" if request is None else origin_of(request, self._services.settings.server_public_origins),
        )

    async def _context_for_request(self, request: Request, query: str) -> Context:
        return self.context_for(await self._authenticator.authenticate_document(request, query), request=request)

    def _executor(self) -> Executor:
        settings = self._services.settings
        limits = _document_limits(settings)
        documents = Documents(
            schema._schema,
            limits,
            page_size=DEFAULT_PAGE,
            introspection=settings.graphql_introspection,
            suggestions=settings.graphql_suggestions,
            trusted=load_trusted_documents() if settings.graphql_trusted_documents_only else None,
            compiler=_compiler(settings),
        )

        async def charge(context: Any, price: Price) -> None:
            # An anonymous viewer has no budget; the sign-in throttle limits its attempts.
            viewer_id = getattr(context.viewer, "id", None)
            if viewer_id is not None:
                await self._rates.charge(viewer_id, price)

        return Executor(schema._schema, limits, documents=documents, charge=charge)

    def app(self) -> Application:
        """The ASGI application; `app.state.drain` closes all live connections and is called before the server stops."""
        settings = self._services.settings
        executor = instrumented_executor(self._executor(), self._services.instruments, self._services.tracer)
        streams, sockets = self._live_endpoints(executor)
        endpoint = GraphQLEndpoint(
            executor,
            self._context_for_request,
            streams.respond,
            max_body_bytes=settings.graphql_max_body_bytes,
            request_timeout=settings.graphql_request_timeout,
        )
        app = self._application(endpoint, sockets)

        async def drain() -> None:
            await asyncio.gather(sockets.drain(), streams.drain())

        app.state.drain = drain
        return app

    def _live_endpoints(self, executor: Executor) -> tuple[EventStreamEndpoint, GraphQLTransportWS]:
        """The SSE and WebSocket endpoints, which share their subscriptions."""
        settings = self._services.settings
        instruments, tracer = self._services.instruments, self._services.tracer
        subscriptions = InstrumentedSubscriptions(
            executor, self._events, self.context_for, instruments=instruments, tracer=tracer
        )
        authenticate = self._authenticator.authenticate
        slots = LiveSlots(connections=settings.live_max_connections, per_user=settings.live_max_connections_per_user)
        stream_limits = StreamLimits(request_seconds=settings.graphql_request_timeout)
        socket_limits = WebSocketLimits(
            max_message_bytes=settings.graphql_max_body_bytes,
            max_operations=settings.live_max_operations,
            request_seconds=settings.graphql_request_timeout,
        )
        streams = EventStreamEndpoint(executor, authenticate, self.context_for, subscriptions, stream_limits, slots)
        sockets = GraphQLTransportWS(
            executor,
            authenticate,
            self.context_for,
            subscriptions,
            allowed_origins=settings.server_public_origins,
            limits=socket_limits,
            slots=slots,
        )
        return streams, sockets

    def _application(self, endpoint: GraphQLEndpoint, sockets: GraphQLTransportWS) -> Application:
        settings = self._services.settings
        routes = [
            WebSocketRoute("/graphql", sockets),
            Route("/health", self._health),
            Route("/ready", self._ready),
            Route("/ready/bridges", self._ready),
            Route("/metrics", self._metrics),
            *self._file_routes(),
            *self._mcp_routes(),
            *page_routes(graphiql=settings.graphql_graphiql),
        ]
        return Application(routes, _with_cors(endpoint, settings.server_public_origins), middleware=self._wrap)

    def _file_routes(self) -> list[Route]:
        settings = self._services.settings
        limits = FileLimits(settings.files_max_bytes, settings.files_max_bytes_per_user, settings.files_per_message)
        services = self._services
        files = FileEndpoints(services.database, services.files, self._viewer_of_request, limits, services.pdf_process)
        origins = settings.server_public_origins
        return [
            Route("/files", _AsgiApp(_with_cors(files.upload, origins))),
            Route("/files/{id}", _AsgiApp(_with_cors(files.download, origins))),
        ]

    def _mcp_endpoint(self) -> McpEndpoint:
        services, settings = self._services, self._services.settings
        tools = AgentTools(
            services.database,
            services.bus,
            self._tools,
            SystemClock(),
            self._rates.charge,
            services.text_process,
            services.stopping,
            timezone=settings.server_timezone,
            timeout=settings.graphql_request_timeout,
        )
        return McpEndpoint(
            services.database,
            tools,
            self._access_of_agent,
            AgentUses(services.database, SystemClock()),
            max_body_bytes=settings.graphql_max_body_bytes,
            trusted_origins=None if settings.auth_mode == "local" else settings.server_public_origins,
        )

    def _mcp_routes(self) -> list[Route]:
        settings = self._services.settings
        routes = [Route(PATH, _AsgiApp(self.mcp))]
        if settings.auth_mode == "token":
            resource = ProtectedResource(issuer=settings.auth_jwt_issuer, origins=settings.server_public_origins)
            routes += [Route(path, resource.respond) for path in (WELL_KNOWN, WELL_KNOWN + PATH)]
        return routes

    async def _access_of_agent(self, request: Request) -> AgentAccess:
        return await self._authenticator.authenticate_agent(request, {})

    async def _viewer_of_request(self, request: Request) -> UserRow:
        return (await self._authenticator.authenticate(request, {})).viewer

    def _wrap(self, app: ASGIApp) -> ASGIApp:
        return RequestInstrumentation(
            self._authenticator.wrap(app), instruments=self._services.instruments, tracer=self._services.tracer
        )

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _metrics(self, request: Request) -> Response:
        return Response(await self._services.exposition().render(), headers={"content-type": CONTENT_TYPE})

    async def _ready(self, request: Request) -> Response:
        if self._services.stopping.is_set():
            return JSONResponse(
                Readiness({"stopping": "This process is stopping; send requests to another one."}).as_json(), 503
            )
        # A backend serves people without the bridges too, so a load balancer asks for /ready alone.
        bridges = request.url.path.endswith("/bridges")
        readiness = await check_readiness(self._services.database, bridges=bridges)
        return JSONResponse(readiness.as_json(), 200 if readiness.ready else 503)


@asynccontextmanager
async def open_backend(services: Services) -> AsyncIterator[Application]:
    """The ASGI application, with its background readers running while the block runs."""
    settings = services.settings
    poll_seconds, days = settings.database_poll_seconds, settings.live_event_retention_days
    trash_days = settings.database_trash_days
    delivered = event_lag_observer(services.instruments)
    async with (
        build_authenticator(services.database, settings) as authenticator,
        EventHub(services.database, services.bus, poll_seconds=poll_seconds, delivered=delivered).running() as events,
        ReplyStreams(services.database, services.bus, poll_seconds=poll_seconds).running() as replies,
        nullcontext() if days is None else EventRetention(services.database, days=days).running(),
        nullcontext() if trash_days is None else TrashRetention(services.database, days=trash_days).running(),
        FileRetention(services.database, services.files).running(),
        DeliveryRetention(services.database).running(),
    ):
        backend = Backend(services, authenticator, events, replies)
        async with backend.mcp.running():
            yield backend.app()
