"""The due time of a request, and what is said about a time that could not be used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.language.catalogue import StoredText, stored_text
from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, read_time

# Work "every 5 minutes" describes a program; it is not due in five minutes.
FREQUENT = ("FREQ=MINUTELY", "FREQ=HOURLY")


@dataclass(frozen=True, slots=True)
class Due:
    """A time that a sentence states. `at` is None when it has no exact meaning or is past.

    `certain`: it is surely a time, though perhaps not a readable one ("later" often means none).
    """

    at: datetime | None
    certain: bool
    key: str
    params: dict[str, Any]

    def reason(self, reason: StoredText) -> StoredText:
        """The reason for an intent, with the time or with why there is none."""
        return stored_text(self.key, reason=reason.param, **self.params)


def read_due(text: str, now: datetime, *, deadline: bool | None = None) -> Due | None:
    """The time that the text states; None when it contains no words for one. `now` is in the zone of the user."""
    zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"
    return _to_due(read_time(text, now, zone, deadline=deadline), deadline)


def _to_due(found: Reading | None, deadline: bool | None) -> Due | None:
    match found:
        case None:
            return None
        case NotUnderstood():
            return Due(None, not found.soft, "reason.with_unread_time", {"words": found.words})
        case Recurrence():
            described = deadline is not False and found.rule.startswith(FREQUENT)
            params = {"rule": found.rule, "time": shown(found.first)}
            return Due(None if described else found.first, True, "reason.with_repetition", params)
        case Time():
            key = "reason.with_past_time" if found.past else "reason.with_time"
            return Due(None if found.past else found.at, not found.past, key, {"time": shown(found.at)})


def shown(at: datetime) -> str:
    """The time as reasons show it."""
    return f"{at:%Y-%m-%d %H:%M %Z}"
