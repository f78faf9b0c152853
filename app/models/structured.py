"""Structured answers of a model: their text and its JSON object."""

from typing import Any, cast

import orjson

from app.language.text import truncate
from app.models.answers import incompleteness, stop_reason_of


class InvalidAnswer(Exception):
    """The model's answer does not have the requested form. It is logged, so it contains no text of the answer."""


def text_of(message: Any) -> str:
    """The text of an answer. Raises InvalidAnswer when it is cut off or refused; the SDK does not validate answers."""
    stop_reason = stop_reason_of(getattr(message, "stop_reason", None))
    if incompleteness(stop_reason):
        raise InvalidAnswer(f"the answer ended with the stop reason {stop_reason}")
    try:
        return "".join(block.text for block in message.content if block.type == "text")
    except (AttributeError, TypeError) as error:
        raise InvalidAnswer("the answer is no message") from error


def to_object(text: str) -> dict[str, Any]:
    """The JSON object in the text. Servers without structured output may add text around it."""
    try:
        answer = orjson.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError as error:
        raise InvalidAnswer("the answer is not JSON") from error
    return cast(dict[str, Any], answer)


def to_text(value: object, longest: int) -> str:
    """The string without characters that PostgreSQL rejects, at most `longest` characters; "" for any other type."""
    if not isinstance(value, str):
        return ""
    return truncate(value.replace("\x00", "").encode("utf-8", "replace").decode().strip(), longest)
