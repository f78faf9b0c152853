"""uvicorn, on a socket of ours and stopped by us."""

import asyncio
import errno
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from app.live.transports.uvicorn_http import LiveHTTPProtocol
from app.live.transports.uvicorn_websocket import LiveWebSocketProtocol
from app.errors import StartError
from app.settings import Settings

GRACE_SECONDS = 5
# A full collection looks at all that is alive: with thousands of connections that takes tenths of a second, in which
# nobody is answered. It is for cycles only, of which few arise here.
GARBAGE_THRESHOLDS = 50_000, 50, 100


class Server(uvicorn.Server):
    """Leaves signals to the process: they stop more than the server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(settings: Settings) -> socket.socket:
    """The listening socket, taken before anything else is started. Raises StartError when the port is in use."""
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
    """`http://host:port` as a browser takes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(app: Starlette, listener: socket.socket, settings: Settings) -> AsyncIterator[None]:
    """Answer requests while the block runs; then let live connections finish, close them with 1012, and stop."""
    config = uvicorn.Config(
        app,
        http=LiveHTTPProtocol,
        ws=LiveWebSocketProtocol,
        ws_per_message_deflate=False,  # 30 KB for each connection, and time for each small message
        ws_max_size=2 * settings.graphql_max_body_bytes,  # ours refuses earlier, with the protocol's own code
        ws_ping_interval=None,  # the protocol's own pings tell more
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        # Only a proxy that was named may say for whom it asks; by itself uvicorn believes everybody on this machine.
        proxy_headers=bool(settings.server_trusted_proxies),
        forwarded_allow_ips=list(settings.server_trusted_proxies),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config)
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    try:
        while not server.started:
            if running.done():
                running.result()
                raise StartError("The server stopped before it had started; the log says why.")
            await asyncio.sleep(0.005)
        yield
    finally:
        await app.state.drain()
        server.should_exit = True
        await running
