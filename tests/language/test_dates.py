"""Times in English and Japanese text."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.dates import find_time

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tomorrow at nine", "2026-11-25 09:00"),
        ("at 3pm", "2026-11-24 15:00"),
        ("at 9", "2026-11-25 09:00"),
        ("in 20 minutes", "2026-11-24 10:20"),
        ("in an hour", "2026-11-24 11:00"),
        ("in half an hour", "2026-11-24 10:30"),
        ("within two days", "2026-11-26 10:00"),
        ("by Friday", "2026-11-27 23:59"),
        ("on Friday", "2026-11-27 09:00"),
        ("next Monday at 14:30", "2026-11-30 14:30"),
        ("by next week", "2026-12-04 23:59"),
        ("next week", "2026-11-30 09:00"),
        ("tonight", "2026-11-24 20:00"),
        ("tomorrow morning", "2026-11-25 09:00"),
        ("on March 5", "2027-03-05 09:00"),
        ("by 5 December", "2026-12-05 23:59"),
        ("2026-12-24 at 18:00", "2026-12-24 18:00"),
        ("by the end of the month", "2026-11-30 23:59"),
        ("day after tomorrow", "2026-11-26 09:00"),
        ("by noon", "2026-11-24 12:00"),
        ("明日9時に", "2026-11-25 09:00"),
        ("明日の午後3時半", "2026-11-25 15:30"),
        ("明後日の朝", "2026-11-26 09:00"),
        ("来週までに", "2026-12-04 23:59"),
        ("来週の月曜", "2026-11-30 09:00"),
        ("次の金曜日15時", "2026-11-27 15:00"),
        ("30分後に", "2026-11-24 10:30"),
        ("２時間後", "2026-11-24 12:00"),
        ("1時間半後", "2026-11-24 11:30"),
        ("三日後", "2026-11-27 10:00"),
        ("3月5日", "2027-03-05 09:00"),
        ("12月1日の18時", "2026-12-01 18:00"),
        ("今日中に", "2026-11-24 23:59"),
        ("今夜", "2026-11-24 20:00"),
        ("月末まで", "2026-11-30 23:59"),
        ("来月", "2026-12-01 09:00"),
        ("十二時に", "2026-11-24 12:00"),
        ("at 3", "2026-11-24 15:00"),
        ("3時に", "2026-11-24 15:00"),
        ("tomorrow at 5", "2026-11-25 17:00"),
        ("wake me tomorrow at 5", "2026-11-25 05:00"),
        ("today at 9", "2026-11-24 21:00"),
        ("今日の15時", "2026-11-24 15:00"),
        ("half past nine tomorrow", "2026-11-25 09:30"),
        ("quarter to 5", "2026-11-24 16:45"),
        ("tonight at 8", "2026-11-24 20:00"),
        ("in an hour and a half", "2026-11-24 11:30"),
        ("in 1.5 hours", "2026-11-24 11:30"),
        ("in a couple of days", "2026-11-26 10:00"),
        ("two weeks from now", "2026-12-08 10:00"),
        ("in 2 months", "2027-01-24 10:00"),
        ("2ヶ月後", "2027-01-24 10:00"),
        ("within 2 hours", "2026-11-24 12:00"),
        ("2時間以内に", "2026-11-24 12:00"),
        ("by the 5th", "2026-12-05 23:59"),
        ("5日までに", "2026-12-05 23:59"),
        ("来月の5日に", "2026-12-05 09:00"),
        ("by 12/24", "2026-12-24 23:59"),
        ("by next Friday", "2026-12-04 23:59"),
        ("next fri", "2026-12-04 09:00"),
        ("by noon on the day after tomorrow", "2026-11-26 12:00"),
        ("9時から会議なので15時までに", "2026-11-24 15:00"),
        ("締切は金曜です", "2026-11-27 23:59"),
        ("今週中に", "2026-11-27 23:59"),
        ("週明けまでに", "2026-11-30 23:59"),
        ("on the weekend", "2026-11-28 09:00"),
        ("年内に片付けるまで", "2026-12-31 23:59"),
        ("明日の24時", "2026-11-25 23:59"),
        ("February 29", "2028-02-29 09:00"),
    ],
)
def test_a_time_is_a_moment_in_the_zone_of_the_user(text: str, at: str) -> None:
    said = find_time(text, NOW)
    assert said is not None
    assert f"{said.at:%Y-%m-%d %H:%M}" == at
    assert said.at.tzinfo is TOKYO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "the best approach",
        "version 3.11",
        "a 50/50 chance",
        "認証の設計",
        "at least",
        "一番いい方法",
        "look at 3 files",
        "look at one thing",
        "maybe 5 options",
        "decide 3 things",
        "separate 3 modules",
        "fix 1/2 of it",
        "一時的なファイル",
        "一時停止",
        "二日酔い",
        "3日に1回",
        "朝会の資料",
        "夜間バッチ",
        "25時",
        "2月30日",
        "localhost:8000",
        "respond within 5 seconds",
        "increase by 5 percent",
        "2020-01-01",
        "yesterday at 9am",
        "昨日の9時",
        "3 hours ago",
        "last Friday",
        "2026-13-45",
        "9999-99-99",
    ],
)
def test_text_without_a_time_is_none(text: str) -> None:
    assert find_time(text, NOW) is None


@pytest.mark.parametrize(
    ("now", "text", "at"),
    [
        # Clocks go back on 1 November at 02:00 and forward on 8 March at 02:00.
        ("2026-10-31T12:00", "tomorrow at 9am", "2026-11-01T09:00:00-05:00"),
        ("2026-10-31T12:00", "in 24 hours", "2026-11-01T12:00:00-05:00"),
        ("2026-11-01T00:30", "in 2 hours", "2026-11-01T01:30:00-05:00"),
        ("2026-11-01T00:30", "in 3 hours", "2026-11-01T02:30:00-05:00"),
        ("2026-03-08T01:30", "in 1 hour", "2026-03-08T03:30:00-04:00"),
        ("2026-03-07T12:00", "tomorrow at 02:30", "2026-03-08T03:30:00-04:00"),
        ("2026-03-07T12:00", "in a day", "2026-03-08T12:00:00-04:00"),
        ("2026-11-24T23:50", "in 20 minutes", "2026-11-25T00:10:00-05:00"),
        ("2026-11-24T23:50", "明日9時", "2026-11-25T09:00:00-05:00"),
    ],
)
def test_daylight_saving_time_keeps_appointments_and_durations(now: str, text: str, at: str) -> None:
    said = find_time(text, datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("America/New_York")))
    assert said is not None
    assert said.at.isoformat() == at


@pytest.mark.parametrize(("text", "deadline"), [("by Friday", True), ("金曜まで", True), ("on Friday", False)])
def test_a_deadline_differs_from_an_appointment(text: str, deadline: bool) -> None:
    said = find_time(text, NOW)
    assert said is not None
    assert said.deadline is deadline


def test_the_caller_may_choose_deadline_or_moment_for_a_day() -> None:
    as_deadline, as_moment = find_time("next week", NOW, deadline=True), find_time("by Friday", NOW, deadline=False)
    assert as_deadline is not None
    assert as_moment is not None
    assert f"{as_deadline.at:%m-%d %H:%M}" == "12-04 23:59"
    assert f"{as_moment.at:%m-%d %H:%M}" == "11-27 09:00"


@given(st.text(max_size=300))
def test_any_text_is_read_and_no_time_is_in_the_past(text: str) -> None:
    said = find_time(text, NOW)
    assert said is None or said.at > NOW


@given(st.text(alphabet="0123456789年月日時分:/-後週 bytomrwinextapmch来明", max_size=60))
def test_any_text_that_resembles_times_is_read(text: str) -> None:
    said = find_time(text, NOW)
    assert said is None or said.at > NOW
