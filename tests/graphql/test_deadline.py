"""Request deadlines, and cancellation when the client disconnects."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.graphql.http import GraphQLEndpoint
from tests.asgi_server import serve
from tests.resolvers.conftest import Api

LISTING = "{ conversations { edges { cursor } } }"
SENDING = 'mutation { sendMessage(input: {content: "hi"}) { message { id } } }'
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def send_and_disconnect(address: str, query: str, waiting: asyncio.Event) -> None:
    """Send a request and close the connection when `waiting` is set."""
    host, port = address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps({"query": query}).encode()
    writer.write(
        b"POST /graphql HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        % (host.encode(), len(body))
        + body
    )
    await writer.drain()
    await waiting.wait()
    writer.close()
    await writer.wait_closed()


async def eventually(api: Api, counted: str, expected: int) -> None:
    """Wait until the statement returns the expected count."""
    for _ in range(200):
        if await api.database.pool.fetchval(counted) == expected:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{counted} does not become {expected}")


async def no_stream(request: Request, asked: object) -> Response:
    raise NotImplementedError


def app_of(api: Api, request_timeout: float) -> Starlette:
    async def context_for(request: Request, query: str) -> object:
        return await api.context("ann")

    endpoint = GraphQLEndpoint(
        api.executor, context_for, no_stream, max_body_bytes=1024 * 1024, request_timeout=request_timeout
    )
    return Starlette(routes=[Route("/graphql", endpoint)])


async def test_a_disconnect_cancels_the_query_in_the_database(api: Api) -> None:
    async with serve(app_of(api, 15)) as address, api.database.pool.acquire() as blocking, blocking.transaction():
        await blocking.execute("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
        waiting = asyncio.Event()
        client = asyncio.create_task(send_and_disconnect(address, LISTING, waiting))
        await eventually(api, WAITING, 1)
        waiting.set()
        await client
        await eventually(api, WAITING, 0)


async def test_a_mutation_completes_although_the_client_disconnects(api: Api) -> None:
    async with serve(app_of(api, 15)) as address:
        async with api.database.pool.acquire() as blocking, blocking.transaction():
            await blocking.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.Event()
            client = asyncio.create_task(send_and_disconnect(address, SENDING, waiting))
            await eventually(api, WAITING, 1)
            waiting.set()
            await client
        await eventually(api, "SELECT count(*) FROM messages", 2)


@pytest.mark.parametrize("query", [LISTING, SENDING])
@pytest.mark.parametrize("seconds", [0.02, 0.3])
async def test_a_request_and_its_statement_are_cancelled_at_the_deadline(api: Api, query: str, seconds: float) -> None:
    async with (
        serve(app_of(api, seconds)) as address,
        httpx.AsyncClient() as client,
        api.database.pool.acquire() as blocking,
    ):
        await api.context("ann")
        async with blocking.transaction():
            await blocking.execute("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE")
            response = await client.post(f"{address}/graphql", json={"query": query})
            assert response.status_code == 503
            [error] = response.json()["errors"]
            assert error["extensions"] == {"code": "TIMEOUT", "key": "request.timeout", "params": {"seconds": seconds}}
            assert f"{seconds:g} s" in error["message"]
            await eventually(api, WAITING, 0)
        assert (await client.post(f"{address}/graphql", json={"query": "{ viewer { id } }"})).status_code == 200
        assert await api.database.pool.fetchval("SELECT count(*) FROM messages") == 0
