"""The bytes that one operation may read from the database and put into its response.

The rows that statements return are counted while they arrive, so that a statement is cancelled before they fill the
memory. `app/graphql` counts the values of the response while it is built.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

import asyncpg

from sql.errors import QueryTooComplex

# Rows have columns that the response does not show, and a page reads one row more.
READ_PER_ANSWERED = 2
ALWAYS_READ = 1024 * 1024


class Budget:
    """Counts the bytes of one operation. `maximum` is that of its response."""

    __slots__ = ("_maximum", "_read", "answered", "exceeded")

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self.answered = 0
        """The size of the response so far; an estimate."""
        self._read = 0
        self.exceeded: QueryTooComplex | None = None
        """The failure of the operation, once it has exceeded its budget."""

    def add_answered(self, size: int) -> None:
        """Raises QueryTooComplex, also for each later call."""
        self.answered += size
        if self.answered > self._maximum or self.exceeded is not None:
            self.refuse_answer()

    def refuse_answer(self) -> NoReturn:
        """Raises QueryTooComplex, because the response has more bytes than were counted."""
        self.exceeded = self.exceeded or QueryTooComplex("query.answer_too_large", maximum=self._maximum)
        raise self.exceeded

    def add_read(self, size: int) -> bool:
        """Whether the budget is exceeded."""
        self._read += size
        maximum = READ_PER_ANSWERED * self._maximum + ALWAYS_READ
        if self._read > maximum and self.exceeded is None:
            self.exceeded = QueryTooComplex("query.reads_too_much", maximum=maximum)
        return self.exceeded is not None


UNLIMITED = Budget(2**63)
budget: ContextVar[Budget] = ContextVar("budget", default=UNLIMITED)
"""The budget of the current operation."""


@contextmanager
def limited_to(maximum: int) -> Iterator[Budget]:
    """A new budget for the block and for tasks that it starts."""
    limited = Budget(maximum)
    token = budget.set(limited)
    try:
        yield limited
    finally:
        budget.reset(token)


class Meter(asyncio.Protocol):
    """Counts the bytes that a connection receives for the statement that runs, and cancels it over the budget."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._budget: Budget | None = None
        self._task: asyncio.Task[Any] | None = None
        self._cancelled = False

    def start(self, limited: Budget) -> None:
        if limited.exceeded is not None:
            raise limited.exceeded
        self._budget, self._task, self._cancelled = limited, asyncio.current_task(), False

    def stop(self, error: BaseException | None) -> None:
        """Raises QueryTooComplex in the place of the cancellation that the budget caused."""
        limited, task, self._budget, self._task = self._budget, self._task, None, None
        if not self._cancelled or task is None or limited is None or limited.exceeded is None:
            return
        if task.uncancel() == 0 and isinstance(error, asyncio.CancelledError):
            raise limited.exceeded from None

    def data_received(self, data: bytes) -> None:
        if self._budget is not None and self._budget.add_read(len(data)) and not self._cancelled:
            self._cancelled = True
            if self._task is not None:
                self._task.cancel()
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        result: bool | None = self._protocol.eof_received()
        return result

    def connection_lost(self, exc: Exception | None) -> None:
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()


class MeteredConnection(asyncpg.Connection):
    """A connection whose received bytes are counted."""

    __slots__ = ("meter",)

    def __init__(self, protocol: Any, transport: Any, *arguments: Any) -> None:
        super().__init__(protocol, transport, *arguments)
        self.meter = Meter(protocol)
        transport.set_protocol(self.meter)


class metered:
    """Count what the connection receives in the block. Raises QueryTooComplex over the budget of the operation."""

    __slots__ = ("_meter",)

    def __init__(self, connection: Any) -> None:
        limited = budget.get()
        self._meter: Meter | None = None
        if limited is not UNLIMITED:
            self._meter = getattr(connection, "meter", None)
            if self._meter is not None:
                self._meter.start(limited)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if self._meter is not None:
            self._meter.stop(error)
