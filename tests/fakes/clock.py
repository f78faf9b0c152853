"""A clock that is wrong by as much as the test says. Implements app.models.ports.Clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class WrongClock:
    """Behind the real time by `behind`."""

    behind: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) - self.behind


@dataclass(frozen=True)
class FixedClock:
    """Stands still."""

    at: datetime

    def now(self) -> datetime:
        return self.at
