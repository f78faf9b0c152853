"""Times in English and Japanese text: the table of tests/data/times.toml, and properties of every text."""

import gc
import sys
import tomllib
from datetime import datetime
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, only_one, read_time
from app.language.times.scan import scan
from tests.processes import ROOT

TABLE = tomllib.loads((ROOT / "tests/data/times.toml").read_text("utf-8"))["sets"]
CASES = [(case, each["now"], each["timezone"]) for each in TABLE for case in each["cases"]]
TOKYO = "Asia/Tokyo"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo(TOKYO))  # a Tuesday
FRAGMENTS = [
    "in ",
    "3 ",
    "days ",
    "at ",
    "10am",
    "every ",
    "second ",
    "Friday",
    "2028-01-15",
    "T09:30",
    "Z",
    "PST",
    "by ",
    "until ",
    "毎週",
    "月曜",
    "10時",
    "3日",
    "後",
    "前",
    "の",
    "まで",
    "から",
    "末",
    "3月",
    "令和",
    "年",
    "(",
    ")",
    "〜",
    " ",
    "99",
    "from ",
    "a week ",
]
HOSTILE = [
    "1時",
    "3日後の",
    "every ",
    "in 3 days at ",
    "毎週月",
    "12/",
    "2028-",
    "a ",
    "十",
    "月・",
    "Monday and ",
    " ",
    "第",
]


def described(said: Reading | None, case: dict[str, str]) -> dict[str, Any]:
    """The reading in the words of the table."""

    def moment(at: datetime) -> str:
        return at.isoformat(timespec="minutes") if "T" in case.get("at", "") else f"{at:%Y-%m-%d %H:%M}"

    match said:
        case None:
            return {"none": True}
        case Recurrence():
            return {"rule": said.rule, "first": moment(said.first)}
        case NotUnderstood():
            return {"unread": said.words}
        case Time():
            return {"past" if said.past else "at": moment(said.at)}


def read(text: str, **options: Any) -> Reading | None:
    return read_time(text, NOW, TOKYO, **options)


def test_the_table_is_large_and_half_of_it_is_japanese() -> None:
    japanese = sum(not case["text"].isascii() for case, _, _ in CASES)
    assert len({case["text"] for case, _, _ in CASES}) == len(CASES) >= 250
    assert 0.4 <= japanese / len(CASES) <= 0.6


@pytest.mark.parametrize(("case", "now", "timezone"), CASES, ids=[case["text"] for case, _, _ in CASES])
def test_the_time_that_a_text_states(case: dict[str, str], now: str, timezone: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(timezone))
    expected = {name: value for name, value in case.items() if name != "text"}
    assert described(read_time(case["text"], here, timezone), case) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Please call Bob tomorrow at 3pm.", ["tomorrow at 3pm"]),
        ("Tomorrow remind me to call Bob at 3pm", ["Tomorrow", "3pm"]),
        ("㋿は明日の１５時に水を飲む", ["明日の１５時"]),
        ("ＦＲＩＤＡＹに提出", ["ＦＲＩＤＡＹ"]),
    ],
)
def test_a_time_has_the_places_of_its_words_in_the_original_text(text: str, words: list[str]) -> None:
    said = read(text)
    assert said is not None
    assert [text[start:end] for start, end in said.spans] == words


@pytest.mark.parametrize(
    ("text", "deadline", "at", "is_deadline"),
    [
        ("by Friday", None, "11-27 23:59", True),
        ("by Friday", False, "11-27 09:00", True),
        ("on Friday", None, "11-27 09:00", False),
        ("on Friday", True, "11-27 23:59", True),
        ("next week", True, "12-04 23:59", True),
        ("金曜まで", None, "11-27 23:59", True),
        ("年内に", None, "12-31 23:59", True),
        ("tell me tomorrow that the report is due by Friday", None, "11-27 23:59", True),
        ("tell me tomorrow that the report is due by Friday", False, "11-25 09:00", False),
    ],
)
def test_a_deadline_is_the_end_of_its_day(text: str, deadline: bool | None, at: str, is_deadline: bool) -> None:
    said = read(text, deadline=deadline)
    assert isinstance(said, Time)
    assert (f"{said.at:%m-%d %H:%M}", said.deadline) == (at, is_deadline)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("tomorrow at nine", True),
        ("tomorrow evening", False),
        ("in 20 minutes", True),
        ("明日の朝", False),
        ("15時", True),
    ],
)
def test_a_time_tells_whether_an_hour_was_said(text: str, clock: bool) -> None:
    said = read(text)
    assert isinstance(said, Time)
    assert said.clock is clock


def test_the_time_zone_of_the_argument_counts() -> None:
    said = read_time("tomorrow at 9am", NOW, "America/New_York")
    assert isinstance(said, Time)
    assert said.at == datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("America/New_York"))


def test_a_relative_day_is_not_guessed_while_it_is_another_day_in_the_zone_of_the_hour() -> None:
    assert isinstance(read("tomorrow at 9am PST"), NotUnderstood)


def counted_steps(text: str) -> int:
    """How many calls reading the text takes, of Python functions and of built-in ones."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    scan.cache_clear()
    before = sys.getprofile()
    gc.disable()  # callbacks of a collection would be counted
    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(before)
        gc.enable()
    return steps


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_with_the_text_and_is_bounded(piece: str) -> None:
    short, long = piece * (900 // len(piece)), piece * (1800 // len(piece))
    counted_steps(short)  # the first call also fills caches
    assert counted_steps(long) <= 2.2 * counted_steps(short) + 100
    half, huge = piece * (128_000 // len(piece)), piece * (256_000 // len(piece))
    counted_steps(half)  # fills the caches for longer texts
    assert counted_steps(huge) <= counted_steps(half) + 20


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    check_places(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12))
def test_any_text_that_resembles_times_is_read(parts: list[str]) -> None:
    check_places("".join(parts))


def check_places(text: str) -> None:
    said = read(text)
    if said is not None:
        assert said.spans
        assert all(0 <= start < end <= len(text) for start, end in said.spans)
    if isinstance(said, Recurrence):
        assert said.first > NOW


ZONES = [
    "Asia/Tokyo", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Berlin",
    "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
]  # fmt: skip
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2034, 12, 31))  # noqa: DTZ001


def phrases(at: datetime) -> list[str]:
    """Ways to write a time of day on a date, in both languages."""
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return [
        f"{at:%Y-%m-%d} at {at:%H:%M}",
        f"{at:%Y-%m-%dT%H:%M:%S}",
        f"{at:%d %B %Y}, {hour}:{at:%M} {half}",
        f"on {at:%A}, {at:%b} {at.day}, {at.year} at {hour}:{at:%M}{half}",
        f"at {hour}:{at:%M} {half} on the {at.day}th of {at:%B} {at.year}",
        f"{at.year}年{at.month}月{at.day}日{at:%H}時{at.minute}分",
        f"{at.year}年{at.month}月{at.day}日の{'午前' if half == 'am' else '午後'}{at.hour % 12}時{at.minute}分",
        f"令和{at.year - 2018}年{at.month}月{at.day}日({'月火水木金土日'[at.weekday()]}) {at:%H:%M}",
        f"{at:%Y/%m/%d} {at:%H:%M}",
    ]


@settings(deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_a_written_time_is_read_back_in_every_zone(moment: datetime, zone: str) -> None:
    local = moment.replace(second=0, microsecond=0, tzinfo=ZoneInfo(zone))
    # An hour that daylight saving time skips is the hour that clocks show instead.
    expected = local.astimezone(ZoneInfo("UTC"))
    for text in phrases(local):
        said = read_time(text, NOW, zone)
        assert isinstance(said, Time), text
        assert (said.at.astimezone(ZoneInfo("UTC")), said.clock) == (expected, True), text


@settings(deadline=None)
@given(st.integers(1, 400), st.sampled_from(ZONES), MOMENTS)
def test_days_and_months_from_now_keep_the_local_time(count: int, zone: str, moment: datetime) -> None:
    now = moment.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(zone))
    for text in (f"in {count} days at 15:00", f"{count}日後の15時"):
        said = read_time(text, now, zone)
        assert isinstance(said, Time), text
        assert (said.at.date() - now.date()).days == count
        assert (said.at.hour, said.at.minute) == (15, 0)
    for text in (f"in {count} months", f"{count}ヶ月後"):
        said = read_time(text, now, zone)
        assert isinstance(said, Time), text
        months = (said.at.year - now.year) * 12 + said.at.month - now.month
        assert (months, said.at.hour) == (count, 12), text


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("every day at noon and 6pm", [("FREQ=DAILY", 12), ("FREQ=DAILY", 18)]),
        ("remind me at 9 and 17 every day", [("FREQ=DAILY", 9), ("FREQ=DAILY", 17)]),
        ("every Monday at 9 and Thursday at 14:00", [("FREQ=WEEKLY;BYDAY=MO", 9), ("FREQ=WEEKLY;BYDAY=TH", 14)]),
        ("Mondays at 9 and Thursdays at 9", [("FREQ=WEEKLY;BYDAY=MO,TH", 9)]),
        ("毎週月曜9時と木曜9時に", [("FREQ=WEEKLY;BYDAY=MO,TH", 9)]),
        ("毎週火曜は10時、金曜は16時に", [("FREQ=WEEKLY;BYDAY=TU", 10), ("FREQ=WEEKLY;BYDAY=FR", 16)]),
        ("毎朝8時と毎晩22時に", [("FREQ=DAILY", 8), ("FREQ=DAILY", 22)]),
        ("平日は9時、土日は11時に", [("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 9), ("FREQ=WEEKLY;BYDAY=SA,SU", 11)]),
        ("毎週木曜9時か10時に", None),
        ("毎週月曜9時と来週木曜9時に", None),
    ],
)
def test_repetitions_with_hours_of_their_own(text: str, times: list[tuple[str, int]] | None) -> None:
    found = read(text)
    if times is None:
        assert isinstance(found, NotUnderstood)
        return
    assert isinstance(found, Recurrence)
    assert [(each.rule, each.first.hour) for each in (found, *found.others)] == times
    if found.others:
        assert isinstance(only_one(found, text), NotUnderstood)
