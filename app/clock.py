"""The system clock, and the time zone of a user."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sql.rows import JsonObject


class SystemClock:
    """Implements app.models.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def zone_of(account: str | None, metadata: JsonObject, default: str) -> ZoneInfo:
    """The time zone of a user: that of the account, else the one that the client sent as `timezone`, else the default.

    All are IANA names; one that is not valid is ignored.
    """
    for name in (account, metadata.get("timezone")):
        if isinstance(name, str) and name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo(default)
