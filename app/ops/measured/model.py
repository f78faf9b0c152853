"""Calls of the model: counted with their tokens and cost, timed and traced."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, cast

from app.assistant.factory import Minds
from app.assistant.ports import Assistant, AssistantError, Finished, Piece, Prompt
from app.ops.metrics import Instruments
from app.ops.tracing import Tracer

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens that the model reads and writes; None when nobody said."""

    read: float | None
    written: float | None

    def cost(self, read: int, written: int) -> float | None:
        if self.read is None or self.written is None:
            return None
        return (read * self.read + written * self.written) / MILLION


class MeasuredAssistant:
    """Implements app.assistant.ports.Assistant."""

    def __init__(self, assistant: Assistant, instruments: Instruments, tracer: Tracer, prices: Prices) -> None:
        self._assistant = assistant
        self._instruments = instruments
        self._tracer = tracer
        self._prices = prices
        self.name = assistant.name
        self.model = assistant.model
        self.offline = assistant.offline

    async def answer(self, prompt: Prompt) -> AsyncIterator[Piece | Finished]:
        model, outcome, began = self.model or "offline", "cancelled", perf_counter()
        try:
            with self._tracer.span(f"model {model}"):
                async with aclosing(cast(Any, self._assistant.answer(prompt))) as parts:
                    async for part in parts:
                        if isinstance(part, Finished):
                            outcome = "done"
                            self._count(model, part.usage)
                        yield part
        except AssistantError:
            outcome = "failed"
            raise
        finally:
            self._instruments.model_calls.labels(model, prompt.purpose, outcome).inc()
            self._instruments.model_seconds.labels(model, prompt.purpose).observe(perf_counter() - began)

    def _count(self, model: str, usage: Mapping[str, int]) -> None:
        # What is read from a cache or put into one is reported apart from `input_tokens`, and is read all the same.
        read = sum(count for name, count in usage.items() if name.endswith("input_tokens"))
        written = usage.get("output_tokens", 0)
        self._instruments.model_tokens.labels(model, "input").inc(read)
        self._instruments.model_tokens.labels(model, "output").inc(written)
        if (cost := self._prices.cost(read, written)) is not None:
            self._instruments.model_cost.labels(model).inc(cost)

    async def close(self) -> None:
        await self._assistant.close()


def measured_minds(minds: Minds, instruments: Instruments, tracer: Tracer, prices: Prices) -> Minds:
    """The same minds; their answers are counted."""
    return replace(minds, assistant=MeasuredAssistant(minds.assistant, instruments, tracer, prices))
