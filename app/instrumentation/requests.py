"""Gives every HTTP request and WebSocket an id (in the log and the response) and continues the caller's trace."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.observability.metrics import Instruments
from app.observability.tracing import Tracer

REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")


class RequestInstrumentation:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments, tracer: Tracer) -> None:
        self._app = app
        self._instruments = instruments
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sent = headers.get("x-request-id", "")
        # A valid id of a proxy is kept, so that both logs can be correlated. Other text could forge log lines.
        request_id = sent if REQUEST_ID.fullmatch(sent) else token_hex(16)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        with self._tracer.continue_trace("request", headers.get("traceparent")):
            if scope["type"] == "http":
                await self._app(scope, receive, self._counting(send, request_id))
            else:
                with self._open_socket():
                    await self._app(scope, receive, send)

    def _counting(self, send: Send, request_id: str) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._instruments.http_responses.labels(str(message["status"])).inc()
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        return counted

    @contextmanager
    def _open_socket(self) -> Iterator[None]:
        self._instruments.sockets.inc()
        try:
            yield
        finally:
            self._instruments.sockets.dec()
