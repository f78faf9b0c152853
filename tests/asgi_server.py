"""Runs uvicorn on a loopback port in the event loop of the test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.types import ASGIApp

from app.settings import Settings
from app.web.server import Server
from app.web.server_config import config_for

NO_RATE_LIMITS = {"graphql_rate_limit_points": 0, "graphql_rate_limit_expensive_points": 0}
"""Settings without rate limits: tests send requests faster than people, and refilling depends on the machine."""


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0, **settings: Any) -> AsyncIterator[str]:
    """Serve the app, on a free port unless one is given; yields the address, `http://127.0.0.1:PORT`."""
    listener = socket.create_server(("127.0.0.1", port))
    # asyncio disables Nagle's algorithm only for sockets that it created; with it each packet is delayed by 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = config_for(app, Settings(**settings))
    config.timeout_graceful_shutdown = 2
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
        listener.close()
