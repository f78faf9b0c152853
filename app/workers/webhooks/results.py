"""What the attempt of a delivery ended with, and when the next attempt is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.language.catalogue import render
from app.retry import Backoff
from sql.repositories.webhook_deliveries import DeliveryClaim, DeliveryFailure, KeyedText

PAUSES = Backoff(first=10.0, longest=4 * 3600.0, jitter=0.3)
LONGEST_RETRY_AFTER = 24 * 3600.0
GONE = 410


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one attempt. `failure` is the key of the reason, None for a success; `retry_after` is in seconds."""

    http_status: int | None = None
    failure: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    @property
    def succeeded(self) -> bool:
        return self.failure is None


def result_of_response(status: int, retry_after: str | None, location: str | None, now: datetime) -> Result:
    """Only a status from 200 to 299 is a success; redirects are not followed."""
    if 200 <= status < 300:
        return Result(status)
    if status == GONE:
        return Result(status, "webhook.failed_gone", {"status": status})
    if 300 <= status < 400 and location is not None:
        return Result(status, "webhook.failed_redirect", {"status": status, "location": location[:200]})
    return Result(status, "webhook.failed_status", {"status": status}, seconds_until(retry_after, now))


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that a `Retry-After` header asks for, at most a day; None without a valid one."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    until = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)


def failure_of(result: Result, claim: DeliveryClaim, retry_seconds: float) -> DeliveryFailure:
    """What to store for a failed attempt. A delivery whose pauses reach `retry_seconds` together is dead.

    A receiver that is gone keeps its deliveries, for an admin who corrects the address.
    """
    if result.http_status == GONE:
        gone = _keyed("webhook.gone")
        return DeliveryFailure(GONE, _keyed(result.failure, **result.params), pause=0.0, dead=False, gone=gone)
    pause = max(PAUSES.seconds(claim.attempts), result.retry_after or 0.0)
    dead = claim.waited_seconds + pause > retry_seconds
    return DeliveryFailure(
        result.http_status, _keyed(result.failure, **result.params), pause=pause, dead=dead, gone=None
    )


def _keyed(key: str | None, **params: Any) -> KeyedText:
    if key is None:
        raise ValueError("a success has no reason")
    return KeyedText(render(key, params), key, params)
