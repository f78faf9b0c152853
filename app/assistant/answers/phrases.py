"""Phrases, times and repetitions in the language of the user."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from app.language.catalogue import Language
from app.language.data import read_data
from app.language.text import one_line

PHRASES: dict[str, dict[str, Any]] = read_data(__file__, "phrases.toml")
SHOWN_CHARACTERS = 160
DAYS = {
    "MO": ("Monday", "月曜"), "TU": ("Tuesday", "火曜"), "WE": ("Wednesday", "水曜"), "TH": ("Thursday", "木曜"),
    "FR": ("Friday", "金曜"), "SA": ("Saturday", "土曜"), "SU": ("Sunday", "日曜"),
}  # fmt: skip
WEEKDAYS = "月火水木金土日"
WEEK = 7
NTH_DAY = re.compile(r"(-1|[1-5])(MO|TU|WE|TH|FR|SA|SU)")
ORDINALS = {"-1": "last", "1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
CLOSING = " 。.!！"


def phrase(name: str, language: Language, **params: Any) -> str:
    """The phrase with its parameters; of a text its first line."""
    shown = {
        key: one_line(value.strip().split("\n")[0], SHOWN_CHARACTERS) if key in ("what", "title") else value
        for key, value in params.items()
    }
    for key in ("what", "title", "why"):
        if isinstance(shown.get(key), str):
            shown[key] = shown[key].rstrip(CLOSING) if key != "why" else shown[key]
    text: str = PHRASES[name][language].format(**shown)
    return text.strip()


def kind_name(kind: str, language: Language) -> str:
    names = PHRASES["kinds"].get(kind)
    return str(names[language]) if names else kind


SHORTEST_MONTH = 28


def period_name(since: datetime | None, now: datetime, until: datetime | None, language: Language) -> str:
    """ " today", 「今週」 ...; empty without a period."""
    if since is None or until is None:
        return ""
    days = (since.date() - now.date()).days
    if (until.date() - since.date()).days >= SHORTEST_MONTH and since.day == 1:
        name = "this_month" if since <= now < until else "next_month"
    elif (until.date() - since.date()).days > 1 and since.date() == now.date():
        last = spoken_day((until - timedelta(days=1)).date(), language)
        return f"{last}までの" if language == "ja" else f" until {last}"
    elif (until.date() - since.date()).days > 1:
        weeks = {0: "this_week", 1: "next_week", -1: "last_week"}
        starts_week = since.weekday() == 0 and (until.date() - since.date()).days == WEEK
        name = weeks.get((days + now.weekday()) // WEEK, "week") if starts_week else "week"
        name = "this_week" if since <= now < until else name
    else:
        name = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days, "none")
        if name == "none":
            day = spoken_day(since.date(), language)
            return day if language == "ja" else f" on {day}"
    return str(PHRASES["periods"][name][language])


def spoken_time(at: datetime, now: datetime, language: Language) -> str:
    """The time in the zone of `now`: "Tuesday 1 December, 09:00", 「12月1日(火) 9:00」."""
    here = at.astimezone(now.tzinfo)
    year = here.year != now.year
    if language == "ja":
        day = f"{here.month}月{here.day}日({WEEKDAYS[here.weekday()]})"
        return f"{here.year}年{day} {here:%H:%M}" if year else f"{day} {here:%H:%M}"
    return f"{here:%A} {here.day} {here:%B}{f' {here.year}' if year else ''}, {here:%H:%M}"


def spoken_day(day: date, language: Language) -> str:
    """A day without its year: "Thursday 3 December", 「12月3日(木)」."""
    if language == "ja":
        return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"
    return f"{day:%A} {day.day} {day:%B}"


def spoken_date(at: datetime, now: datetime, language: Language) -> str:
    here = at.astimezone(now.tzinfo)
    return f"{here.year}年{here.month}月{here.day}日" if language == "ja" else f"{here.day} {here:%B %Y}"


def spoken_rule(rule: str, language: Language) -> str:
    """An RRULE in words; the simple ones only."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    japanese = language == "ja"
    days = parts.get("BYDAY", "").split(",")
    if parts.get("FREQ") == "DAILY" and "INTERVAL" not in parts:
        return "毎日" if japanese else "every day"
    if parts.get("FREQ") == "WEEKLY" and "INTERVAL" not in parts and all(day in DAYS for day in days):
        if days == ["MO", "TU", "WE", "TH", "FR"]:
            return "平日は毎日" if japanese else "every weekday"
        names = [DAYS[day][japanese] for day in days]
        return f"毎週{'・'.join(names)}に" if japanese else f"every {', '.join(names)}"
    month_days = parts.get("BYMONTHDAY", "").split(",")
    if parts.get("FREQ") == "MONTHLY" and "INTERVAL" not in parts and all(map(str.isdigit, month_days)):
        listed_days = ("日・" if japanese else ", ").join(month_days)
        return f"毎月{listed_days}日に" if japanese else f"day {listed_days} of every month"
    nth = NTH_DAY.fullmatch(parts.get("BYDAY", ""))
    if parts.get("FREQ") == "MONTHLY" and nth and "INTERVAL" not in parts:
        day = DAYS[nth[2]][japanese]
        if japanese:
            return f"毎月{'最終' if nth[1] == '-1' else f'第{nth[1]}'}{day}に"
        return f"the {ORDINALS[nth[1]]} {day} of every month"
    return "指定の間隔で" if japanese else "the repetition you asked for"


def listed(title: str, items: Iterable[str]) -> str:
    """A title and its items, each in a paragraph of its own."""
    return "\n\n".join([title, *(f"・{item}" for item in items)])
