"""/metrics and /health of a process that serves nothing else: a bridge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.observability.metrics import CONTENT_TYPE, Exposition
from app.web.server import listen, serving
from app.settings import Settings


@asynccontextmanager
async def serving_metrics(exposition: Exposition, settings: Settings, port: int) -> AsyncIterator[None]:
    """Answer on HOST and this port while the block runs. Raises StartError when the port is in use."""

    async def metrics(request: Request) -> Response:
        return Response(await exposition.render(), headers={"content-type": CONTENT_TYPE})

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def nothing_to_drain() -> None:
        """No connection here lasts."""

    app = Starlette(routes=[Route("/metrics", metrics), Route("/health", health)])
    app.state.drain = nothing_to_drain
    with listen(settings.model_copy(update={"port": port})) as listener:
        async with serving(app, listener, settings):
            yield
