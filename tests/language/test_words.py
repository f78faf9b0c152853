"""English words compare by their stems."""

import pytest

from app.language.words import stem


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("cached", "caching"),
        ("libraries", "library"),
        ("documentation", "documents"),
        ("specifications", "specification"),
        ("running", "run"),
        ("user's", "users"),
    ],
)
def test_forms_of_one_word_have_one_stem(word: str, other: str) -> None:
    assert stem(word) == stem(other)


@pytest.mark.parametrize(("word", "other"), [("nightly", "night"), ("weekly", "week"), ("status", "state")])
def test_different_words_have_different_stems(word: str, other: str) -> None:
    assert stem(word) != stem(other)


def test_a_japanese_word_stays_as_it_is() -> None:
    assert stem("データベース") == "データベース"
