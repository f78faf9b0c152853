"""Texts of the other language are found by translations of a question's words, without an embedder for languages."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.memory.search.ranking import weigh
from app.memory.search.translations import SHARE, Dictionary, weigh_translations
from sql.repositories.nearest import SearchFilter
from sql.repositories.search import QueryWord, Totals
from tests.jmdict_file import write_dictionary
from tests.memory.conftest import Memory

ANYTHING = SearchFilter()
TOTALS = Totals(100, 10.0)


@pytest.fixture
def with_dictionary(memory: Memory, tmp_path: Path) -> Memory:
    memory.dictionary = Dictionary(write_dictionary(tmp_path / "jamdict.db"))
    return memory


async def found(memory: Memory, query: str) -> list[str]:
    return [hit.content for hit in await memory.search.search("ann", query, ANYTHING, 10, joined=True)]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("why was the meeting postponed", "会議を延ばした。"),
        ("environment variable", "環境変数で渡す。"),
        ("会議の延期", "The postponement of the conference was agreed."),
        ("何を食べましたか", "They eat at noon."),
    ],
)
async def test_a_translation_is_found(with_dictionary: Memory, query: str, text: str) -> None:
    await with_dictionary.say(text)
    await with_dictionary.say("昨日は雨だった。")
    await with_dictionary.say("It was raining.")
    await with_dictionary.index()
    assert (await found(with_dictionary, query))[0] == text


async def test_hits_that_share_words_leave_a_place_for_a_translation(with_dictionary: Memory) -> None:
    for number in range(15):
        await with_dictionary.say(f"the meeting of team {number} was long, and the meeting was recorded")
    await with_dictionary.say("会議を延ばした。")
    await with_dictionary.index()
    hits = await with_dictionary.search.search("ann", "meeting postponed", ANYTHING, 10)
    assert "会議を延ばした。" in [hit.content for hit in hits[:3]]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_a_memory_of_one_language_has_the_same_hits_and_scores(with_dictionary: Memory) -> None:
    await with_dictionary.say("The meeting was moved.", "The environment is fine.", "We eat at noon.")
    await with_dictionary.index()
    translated = await with_dictionary.search.search("ann", "meeting environment", ANYTHING, 10)
    with_dictionary.dictionary = Dictionary(None)
    plain = await with_dictionary.search.search("ann", "meeting environment", ANYTHING, 10)
    assert [(hit.content, hit.score) for hit in translated] == [(hit.content, hit.score) for hit in plain]


async def test_an_unreadable_dictionary_is_logged_once_and_search_goes_on(memory: Memory, tmp_path: Path) -> None:
    path = tmp_path / "jamdict.db"
    path.write_bytes(b"no database" * 200)
    memory.dictionary = Dictionary(path)
    await memory.say("The meeting was moved.")
    await memory.index()
    with capture_logs() as logs:
        assert await found(memory, "meeting") == ["The meeting was moved."]
        assert await found(memory, "meeting") == ["The meeting was moved."]
    assert len([each for each in logs if "dictionary" in each["event"]]) == 1


def test_translations_of_all_words_weigh_a_share_of_the_question() -> None:
    weights = weigh("meeting", [QueryWord("meeting", [1], 3)], TOTALS)
    words = [QueryWord("会議", [2], 5), QueryWord("会", [3], 5), QueryWord("議", [4], 5), QueryWord("集会", [5], 0)]
    words.append(QueryWord("集", [6], 0))
    added = weigh_translations(weights, [("会議", "集会")], words, TOTALS, SHARE)
    assert added.keys() == {2, 3, 4}
    assert sum(added.values()) == pytest.approx(SHARE * weights.most)


def test_translations_weigh_less_where_few_words_have_one_that_occurs() -> None:
    weights = weigh("meeting", [QueryWord("meeting", [1], 3)], TOTALS)
    words = [QueryWord("会", [2], 5), QueryWord("夜", [3], 0)]
    added = weigh_translations(weights, [("会",), ("夜",), ("夜",), ("夜",)], words, TOTALS, SHARE)
    assert sum(added.values()) == pytest.approx(SHARE * weights.most / 16)


def test_a_word_of_the_question_keeps_its_own_weight() -> None:
    weights = weigh("会", [QueryWord("会", [1], 3)], TOTALS)
    assert weigh_translations(weights, [("会",)], [QueryWord("会", [1], 3)], TOTALS, SHARE) == {}
