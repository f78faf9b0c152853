"""Reading a work item from one line of text."""

from datetime import UTC, datetime

import pytest

from app.assistant.quick_add import read_typed_task

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # Monday, 17:00 in Tokyo


@pytest.mark.parametrize(
    ("line", "description", "due", "labels", "priority"),
    [
        ("call the bank tomorrow 3pm #finance !high", "call the bank", "2026-12-01T15:00", ["finance"], 8),
        ("明日15時に銀行へ電話", "銀行へ電話", "2026-12-01T15:00", [], None),
        ("銀行に明日15時に電話 #経理 ！至急", "銀行に電話", "2026-12-01T15:00", ["経理"], 9),
        ("buy milk", "buy milk", None, [], None),
        ("learn C# by friday", "learn C#", "2026-12-04T23:59", [], None),
        ("fix #12 !3", "fix #12", None, [], 3),
        ("金曜までに資料を作る＃営業", "資料を作る", "2026-12-04T23:59", ["営業"], None),
        ("done!", "done!", None, [], None),
        ("raise it !11", "raise it !11", None, [], None),
        ("tomorrow 3pm", "tomorrow 3pm", "2026-12-01T15:00", [], None),
        ("#a #a #b", "#a #a #b", None, ["a", "b"], None),
    ],
)
def test_line_is_read_into_description_time_labels_and_priority(
    line: str, description: str, due: str | None, labels: list[str], priority: int | None
) -> None:
    task = read_typed_task(line, NOW, "Asia/Tokyo")
    assert (task.description, list(task.labels), task.priority) == (description, labels, priority)
    assert (task.due_at and f"{task.due_at:%Y-%m-%dT%H:%M}") == due
    assert not task.past
    assert task.unread is None


def test_repetition_reminder_and_assignee_are_read() -> None:
    drink = read_typed_task("remind me to drink water every day at 10", NOW, "Asia/Tokyo")
    assert (drink.description, drink.recurrence, drink.reminder) == ("drink water", "FREQ=DAILY", True)
    assert drink.due_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    water = read_typed_task("10時に水を飲むようリマインドして", NOW, "Asia/Tokyo")
    assert (water.description, water.reminder) == ("水を飲む", True)
    assert read_typed_task("write the report @assistant", NOW, "UTC").assignee == "assistant"
    assert read_typed_task("議事録 ＠自分", NOW, "UTC").assignee == "person"
    assert read_typed_task("write to bob@example.com", NOW, "UTC").assignee is None


def test_time_that_is_past_or_not_understood_is_told() -> None:
    assert read_typed_task("call the bank yesterday", NOW, "UTC").past
    odd = read_typed_task("pay the rent on the 35th", NOW, "UTC")
    assert read_typed_task("read 3pm notes #a", NOW, "UTC").undated == "read 3pm notes"
    assert (odd.description, odd.due_at, odd.unread) == ("pay the rent on the 35th", None, "the 35th")


@pytest.mark.parametrize("line", ["1 " * 2000, "明日" * 660, "リマインド" * 260, "#a " * 1300, "!" * 4000])
def test_long_line_keeps_its_words(line: str) -> None:
    task = read_typed_task(line, NOW, "UTC")
    assert task.description
    assert len(task.labels) <= 10
