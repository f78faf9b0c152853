"""Counts model calls with their tokens and cost, and times and traces them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, cast

from app.models.factory import Models
from app.models.ports import Assistant, Finished, Piece, Prompt, Purpose, Usage
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars per million input (`read`) and output (`written`) tokens; None when not configured."""

    read: float | None
    written: float | None

    def cost(self, read: int, written: int) -> float | None:
        """The cost in dollars of these token counts; None without both prices."""
        if self.read is None or self.written is None:
            return None
        return (read * self.read + written * self.written) / MILLION


class InstrumentedCalls:
    """Implements app.models.ports.ModelCalls."""

    def __init__(self, instruments: Instruments, tracer: Tracer, prices: Prices) -> None:
        self._instruments = instruments
        self._tracer = tracer
        self._prices = prices

    @contextmanager
    def call(self, model: str | None, purpose: Purpose) -> Iterator[Callable[[Usage], None]]:
        name, outcome, started = model or "offline", "cancelled", perf_counter()

        def record_usage(usage: Usage) -> None:
            nonlocal outcome
            outcome = "done"
            self._count(name, purpose, usage)

        try:
            with self._tracer.span(f"model {name}", purpose=purpose):
                yield record_usage
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._instruments.model_calls.labels(name, purpose, outcome).inc()
            self._instruments.model_seconds.labels(name, purpose).observe(perf_counter() - started)

    def _count(self, model: str, purpose: Purpose, usage: Usage) -> None:
        # Tokens read from or written to a cache are reported apart from `input_tokens`, and are input as well.
        read = sum(count for name, count in usage.items() if name.endswith("input_tokens"))
        written = usage.get("output_tokens", 0)
        self._instruments.model_tokens.labels(model, purpose, "input").inc(read)
        self._instruments.model_tokens.labels(model, purpose, "output").inc(written)
        if (cost := self._prices.cost(read, written)) is not None:
            self._instruments.model_cost.labels(model, purpose).inc(cost)


class InstrumentedAssistant:
    """Implements app.models.ports.Assistant."""

    def __init__(self, assistant: Assistant, calls: InstrumentedCalls) -> None:
        self._assistant = assistant
        self._calls = calls
        self.name = assistant.name
        self.model = assistant.model
        self.offline = assistant.offline

    async def answer(self, prompt: Prompt) -> AsyncIterator[Piece | Finished]:
        with self._calls.call(self.model, prompt.purpose) as record_usage:
            async with aclosing(cast(Any, self._assistant.answer(prompt))) as parts:
                async for part in parts:
                    if isinstance(part, Finished):
                        record_usage(part.usage)
                    yield part

    async def close(self) -> None:
        await self._assistant.close()


def instrumented_models(models: Models, calls: InstrumentedCalls) -> Models:
    """The same models with an instrumented assistant."""
    return replace(models, assistant=InstrumentedAssistant(models.assistant, calls))
