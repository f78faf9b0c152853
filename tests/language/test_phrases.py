"""The table of phrases with its figures, and phrases that a generator writes around changes of the clock."""

import tomllib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, read_time
from tests.processes import ROOT

TABLE = tomllib.loads((ROOT / "tests/data/phrases.toml").read_text("utf-8"))
PHRASES = {
    phrase: expected
    for language in ("english", "japanese")
    for kind in ("written", "systematic")
    for phrase, expected in TABLE[language][kind].items()
}
ZONES = [
    "Asia/Tokyo", "America/New_York", "America/Los_Angeles", "America/Santiago", "Europe/London", "Europe/Berlin",
    "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "UTC",
]  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def verdict(expected: str, said: Reading | None) -> str:
    """right, wrong, or unread: a phrase with a time that was not understood."""
    match said:
        case None:
            return "right" if expected == "" else "wrong"
        case NotUnderstood():
            if not expected.startswith("?"):
                return "unread"
            return "right" if expected[2:].casefold() in said.words.casefold() else "unread"
        case Recurrence():
            rule, _, first = expected.partition(" ")
            return "right" if said.rule == rule and first in ("*", f"{said.first:%Y-%m-%dT%H:%M}") else "wrong"
        case Time():
            at = said.at.replace(tzinfo=None).isoformat()
            return "right" if at.removesuffix(":00") == expected or at[:11] + "*" == expected else "wrong"


def test_the_phrases_are_read_as_people_mean_them() -> None:
    assert len(PHRASES) == 300
    found = {
        phrase: verdict(said, read_time(phrase, TABLE["now"], TABLE["timezone"])) for phrase, said in PHRASES.items()
    }
    figures = Counter(found.values())
    assert [phrase for phrase, how in found.items() if how == "wrong"] == []
    assert figures["right"] / len(PHRASES) >= 0.97, [phrase for phrase, how in found.items() if how != "right"]


def changes(zone: ZoneInfo) -> list[date]:
    """The days on which the clock changes in 2027 and 2028."""
    days = [date(2027, 1, 1) + timedelta(days=each) for each in range(730)]
    offsets = [datetime.combine(day, time(12), zone).utcoffset() for day in days]
    return [day for day, before, after in zip(days[1:], offsets, offsets[1:], strict=False) if before != after]


MONTH_ENDS = [date(year, month, monthrange(year, month)[1]) for year in (2027, 2028) for month in range(1, 13)]


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A time within three days of a change of the clock or of the end of a month, in one of ten zones."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    day = draw(st.sampled_from([*(changes(zone) * 3), *MONTH_ENDS])) + timedelta(days=draw(st.integers(-3, 1)))
    at = datetime.combine(day, time(draw(st.integers(0, 23)), draw(st.integers(0, 59))), zone)
    return at.astimezone(UTC).astimezone(zone)


@dataclass(frozen=True)
class Written:
    """A phrase, and what it means: a time, or the rule of a repetition with its first time."""

    text: str
    at: datetime
    rule: str | None = None


def local(day: date, hour: time, now: datetime) -> datetime:
    return datetime.combine(day, hour, now.tzinfo).astimezone(UTC)


def upcoming(now: datetime, hour: time, *, weekday: int | None = None, last: bool = False) -> datetime:
    """The first such hour after now."""
    for ahead in range(40):
        day = now.date() + timedelta(days=ahead)
        fits = weekday in (None, day.weekday()) and (not last or day.day == monthrange(day.year, day.month)[1])
        if fits and local(day, hour, now) > now.astimezone(UTC):
            return local(day, hour, now)
    raise AssertionError


def written(now: datetime, hour: time, count: int) -> Iterator[Written]:
    """Phrases of both languages, said at `now`."""
    exact, day, weekday = now.astimezone(UTC), now.date() + timedelta(days=count), count % 7
    for minutes, texts in ((1, ("in {} minutes", "{}分後")), (60, ("in {} hours", "{}時間後"))):
        for text in texts:
            yield Written(text.format(count), exact + timedelta(minutes=minutes * count))
    months = now.year * 12 + now.month - 1 + count
    length = monthrange(months // 12, months % 12 + 1)[1]
    shifted = date(months // 12, months % 12 + 1, min(now.day, length))
    for text in (f"in {count} months at {hour:%H:%M}", f"{count}ヶ月後の{hour:%H}時{hour.minute}分"):
        yield Written(text, local(shifted, hour, now))
    following = (now.date().replace(day=1) + timedelta(days=31)).replace(day=1)
    last = following.replace(day=monthrange(following.year, following.month)[1])
    for text in (f"at the end of next month at {hour:%H:%M}", f"来月末の{hour:%H}時{hour.minute}分"):
        yield Written(text, local(last, hour, now))
    for text in (f"in {count} days at {hour:%H:%M}", f"{count}日後の{hour:%H}時{hour.minute}分"):
        yield Written(text, local(day, hour, now))
    for text in (f"tomorrow at {hour:%H:%M}", f"明日の{hour:%H}時{hour.minute}分"):
        yield Written(text, local(now.date() + timedelta(days=1), hour, now))
    coming = now.date() + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)
    for text in (f"on {DAYS[weekday]} at {hour:%H:%M}", f"{'月火水木金土日'[weekday]}曜の{hour:%H}時{hour.minute}分"):
        yield Written(text, local(coming, hour, now))
    yield from repeated(now, hour, weekday)


def repeated(now: datetime, hour: time, weekday: int) -> Iterator[Written]:
    said, short = f"{hour:%H}時{hour.minute}分", DAYS[weekday][:2].upper()
    for text in (f"every day at {hour:%H:%M}", f"毎日{said}"):
        yield Written(text, upcoming(now, hour), "FREQ=DAILY")
    for text in (f"every {DAYS[weekday]} at {hour:%H:%M}", f"毎週{'月火水木金土日'[weekday]}曜{said}"):
        yield Written(text, upcoming(now, hour, weekday=weekday), f"FREQ=WEEKLY;BYDAY={short}")
    for text in (f"on the last day of every month at {hour:%H:%M}", f"毎月末の{said}"):
        yield Written(text, upcoming(now, hour, last=True), "FREQ=MONTHLY;BYMONTHDAY=-1")


@settings(max_examples=60, deadline=None)
@given(moments(), st.integers(0, 23), st.sampled_from([0, 15, 30, 45]), st.integers(1, 60))
def test_a_phrase_is_read_back_around_changes_of_the_clock(now: datetime, hour: int, minute: int, count: int) -> None:
    assert isinstance(now.tzinfo, ZoneInfo)
    clock = time(0, 30) if hour == 0 else time(hour, minute)
    for each in written(now, clock, count):
        said = read_time(each.text, now, now.tzinfo.key)
        if each.rule is None:
            assert isinstance(said, Time), each
            assert said.at.astimezone(UTC) == each.at, each
        else:
            assert isinstance(said, Recurrence), each
            assert (said.rule, said.first.astimezone(UTC)) == (each.rule, each.at), each
