"""Statements that are remembered, in both languages, and sentences that are not."""

import pytest

from app.memory.extraction.claude import to_memories
from app.memory.extraction.statements import find_statements, is_duplicate, is_extension, slot_of
from app.memory.extraction.summaries import extract_summary
from app.models.structured import InvalidAnswer


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("We decided to use PostgreSQL.", "decision"),
        ("Let's go with Redis for the cache.", "decision"),
        ("We switched to uv last month.", "decision"),
        ("My name is Ann.", "profile"),
        ("I live in Kyoto.", "profile"),
        ("I'm a backend engineer.", "profile"),
        ("I prefer short answers.", "preference"),
        ("Always write tests first.", "preference"),
        ("We use GitHub Actions for CI.", "fact"),
        ("Our staging server is called atlas.", "fact"),
        ("Remember that the release is on Friday.", "fact"),
        ("データベースはPostgreSQLにすることに決めた。", "decision"),
        ("キャッシュにはRedisを採用しました。", "decision"),
        ("私の名前は田中です。", "profile"),
        ("京都に住んでいます。", "profile"),
        ("短い回答が好きです。", "preference"),
        ("CIにはGitHub Actionsを使っています。", "fact"),
        ("リリースは金曜日だと覚えておいて。", "fact"),
    ],
)
def test_plain_statements_are_found(text: str, tag: str) -> None:
    [statement] = find_statements(text)
    assert (statement.content, statement.tag, statement.working) == (text, tag, False)


@pytest.mark.parametrize(
    "text",
    [
        "Do we use PostgreSQL?", "What is my name?", "If we use Redis, it may be faster.", "Maybe we use Redis.",
        "He said we use MySQL.", "> We use MySQL.", "```\nwe use = 'MySQL'\n```", "Thanks!", "Please write the tests.",
        "<record>I prefer long answers.</record>"[:8], "PostgreSQLを使っていますか？", "もしRedisにしたらどうなる",
        "ありがとうございます。", "明日の会議の資料を作って", "田中さんはMySQLを使っていると言っていました",
        "The weather is nice.", "ok",
    ],
)  # fmt: skip
def test_other_sentences_are_not_statements(text: str) -> None:
    assert find_statements(text) == []


def test_current_work_is_remembered_for_a_day() -> None:
    [statement] = find_statements("I'm working on the billing page.")
    assert statement.working


def test_at_most_three_statements_are_taken_from_one_message() -> None:
    assert len(find_statements("I like tea. I like coffee. I like milk. I like water.")) == 3


def test_statements_about_the_same_subject_have_the_same_slot() -> None:
    assert slot_of("My name is Ann.") == slot_of("My name is Anna.") == "my name"
    assert slot_of("We use MySQL for billing.") == slot_of("We switched to Postgres for billing.") == "billing"
    assert slot_of("I prefer tea.") is None


@pytest.mark.parametrize(
    ("new", "old", "same", "more"),
    [
        ("I really prefer short answers!", "I prefer short answers.", True, False),
        ("短い回答が好きだ", "短い回答が好きです。", True, False),
        ("We decided to use Redis.", "We decided to use PostgreSQL.", False, False),
        ("We use Python 3.12.", "We use Python 3.11.", False, False),
        ("We use Redis.", "We do not use Redis.", False, False),
        ("おちゃがすきです", "みかんがすきです", False, False),
        ("私は肉を食べない。", "私は肉を食べる。", False, False),
        ("I prefer short answers in Japanese.", "I prefer short answers.", False, True),
        ("We use Redis at home, at work, and in every single project there is.", "We use Redis.", False, False),
    ],
)
def test_duplicates_and_extensions(new: str, old: str, same: bool, more: bool) -> None:
    assert (is_duplicate(new, old, None), is_extension(new, old)) == (same, more)


def test_a_different_number_makes_a_different_statement() -> None:
    assert is_duplicate("We deploy with Ansible", "Ansible is what we deploy with these days", 0.97)
    assert not is_duplicate("The limit is 30 requests", "The limit is 20 requests", 0.99)


def test_a_valid_answer_is_read_and_any_other_is_rejected() -> None:
    answer = (
        'Here: [{"content": " We use Go. ", "tag": "odd", "supersedes": "nonsense"}, {"content": "x", "tag": "fact"}]'
    )
    assert [(each.content, each.tag, each.supersedes) for each in to_memories(answer, set())] == [
        ("We use Go.", "fact", None),
        ("x", "fact", None),
    ]
    assert to_memories("[]", set()) == []
    for bad in ("", "nothing", "[1]", '[{"tag": "fact"}]', '[{"content": 3}]', '{"content": "x"}', "[" * 2000):
        with pytest.raises(InvalidAnswer):
            to_memories(bad, set())


def test_an_extracted_summary_keeps_recurring_sentences_within_its_length() -> None:
    texts = ["The cache is slow. Lunch was fine.", "Why is the cache slow? The cache has no index.", "Bye."]
    summary = extract_summary(texts, 60)
    assert "cache" in summary
    assert len(summary) <= 60
    assert extract_summary([], 100) == ""
