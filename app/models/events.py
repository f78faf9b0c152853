"""Reads the events of one streamed answer of the Messages API; the SDK does not validate them."""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from app.language.text import one_line, storable, storable_json
from app.models.answers import COMPLETE, broken_stream, stop_reason_of
from app.models.ports import AnswerPart, Finished, Piece, ToolUse

log = structlog.get_logger()

MODEL_CHARACTERS = 200
ID_CHARACTERS = 64
NAME_CHARACTERS = 64
MAX_INPUT_CHARACTERS = 1_000_000
MAX_MODEL_TOKENS = 2**31 - 1  # of one answer; a larger count is wrong
USAGE_FIELDS = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def usage_of(usage: Any) -> dict[str, int]:
    """The token counts of an answer; fields may be missing or wrong."""
    counts = {name: getattr(usage, name, None) for name in USAGE_FIELDS}
    return {name: count for name, count in counts.items() if type(count) is int and 0 <= count <= MAX_MODEL_TOKENS}


def arguments_of(text: str) -> Mapping[str, Any] | None:
    """The JSON object in the text; {} for no text at all, None for anything else."""
    if not text.strip():
        return {}
    try:
        arguments = orjson.loads(text)
    except ValueError:
        return None
    return storable_json(arguments) if isinstance(arguments, dict) else None


class OpenCall:
    """A call of a tool whose arguments still arrive."""

    def __init__(self, block: Any) -> None:
        self.id = one_line(storable(str(block.id or "")), ID_CHARACTERS)
        self.name = one_line(storable("" + block.name), NAME_CHARACTERS)
        # Servers that do not stream the arguments send them with the beginning of the block.
        self._given = block.input if isinstance(block.input, dict) and block.input else None
        self._json: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        """The next part of the arguments. Raises ValueError when they are too long."""
        self._length += len(piece)
        if self._length > MAX_INPUT_CHARACTERS:
            raise ValueError("the arguments of a call are too long")
        self._json.append(piece)

    def close(self) -> ToolUse:
        text = "".join(self._json)
        given = storable_json(self._given) if self._given and not text.strip() else arguments_of(text)
        return ToolUse(self.id, self.name, given)


class AnswerEvents:
    """Collects pieces, calls, model, usage and stop reason from the events of one answer.

    `max_tokens` is the limit of the answer. `lenient`: the server may leave out the stop reason.
    """

    def __init__(self, model: str, *, max_tokens: int, lenient: bool) -> None:
        self._model = model
        self._max_tokens = max_tokens
        self._lenient = lenient
        self._stop_reason: object = None
        self._usage: dict[str, int] = {}
        self._open: dict[int, OpenCall] = {}
        self._thinking: dict[int, dict[str, Any]] = {}
        self._calls = 0
        self.ended = False

    def read(self, event: Any) -> AnswerPart | None:
        """The part of the answer that the event completes. Raises AssistantError for a malformed event."""
        try:
            return self._read(event)
        except (AttributeError, TypeError, ValueError) as error:
            # A field may be missing or have any type.
            log.warning("the model sent a malformed event", error=repr(error))
            raise broken_stream() from error

    def _read(self, event: Any) -> AnswerPart | None:
        match event.type:
            case "message_start":
                self._model = one_line(storable(str(event.message.model)), MODEL_CHARACTERS)
                self._usage |= usage_of(event.message.usage)
            case "content_block_start":
                return self._begin(event.index, event.content_block)
            case "content_block_delta":
                return self._continue(event.index, event.delta)
            case "content_block_stop":
                return self._close(event.index)
            case "message_delta":
                self._stop_reason = event.delta.stop_reason
                self._usage |= usage_of(event.usage)
            case "message_stop":
                self.ended = True
        return None

    def _begin(self, index: int, block: Any) -> Piece | None:
        if block.type == "text" and block.text:
            return Piece("" + block.text)
        if block.type == "tool_use":
            self._open[index] = OpenCall(block)
        elif block.type in ("thinking", "redacted_thinking"):
            self._thinking[index] = block.model_dump(mode="json", exclude_none=True)
        return None

    def _continue(self, index: int, delta: Any) -> Piece | None:
        match delta.type:
            case "text_delta":
                return Piece("" + delta.text) if delta.text != "" else None
            case "input_json_delta":
                self._open[index].add("" + delta.partial_json)
            case "thinking_delta":
                self._thinking[index]["thinking"] += delta.thinking
            case "signature_delta":
                self._thinking[index]["signature"] = "" + delta.signature
        return None

    def _close(self, index: int) -> ToolUse | None:
        call = self._open.pop(index, None)
        if call is None:
            return None
        self._calls += 1
        return call.close()

    def finished(self) -> Finished:
        """The end of the answer. Raises AssistantError when the stream broke off."""
        if not self.ended or self._open:
            log.warning("the stream ended without its last event")
            raise broken_stream()
        thinking = [self._thinking[index] for index in sorted(self._thinking)]
        return Finished(self._end(), self._model, self._usage, thinking)

    def _end(self) -> str:
        """The stop reason. Compatible servers may leave it out, or end an answer with calls as any other one."""
        reason = stop_reason_of(self._stop_reason)
        if self._stop_reason is None and self._lenient:
            reason = "max_tokens" if self._usage.get("output_tokens", 0) >= self._max_tokens else "end_turn"
        return "tool_use" if self._calls and reason in COMPLETE else reason
