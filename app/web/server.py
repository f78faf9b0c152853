"""Runs uvicorn on a listening socket that is opened first, and stops it after draining live connections."""

import asyncio
import errno
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.server import Server as UvicornServer

from app.errors import StartError
from app.observability.metrics import CONTENT_TYPE, Exposition
from app.settings import Settings
from app.settings.service import ServerSettings
from app.web.server_config import ServerConfig, config_for

# A full collection visits every live object. With thousands of connections this blocks the event loop for tenths of a
# second. It frees reference cycles only, and few of them occur here.
GARBAGE_THRESHOLDS = 50_000, 50, 100


class Server(UvicornServer):
    """Leaves signal handling to app.run, which stops more than the server, and checks the connections."""

    config: ServerConfig

    async def on_tick(self, counter: int) -> bool:
        self.config.connections.check_some(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(settings: ServerSettings) -> socket.socket:
    """The listening socket, opened before anything else starts. Raises StartError when the port is in use."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"Port {settings.port} is in use; stop what uses it, or choose another with PORT={settings.port + 1}."
            ) from None
        raise StartError(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from None


def address_of(listener: socket.socket) -> str:
    """The address as a URL, `http://host:port`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(app: Starlette, listener: socket.socket, settings: Settings) -> AsyncIterator[None]:
    """Serve while the block runs; then drain live connections (close code 1012) and stop."""
    server = Server(config_for(app, settings))
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    try:
        while not server.started:
            if running.done():
                running.result()
                raise StartError("The server stopped during its start; see the log.")
            await asyncio.sleep(0.005)
        yield
    finally:
        await app.state.drain()
        server.should_exit = True
        await running


@asynccontextmanager
async def serving_metrics(exposition: Exposition, settings: Settings, port: int) -> AsyncIterator[None]:
    """Serve /metrics and /health of a process without a backend while the block runs. Raises StartError."""

    async def metrics(request: Request) -> Response:
        return Response(await exposition.render(), headers={"content-type": CONTENT_TYPE})

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def drain() -> None:
        """There are no live connections."""

    app = Starlette(routes=[Route("/metrics", metrics), Route("/health", health)])
    app.state.drain = drain
    with listen(settings.model_copy(update={"port": port})) as listener:
        async with serving(app, listener, settings):
            yield
