"""Days and times of day in statements and decisions."""

import pytest

from app.gate.calendar_days import times_of


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("11 pm", {(23, 0)}),
        ("12 am", {(0, 0)}),
        ("23:30", {(23, 30)}),
        ("7時", {(7, 0), (19, 0)}),
        ("午後12時", {(12, 0)}),
        ("昼12時", {(12, 0)}),
        ("昼の11時", {(11, 0)}),
        ("昼1時半", {(13, 30)}),
        ("夕方5時", {(17, 0)}),
        ("夜9時", {(21, 0)}),
        ("夜12時", {(0, 0)}),
        ("夜中の12時", {(0, 0)}),
        ("深夜2時", {(2, 0)}),
        ("3時間", set()),
    ],
)
def test_hour_is_read_by_its_part_of_the_day(said: str, times: set[tuple[int, int]]) -> None:
    assert times_of(said) == times
