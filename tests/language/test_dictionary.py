"""Words of a question and their translations, from a small dictionary of our own."""

from pathlib import Path

import pytest

from app.language.dictionary.inflection import english_forms, japanese_forms
from app.language.dictionary.jmdict import Jmdict
from app.language.dictionary.package import find_file
from app.language.dictionary.translations import MOST_WORDS, translate
from tests.jmdict_file import Entry, write_dictionary


@pytest.fixture
def dictionary(tmp_path: Path) -> Jmdict:
    return Jmdict(write_dictionary(tmp_path / "jamdict.db"))


@pytest.mark.parametrize(
    ("question", "translations"),
    [
        ("meeting", [("会議", "集会")]),  # the most common first, and no rare ones
        ("Why were the meetings postponed?", [("会議", "集会"), ("延ばす",)]),
        ("who ate the apples", [("食べる",), ("りんご", "林檎")]),
        ("environment variables", [("環境",), ("環境変数",)]),
        ("会議の延期", [("meeting", "conference", "council"), ("postponement",)]),
        ("何を食べましたか", [("eat",)]),
        ("美しかった", [("beautiful",)]),
        ("環境変数は", [("environment variable",)]),  # the longest word
        ("ﾃﾞｰﾀﾍﾞｰｽ", [("database",)]),
        ("りんごを延ばした", [("apple",), ("postpone", "put off")]),
        ("ことり", []),  # a word that is written in kanji, and an explanation
        ("xyzzy", []),
        ("🙂", []),
        ("", []),
    ],
)
def test_the_words_of_a_question_are_translated(
    dictionary: Jmdict, question: str, translations: list[tuple[str, ...]]
) -> None:
    words = [word for word in question.lower().strip("?").split() if word not in {"the", "why", "were", "who"}]
    assert translate(dictionary, question, words) == translations


def test_a_word_that_search_does_not_count_is_not_translated(dictionary: Jmdict) -> None:
    assert translate(dictionary, "environment meeting", ["meeting"]) == [("会議", "集会")]


def test_a_long_question_is_translated_in_part(tmp_path: Path) -> None:
    kanji = [chr(0x4E00 + place) for place in range(60)]
    path = write_dictionary(tmp_path / "many.db", [Entry(each, "あ", ((f"word{each}",),)) for each in kanji])
    assert len(translate(Jmdict(path), "、".join(kanji) * 3, [])) == MOST_WORDS


@pytest.mark.parametrize(
    ("text", "word"),
    [("食べ", "食べる"), ("行っ", "行く"), ("飲ん", "飲む"), ("高か", "高い"), ("高く", "高い"), ("会議", "会議")],
)
def test_an_inflected_japanese_word_has_its_dictionary_form(text: str, word: str) -> None:
    assert word in japanese_forms(text)


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("queries", "query"),
        ("boxes", "box"),
        ("caches", "cache"),
        ("stopped", "stop"),
        ("moving", "move"),
        ("carried", "carry"),
        ("wrote", "write"),
        ("class", "class"),
    ],
)
def test_an_inflected_english_word_has_its_dictionary_form(form: str, word: str) -> None:
    assert word in english_forms(form)


def test_a_missing_package_is_no_dictionary() -> None:
    assert find_file("a_package_that_nobody_has") is None


def test_a_package_without_the_file_is_no_dictionary() -> None:
    assert find_file("json") is None
