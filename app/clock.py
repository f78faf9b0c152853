"""The system clock, and the time zone of a user."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sql.rows import JsonObject


class SystemClock:
    """Implements app.models.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def zone_of(metadata: JsonObject, default: str) -> ZoneInfo:
    """The IANA time zone that a client sent as `timezone`; the default when it sent no valid one."""
    name = metadata.get("timezone")
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else ZoneInfo(default)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(default)
