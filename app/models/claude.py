"""The assistant that answers with Claude, or with the model that ANTHROPIC_BASE_URL serves."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import structlog

from app.models.client import ClaudeClient, no_messages_api, timed_out
from app.models.continuation import Asked, Continuation, Prefilled, asked_to_go_on, begun, is_continued
from app.models.events import AnswerEvents
from app.models.ports import AnswerPart, AssistantError, Prompt
from app.models.requests import to_messages, to_system, to_tools
from app.models.token_counts import ClaudeTokenCounts, Counting

log = structlog.get_logger()

# While only pings arrive the model may still be thinking; after this many time-outs the call fails.
PING_ONLY_TIMEOUTS = 10
# How servers say that they or their model do not know a field of the request.
CACHE_FIELD = "cache_control"
TOOLS = re.compile(r"\btools?\b|function.?call", re.IGNORECASE)
TOOLS_REFUSED = "model.tools_refused"


class ClaudeAssistant:
    """Implements app.models.ports.Assistant."""

    name = "Kana"
    offline = False

    def __init__(self, client: ClaudeClient) -> None:
        self._client = client
        self._caches = True
        self._counting = Counting(client)
        self._counts = dict[str, ClaudeTokenCounts]()

    @property
    def model(self) -> str:
        return self._client.model

    def token_counts(self, model: str | None = None) -> ClaudeTokenCounts:
        name = model or self._client.model
        return self._counts.setdefault(name, ClaudeTokenCounts(name, self._counting))

    async def answer(self, prompt: Prompt) -> AsyncGenerator[AnswerPart, None]:
        """Stream the answer. Cancelling, or closing the generator, closes the connection, which stops the model."""
        parameters = self._client.parameters(prompt.max_tokens, prompt.model)
        stream, continuation = await self._open_or_continue(prompt, parameters)
        events = AnswerEvents(
            parameters["model"],
            max_tokens=parameters["max_tokens"],
            lenient=self._client.settings.anthropic_base_url is not None,
        )
        async with stream, self._client.failures_translated(self._client.settings.anthropic_timeout):
            if "event-stream" not in stream.response.headers.get("content-type", ""):
                raise no_messages_api()
            async for event in self._events(stream):
                for part in continuation.join(events.read(event)):
                    yield part
        finished = events.finished()
        if all(file.data is None for turn in prompt.turns for file in turn.files):  # other tokens are not of texts
            sent = {"system": to_system(prompt), "messages": to_messages(prompt), "tools": to_tools(prompt.tools)}
            self.token_counts(prompt.model).learn(sent, finished.usage)
        for part in continuation.join(finished):
            yield part

    async def _open_or_continue(self, prompt: Prompt, parameters: dict[str, Any]) -> tuple[Any, Continuation]:
        """The stream of the answer, and what joins it to the text so far: a turn of the assistant at the end.

        That turn is the beginning of the answer. Newer models refuse such a request; then the user asks to go on.
        """
        if not is_continued(prompt):
            return await self._open(prompt, parameters), Continuation()
        kept = prompt.turns[-1].text
        try:
            return await self._open(begun(prompt), parameters), Prefilled(kept)
        except AssistantError as refusal:
            if refusal.key != "model.prefill_refused":
                raise
        return await self._open(asked_to_go_on(prompt), parameters), Asked(kept)

    async def _open(self, prompt: Prompt, parameters: dict[str, Any]) -> Any:
        """The stream of the answer. A server that refuses the fields of prompt caching is asked without them."""
        if prompt.tools:
            parameters["tools"] = to_tools(prompt.tools)
            if not prompt.calls_allowed:
                parameters["tool_choice"] = {"type": "none"}
        request = parameters | {"messages": to_messages(prompt), "stream": True}
        try:
            return await self._client.create(**request, system=to_system(prompt, cached=self._caches))
        except AssistantError as refusal:
            detail = str(refusal.params.get("detail", ""))
            if self._caches and CACHE_FIELD in detail:
                log.warning("the server refuses cache_control: its requests no longer ask for prompt caching")
                self._caches = False
                return await self._open(prompt, parameters)
            if prompt.tools and not prompt.rounds and TOOLS.search(detail):
                model = parameters["model"]
                raise AssistantError(TOOLS_REFUSED, retryable=False, model=model, detail=detail) from refusal
            raise

    async def _events(self, stream: Any) -> AsyncIterator[Any]:
        """The events of the stream. Raises AssistantError after ten time-outs with nothing but pings."""
        seconds = PING_ONLY_TIMEOUTS * self._client.settings.anthropic_timeout
        events = aiter(stream)
        while True:
            try:
                async with asyncio.timeout(seconds):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                log.warning("the model sent nothing but pings", seconds=seconds)
                raise timed_out(seconds) from error
            yield event

    async def close(self) -> None:
        await self._client.close()
