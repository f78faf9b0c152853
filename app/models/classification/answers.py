"""The JSON schema of Claude's classification of an intent, and the checks of its answer."""

import math
from datetime import datetime, time
from typing import Any, cast

from app.intent_types import INTENT_TYPES
from app.language.catalogue import StoredText, stored_text
from app.language.times.hours import END_OF_DAY, MORNING
from app.models.classification.due import read_due
from app.models.ports import IntentClassification
from app.models.structured import InvalidAnswer, to_text

REASON_CHARACTERS = 500
DATE_LENGTH = len("2026-11-24")

INTENT_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": list(INTENT_TYPES)},
        "due_at": {"type": ["string", "null"]},
        "confidence": {"type": "number"},
        "reason": {"type": "string"},
    },
    "required": ["type", "due_at", "confidence", "reason"],
    "additionalProperties": False,
}


def to_classification(answer: dict[str, Any], description: str, now: datetime, model: str) -> IntentClassification:
    """The checked classification of the intent. Numbers are clamped; a time without a zone is in the user's zone."""
    kind = answer.get("type")
    if not isinstance(kind, str) or kind not in INTENT_TYPES:
        raise InvalidAnswer("the intent has an unknown type")
    at_moment = INTENT_TYPES[kind].due == "moment"
    due_at = _to_time(answer.get("due_at"), now, MORNING if at_moment else END_OF_DAY)
    reason = to_reason(answer)
    if at_moment and due_at is None:
        # A time that is said but not understood leaves the reminder without one, so that it asks for it.
        said = read_due(description, now, deadline=False)
        kind, due_at = (kind, said.at) if said else ("task", None)
        reason = said.reason(reason) if said and said.at is None else reason
    confidence = _to_number(answer.get("confidence"), 0.0, 1.0, otherwise=0.5)
    return IntentClassification(kind, confidence, reason, model, due_at)


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
