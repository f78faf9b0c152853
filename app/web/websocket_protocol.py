"""WebSocket with limits on frames, and batched writes."""

from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.protocol import OPEN

from app.live.transports.protocol_extensions import INITIALISED, offer
from app.web.connections import WriteProgress
from app.web.server_config import connections_of

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
    from websockets.http11 import Request

LINGER_SECONDS = 30
MAX_PENDING_BYTES = 16 * 1024
# Bytes that are parsed at once. Parsing empty frames takes about two milliseconds per kilobyte.
SLICE = 2 * 1024
INVALID_DATA = 1007
POLICY_VIOLATION = 1008
# Before its client is authenticated, a connection may send a tenth of the control frames and fragments.
UNKNOWN_SHARE = 10
# The allowance for control frames is renewed completely in this time.
CONTROL_SECONDS = 10.0


def text_frame(payload: bytes) -> bytes:
    """One unfragmented, unmasked text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2, "big"), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8, "big"), payload)


def _is_utf8(pieces: list[bytes]) -> bool:
    try:
        b"".join(pieces).decode()
    except UnicodeDecodeError:
        return False
    return True


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket protocol that writes all text frames of one turn of the event loop with one system call.

    The system call is the largest part of the cost of sending. A close frame is sent without flow control: a client
    that stalls finds it after everything that was sent before. If it has not read it within LINGER_SECONDS, the
    connection is aborted to free its buffers.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections = connections_of(self.config)
        self._limits = self._connections.limits
        self._writing = WriteProgress(self._limits)
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._abort_timer: TimerHandle | None = None
        self._backlog = b""
        self._initialised = False
        self._received = 0  # bytes before connection_init was accepted
        self._fragments = 0
        self._control_frames = 0.0  # decreases with time
        self._control_counted_at = self.loop.time()

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.replace(cast(Any, self.transport.get_protocol()), self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.remove(self)
        self._pending.clear()
        self._backlog = b""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)

    def check(self, now: float) -> str | None:
        """Abort the connection if its client does not read, and return why."""
        if self._writing.is_stalled(self.transport, now):
            self.transport.abort()
            return "not_read"
        return None

    def make_room(self) -> None:
        """Close the connection, whose client is not authenticated yet, for a new one."""
        self._violate("Too many connections; try again later")

    # Receiving

    def data_received(self, data: bytes) -> None:
        if self.close_sent and self.transport.is_closing():
            return
        if self._backlog:
            self._backlog += data
        elif len(data) > SLICE and self.handshake_initiated:
            self._backlog = data
            self._continue()
        else:
            self._parse(data)

    def _continue(self) -> None:
        """Parse the next slice; other connections have a turn before the one after it."""
        if not self._backlog or self.transport.is_closing():
            return
        if not self.queue.empty() and not self.close_sent:
            return  # receive() continues when the application has taken what arrived
        data, self._backlog = self._backlog[:SLICE], self._backlog[SLICE:]
        self._parse(data)
        if self.transport.is_closing():
            return
        if self._backlog:
            self.transport.pause_reading()
            self.loop.call_soon(self._continue)
        elif not self.read_paused:
            self.transport.resume_reading()

    async def receive(self) -> "ASGIReceiveEvent":
        message = await self.queue.get()
        if self.queue.empty() and not self.transport.is_closing():
            if self._backlog:
                self.loop.call_soon(self._continue)
            elif self.read_paused:
                self.transport.resume_reading()
            self.read_paused = False
        return message

    def _parse(self, data: bytes) -> None:
        if not self._initialised and self.handshake_initiated:
            self._received += len(data)
            if self._received > self._limits.init_bytes:
                self._violate(f"More than {self._limits.init_bytes:,} bytes before connection_init was accepted")
                return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # websockets has refused the handshake, for example because of a long header; uvicorn does not send it.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_connect(self, event: "Request") -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            offer(self.scope, INITIALISED, self._on_initialised)  # type: ignore[arg-type]

    def _on_initialised(self) -> None:
        self._initialised = True
        self._connections.works(self)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_utf8(self.frames):
            # uvicorn closes with the same code, but logs a traceback for each of these messages.
            self._fail(INVALID_DATA, "A text message must be valid UTF-8")
        else:
            super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:  # frames before the handshake was answered
            self.transport.abort()
        else:
            super().handle_parser_exception()

    # Limits on frames

    def handle_text(self, event: Frame) -> None:
        self._fragments = 1
        if not self.transport.is_closing():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        self._fragments = 1
        if not self.transport.is_closing():
            super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        self._fragments += 1
        most = self._share_of(self._limits.fragments)
        if self._fragments > most:
            self._violate(f"A message may have {most:,} fragments")
        elif not self.transport.is_closing():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._admit_control_frame():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._admit_control_frame():
            super().handle_pong(event)

    def _admit_control_frame(self) -> bool:
        most = self._share_of(self._limits.control_frames)
        now = self.loop.time()
        renewed = (now - self._control_counted_at) * most / CONTROL_SECONDS
        self._control_frames = max(0.0, self._control_frames - renewed) + 1
        self._control_counted_at = now
        if self.transport.is_closing():
            return False
        if self._control_frames > most:
            self._violate(f"At most {most:,} control frames in {CONTROL_SECONDS:g} seconds")
            return False
        return True

    def _share_of(self, limit: int) -> int:
        return limit if self._initialised else max(1, limit // UNKNOWN_SHARE)

    def _violate(self, reason: str) -> None:
        self._fail(POLICY_VIOLATION, reason)

    def _fail(self, code: int, reason: str) -> None:
        """Close at once, with the code when the handshake is complete."""
        self._backlog = b""
        self.frames = []
        if self.transport.is_closing():
            return
        self.flush()
        self.conn.fail(code, reason)
        self.handle_parser_exception()

    # Sending

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
        if message["type"] == "websocket.close" and self._backlog:
            self.loop.call_soon(self._continue)  # the client's close frame is in it

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
