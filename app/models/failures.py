"""Failures of the model provider: a sentence for the user, and whether a retry may succeed."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.language.truncation import one_line
from app.models.ports import AssistantError

RETRYABLE_STATUS = frozenset({408, 409, 429})  # and every 5xx
DETAIL_CHARACTERS = 300
LONGEST_WAIT = 3600.0
REFUSED = "The model provider refused the request: {detail}"
REASON_OF_STATUS = {
    401: "The model provider does not accept the API key; check ANTHROPIC_API_KEY.",
    402: "The account at the model provider has no credit left.",
    403: "The API key may not use this model; check ANTHROPIC_API_KEY and ANTHROPIC_MODEL.",
    404: "The model is not known to the provider; check ANTHROPIC_MODEL and ANTHROPIC_BASE_URL.",
    413: "The conversation is too long for the model.",
    429: "The model provider asks us to slow down; try again in a while.",
    529: "The model provider is overloaded; try again in a while.",
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
    otherwise = "The model provider failed (status {status}); try again in a while." if retryable else REFUSED
    reason = REASON_OF_STATUS.get(status, otherwise).format(status=status, detail=one_line(detail, DETAIL_CHARACTERS))
    return AssistantError(reason, retryable=retryable, retry_after=_retry_after(headers))


def broken_stream() -> AssistantError:
    """The connection closed before the answer was complete."""
    return AssistantError("The connection to the model broke in the middle of the answer; try again.", retryable=True)


def no_messages_api() -> AssistantError:
    """The response is not an event stream but, for example, a proxy's web page."""
    return AssistantError(
        "What answers at the model provider's address is no Messages API; check ANTHROPIC_BASE_URL.", retryable=False
    )


def refused() -> AssistantError:
    return AssistantError("The model declined to answer this.", retryable=False)


def timed_out(seconds: float) -> AssistantError:
    return AssistantError(f"The model did not answer within {seconds:g} seconds; try again.", retryable=True)


def unreachable() -> AssistantError:
    return AssistantError(
        "The model provider cannot be reached; check the network and ANTHROPIC_BASE_URL.", retryable=True
    )
