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
        ("十一年前の写真", date(2015, 1, 1), date(2016, 1, 1), "写真"),
        ("二十一日前のバグ", date(2026, 11, 4), date(2026, 11, 5), "バグ"),
        ("百年前の本", date(1926, 1, 1), date(1927, 1, 1), "本"),
        ("半年前の設計", date(2026, 5, 1), date(2026, 6, 1), "設計"),
        ("一昨年の予算", date(2024, 1, 1), date(2025, 1, 1), "予算"),
        ("今年度の予算", date(2026, 4, 1), date(2027, 4, 1), "予算"),
        ("2024年度の予算", date(2024, 4, 1), date(2025, 4, 1), "予算"),
        ("二〇二四年の本", date(2024, 1, 1), date(2025, 1, 1), "本"),
        ("先週末の会議", date(2026, 11, 21), date(2026, 11, 23), "会議"),
        ("四月一日の会議", date(2026, 4, 1), date(2026, 4, 2), "会議"),
        ("今日話したこと", date(2026, 11, 25), date(2026, 11, 26), "話したこと"),
        ("本日の議事録", date(2026, 11, 25), date(2026, 11, 26), "議事録"),
        ("きのう決めたDB", date(2026, 11, 24), date(2026, 11, 25), "決めたDB"),
        ("eleven years ago: photos", date(2015, 1, 1), date(2016, 1, 1), ": photos"),
        ("photos twenty-one years ago", date(2005, 1, 1), date(2006, 1, 1), "photos"),
        ("a plan half a year ago", date(2026, 5, 1), date(2026, 6, 1), "a plan"),
        ("the May 5 outage", date(2026, 5, 5), date(2026, 5, 6), "the outage"),
        ("released on may 5", date(2026, 5, 5), date(2026, 5, 6), "released"),
        ("the outage last may", date(2026, 5, 1), date(2026, 6, 1), "the outage"),
        ("昨年の3月の会議", date(2025, 3, 1), date(2025, 4, 1), "会議"),
        ("一昨年3月1日の会議", date(2024, 3, 1), date(2024, 3, 2), "会議"),
        ("2024年の4月の会議", date(2024, 4, 1), date(2024, 5, 1), "会議"),
        ("the meeting in March last year", date(2025, 3, 1), date(2025, 4, 1), "the meeting"),
        ("the meeting last year in March", date(2025, 3, 1), date(2025, 4, 1), "the meeting"),
        ("約3日前のバグ", date(2026, 11, 22), date(2026, 11, 23), "約 バグ"),
        ("先月上旬の会議", date(2026, 10, 1), date(2026, 10, 11), "会議"),
        ("先月の下旬の会議", date(2026, 10, 21), date(2026, 11, 1), "会議"),
        ("3月末の会議", date(2026, 3, 21), date(2026, 4, 1), "会議"),
        ("2024年3月中旬", date(2024, 3, 11), date(2024, 3, 21), "2024年3月中旬"),
        ("2024年夏の旅行", date(2024, 6, 1), date(2024, 9, 1), "旅行"),
        ("去年の冬に決めたこと", date(2025, 12, 1), date(2026, 3, 1), "決めたこと"),
        ("昨年秋", date(2025, 9, 1), date(2025, 12, 1), "昨年秋"),
        ("昨年末の方針", date(2025, 12, 1), date(2026, 1, 1), "方針"),
        ("今年前半の障害", date(2026, 1, 1), date(2026, 7, 1), "障害"),
        ("the outage early last month", date(2026, 10, 1), date(2026, 10, 11), "the outage"),
        ("the outage in late March", date(2026, 3, 21), date(2026, 4, 1), "the outage"),
        ("the trip in the summer of 2024", date(2024, 6, 1), date(2024, 9, 1), "the trip"),
        ("the trip last winter", date(2025, 12, 1), date(2026, 3, 1), "the trip"),
        ("Yesterday I said", date(2026, 11, 24), date(2026, 11, 25), "I said"),
        ("Today: the plan", date(2026, 11, 25), date(2026, 11, 26), ": the plan"),
        ("WHAT DID I SAY YESTERDAY", date(2026, 11, 24), date(2026, 11, 25), "WHAT DID I SAY"),
        ("İstanbul yesterday", date(2026, 11, 24), date(2026, 11, 25), "İstanbul"),
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
     "日本語の検索", "水を飲む", "月曜のみ",
     # Words that only contain a word for a time.
     "日本日刊新聞", "今日子さん", "今日平さん", "今日本で流行", "本日休業", "本日限定", "優先月額", "除去年月日",
     "働きのうち", "ときのうわさ", "三日月", "五月病", "五月雨", "四月一日さん", "3月病", "今月号", "昨年比",
     "2020年版", "2020年代",
     # Numbers that are not read from their beginning, and spans that are not meant.
     "5日前後", "半年前後", "2年3ヶ月前", "千日前", "2026年2月30日", "今日この頃",
     "三年前半", "1.5年前", "第三日前", "数年前", "三千年前", "来年度の予算", "来週の予定",
     "1.5 years ago", "2 years and 3 months ago", "apr 5% rate", "last May Day", "a hundred and one years ago",
     # English words that are also months, weekdays or units.
     "this may be a bug", "last may be wrong", "may 5 users log in", "why may all 3 may fail", "march on", "last fall",
     "the sun", "ask June", "April said so", "in 2000 lines of code", "on monday.com", "the USA Today article",
     "the last day of school", "Yesterday Once More", "the song Yesterday", "“Yesterday”", "Today Show",
     # Another year, or more than the day or month that is named.
     "来年の3月の予定", "in March next year", "next year in March", "4月1日以降の会議", "2024年4月以降", "4月まで",
     "2024年4月〜6月", "12月25日〜1月5日", "今週末",
     # Counted from another day than today, several numbers, or a name.
     "締め切りの3日前に", "3日前までに予約", "3日前に通知する設定", "発売1ヶ月前", "2〜3日前", "二、三日前",
     "今年子さん", "昨日香さん", "10日前田さん", "3年前納"],
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
