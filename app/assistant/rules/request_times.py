"""The time of a request: its own, that of the sentence before it, or some time ahead of an event."""

import re
from dataclasses import replace
from datetime import timedelta

from app.assistant.rules.sentence import Sentence, zone_name
from app.assistant.rules.situation import Situation
from app.language.numerals import english_number
from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, read_time

AHEAD = re.compile(
    r"(?:その)?(?P<eve>前日|前の日|the day before|the evening before|a day ahead)|(?P<same>当日|その日|(?:on )?(?:the same|that) day|on the day)|(?:その|この|それの)?(?P<count>\d+)\s*(?P<unit>分|時間|日)前(?:に|から)?|"
    r"(?P<number>\d+|an?|one|two|five|ten|fifteen|thirty) (?P<unit2>minutes?|mins?|hours?|days?) (?:before(?:hand)?|in advance|earlier|ahead)",
    re.IGNORECASE,
)
# 「前日の17時」, "the day before at 5pm".
EVE_HOUR = re.compile(
    r"(?:の|、| at | by )?(?P<hour>(?:朝|昼|夕方|夜|午前|午後)?の?\d{1,2}(?:時(?:半|\d{1,2}分)?|:\d\d| ?[ap]m))(?:に|頃|ごろ)?",
    re.IGNORECASE,
)
REASON_THEN = re.compile(r"(?P<why>[^。]{4,60}?(?:な)?(?:ので|から|ため|んで))[、,](?P<rest>[^。]{2,60})$")
NAMES_DAY = re.compile(r"曜|今日|本日|明日|明後日|あさって|来週|今週|月|\d日|今夜|今晩|今朝")
PERIOD_NAMED = re.compile(
    r"(?:\d日|[0-9]時(?:半|\d{1,2}分)?|:\d\d|曜日?)(?:まで)?(?:に|から)[、,]?(?P<period>(?:年末|年始|年末年始|月末|月初|週末|期末|年度末|年明け|来年|来月|来週|今月|今年|夏|冬)(?=の|に?(?:出|使|配)))"
)
DETAILS = re.compile(r"[:：](?=.{20,}).*$", re.DOTALL)
AHEAD_UNITS = {"分": "minutes", "時": "hours", "日": "days", "m": "minutes", "h": "hours", "d": "days"}
REMINDING = re.compile(
    r"声(?:を)?かけ|起こし|言っ|アラーム|alarm|ping|nudge|alert|忘れない(?:よう)?(?:に)?|お願い(?:します)?|リマインド|リマインダー|教え|知らせ|通知|声を?(?:かけ|掛け)|remind|reminder|\b(?:about|of) (?:it|that|this)\b",
    re.IGNORECASE,
)


def reading_of(sentence: Sentence, kind: str, situation: Situation) -> Reading | None:
    """The time of the request; 「10時に会議、15分前に教えて」 means a quarter to ten."""
    zone = zone_name(situation.now)
    # The details of a specification describe the product: "a spec for the cancellation: up to 24 hours before, ...".
    text = DETAILS.sub("", sentence.core) if kind == "specification" else sentence.core
    reading = read_time(text, situation.now, zone, deadline=kind != "reminder")
    if isinstance(reading, NotUnderstood) and (named := PERIOD_NAMED.search(text)):
        # 「12月24日の9時に、年末のダイヤを確認する」: the period belongs to the thing.
        blank = " " * len(named["period"])
        blanked = f"{text[: named.start('period')]}{blank}{text[named.end() :]}"
        reading = read_time(blanked, situation.now, zone, deadline=kind != "reminder")
    ahead = AHEAD.search(sentence.core)
    if kind == "reminder" and ahead is None and (later := _time_after_reason(sentence, situation)):
        return later
    if kind == "reminder" and _is_open(reading, ahead) and situation.earlier:
        reading = before_it(situation.earlier[-1], ahead, situation, _own_hour(sentence, situation)) or reading
    if kind == "reminder" and ahead is not None and isinstance(reading, NotUnderstood):
        # "30 minutes before the meeting tomorrow at 1pm" is before the time that the rest says.
        blank = " " * len(ahead[0])
        rest = read_time(f"{text[: ahead.start()]}{blank}{text[ahead.end() :]}", situation.now, zone)
        reading = rest if isinstance(rest, Time) else reading
    if kind != "reminder" or ahead is None or not isinstance(reading, Time) or not reading.spans:
        return reading
    if any(start <= ahead.start() < end for start, end in reading.spans):
        return reading
    at, spans = reading.at - _length(ahead), (*reading.spans, ahead.span())
    if _of_day(ahead) and (own := EVE_HOUR.match(sentence.core, ahead.end())):
        said = read_time(own["hour"], situation.now, zone)
        if isinstance(said, Time) and said.clock:
            at = at.replace(hour=said.at.hour, minute=said.at.minute)
            spans = (*reading.spans, (ahead.start(), own.end()))
    return replace(reading, at=at, past=at <= situation.now, spans=spans)


def _time_after_reason(sentence: Sentence, situation: Situation) -> Time | None:
    """「11時半に予約があるので、11時に教えて」: the second time is that of the reminder, on the day of the first one."""
    match = REASON_THEN.match(sentence.core)
    if match is None:
        return None
    first, second = (read_time(match[name], situation.now, zone_name(situation.now)) for name in ("why", "rest"))
    if not isinstance(first, Time) or not isinstance(second, Time) or not second.clock:
        return None
    at = second.at
    if NAMES_DAY.search(match["why"]) and not NAMES_DAY.search(match["rest"]):
        at = first.at.replace(hour=at.hour, minute=at.minute)
    start = match.start("rest")
    spans = (*first.spans, *((start + left, start + right) for left, right in second.spans))
    return replace(second, at=at, past=at <= situation.now, spans=spans)


def _own_hour(sentence: Sentence, situation: Situation) -> Reading | None:
    """The hour that is said with 「前日」."""
    return read_time(AHEAD.sub("", sentence.core).lstrip("の"), situation.now, zone_name(situation.now))


def _is_open(reading: Reading | None, ahead: re.Match[str] | None) -> bool:
    """Whether the sentence names no time of its own: 「10分前」 alone is ten minutes before something."""
    return not isinstance(reading, Time | Recurrence) or (
        isinstance(reading, Time) and ahead is not None and (reading.past or _of_day(ahead))
    )


def before_it(
    earlier: Sentence, ahead: re.Match[str] | None, situation: Situation, own: Reading | None = None
) -> Time | None:
    """The time of the sentence before: "The review is on Thursday at 4pm. Remind me an hour before."."""
    reading = earlier.time(situation.now, deadline=False)
    if earlier.question or not isinstance(reading, Time) or reading.past:
        return None
    at = reading.at - _length(ahead) if ahead else reading.at
    if ahead is not None and _of_day(ahead) and isinstance(own, Time) and own.clock:
        at = at.replace(hour=own.at.hour, minute=own.at.minute)  # 「前日の17時に教えて」
    return replace(reading, at=at, past=at <= situation.now, spans=())


def _of_day(ahead: re.Match[str]) -> bool:
    """Whether it names a day, of which an hour may be said: 「前日の17時」, 「当日の朝9時」."""
    return ahead["eve"] is not None or ahead["same"] is not None


def _length(ahead: re.Match[str]) -> timedelta:
    if ahead["eve"] or ahead["same"]:
        return timedelta(days=1) if ahead["eve"] else timedelta()
    count = english_number((ahead["count"] or ahead["number"]).lower())
    return timedelta(**{AHEAD_UNITS[(ahead["unit"] or ahead["unit2"])[0].lower()]: count})


def reminds_of_it(sentence: Sentence | None) -> bool:
    """Whether it asks for a reminder of what the sentence before it tells: "Remind me the day before."."""
    return (
        sentence is not None and AHEAD.search(sentence.core) is not None and REMINDING.search(sentence.core) is not None
    )
