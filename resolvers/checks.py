"""Validation of input values. All raise BadUserInput with a key that says what is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import strawberry

from sql.errors import BadUserInput, NotFound
from sql.repositories.projects import MAX_SLUG_CHARACTERS
from sql.rows import JsonObject


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of inputs: sizes in bytes of UTF-8, the attempts of an intent, and the files of a message."""

    max_content_bytes: int
    max_attempts: int
    max_attachments: int = 10


MAX_TITLE_CHARACTERS = 200
MAX_METADATA_BYTES = 64 * 1024
# Some JSON libraries refuse more, and so do some clients.
MAX_METADATA_LEVELS = 100
SURROGATE = re.compile(r"[\ud800-\udfff]")
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
MAX_KEY_CHARACTERS = 200
MAX_TAGS = 10
MAX_MODEL_CHARACTERS = 200
MAX_TAG_CHARACTERS = 50
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def checked_id(value: str, key: str) -> UUID:
    """The id as a UUID. Raises NotFound with this key for a malformed id, as for an unknown one."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(key) from None


def checked_slug(value: str) -> str:
    """The slug of a project."""
    if len(value) > MAX_SLUG_CHARACTERS or SLUG.fullmatch(value) is None:
        raise BadUserInput("project.slug_invalid", maximum=MAX_SLUG_CHARACTERS)
    return value


def checked_text(value: str, name: str, *, max_bytes: int) -> str:
    """The text unchanged, if it is not blank and PostgreSQL can store it."""
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
    """The text without surrounding white space."""
    line = checked_text(value, name, max_bytes=max_characters * 4).strip()
    if len(line) > max_characters:
        raise BadUserInput("input.too_long", field=name, given=len(line), maximum=max_characters)
    return line


def checked_title(value: str) -> str:
    """A title of at most 200 characters, without surrounding white space."""
    return checked_line(value, "title", MAX_TITLE_CHARACTERS)


def checked_tags(values: list[str] | None, field: str = "tags") -> list[str]:
    """At most 10 distinct tags of at most 50 characters, in their order."""
    tags = list(dict.fromkeys(checked_line(value, field, MAX_TAG_CHARACTERS) for value in values or []))
    if len(tags) > MAX_TAGS:
        raise BadUserInput("input.too_many", field=field, given=len(tags), maximum=MAX_TAGS)
    return tags


def checked_labels(values: list[str] | None) -> list[str]:
    """Labels of an intent, with the limits of tags."""
    return checked_tags(values, "labels")


def checked_metadata(value: Any) -> JsonObject:
    """A JSON object that jsonb can store; empty when it is absent."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadUserInput("metadata.not_an_object")
    _check_json(value, MAX_METADATA_LEVELS)
    try:
        encoded = orjson.dumps(value)
    except TypeError as error:
        raise BadUserInput("metadata.not_storable", detail=str(error)) from None
    if len(encoded) > MAX_METADATA_BYTES:
        raise BadUserInput("input.too_large", field="metadata", given=len(encoded), maximum=MAX_METADATA_BYTES)
    return value


def _check_json(value: Any, levels: int) -> None:
    """Refuse what JSON can express but jsonb, or JSON itself, would lose: see the keys."""
    if isinstance(value, str):
        if "\x00" in value:
            raise BadUserInput("input.null_character", field="metadata")
        if not value.isascii() and SURROGATE.search(value):
            raise BadUserInput("input.invalid_unicode", field="metadata")
    elif isinstance(value, float) and not isfinite(value):
        raise BadUserInput("input.number_too_large", field="metadata")
    elif isinstance(value, dict | list):
        if levels == 0:
            raise BadUserInput("metadata.nested_too_deeply", maximum=MAX_METADATA_LEVELS)
        for each in (*value, *value.values()) if isinstance(value, dict) else value:
            _check_json(each, levels - 1)


def checked_priority(value: int) -> int:
    if not 0 <= value <= 10:
        raise BadUserInput("input.out_of_range", field="priority", given=value, minimum=0, maximum=10)
    return value


def checked_time(value: datetime | None) -> datetime | None:
    """The time; without a zone it is UTC. Raises BadUserInput near the ends of the calendar.

    A day is left to both ends, because Python cannot represent the time in every zone otherwise.
    """
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    if not EARLIEST <= aware <= LATEST:
        raise BadUserInput("input.time_out_of_range")
    return aware


def checked_zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadUserInput("timezone.unknown") from None


def checked_key(value: str | None) -> str | None:
    """An idempotency key, or None."""
    if value is None:
        return None
    if len(value) > MAX_KEY_CHARACTERS:
        raise BadUserInput("input.too_long", field="idempotencyKey", given=len(value), maximum=MAX_KEY_CHARACTERS)
    return checked_text(value, "idempotencyKey", max_bytes=MAX_KEY_CHARACTERS * 4)


def checked_model(name: str | None, available: Sequence[str]) -> str | None:
    """One of the models that can answer; None, also for an absent value, for the default one. Raises BadUserInput."""
    if name is None or name is strawberry.UNSET or name in available:
        return name or None
    raise BadUserInput("model.not_available", model=name[:MAX_MODEL_CHARACTERS], available=list(available))
