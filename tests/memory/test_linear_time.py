"""Long texts cost time in proportion to their length: counted in steps of the patterns and in characters read."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.language import text as texts
from app.language.periods import READINGS, find_period
from app.language.text import READ_CHARACTERS, split_sentences
from app.memory.extraction import statements
from app.memory.extraction.statements import find_statements
from app.tools import drafts
from app.workers.intents.handlers import remember, specification
from tests.regex_steps import count_steps

PATTERNS = {
    **{f"statement {number}": pattern for number, (_, pattern) in enumerate(statements.RULES)},
    **{f"period {number}": pattern for number, (pattern, _) in enumerate(READINGS)},
    "no statement": statements.NO_STATEMENT,
    "working": statements.WORKING,
    "quoted": statements.QUOTED,
    "statement sentence": statements.SENTENCE,
    "not own": statements.NOT_OWN,
    "leads": statements.LEADS,
    "sentence": texts.SENTENCE,
    "asking": texts.ASKING,
    "heading": specification.HEADING,
    "specification": drafts.REQUEST,
    "remember": remember.REQUEST,
}
BEGINNINGS = ("", "we use a", "# a")
REPEATED = ("には", "必ず", " for ", "。", "#", " ", "覚えて", "1")
LENGTH = 30
MOST_GROWTH = 2.6  # linear is 2, quadratic 4


def hostile_texts(length: int) -> Iterator[str]:
    for beginning in BEGINNINGS:
        for part in REPEATED:
            yield beginning + (part * length)[:length] + "x"


@pytest.fixture(autouse=True)
def deep_recursion() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("name", PATTERNS)
def test_twice_the_text_takes_twice_the_steps(name: str) -> None:
    pattern = PATTERNS[name]
    for short, long in zip(hostile_texts(LENGTH), hostile_texts(2 * LENGTH), strict=True):
        before, after = count_steps(pattern, short), count_steps(pattern, long)
        assert after < 1000 or after <= MOST_GROWTH * before, (short, before, after)


@pytest.mark.parametrize(("text", "matches"), [("aab", True), ("aac", False), ("xab", True)])
def test_the_counter_finds_what_the_engine_finds_and_sees_quadratic_patterns(text: str, matches: bool) -> None:
    quadratic = re.compile("a+b")
    assert (re.search(quadratic, text) is not None) is matches
    assert count_steps(quadratic, "a" * 120) > 3 * count_steps(quadratic, "a" * 60)


@pytest.mark.parametrize("text", ["ﷺ\n" * 5000, "a\n" * 200_000, "㍿。" * 100_000, "。" * 200_000])
def test_a_bounded_part_of_a_text_is_classified_whatever_its_normal_form_is(text: str) -> None:
    sentences = split_sentences(text)
    assert sum(map(len, sentences)) <= READ_CHARACTERS
    assert len(sentences) <= texts.MAX_SENTENCES


def test_statements_after_a_quotation_and_up_to_the_third_are_found() -> None:
    found = find_statements("> We use MySQL.\nWe use PostgreSQL for billing...\n" + "I like tea. " * 10_000)
    assert [each.content for each in found] == ["We use PostgreSQL for billing...", "I like tea.", "I like tea."]
    assert found[0].slot == "billing"
    [long] = find_statements("データベースには今回の検討の結果はっきりしたのでPostgreSQLを採用しました。")
    assert (long.tag, long.slot) == ("decision", "データベース")


def test_only_the_beginning_of_a_query_is_searched_for_a_time() -> None:
    assert find_period("x" * 200_000 + " yesterday", datetime(2026, 11, 25, tzinfo=UTC), "UTC") is None
