"""The time, and the user's own time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sql.rows import JsonObject


class SystemClock:
    """Implements app.models.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def zone_of(metadata: JsonObject, default: str) -> ZoneInfo:
    """The IANA zone that a client sent along as `timezone`; the default when it sent none, or none that exists."""
    name = metadata.get("timezone")
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else ZoneInfo(default)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(default)
