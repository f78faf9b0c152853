"""Times in English and Japanese text: the table of tests/data/times.toml, and properties of every text."""

import sys
import tomllib
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language.times.reading import NotUnderstood, Reading, Recurrence, Time, read_time
from tests.processes import ROOT

TABLE = tomllib.loads((ROOT / "tests/data/times.toml").read_text("utf-8"))["sets"]
CASES = [(case, each["now"], each["timezone"]) for each in TABLE for case in each["cases"]]
TOKYO = "Asia/Tokyo"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo(TOKYO))  # a Tuesday
FRAGMENTS = ["in ", "3 ", "days ", "at ", "10am", "every ", "second ", "Friday", "2028-01-15", "T09:30", "Z", "PST", "by ",
             "毎週", "月曜", "10時", "3日", "後", "前", "の", "まで", "から", "末", "3月", "令和", "年", "(", ")", "〜", " "]  # fmt: skip


def described(said: Reading | None, like: dict[str, str]) -> dict[str, Any]:
    """The reading in the words of the table."""
    def moment(at: datetime) -> str:
        return at.isoformat(timespec="minutes") if "T" in like.get("at", "") else f"{at:%Y-%m-%d %H:%M}"

    match said:
        case None:
            return {"none": True}
        case Recurrence():
            return {"rule": said.rule, "first": moment(said.first)}
        case NotUnderstood():
            return {"unread": said.words}
        case Time():
            return {"past" if said.past else "at": moment(said.at)}


@pytest.mark.parametrize(("case", "now", "timezone"), CASES, ids=[case["text"] for case, _, _ in CASES])
def test_the_time_that_a_text_states(case: dict[str, str], now: str, timezone: str) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(timezone))
    expected = {name: value for name, value in case.items() if name != "text"}
    assert described(read_time(case["text"], here, timezone), case) == expected
