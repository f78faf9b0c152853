"""Reading messages by local rules: what is asked for, how urgent, by when, and why."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assistant.classification.local import LocalClassifier, find_priority
from app.memory.recall import terms_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
LABELLED = [
    tuple(part.strip() for part in line.split("|", 1))
    for line in (Path(__file__).parents[1] / "data/readings.txt").read_text().splitlines()
    if not line.startswith("#")
]


async def read(text: str) -> list[str]:
    reading = await LocalClassifier().read_message(text, (), NOW)
    assert all(intent.reason and 0 < intent.confidence <= 1 for intent in reading.intents)
    return [intent.intent_type for intent in reading.intents]


@pytest.mark.parametrize(("kind", "message"), LABELLED, ids=[message for _, message in LABELLED])
async def test_a_message_is_read_as_a_person_would(kind: str, message: str) -> None:
    assert await read(message) == ([] if kind == "none" else [kind])


async def test_several_wishes_in_one_message_are_several_intents() -> None:
    text = "Thanks! Please write the tests. Then remind me at 3pm to review them. What do you think?"
    reading = await LocalClassifier().read_message(text, (), NOW)
    assert [(intent.intent_type, intent.description) for intent in reading.intents] == [
        ("task", "Please write the tests."),
        ("reminder", "Then remind me at 3pm to review them."),
    ]


async def test_what_stands_in_a_code_block_is_no_wish() -> None:
    assert await read("What does this do?\n```\nrun the tests\ndelete everything\n```") == []


async def test_a_time_said_apart_belongs_to_what_is_asked_for() -> None:
    reading = await LocalClassifier().read_message("Summarise the auth design. By Friday, please.", (), NOW)
    [intent] = reading.intents
    assert f"{intent.due_at:%Y-%m-%d %H:%M}" == "2026-11-27 23:59"


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("urgent: fix it", 9),
        ("ASAP please", 9),
        ("至急お願いします", 9),
        ("this is important", 5),
        ("早めにお願い", 5),
        ("no rush", 0),
        ("いつでもいいので", 0),
        ("急ぎではありません", 0),
        ("fix it", 0),
    ],
)
def test_urgency_is_read_from_the_words(text: str, priority: int) -> None:
    assert find_priority(text) == priority


async def test_an_intent_without_a_plain_kind_is_a_task_and_says_so() -> None:
    found = await LocalClassifier().classify_intent("認証の設計", NOW)
    assert (found.intent_type, found.classifier) == ("task", "local rules")
    assert found.confidence < 0.6


async def test_a_question_written_down_as_an_intent_is_a_question() -> None:
    assert (await LocalClassifier().classify_intent("what is the best approach?", NOW)).intent_type == "question"


@given(st.text(max_size=500))
async def test_no_text_breaks_it(text: str) -> None:
    await read(text)


@pytest.mark.parametrize(
    "text", ["1時" * 100_000, "a " * 100_000, "。" * 200_000, "write " * 50_000, "明日に" * 80_000]
)
async def test_a_huge_message_is_read_in_bounded_work(text: str) -> None:
    await read(text)


def test_terms_are_words_and_pairs_of_kanji() -> None:
    assert terms_of("What is the auth design of PostgreSQL 18?") == ["auth", "design", "postgresql"]
    assert terms_of("認証機能の設計") == ["認証", "証機", "機能", "設計"]
