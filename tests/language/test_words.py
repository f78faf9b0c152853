"""English words compare by their stems."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

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


@pytest.fixture
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_switching_often")
def test_threads_do_not_disturb_each_other() -> None:
    words = [
        f"{begin}{end}" for begin in ("gener", "nation", "relat", "organ") for end in ("", "ally", "ization", "ing")
    ]
    expected = [stem(word) for word in words]

    def stems(_: int) -> list[str]:
        return [stem.__wrapped__(word) for word in words * 5]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(stems, range(8))) == [expected * 5] * 8
