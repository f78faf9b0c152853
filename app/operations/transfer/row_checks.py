"""Whether the API could have stored a value of an imported row, and could show it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from app.intent_types import INTENT_TYPES
from app.operations.transfer.tolerant_json import LeftOut
from resolvers.checks import MAX_TITLE_CHARACTERS, checked_tags, checked_time
from sql.errors import BadUserInput
from sql.recurrence import is_recurrence
from sql.sentences import sentence

Line = dict[str, Any]


def check_lengths(row: Line, max_text_bytes: int) -> None:
    """Refuse texts that the API would not accept from a person. Raises LeftOut."""
    try:
        for name in ("content", "description"):
            if isinstance(text := row.get(name), str) and (size := len(text.encode())) > max_text_bytes:
                raise BadUserInput("input.too_large", field=name, given=size, maximum=max_text_bytes)
        if isinstance(title := row.get("title"), str) and len(title) > MAX_TITLE_CHARACTERS:
            raise BadUserInput("input.too_long", field="title", given=len(title), maximum=MAX_TITLE_CHARACTERS)
        if isinstance(tags := row.get("tags"), list) and all(isinstance(tag, str) for tag in tags):
            checked_tags(tags)
    except BadUserInput as error:
        raise LeftOut(sentence(error.key, **error.params)) from None


def _is_classification(value: Any) -> bool:
    """Whether the API can show the stored classification of an intent."""
    return (
        isinstance(value, dict)
        and value.get("intentType") in INTENT_TYPES
        and type(value.get("confidence")) in (int, float)
        and isinstance(value.get("reason"), str)
        and isinstance(value.get("classifier"), str)
        and isinstance(value.get("key"), str | None)
        and isinstance(value.get("params"), dict | None)
    )


SHOWN_VALUES: dict[str, Callable[[Any], bool]] = {
    "classification": _is_classification,
    "result": lambda value: isinstance(value, dict),
    "recurrence": is_recurrence,
}
"""Columns of intents, and whether the API can show a value."""


def checked_value(type_: str, column: str, value: Any) -> Any:
    """The value; a time has to be one that Python can hold in every zone. Raises LeftOut."""
    if not type_.startswith("timestamp") or column == "intents_extracted_at":
        return value
    try:
        time = checked_time(datetime.fromisoformat(str(value)))
    except (ValueError, BadUserInput):
        raise LeftOut(sentence("import.not_a_time", column=column, value=str(value)[:80])) from None
    return time and time.isoformat()


def to_uuid(given: Any) -> UUID | None:
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None
