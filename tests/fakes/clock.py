"""Clocks that are slow or fixed. Implement app.models.ports.Clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class SlowClock:
    """Slower than the real time by `delay`."""

    delay: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) - self.delay


@dataclass(frozen=True)
class FixedClock:
    """Always returns the same time."""

    at: datetime

    def now(self) -> datetime:
        return self.at
