"""The Anthropic SDK's client with our settings; translates its errors into AssistantError."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import structlog

from app.language.text import one_line
from app.models.answers import broken_stream
from app.models.events import usage_of
from app.models.ports import AssistantError, ModelCalls, Purpose, UncountedCalls
from app.retry import Backoff, retry
from app.settings.assistant import ModelSettings

log = structlog.get_logger()

CONNECT_SECONDS = 10.0
# A provider that asks for a longer pause fails the call: the worker postpones the job and retries it later.
BACKOFF = Backoff(first=0.5, longest=8.0, jitter=0.5)
RETRYABLE_STATUS = frozenset({408, 409, 429})  # and every 5xx
DETAIL_CHARACTERS = 300
MISSING_OPTION = "--jinja"  # llama.cpp answers 500 when it was started without this option and is given tools
LONGEST_WAIT = 3600.0
SHORTEST_UNMISTAKABLE_KEY = 12
# What providers and compatible servers write with status 400 when the request itself is fine.
KEY_OF_REFUSAL = {
    "model.conversation_too_long": re.compile(
        r"prompt is too long|too many tokens|context (?:length|window|size)|exceeds? .{0,40}\bcontext\b", re.IGNORECASE
    ),
    "model.prefill_refused": re.compile(r"prefill|must end with a user message", re.IGNORECASE),
}
KEY_OF_STATUS = {
    401: "model.key_rejected",
    402: "model.no_credit",
    403: "model.not_permitted",
    404: "model.unknown",
    405: "model.not_messages_api",  # a server for something else
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


class ClaudeClient:
    """Calls Anthropic's Messages API, or a compatible server at ANTHROPIC_BASE_URL.

    The SDK is imported with the first client, because it takes 50 MB that an offline installation does not need.
    """

    def __init__(self, settings: ModelSettings, calls: ModelCalls | None = None) -> None:
        import anthropic
        import httpx2

        if settings.anthropic_api_key is None:
            raise ValueError("a client needs ANTHROPIC_API_KEY")
        self._anthropic = anthropic
        self.status_error = anthropic.APIStatusError
        self._http = httpx2
        self._key = settings.anthropic_api_key.get_secret_value()
        self.settings = settings
        self._calls = calls or UncountedCalls()
        self.sdk = anthropic.AsyncAnthropic(
            api_key=self._key,
            base_url=settings.anthropic_base_url,
            timeout=self._timeout(settings.anthropic_timeout),
            max_retries=0,  # the SDK sleeps for as long as `retry-after` says, even an hour; `create` retries instead
        )

    @property
    def model(self) -> str:
        return self.settings.anthropic_model

    def _timeout(self, seconds: float) -> Any:
        return self._http.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))

    def parameters(self, max_tokens: int | None = None, model: str | None = None) -> dict[str, Any]:
        """The parameters of every request; a temperature only when one is configured.

        The SDK has no parameter for it, as the newest models accept none, but compatible servers do.
        """
        chosen: dict[str, Any] = {
            "model": model or self.model,
            "max_tokens": max_tokens or self.settings.anthropic_max_tokens,
        }
        if self.settings.anthropic_temperature is not None:
            chosen["extra_body"] = {"temperature": self.settings.anthropic_temperature}
        return chosen

    async def create(self, *, retries: int | None = None, timeout: float | None = None, **request: Any) -> Any:
        """Send the request; retry failures that are worth it. Raises AssistantError."""
        most = self.settings.anthropic_max_retries if retries is None else retries
        seconds = timeout or self.settings.anthropic_timeout

        async def attempt() -> Any:
            async with self.failures_translated(seconds):
                return await self.sdk.messages.create(timeout=self._timeout(seconds), **request)

        def pause_after(failure: Exception, attempts: int) -> float | None:
            if attempts > most or not isinstance(failure, AssistantError) or not failure.retryable:
                return None
            pause = BACKOFF.seconds(attempts) if failure.retry_after is None else failure.retry_after
            return pause if pause <= BACKOFF.longest else None

        return await retry(attempt, pause_after)

    async def ask(
        self, purpose: Purpose, *, system: str, content: str, schema: dict[str, object], max_tokens: int, seconds: float
    ) -> Any:
        """A complete answer that follows `schema`, within `seconds` and with one retry. Raises AssistantError."""
        with self._calls.call(self.model, purpose) as used:
            message = await self.create(
                **self.parameters(max_tokens),
                retries=min(1, self.settings.anthropic_max_retries),
                timeout=min(seconds, self.settings.anthropic_timeout),
                system=system,
                messages=[{"role": "user", "content": content}],
                output_config={"format": {"type": "json_schema", "schema": schema}},
            )
            used(usage_of(getattr(message, "usage", None)))
        return message

    @asynccontextmanager
    async def failures_translated(self, seconds: float) -> AsyncIterator[None]:
        """Translate the SDK's errors into AssistantError; log their messages without the API key."""
        sdk, http = self._anthropic, self._http
        try:
            yield
        except (sdk.APITimeoutError, http.TimeoutException) as error:
            cause = error.__cause__ or error
            log.warning("the model provider timed out", error=self._logged(cause))
            connected = not isinstance(cause, http.ConnectTimeout)
            raise timed_out(seconds) if connected else unreachable() from error
        except sdk.APIConnectionError as error:
            log.warning("the model provider cannot be reached", error=self._logged(error.__cause__ or error))
            raise unreachable() from error
        except sdk.APIStatusError as error:
            detail = self._logged(error.api_message or error.message)
            log.warning("the model provider refused", status=error.status_code, kind=error.type, detail=detail)
            raise status_failure(error.status_code, error.type, detail, error.response.headers) from error
        except (sdk.APIError, http.TransportError, http.DecodingError, ValueError) as error:
            # A dropped connection, or an event that is not JSON.
            log.warning("the answer stream broke", error=self._logged(error))
            raise broken_stream() from error

    def _logged(self, detail: object) -> str:
        return mask_key(detail if isinstance(detail, str) else repr(detail), self._key)

    async def close(self) -> None:
        await self.sdk.close()


def mask_key(text: str, key: str) -> str:
    """The text with the API key replaced. A short key, such as "test", is only replaced as a whole word."""
    if len(key) >= SHORTEST_UNMISTAKABLE_KEY:
        return text.replace(key, "[key]")
    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(key)}(?![A-Za-z0-9])", "[key]", text)


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
    if retryable and MISSING_OPTION not in detail:
        return AssistantError("model.failed", retryable=True, retry_after=wait, code=status)
    for key, words in KEY_OF_REFUSAL.items():
        if words.search(detail[:DETAIL_CHARACTERS]):
            return AssistantError(key, retryable=False)
    return AssistantError(
        "model.request_refused", retryable=False, retry_after=wait, detail=one_line(detail, DETAIL_CHARACTERS)
    )


def no_messages_api() -> AssistantError:
    """The response was no event stream, for example a proxy's web page."""
    return AssistantError("model.not_messages_api", retryable=False)


def timed_out(seconds: float) -> AssistantError:
    return AssistantError("model.timeout", retryable=True, seconds=seconds)


def unreachable() -> AssistantError:
    return AssistantError("model.unreachable", retryable=True)
