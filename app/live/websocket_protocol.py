"""uvicorn's WebSocket protocol, which closes also those who do not read."""

from asyncio import TimerHandle
from typing import TYPE_CHECKING

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

LINGER_SECONDS = 30


class ClosingWebSocketProtocol(WebSocketsSansIOProtocol):
    """A close frame waits for nobody: a client that stalls finds it behind what was sent to it before.

    Whoever has not read it after half a minute is cut off, so that its buffers are not kept for ever.
    """

    cut_off: TimerHandle | None = None

    async def send(self, message: "ASGISendEvent") -> None:
        if message["type"] == "websocket.close" and self.handshake_complete:
            self.writable.set()
            self.cut_off = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
        await super().send(message)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.cut_off is not None:
            self.cut_off.cancel()
        super().connection_lost(exc)
