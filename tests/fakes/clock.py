"""Clocks that are slow, fixed or set by a test. Implement app.models.ports.Clock."""

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


@dataclass
class SetClock:
    """Returns the time that the test sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at
