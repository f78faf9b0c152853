"""A repetition is said in words, and never as more often than it is."""

import pytest

from app.assistant.answers.phrases import spoken_rule


@pytest.mark.parametrize(
    ("rule", "english", "japanese"),
    [
        ("FREQ=DAILY", "every day", "毎日"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "every Monday, Thursday", "毎週月曜・木曜に"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "day 1, 15 of every month", "毎月1日・15日に"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "the last Friday of every month", "毎月最終金曜に"),
        ("FREQ=DAILY;INTERVAL=2", "the repetition you asked for", "指定の間隔で"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "the repetition you asked for", "指定の間隔で"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "the repetition you asked for", "指定の間隔で"),
    ],
)
def test_a_rule_is_said_in_both_languages(rule: str, english: str, japanese: str) -> None:
    assert (spoken_rule(rule, "en"), spoken_rule(rule, "ja")) == (english, japanese)
