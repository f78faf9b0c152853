"""What a client sent, checked; each failure says what to send instead."""

from typing import Any
from uuid import UUID

import orjson

from sql.errors import BadUserInput, NotFound
from sql.rows import JsonObject

MAX_TITLE_CHARACTERS = 200
MAX_METADATA_BYTES = 64 * 1024
MAX_KEY_CHARACTERS = 200
MAX_TAGS = 10
MAX_TAG_CHARACTERS = 50


def checked_id(value: str, absent: str) -> UUID:
    """The id as a UUID. What is no id of ours belongs to nothing: NotFound with the message `absent`."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(absent) from None


def checked_text(value: str, name: str, *, max_bytes: int) -> str:
    """The text as it was sent, when PostgreSQL can keep it and there is something in it."""
    if "\x00" in value:
        raise BadUserInput("input.null_character", field=name)
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise BadUserInput("input.invalid_unicode", field=name) from None
    if size > max_bytes:
        raise BadUserInput("input.too_large", field=name, given=size, maximum=max_bytes)
    if not value.strip():
        raise BadUserInput("input.empty", field=name)
    return value


def checked_line(value: str, name: str, max_characters: int) -> str:
    """A text without white space around it, measured in characters."""
    line = checked_text(value, name, max_bytes=max_characters * 4).strip()
    if len(line) > max_characters:
        raise BadUserInput("input.too_long", field=name, given=len(line), maximum=max_characters)
    return line


def checked_title(value: str) -> str:
    """A title without white space around it, at most 200 characters."""
    return checked_line(value, "title", MAX_TITLE_CHARACTERS)


def checked_tags(values: list[str] | None) -> list[str]:
    """At most ten tags of up to 50 characters, each once, in the order given."""
    tags = list(dict.fromkeys(checked_line(value, "tags", MAX_TAG_CHARACTERS) for value in values or []))
    if len(tags) > MAX_TAGS:
        raise BadUserInput("input.too_many", field="tags", given=len(tags), maximum=MAX_TAGS)
    return tags


def checked_metadata(value: Any) -> JsonObject:
    """A JSON object that jsonb can hold; an absent one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadUserInput("metadata.not_an_object")
    try:
        encoded = orjson.dumps(value)
    except TypeError as error:
        raise BadUserInput("metadata.not_storable", detail=str(error)) from None
    if b"\\u0000" in encoded:
        raise BadUserInput("input.null_character", field="metadata")
    if len(encoded) > MAX_METADATA_BYTES:
        raise BadUserInput("input.too_large", field="metadata", given=len(encoded), maximum=MAX_METADATA_BYTES)
    return value


def checked_priority(value: int) -> int:
    if not 0 <= value <= 10:
        raise BadUserInput("input.out_of_range", field="priority", given=value, minimum=0, maximum=10)
    return value


def checked_key(value: str | None) -> str | None:
    """An idempotency key, or None."""
    if value is None:
        return None
    if len(value) > MAX_KEY_CHARACTERS:
        raise BadUserInput("input.too_long", field="idempotencyKey", given=len(value), maximum=MAX_KEY_CHARACTERS)
    return checked_text(value, "idempotencyKey", max_bytes=MAX_KEY_CHARACTERS * 4)
