"""How many live connections there are, WebSockets and event streams together: in all and per user."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sql.errors import ResonantError, Unavailable


class TooManyOfUser(ResonantError):
    """The user has as many live connections as are allowed."""

    code = "RATE_LIMITED"
    key = "live.too_many_connections_of_user"


class LiveSlots:
    """Counts the live connections of a process."""

    def __init__(self, *, connections: int = 10_000, per_user: int = 1_000) -> None:
        self._connections = connections
        self._per_user = per_user
        self._open = 0
        self._of_user: Counter[str] = Counter()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Count a connection while the block runs. Raises Unavailable."""
        if self._open >= self._connections:
            raise Unavailable("live.too_many_connections")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    @contextmanager
    def connection_of(self, user_id: str) -> Iterator[None]:
        """Count a connection of the user while the block runs. Raises TooManyOfUser."""
        if self._of_user[user_id] >= self._per_user:
            raise TooManyOfUser(maximum=self._per_user)
        self._of_user[user_id] += 1
        try:
            yield
        finally:
            self._of_user[user_id] -= 1
            if not self._of_user[user_id]:
                del self._of_user[user_id]
