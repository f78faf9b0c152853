"""The assistant of an installation without a model."""

from collections.abc import AsyncIterator

from app.models.ports import AnswerPart, Prompt


class OfflineAssistant:
    """Implements app.models.ports.Assistant. It writes no answers: callers read `offline` and do without them."""

    name = "Kana (offline)"
    model = None
    offline = True

    def token_counts(self, model: str | None = None) -> None:
        return None

    def answer(self, prompt: Prompt) -> AsyncIterator[AnswerPart]:
        raise AssertionError("no model is configured; `offline` says so")

    async def close(self) -> None:
        """There is nothing to close."""
