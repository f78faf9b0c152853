"""Counts and times the requests to webhooks."""

from app.observability.metrics import Instruments
from app.workers.webhooks.results import Result
from app.workers.webhooks.sender import Observe


def webhook_observer(instruments: Instruments) -> Observe:
    """A function that records the result of each attempt."""

    def observe(result: Result, seconds: float) -> None:
        reason = (result.failure or "").rpartition("failed_")[2]
        instruments.webhook_requests.labels(str(result.http_status or reason)).inc()
        instruments.webhook_seconds.observe(seconds)

    return observe
