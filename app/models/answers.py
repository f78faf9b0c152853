"""Reads a model's answer: joins its pieces to text that can be stored, and refuses an answer that is not complete."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from app.language.text import is_blank, one_line, storable
from app.models.ports import AnswerPart, Assistant, AssistantError, Finished, Piece, Prompt, ToolUse

COMPLETE = frozenset({"end_turn", "stop_sequence"})
KEY_OF_STOP_REASON = {
    "max_tokens": "model.cut_at_limit",
    "model_context_window_exceeded": "model.cut_at_window",
    "refusal": "model.declined",
}
# Failures after which a larger budget may give the whole answer.
CUT_OFF = frozenset({*KEY_OF_STOP_REASON.values(), "model.not_finished", "model.empty_answer"})
LONGEST_STOP_REASON = 100
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def stop_reason_of(value: object) -> str:
    """The stop reason that a provider sent; "none" when it sent none. The SDK does not validate it."""
    return one_line(storable(str(value)), LONGEST_STOP_REASON) if value is not None else "none"


def incompleteness(stop_reason: str) -> AssistantError | None:
    """Why an answer that ended with this stop reason is not complete; None when it is. An unknown one is not."""
    if stop_reason in COMPLETE:
        return None
    if key := KEY_OF_STOP_REASON.get(stop_reason):
        return AssistantError(key, retryable=False)
    return AssistantError("model.not_finished", retryable=False, stop_reason=stop_reason)


def broken_stream() -> AssistantError:
    """The stream ended before the answer did."""
    return AssistantError("model.stream_broken", retryable=True)


class TextJoiner:
    """Makes storable text of pieces. Text that must wait for the next piece is held back.

    A character outside the basic plane may be sent as two halves in two pieces. Blank text waits for other text, so
    that an answer of blank text has no text at all.
    """

    def __init__(self) -> None:
        self._half = ""
        self._blank: list[str] | None = []

    @property
    def is_blank(self) -> bool:
        return self._blank is not None

    def add(self, piece: str) -> str:
        """The text that can be used now."""
        text = self._half + piece
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return self._after_blank(text[: len(text) - len(self._half)])

    def rest(self) -> str:
        """What is left after the last piece: half a character, replaced."""
        half, self._half = self._half, ""
        return self._after_blank(half)

    def _after_blank(self, text: str) -> str:
        text = storable(PAIR.sub(_joined, text))
        if self._blank is None:
            return text
        self._blank.append(text)
        if is_blank(text):
            return ""
        text, self._blank = "".join(self._blank), None
        return text


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


async def read_answer(assistant: Assistant, prompt: Prompt) -> AsyncGenerator[AnswerPart, None]:
    """The answer's pieces as storable text with the calls of tools between them, then its end.

    Raises AssistantError: that of the assistant, or after the end that of an answer that is cut off, refused or blank.
    An answer that calls tools, or follows the outputs of its calls, may be blank.
    """
    text, finished, calls = TextJoiner(), None, 0
    async with aclosing(cast(Any, assistant.answer(prompt))) as parts:
        async for part in parts:
            finished = part if isinstance(part, Finished) else None
            if joined := text.add(part.text) if isinstance(part, Piece) else text.rest():
                yield Piece(joined)
            if isinstance(part, ToolUse):
                if not prompt.tools:
                    continue
                calls += 1
            if not isinstance(part, Piece):
                yield part
    if finished is None:
        raise broken_stream()
    if finished.stop_reason in continuing(prompt, calls):
        return
    if failure := incompleteness(finished.stop_reason):
        raise failure
    if text.is_blank and not prompt.rounds:
        raise AssistantError("model.empty_answer", retryable=False)


def continuing(prompt: Prompt, calls: int) -> frozenset[str]:
    """The stop reasons after which the prompt is sent again, with this answer as a further round."""
    if not prompt.tools or not prompt.calls_allowed:
        return frozenset()
    return frozenset({"tool_use", "pause_turn"} if calls else {"pause_turn"})
