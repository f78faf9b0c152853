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
        raise BadUserInput(f"`{name}` must not contain the null character (U+0000).")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise BadUserInput(f"`{name}` contains half of a surrogate pair; send valid Unicode.") from None
    if size > max_bytes:
        raise BadUserInput(f"`{name}` has {size:,} bytes; at most {max_bytes:,} are accepted.")
    if not value.strip():
        raise BadUserInput(f"`{name}` must not be empty.")
    return value


def checked_line(value: str, name: str, max_characters: int) -> str:
    """A text without white space around it, measured in characters."""
    line = checked_text(value, name, max_bytes=max_characters * 4).strip()
    if len(line) > max_characters:
        raise BadUserInput(f"`{name}` has {len(line):,} characters; at most {max_characters:,} are accepted.")
    return line


def checked_title(value: str) -> str:
    """A title without white space around it, at most 200 characters."""
    return checked_line(value, "title", MAX_TITLE_CHARACTERS)


def checked_tags(values: list[str] | None) -> list[str]:
    """At most ten tags of up to 50 characters, each once, in the order given."""
    tags = list(dict.fromkeys(checked_line(value, "tags", MAX_TAG_CHARACTERS) for value in values or []))
    if len(tags) > MAX_TAGS:
        raise BadUserInput(f"`tags` has {len(tags)}; at most {MAX_TAGS} are accepted.")
    return tags


def checked_metadata(value: Any) -> JsonObject:
    """A JSON object that jsonb can hold; an absent one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadUserInput("`metadata` must be a JSON object.")
    try:
        encoded = orjson.dumps(value)
    except TypeError as error:
        raise BadUserInput(f"`metadata` cannot be kept: {error}.") from None
    if b"\\u0000" in encoded:
        raise BadUserInput("`metadata` must not contain the null character (U+0000).")
    if len(encoded) > MAX_METADATA_BYTES:
        raise BadUserInput(f"`metadata` has {len(encoded):,} bytes; at most {MAX_METADATA_BYTES:,} are accepted.")
    return value


def checked_priority(value: int) -> int:
    if not 0 <= value <= 10:
        raise BadUserInput(f"`priority` is {value}; it goes from 0 to 10.")
    return value


def checked_key(value: str | None) -> str | None:
    """An idempotency key, or None."""
    if value is None:
        return None
    if len(value) > MAX_KEY_CHARACTERS:
        raise BadUserInput(f"`idempotencyKey` has {len(value)} characters; at most {MAX_KEY_CHARACTERS} are accepted.")
    return checked_text(value, "idempotencyKey", max_bytes=MAX_KEY_CHARACTERS * 4)
