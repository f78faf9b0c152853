"""Emoji and rare forms of characters are found by words and shown in snippets."""

import pytest

from app.language.words import normalised, word_spans
from app.memory.search.snippets import snippet
from sql.repositories.nearest import SearchFilter
from tests.memory.conftest import DeafEmbedder, Memory, open_memory

SHRUG = "\U0001f937\U0001f3fd\u200d♀️"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("🎉", "We shipped it 🎉"),
        ("👍", "Good work👍🏽!"),
        ("👍🏿", "Good work 👍"),
        ("❤", "I ❤️ tea"),
        ("❤️", "I ❤ tea"),
        ("👩‍💻", "She is a 👩🏻‍💻 now"),
        ("💻", "She is a 👩‍💻 now"),
        (SHRUG, "Who knows 🤷"),
        ("🇯🇵", "From 🇫🇷🇯🇵 with love"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "Made in 🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("1️⃣", "Step 1️⃣ is done"),
        ("☕", "お茶より☕️が好き"),
        ("寿司🍣", "今日は寿司🍣を食べた"),
        ("→", "設計→実装の順"),
        ("⇒", "A ⇒ B"),
        ("ﷺ", "the form ﷺ is long"),
        ("㍿", "株式会社の登記"),
        ("ｶﾞｲﾄﾞ", "ガイドを書いた"),
        ("ＡＰＩ", "the API is stable"),
        ("葛城", "葛\U000e0100城さんの件"),
        ("softhyphen", "a soft\u00adhyphen here"),
    ],
)
async def test_a_text_is_found_by_another_form_of_its_characters(memory: Memory, query: str, text: str) -> None:
    await memory.say(text)
    await memory.say("Something else was said, 別の話。 😀 🇵🇫")
    words_only = open_memory(memory.database, DeafEmbedder())
    hits = await words_only.search.search("ann", query, SearchFilter(), 10)
    assert [hit.content for hit in hits if hit.score > 0][:1] == [text]
    within = {normalised(query)[start:end] for start, end in word_spans(normalised(query))}
    found = {normalised(text)[start:end] for start, end in word_spans(normalised(text))}
    assert within & found


@pytest.mark.parametrize(
    ("query", "text"),
    [("C++", "We write C++ here"), ("C#", "C#の書き方"), (".NET", "The .NET runtime"), ("c", "We write C++ here")],
)
async def test_a_technical_name_is_found_before_the_words_of_its_letters(memory: Memory, query: str, text: str) -> None:
    others = ["We write C here", "A fishing net", "Vitamin C", "C major"]
    for content in (*others, text):
        await memory.say(content)
    words_only = open_memory(memory.database, DeafEmbedder())
    hits = await words_only.search.search("ann", query, SearchFilter(), 10)
    found = [hit.content for hit in hits if hit.score > 0]
    assert text in found
    if query != "c":
        assert found[0] == text


async def test_python_and_the_database_split_words_in_the_same_way(memory: Memory) -> None:
    text = f"Deploy🚀 v2 👨‍👩‍👧 🇯🇵🇺🇸 👍🏽 {SHRUG} ①㍿ﷺ ﾃﾞｰﾀ 葛\U000e0100城 soft\u00adhyphen 2️⃣ → ✔️ 猫"
    text += " C++の本 C# F#5 .NET main.py x.b g++. c+++ issue#5 ⇒"
    rows = await memory.fetch("SELECT DISTINCT word FROM search_words($1)", text)
    plain = normalised(text)
    kanji_and_katakana = {letter for letter in plain if "ァ" <= letter <= "鿿"}
    assert {row["word"] for row in rows} == {plain[start:end] for start, end in word_spans(plain)} | kanji_and_katakana


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x " * 200 + "party 🎉 time" + " y" * 200, "🎉"),
        ("x " * 200 + "thumbs 👍🏽 up" + " y" * 200, "👍"),
        ("❤️ " * 200 + "tea party" + " y" * 200, "tea"),
        ("ﷺ " * 200 + "tea party" + " y" * 200, "tea"),
        ("ﾀﾞﾒ " * 200 + "tea party" + " y" * 200, "tea"),
        ("x " * 200 + "ﾃﾞｰﾀﾍﾞｰｽ" + " y" * 200, "デー"),
    ],
)
def test_the_snippet_shows_the_match_whatever_its_form(text: str, word: str) -> None:
    shown = snippet(text, {word: 1.0})
    assert word in normalised(shown)
    assert len(shown) <= 162


def test_the_snippet_of_a_long_text_reads_only_what_is_indexed() -> None:
    assert snippet("ze " * 90_000, {"ze": 1.0}).startswith("ze ze")
    assert "late" not in snippet("a " * 90_000 + "late", {"late": 1.0})
