"""Time zones: PST, UTC+9, +09:00, Europe/Berlin, "London time", 日本時間."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

from app.language.times.parts import WORDS, Part, Unread, Zone

HOURS: dict[str, float] = WORDS["zones"]
NAMES: dict[str, str] = WORDS["zone_names"]
AREAS = "africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific"
# A zone follows an hour, so that "et al." and "est. 5 days" are no zones.
AFTER_HOUR = r"(?:(?<=\d)|(?<=\d )|(?<=\d\()|(?<=m )|(?<=m\.)|(?<=m\. )|(?<=m\()|(?<=n )|(?<=m, )|(?<=k )|(?<=時\()|(?<=時 )|(?<=[時分半]))"


def _offset(m: re.Match[str]) -> Part:
    hours, minutes = int(m[2]), int(m[3] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError("no such offset")
    return Zone(timezone((1 if m[1] == "+" else -1) * timedelta(hours=hours, minutes=minutes)))


def _iana(m: re.Match[str]) -> Part:
    try:
        return Zone(ZoneInfo("/".join(part.title() for part in m[0].split("/"))))
    except (KeyError, OSError, ValueError):
        return Unread()


def _any(names: dict[str, str] | dict[str, float]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


ZONE_RULES: tuple[tuple[str, Callable[[re.Match[str]], Part | tuple[Part, ...]]], ...] = (
    (r"(?<![a-z])(?:utc|gmt) ?([+-]) ?(\d{1,2})(?::?(\d\d))?(?!\d)", _offset),
    # 9:00-10:00 is a range of hours.
    (r"(?:(?<=t\d\d:\d\d)|(?<=:\d\d:\d\d)|(?<=:\d\d:\d\d ))([+-])(\d\d):?(\d\d)(?!\d)", _offset),
    (r"(?:(?<=:\d\d)|(?<=:\d\d ))(\+)(\d\d):?(\d\d)(?!\d)", _offset),
    (r"(?<=\.\d\d\d)([+-])(\d\d):?(\d\d)(?!\d)", _offset),
    (r"(?<=\d)z(?![a-z0-9])", lambda m: Zone(UTC)),
    (rf"(?<![a-z/])(?:{AREAS})/[a-z_]{{2,20}}(?:/[a-z_]{{2,20}})?", _iana),
    (rf"{AFTER_HOUR}(?:{'|'.join(WORDS['ambiguous_zones']['names'])})(?![a-z0-9_])", lambda m: Unread()),
    ("|".join(WORDS["ambiguous_zones"]["names_ja"]), lambda m: Unread()),
    (rf"(?<![a-z])({_any(HOURS)})(?=[のでは]| ?[0-9]{{1,2}}[時:])", lambda m: Zone(timezone(timedelta(hours=HOURS[m[1]])))),
    (rf"{AFTER_HOUR}(?:us )?({_any(HOURS)})(?![a-z0-9_])", lambda m: Zone(timezone(timedelta(hours=HOURS[m[1]])))),
    (rf"(?:(?<![a-z])(?!in )|(?<=[\dm] )(?=in )|(?<=\d\d )(?=in ))(?:us )?({_any({n: z for n, z in NAMES.items() if len(n) > 2 and n.isascii()})})(?![a-z0-9_])", lambda m: Zone(ZoneInfo(NAMES[m[1]]))),
    (rf"({_any({n: z for n, z in NAMES.items() if not n.isascii()})})", lambda m: Zone(ZoneInfo(NAMES[m[1]]))),
    (rf"{AFTER_HOUR}(et|pt|mt)(?![a-z0-9_])", lambda m: Zone(ZoneInfo(NAMES[m[1]]))),
)  # fmt: skip
