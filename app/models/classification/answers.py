"""The JSON schemas of Claude's classifications, and the checks of its answers."""

import math
from datetime import datetime, time
from typing import Any, cast

from app.intent_types import INTENT_TYPES
from app.language.catalogue import StoredText, stored_text
from app.language.times.hours import END_OF_DAY, MORNING
from app.models.classification.due import read_due
from app.models.ports import RaisedIntent
from app.models.structured import InvalidAnswer, to_text

DESCRIPTION_CHARACTERS = 2000
REASON_CHARACTERS = 500
DATE_LENGTH = len("2026-11-24")
HIGHEST_PRIORITY = 10

INTENT_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "description": {"type": "string"},
        "type": {"type": "string", "enum": list(INTENT_TYPES)},
        "priority": {"type": "integer"},
        "due_at": {"type": ["string", "null"]},
        "confidence": {"type": "number"},
        "reason": {"type": "string"},
    },
    "required": ["description", "type", "priority", "due_at", "confidence", "reason"],
    "additionalProperties": False,
}
READING_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"intents": {"type": "array", "items": INTENT_SCHEMA}, "reason": {"type": "string"}},
    "required": ["intents", "reason"],
    "additionalProperties": False,
}


def to_intents(answer: dict[str, Any], now: datetime) -> list[RaisedIntent]:
    """The intents of a classified message. One invalid intent makes the whole answer invalid."""
    items = answer.get("intents")
    if not isinstance(items, list):
        raise InvalidAnswer("there is no list of intents")
    return [to_intent(item, now) for item in items]


def to_intent(item: object, now: datetime) -> RaisedIntent:
    """One intent. Numbers are clamped to their range; a time without a zone is in the user's zone."""
    if not isinstance(item, dict):
        raise InvalidAnswer("an intent is not an object")
    description = to_text(item.get("description"), DESCRIPTION_CHARACTERS)
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in INTENT_TYPES or not description:
        raise InvalidAnswer("an intent has an unknown type or no description")
    at_moment = INTENT_TYPES[kind].due == "moment"
    due_at = _to_time(item.get("due_at"), now, MORNING if at_moment else END_OF_DAY)
    reason = to_reason(item)
    if at_moment and due_at is None:
        # A time that is said but not understood leaves the reminder without one, so that it asks for it.
        said = read_due(description, now, deadline=False)
        kind, due_at = (kind, said.at) if said else ("task", None)
        reason = said.reason(reason) if said and said.at is None else reason
    return RaisedIntent(
        description=description,
        intent_type=kind,
        priority=int(_to_number(item.get("priority"), 0, HIGHEST_PRIORITY, otherwise=0)),
        due_at=due_at,
        confidence=_to_number(item.get("confidence"), 0.0, 1.0, otherwise=0.5),
        reason=reason,
    )


def to_reason(answer: dict[str, Any]) -> StoredText:
    """The reason in the answer, or a sentence that there is none."""
    text = to_text(answer.get("reason"), REASON_CHARACTERS)
    return StoredText(text) if text else stored_text("reason.not_given")


def _to_number(value: object, least: float, most: float, *, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return otherwise
    return min(max(value, least), most)


def _to_time(value: object, now: datetime, hour: time) -> datetime | None:
    """The time; None when it is past. A date without a time gets `hour`. Raises InvalidAnswer for other values."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(cast(str, value))
        if len(cast(str, value)) <= DATE_LENGTH:
            at = datetime.combine(at.date(), hour)
        at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
        return at if at.timestamp() > now.timestamp() else None
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidAnswer("a due time is no ISO 8601 time") from error
