"""What went wrong at the model provider, in a sentence for a person, and whether waiting may help."""

from typing import Any

from app.assistant.ports import AssistantError

RETRYABLE_STATUS = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
REASON_OF_STATUS = {
    400: "The model provider refused the request: {detail}",
    401: "The model provider does not accept the API key; check ANTHROPIC_API_KEY.",
    403: "The API key may not use this model; check ANTHROPIC_API_KEY and ANTHROPIC_MODEL.",
    404: "The model is not known to the provider; check ANTHROPIC_MODEL and ANTHROPIC_BASE_URL.",
    413: "The conversation is too long for the model.",
    429: "The model provider asks us to slow down; try again in a while.",
    529: "The model provider is overloaded; try again in a while.",
}
STATUS_OF_TYPE = {"overloaded_error": 529, "rate_limit_error": 429, "api_error": 500, "authentication_error": 401}


def _retry_after(headers: Any) -> float | None:
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None


def status_failure(status: int, kind: str | None, detail: str | None, headers: Any) -> AssistantError:
    """The failure that an HTTP status, or an error event in mid-stream (whose status is 200), stands for."""
    status = STATUS_OF_TYPE.get(kind or "", status)
    reason = REASON_OF_STATUS.get(status, "The model provider failed (status {status}); try again in a while.")
    return AssistantError(
        reason.format(status=status, detail=detail or "no details were given"),
        retryable=status in RETRYABLE_STATUS,
        retry_after=_retry_after(headers),
    )


def broken_stream() -> AssistantError:
    """The answer stopped before its end."""
    return AssistantError("The connection to the model broke in the middle of the answer; try again.", retryable=True)


def refused() -> AssistantError:
    return AssistantError("The model declined to answer this.", retryable=False)


def timed_out(seconds: float) -> AssistantError:
    return AssistantError(f"The model did not answer within {seconds:g} seconds; try again.", retryable=True)


def unreachable() -> AssistantError:
    return AssistantError(
        "The model provider cannot be reached; check the network and ANTHROPIC_BASE_URL.", retryable=True
    )
