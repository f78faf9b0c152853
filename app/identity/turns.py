"""A bounded number of turns at a time, granted in rotation to the clients that wait for one."""

import asyncio
from collections import OrderedDict, deque

from sql.errors import ResonantError


class TooManyAttempts(ResonantError):
    """Too many attempts to sign in; `seconds` says how long to wait."""

    code = "RATE_LIMITED"
    key = "sign_in.throttled"


class Turns:
    """At most `concurrent` turns at a time. Each client has a queue of its own, and the queues take turns.

    At most `per_client` callers of one client wait, and at most `total` in all. When `total` wait, a new caller of a
    client with a shorter queue displaces the last caller of the longest queue, so one client cannot fill the queue.
    """

    def __init__(self, concurrent: int, *, per_client: int, total: int) -> None:
        self._free = concurrent
        self._per_client = per_client
        self._total = total
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return sum(map(len, self._queues.values()))

    async def take(self, client: str) -> None:
        """Wait for a turn; the caller ends it with `release`. Raises TooManyAttempts when too many wait."""
        if self._free > 0:
            self._free -= 1
            return
        turn = self._enqueue(client)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release()  # it was granted at the moment of the cancellation
            else:
                self._remove(client, turn)
            raise

    def release(self) -> None:
        """End a turn: the next one goes to the first caller of the client that had none for the longest time."""
        while self._queues:
            client, queue = self._queues.popitem(last=False)
            turn = queue.popleft()
            if queue:
                self._queues[client] = queue  # at the end of the rotation
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _enqueue(self, client: str) -> "asyncio.Future[None]":
        queue = self._queues.get(client, deque())
        if len(queue) >= self._per_client:
            raise _busy()
        if self.waiting >= self._total:
            self._displace_for(len(queue))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, queue).append(turn)
        return turn

    def _displace_for(self, length: int) -> None:
        """Refuse the last caller of the longest queue. Raises TooManyAttempts if none is longer than `length` + 1."""
        longest = max(self._queues, key=lambda client: len(self._queues[client]))
        if len(self._queues[longest]) <= length + 1:
            raise _busy()
        last = self._queues[longest].pop()
        if not last.done():
            last.set_exception(_busy())

    def _remove(self, client: str, turn: "asyncio.Future[None]") -> None:
        queue = self._queues.get(client)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._queues[client]


def _busy() -> TooManyAttempts:
    return TooManyAttempts("sign_in.busy", seconds=1)
