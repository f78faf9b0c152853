"""Times as people say them, in both languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assistant.classification.times import find_time

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
    ],
)
def test_a_said_time_is_a_moment_in_the_speakers_zone(text: str, at: str) -> None:
    said = find_time(text, NOW)
    assert said is not None
    assert f"{said.at:%Y-%m-%d %H:%M}" == at
    assert said.at.tzinfo is TOKYO


@pytest.mark.parametrize(
    "text",
    ["", "hello", "the best approach", "version 3.11", "a 50/50 chance", "認証の設計", "at least", "一番いい方法"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert find_time(text, NOW) is None


def test_a_time_across_the_change_of_the_clocks_keeps_its_hour() -> None:
    before = datetime(2026, 10, 31, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    said = find_time("tomorrow at 9am", before)
    assert said is not None
    assert said.at.isoformat() == "2026-11-01T09:00:00-05:00"


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_no_time_lies_in_the_past(text: str) -> None:
    said = find_time(text, NOW)
    assert said is None or said.at > NOW


@given(st.text(alphabet="0123456789年月日時分:/-後週 bytomrwinextapmch来明", max_size=60))
def test_nor_does_text_that_looks_like_times(text: str) -> None:
    said = find_time(text, NOW)
    assert said is None or said.at > NOW
