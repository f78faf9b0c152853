"""HTTP/1.1 with limits: size of the head, time until a request is complete, progress of the response."""

from asyncio import TimerHandle, Transport
from collections.abc import Callable
from enum import Enum, auto
from math import inf
from typing import Any

import httptools
import orjson
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.language.catalogue import describe
from app.live.transports.protocol_extensions import BYPASS_FLOW_CONTROL, offer
from app.web.connections import WriteProgress
from app.web.server_config import connections_of
from sql.errors import BadUserInput, ResonantError, TimedOut, Unavailable

# Seconds in which a stalled client may still read the final message, before its connection is aborted.
LINGER_SECONDS = 30
# Seconds in which a refused client may still send, so that it reads the refusal instead of a connection reset.
REFUSAL_SECONDS = 2.0
# Bytes that are parsed at once. Parsing tiny requests takes about five milliseconds per kilobyte, tiny chunks a tenth.
SLICE = 4 * 1024
BODY_SLICE = 16 * 1024
HANDSHAKE_HEADERS = (b"connection", b"upgrade", b"sec-websocket-protocol", b"sec-websocket-extensions")
MAX_HANDSHAKE_BYTES = 4096
# Bytes of chunk headers per byte of a chunked body: a chunk of one byte needs five.
OVERHEAD = 8


class Phase(Enum):
    """What the connection waits for."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    RESPONSE = auto()
    REFUSED = auto()


class Refused(Exception):
    """The request exceeds a limit. Raised in callbacks of the parser."""

    def __init__(self, status: int, refusal: ResonantError) -> None:
        super().__init__(refusal)
        self.status = status
        self.refusal = refusal


class ReadControl(FlowControl):
    """Flow control that can also be held by the protocol, while it has received bytes that it has not parsed yet."""

    def __init__(self, transport: Transport, on_resume: Callable[[], None]) -> None:
        super().__init__(transport)
        self.held = False
        self._on_resume = on_resume

    def hold(self) -> None:
        if not self.held:
            self.held = True
            if not self.read_paused and not self._transport.is_closing():
                self._transport.pause_reading()

    def release(self) -> None:
        if self.held:
            self.held = False
            if not self.read_paused and not self._transport.is_closing():
                self._transport.resume_reading()

    def pause_reading(self) -> None:
        if self.held:
            self.read_paused = True
        else:
            super().pause_reading()

    def resume_reading(self) -> None:
        if not self.held:
            super().resume_reading()
        elif self.read_paused:
            self.read_paused = False
            self._on_resume()


class LiveHTTPProtocol(HttpToolsProtocol):
    """HTTP protocol with limits, which can send a final message to a stalled client of server-sent events.

    Such a client finds the message after everything that was sent before.
    """

    flow: ReadControl
    _abort_timer: TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections = connections_of(self.config)
        self._limits = self._connections.limits
        self._writing = WriteProgress(self._limits)
        self._phase = Phase.HEAD
        self._since = self.loop.time()
        self._received = 0  # bytes of the head, or of the body with its framing, so far
        self._head_bytes = 0
        self._body_bytes = 0
        self._backlog = b""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = ReadControl(transport, self._continue_soon)
        if not self._connections.admit(self):
            self._write_refusal(503, Unavailable("server.too_many_connections"), b"retry-after: 5\r\n")
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.remove(self)
        self._backlog = b""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        super().connection_lost(exc)

    # Receiving

    def data_received(self, data: bytes) -> None:
        if self._phase is Phase.REFUSED or self.transport.is_closing():
            return
        if self._backlog or len(data) > self._slice_size():
            self._backlog += data
            self.flow.hold()
            if not self.flow.read_paused:
                self._continue()
        else:
            self._parse(data)

    def _continue_soon(self) -> None:
        self.loop.call_soon(self._continue)

    def _continue(self) -> None:
        """Parse the next slice; other connections have a turn before the one after it."""
        if self.flow.read_paused or not self._backlog or self.transport.is_closing():
            return
        size = self._slice_size()
        data, self._backlog = self._backlog[:size], self._backlog[size:]
        self._parse(data)
        if not self._backlog:
            self.flow.release()
        elif not self.flow.read_paused:
            self._continue_soon()

    def _slice_size(self) -> int:
        return BODY_SLICE if self._phase is Phase.BODY else SLICE

    def _parse(self, data: bytes) -> None:
        if self._phase is Phase.IDLE:
            self._begin(Phase.HEAD)
        try:
            self.parser.feed_data(data)
            self._count(len(data))
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._unsupported_upgrade_warning()
        except (httptools.HttpParserError, Refused) as error:
            refused = error if isinstance(error, Refused) else error.__context__
            if isinstance(refused, Refused):
                self._refuse(refused.status, refused.refusal)
            else:
                self.logger.info("Invalid HTTP request received.")
                self._refuse(400, BadUserInput("request.not_http"))

    def _begin(self, phase: Phase) -> None:
        self._phase, self._since, self._received = phase, self.loop.time(), 0

    def _count(self, size: int) -> None:
        """Count received bytes that belong to no complete head or body. Raises Refused."""
        self._received += size
        if self._phase is Phase.HEAD and self._received > self._limits.head_bytes:
            self._check_head(self._received)
        if self._phase is Phase.BODY:
            framing = self._received - self._body_bytes - self._limits.head_bytes - BODY_SLICE
            if framing > OVERHEAD * self._body_bytes:
                raise Refused(400, BadUserInput("request.too_much_framing"))

    def _check_head(self, size: int) -> None:
        if size <= self._limits.head_bytes:
            return
        if len(self.url) > self._limits.head_bytes:
            raise Refused(414, BadUserInput("request.url_too_long", maximum=self._limits.head_bytes))
        raise Refused(431, BadUserInput("request.head_too_large", maximum=self._limits.head_bytes))

    # Callbacks of the parser

    def on_message_begin(self) -> None:
        super().on_message_begin()
        offer(self.scope, BYPASS_FLOW_CONTROL, self._bypass_flow_control)  # type: ignore[arg-type]
        if self._phase is not Phase.HEAD:
            self._begin(Phase.HEAD)
        self._head_bytes = 0
        self._received = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._check_head(len(self.url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value) + 4
        self._check_head(len(self.url) + self._head_bytes)
        if self._phase is Phase.BODY:
            return  # A trailer after a chunked body: nothing uses it, and the application has the headers already.
        super().on_header(name, value)
        if len(self.headers) > self._limits.headers:
            raise Refused(431, BadUserInput("request.too_many_headers", maximum=self._limits.headers))

    def on_headers_complete(self) -> None:
        self._connections.works(self)
        super().on_headers_complete()  # fails for an address that is not valid, which is an error in the head
        self._begin(Phase.BODY)
        self._body_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self.cycle is not None and self.cycle.response_complete and self._body_bytes > self._limits.body_bytes:
            raise Refused(413, BadUserInput("request.body_too_large", maximum=self._limits.body_bytes))
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._phase = Phase.RESPONSE
        if self.cycle is not None and self.cycle.response_complete:
            self._wait_for_request()

    def on_response_complete(self) -> None:
        pipelined = bool(self.pipeline)
        super().on_response_complete()
        self._unset_keepalive_if_required()  # check() closes idle connections
        if self._phase is Phase.RESPONSE and not pipelined:
            self._wait_for_request()

    def _wait_for_request(self) -> None:
        self._begin(Phase.IDLE)
        self._connections.waits(self)

    def handle_websocket_upgrade(self) -> None:
        # The library reads these word by word: 64 KB take a tenth of a second.
        size = sum(len(value) for name, value in self.headers if name in HANDSHAKE_HEADERS)
        if size > MAX_HANDSHAKE_BYTES:
            self._phase = Phase.HEAD
            self._refuse(431, BadUserInput("request.handshake_too_large", maximum=MAX_HANDSHAKE_BYTES))
            return
        self._backlog = b""
        self.flow.release()
        super().handle_websocket_upgrade()

    # Refusals and time-outs

    def check(self, now: float) -> str | None:
        """Close the connection if its client made no progress, and return why."""
        if self._writing.is_stalled(self.transport, now):
            self.transport.abort()
            return "not_read"
        waited = now - self._since
        if waited > self._allowed_seconds():
            if self._phase is Phase.HEAD:
                return self._head_timed_out()
            if self._phase is Phase.BODY:
                return self._body_timed_out()
            self.transport.close()
        return None

    def _allowed_seconds(self) -> float:
        """How long the current phase may take."""
        match self._phase:
            case Phase.IDLE:
                return self._limits.idle_seconds
            case Phase.HEAD:
                return self._limits.head_seconds
            case Phase.BODY:
                return self._limits.body_seconds + self._received / self._limits.bytes_per_second
            case Phase.REFUSED:
                return REFUSAL_SECONDS
            case Phase.RESPONSE:
                return inf  # the application has its own deadline

    def _head_timed_out(self) -> str | None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._since = self.loop.time()  # a pipelined request; its time runs from the end of the response
            return None
        if self._received:
            self._refuse(408, TimedOut("request.head_timeout", seconds=self._limits.head_seconds))
        else:
            self.transport.close()
        return "no_request"

    def _body_timed_out(self) -> str | None:
        if self.flow.read_paused or self.flow.held:
            self._begin(Phase.BODY)  # the application does not read; the client gets a new allowance
            self._body_bytes = 0
            return None
        self._refuse(408, TimedOut("request.body_timeout", seconds=self._limits.body_seconds))
        return "no_body"

    def make_room(self) -> None:
        """Close the connection, which waits for a request, for a new one."""
        self.transport.close()

    def _refuse(self, status: int, refusal: ResonantError) -> None:
        """Answer unless a response has begun. Reads on for a while, or the client would see a connection reset."""
        answerable, reading_body = self._is_answerable(), self._phase is Phase.BODY
        self._backlog = b""
        self._begin(Phase.REFUSED)
        if not answerable:
            self.transport.close()
            return
        self._write_refusal(status, refusal)
        if reading_body:
            self.cycle.disconnected = True  # the application finds that its client has gone
            self.cycle.message_event.set()
        self.flow.release()
        self.flow.resume_reading()
        if not self.transport.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()

    def _is_answerable(self) -> bool:
        """Whether the next bytes that the client expects are the response to the refused request."""
        if self._phase is Phase.BODY:
            return not self.cycle.response_started and not self.pipeline
        return self._phase is Phase.HEAD and (self.cycle is None or self.cycle.response_complete)

    def _write_refusal(self, status: int, refusal: ResonantError, headers: bytes = b"") -> None:
        body = orjson.dumps({"errors": [describe(refusal)]})
        head = b"%bcontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n%b\r\n"
        self.transport.write(head % (STATUS_LINE[status], len(body), headers) + body)

    # Final messages

    def _bypass_flow_control(self) -> None:
        self.flow.resume_writing()
        self._abort_timer = self.loop.call_later(LINGER_SECONDS, self._abort_unless_read)

    def _abort_unless_read(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
