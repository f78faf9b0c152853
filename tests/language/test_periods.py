"""Periods in English and Japanese queries, and the query without them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.language.periods import find_period

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # a Wednesday, at noon in Tokyo
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("query", "since", "until", "rest"),
    [
        ("what did I say yesterday about tea", date(2026, 11, 24), date(2026, 11, 25), "what did I say about tea"),
        ("the meeting last Tuesday", date(2026, 11, 24), date(2026, 11, 25), "the meeting"),
        ("the meeting last Wednesday", date(2026, 11, 18), date(2026, 11, 19), "the meeting"),
        ("deploys last week", date(2026, 11, 16), date(2026, 11, 23), "deploys"),
        ("deploys this month", date(2026, 11, 1), date(2026, 12, 1), "deploys"),
        ("decided in March", date(2026, 3, 1), date(2026, 4, 1), "decided"),
        ("decided in December", date(2025, 12, 1), date(2026, 1, 1), "decided"),
        ("on May 3rd, 2025 we met", date(2025, 5, 3), date(2025, 5, 4), "we met"),
        ("the 3 May 2025 outage", date(2025, 5, 3), date(2025, 5, 4), "outage"),
        ("two weeks ago: the cache", date(2026, 11, 9), date(2026, 11, 16), ": the cache"),
        ("bugs in the last 3 days", date(2026, 11, 22), date(2026, 11, 26), "bugs"),
        ("plans in 2024", date(2024, 1, 1), date(2025, 1, 1), "plans"),
        ("2026-02-28 release", date(2026, 2, 28), date(2026, 3, 1), "release"),
        ("先週決めたこと", date(2026, 11, 16), date(2026, 11, 23), "決めたこと"),
        ("先週の火曜日の会議", date(2026, 11, 17), date(2026, 11, 18), "会議"),
        ("昨日の夕食", date(2026, 11, 24), date(2026, 11, 25), "夕食"),
        ("3月に話したDB", date(2026, 3, 1), date(2026, 4, 1), "話したDB"),
        ("2025年5月3日の障害", date(2025, 5, 3), date(2025, 5, 4), "障害"),
        ("3日前のバグ", date(2026, 11, 22), date(2026, 11, 23), "バグ"),
        ("先月の方針", date(2026, 10, 1), date(2026, 11, 1), "方針"),
        ("去年", date(2025, 1, 1), date(2026, 1, 1), "去年"),
    ],
)
def test_a_time_becomes_a_period(query: str, since: date, until: date, rest: str) -> None:
    period = find_period(query, NOW, "Asia/Tokyo")
    assert period is not None
    assert (period.since.date(), period.until.date(), period.rest) == (since, until, rest)
    assert period.since.tzinfo == TOKYO


@pytest.mark.parametrize(
    "query",
    ["may I use the cache", "march of progress", "the second option", "月曜日の会議", "31 February",
     "日本語の検索", "水を飲む", "月曜のみ"],
)  # fmt: skip
def test_text_without_a_time_has_no_period(query: str) -> None:
    assert find_period(query, NOW, "Asia/Tokyo") is None


def test_a_period_is_widened_by_its_own_length() -> None:
    period = find_period("last week", NOW, "UTC")
    assert period is not None
    wider = period.widened()
    assert period.since - wider.since == wider.until - period.until == timedelta(days=7)


def test_days_begin_at_midnight_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # already the 25th in Tokyo
    in_tokyo, in_utc = find_period("today", late, "Asia/Tokyo"), find_period("today", late, "UTC")
    assert in_tokyo is not None
    assert in_utc is not None
    assert (in_tokyo.since.day, in_utc.since.day) == (25, 24)
