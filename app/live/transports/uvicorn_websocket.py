"""uvicorn's WebSocket protocol, which writes what belongs together at once, and closes also those who do not read."""

from asyncio import TimerHandle
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

LINGER_SECONDS = 30
MOST_KEPT = 16 * 1024


def text_frame(payload: bytes) -> bytes:
    """A whole message of text, as a server frames it (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8, "big"), payload)


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """Text that is sent in one turn of the event loop leaves in one system call, which is what sending costs most.

    A close frame waits for nobody: a client that stalls finds it behind what was sent to it before. Whoever has not
    read it after half a minute is cut off, so that its buffers are not kept for ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[bytes] = []
        self._kept_size = 0
        self._cut_off: TimerHandle | None = None

    async def send(self, message: "ASGISendEvent") -> None:
        if message["type"] == "websocket.send" and self.conn.state is OPEN and not self.conn.extensions:
            if not self.writable.is_set():
                await self.writable.wait()
            if self.disconnected or self.close_sent:
                raise ClientDisconnected
            text = message.get("text")
            if text is not None:
                self._keep(text_frame(text.encode()))
                return
        self.flush()
        if message["type"] == "websocket.close" and self.handshake_complete:
            self.writable.set()
            self._cut_off = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
        await super().send(message)
        if message["type"] == "websocket.accept":
            # Nobody looks at the handshake again, and its headers are a tenth of what an idle connection keeps.
            del self.request, self.response

    def _keep(self, frame: bytes) -> None:
        if not self._kept:
            self.loop.call_soon(self.flush)
        self._kept.append(frame)
        self._kept_size += len(frame)
        if self._kept_size > MOST_KEPT:
            self.flush()

    def flush(self) -> None:
        """Write what was kept."""
        if self._kept and not self.transport.is_closing():
            self.transport.write(b"".join(self._kept))
        self._kept.clear()
        self._kept_size = 0

    def shutdown(self) -> None:
        self.flush()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._kept.clear()
        if self._cut_off is not None:
            self._cut_off.cancel()
        super().connection_lost(exc)
