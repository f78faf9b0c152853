"""uvicorn's HTTP protocol, in which a stream can say a last word also to those who do not read."""

from asyncio import TimerHandle

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LINGER_SECONDS = 30
EXTENSION = "resonant.last_words"


def last_words(scope: Scope) -> None:
    """From now on what is sent in this scope waits for nobody; another server may not know how."""
    if extension := scope.get("extensions", {}).get(EXTENSION):
        extension["begin"]()


class LiveHTTPProtocol(HttpToolsProtocol):
    """A client that stalls finds the last words behind what was sent to it before.

    Whoever has not read them after half a minute is cut off, so that its buffers are not kept for ever.
    """

    _cut_off: TimerHandle | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"begin": self._begin_last_words}}

    def _begin_last_words(self) -> None:
        self.flow.resume_writing()
        self._cut_off = self.loop.call_later(LINGER_SECONDS, self._cut_off_unless_read)

    def _cut_off_unless_read(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._cut_off is not None:
            self._cut_off.cancel()
        super().connection_lost(exc)
