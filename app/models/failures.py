"""Failures of the model provider: a sentence for the user, and whether a retry may succeed."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.language.text import one_line
from app.models.ports import AssistantError

RETRYABLE_STATUS = frozenset({408, 409, 429})  # and every 5xx
DETAIL_CHARACTERS = 300
LONGEST_WAIT = 3600.0
KEY_OF_STATUS = {
    401: "model.key_rejected",
    402: "model.no_credit",
    403: "model.not_permitted",
    404: "model.unknown",
    413: "model.conversation_too_long",
    429: "model.rate_limited",
    529: "model.overloaded",
}
STATUS_OF_TYPE = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "authentication_error": 401,
    "billing_error": 402,
}


def _retry_after(headers: Any) -> float | None:
    """The pause that the provider asks for, 0 to 3,600 s; the header is a number or a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(0.0, seconds), LONGEST_WAIT)


def status_failure(status: int, kind: object, detail: str, headers: Any) -> AssistantError:
    """The failure for an HTTP status, or for an error event in a stream (then the status is 200)."""
    status = status if status >= 400 else STATUS_OF_TYPE.get(str(kind), 500)
    retryable = status in RETRYABLE_STATUS or status >= 500
    wait = _retry_after(headers)
    if key := KEY_OF_STATUS.get(status):
        return AssistantError(key, retryable=retryable, retry_after=wait)
    if retryable:
        return AssistantError("model.failed", retryable=True, retry_after=wait, code=status)
    return AssistantError(
        "model.request_refused", retryable=False, retry_after=wait, detail=one_line(detail, DETAIL_CHARACTERS)
    )


def broken_stream() -> AssistantError:
    """The stream ended before the answer did."""
    return AssistantError("model.stream_broken", retryable=True)


def no_messages_api() -> AssistantError:
    """The response was no event stream, for example a proxy's web page."""
    return AssistantError("model.not_messages_api", retryable=False)


def refused() -> AssistantError:
    return AssistantError("model.declined", retryable=False)


def timed_out(seconds: float) -> AssistantError:
    return AssistantError("model.timeout", retryable=True, seconds=seconds)


def unreachable() -> AssistantError:
    return AssistantError("model.unreachable", retryable=True)
