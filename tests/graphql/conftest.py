"""The HTTP endpoint with the schema and a real database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.graphql.http import GraphQLEndpoint
from app.graphql.http_request import GraphQLRequest
from tests.asgi_server import serve
from tests.resolvers.conftest import Api, open_api


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with open_api(database_url) as opened:
        yield opened


@pytest.fixture
async def endpoint_url(api: Api) -> AsyncIterator[str]:
    async def context_for(request: Request, query: str) -> object:
        return await api.context("ann")

    async def stream(request: Request, graphql_request: GraphQLRequest) -> Response:
        return Response("a stream", media_type="text/event-stream")

    endpoint = GraphQLEndpoint(api.executor, context_for, stream, max_body_bytes=1024 * 1024, request_timeout=15)
    app = Starlette(routes=[Route("/graphql", endpoint)])
    async with serve(app) as address:
        yield f"{address}/graphql"


@pytest.fixture
async def http(endpoint_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=endpoint_url.removesuffix("/graphql")) as client:
        yield client
