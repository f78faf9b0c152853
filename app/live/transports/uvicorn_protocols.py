"""uvicorn protocols for live connections: batched WebSocket writes, and final messages for clients that do not read.

A client that stalls is sent one final message without flow control: it finds the message after everything that was
sent before. If it has not read it within LINGER_SECONDS, the connection is aborted to free its buffers.
"""

from asyncio import TimerHandle
from typing import TYPE_CHECKING, Any

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

LINGER_SECONDS = 30
MAX_PENDING_BYTES = 16 * 1024
EXTENSION = "resonant.bypass_flow_control"


def bypass_flow_control(scope: Scope) -> None:
    """Let writes in this scope no longer wait for the client. Other ASGI servers ignore this."""
    if extension := scope.get("extensions", {}).get(EXTENSION):
        extension["begin"]()


class LiveHTTPProtocol(HttpToolsProtocol):
    """HTTP protocol that can send a final message to a stalled client; used for server-sent events."""

    _abort_timer: TimerHandle | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"begin": self._bypass_flow_control}}

    def _bypass_flow_control(self) -> None:
        self.flow.resume_writing()
        self._abort_timer = self.loop.call_later(LINGER_SECONDS, self._abort_unless_read)

    def _abort_unless_read(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)


def text_frame(payload: bytes) -> bytes:
    """One unfragmented, unmasked text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8, "big"), payload)


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket protocol that writes all text frames of one turn of the event loop with one system call.

    The system call is the largest part of the cost of sending. A close frame is sent without flow control.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._abort_timer: TimerHandle | None = None

    async def send(self, message: "ASGISendEvent") -> None:
        if message["type"] == "websocket.send" and self.conn.state is OPEN and not self.conn.extensions:
            if not self.writable.is_set():
                await self.writable.wait()
            if self.disconnected or self.close_sent:
                raise ClientDisconnected
            text = message.get("text")
            if text is not None:
                self._append(text_frame(text.encode()))
                return
        self.flush()
        if message["type"] == "websocket.close" and self.handshake_complete:
            self.writable.set()
            self._abort_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            # uvicorn does not note that a refusal completes the handshake, and logs an error after each of them.
            self.handshake_complete = True
        if message["type"] == "websocket.accept":
            # The handshake is not needed any more; its headers are a tenth of the memory of an idle connection.
            del self.request, self.response

    def _append(self, frame: bytes) -> None:
        if not self._pending:
            self.loop.call_soon(self.flush)
        self._pending.append(frame)
        self._pending_bytes += len(frame)
        if self._pending_bytes > MAX_PENDING_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write all pending frames."""
        if self._pending and not self.transport.is_closing():
            self.transport.write(b"".join(self._pending))
        self._pending.clear()
        self._pending_bytes = 0

    def shutdown(self) -> None:
        self.flush()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._pending.clear()
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)
