"""The tokens of a context for a model: counted by its provider, or by the rates of its earlier answers."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Any

import structlog

from app.language.tokens import estimate_by_script
from app.models.client import ClaudeClient
from app.models.ports import AssistantError

log = structlog.get_logger()

COUNT_SECONDS = 1.0
PAUSE_SECONDS = 60.0  # after a request that failed or took too long
REMEMBERED = 64  # counts; an attempt that is repeated has the same texts
# A context that is expected to take less of the budget fits without being counted.
SURE_SHARE, SURE_SHARE_WITH_RATES = 0.5, 0.8
NEW_WEIGHT = 0.3
LOWEST_RATE, HIGHEST_RATE = 0.2, 4.0  # what tokenizers reach, in tokens per estimated token
ONE_SCRIPT = 0.05
MUCH_CJK = 0.3
MISSING = frozenset({404, 405, 501})


@dataclass(slots=True)
class ScriptRates:
    """Tokens per estimated token of one model: for CJK characters and for others; None until it is known."""

    wide: float | None = None
    other: float | None = None

    def learn(self, texts: Sequence[str], tokens: int) -> None:
        """Learn from texts of this many tokens. A mixture teaches only the rate of its CJK characters."""
        wide, other = estimate_by_script(texts)
        if tokens <= 0 or wide + other <= 0:
            return
        if wide < ONE_SCRIPT * (wide + other):
            self.other = _mean(self.other, tokens / (wide + other))
        elif wide >= MUCH_CJK * (wide + other):
            known = tokens / (wide + other) if self.other is None else (tokens - other * self.other) / wide
            self.wide = _mean(self.wide, known)

    def of(self, texts: Sequence[str]) -> float:
        """Tokens per estimated token of the texts; an unknown script is as estimated."""
        wide, other = estimate_by_script(texts)
        tokens = wide * (self.wide or 1.0) + other * (self.other or 1.0)
        return tokens / (wide + other) if wide + other else 1.0

    def know(self, texts: Sequence[str]) -> bool:
        """Whether the rates of all that matters in the texts were observed."""
        wide, other = estimate_by_script(texts)
        least = ONE_SCRIPT * (wide + other)
        return (self.wide is not None or wide <= least) and (self.other is not None or other <= least)


def _mean(known: float | None, new: float) -> float | None:
    """The rate with a further observation. A higher one counts at once, so that contexts do not exceed the budget.

    Some servers report only the tokens that were not cached: an observation that no tokenizer reaches is ignored.
    """
    if not is_possible(new):
        return known
    return new if known is None or new > known else known + NEW_WEIGHT * (new - known)


def is_possible(rate: float) -> bool:
    return LOWEST_RATE <= rate <= HIGHEST_RATE


@dataclass(slots=True)
class Counting:
    """Has the provider count tokens: never again once it has no such endpoint, later when it was slow."""

    client: ClaudeClient
    clock: Callable[[], float] = monotonic
    missing: bool = False
    seconds: float = COUNT_SECONDS
    paused_until: float = 0.0
    _known: OrderedDict[tuple[str, bytes], int] = field(default_factory=OrderedDict)

    async def count(self, model: str, texts: Sequence[str]) -> int | None:
        """The tokens of the texts as one message; None when the provider does not say. At most one short request."""
        text = "\n".join(texts)
        key = (model, sha256(text.encode(errors="replace")).digest())
        if (known := self._known.get(key)) is not None:
            return known
        if self.missing or self.clock() < self.paused_until:
            return None
        tokens = await self._tokens(model, text)
        if tokens is not None:
            self._known[key] = tokens
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return tokens

    async def _tokens(self, model: str, text: str) -> int | None:
        try:
            async with asyncio.timeout(self.seconds):
                counted = await self._request(model, text)
        except Exception as failure:  # a reply does not depend on it
            log.info("the tokens of a context are estimated, because the provider did not count", error=repr(failure))
            wanted = failure.retry_after if isinstance(failure, AssistantError) else None
            self.paused_until = self.clock() + max(PAUSE_SECONDS, wanted or 0.0)
            return None
        tokens = getattr(counted, "input_tokens", None)
        if type(tokens) is not int or tokens <= 0:
            self.missing = True
            return None
        return tokens

    async def _request(self, model: str, text: str) -> Any:
        sdk = self.client.sdk
        async with self.client.failures_translated(self.seconds):
            try:
                return await sdk.messages.count_tokens(
                    model=model, messages=[{"role": "user", "content": text}], timeout=self.seconds
                )
            except self.client.status_error as error:
                if error.status_code not in MISSING:
                    raise
        self.missing = True
        log.info("the provider does not count tokens: they are estimated from now on")
        return None


@dataclass(slots=True)
class ClaudeTokenCounts:
    """Implements app.models.ports.TokenCounts for one model."""

    model: str
    counting: Counting
    rates: ScriptRates = field(default_factory=ScriptRates)

    async def rate(self, texts: Sequence[str], estimated: int, budget: int) -> float:
        known, sure = self.rates.of(texts), self.rates.know(texts)
        expected = estimated * (known if sure else max(known, 1.0))
        if expected <= (SURE_SHARE_WITH_RATES if sure else SURE_SHARE) * budget:
            return known
        counted = await self.counting.count(self.model, texts)
        if counted is None or not is_possible(counted / estimated):
            return known
        self.rates.learn(texts, counted)
        return counted / estimated

    def learn(self, request: Mapping[str, Any], usage: Mapping[str, int]) -> None:
        """Learn from an answered request, which has no pictures and documents."""
        texts = list[str]()
        _collect(request, texts)
        read = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        self.rates.learn(["\n".join(texts)], sum(usage.get(name, 0) for name in read))


def _collect(value: Any, texts: list[str]) -> None:
    """Add all texts of a request."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, Mapping):
        texts += [key for key in value if isinstance(key, str)]
        for each in value.values():
            _collect(each, texts)
    elif isinstance(value, list):
        for each in value:
            _collect(each, texts)
