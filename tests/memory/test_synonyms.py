"""A technical word finds its synonyms in both languages, without any embedder."""

import pytest

from app.memory.search.ranking import weigh
from app.memory.search.synonyms import synonyms_of, with_synonyms
from sql.repositories.nearest import SearchFilter
from sql.repositories.search import QueryWord, Totals
from tests.memory.conftest import Memory

ANYTHING = SearchFilter()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("which DB is it", "データベースはPostgreSQLです。"),
        ("データベースはどれ", "The db is PostgreSQL."),
        ("認証の仕組み", "Authentication is done by Keycloak."),
        ("how does auth work", "認証はKeycloakが行う。"),
        ("authentication", "Auth is done by Keycloak."),
    ],
)
async def test_a_synonym_is_found(memory: Memory, query: str, text: str) -> None:
    await memory.say(text)
    await memory.say("お昼は蕎麦だった。")
    await memory.say("Lunch was good.")
    await memory.index()
    hits = await memory.search.search("ann", query, ANYTHING, 10, joined=True)
    assert [hit.content for hit in hits][:1] == [text]


async def test_the_word_itself_comes_before_its_synonym(memory: Memory) -> None:
    await memory.say("The authentication was moved.")
    await memory.say("The login was moved.")
    await memory.index()
    hits = await memory.search.search("ann", "authentication", ANYTHING, 10)
    assert [hit.content for hit in hits] == ["The authentication was moved.", "The login was moved."]


def test_a_form_counts_less_than_one_word_however_long_it_is() -> None:
    words = [QueryWord("db", [1], 3)]
    pairs = ("デー", "ータ", "タベ", "ベー", "ース")
    forms = [QueryWord(pair, [10 + place], 2) for place, pair in enumerate(pairs)]
    weights = weigh("db", words, Totals(100, 10.0))
    extended = with_synonyms(weights, ["データベース"], forms)
    assert sum(extended.by_key[each.keys[0]] for each in forms) == pytest.approx(0.5 * weights.by_key[1])
    assert extended.most == weights.most


@pytest.mark.parametrize("query", ["", "xyzzy", "🙂", "何ですか"])
def test_other_words_have_no_synonyms(query: str) -> None:
    assert synonyms_of(query) == []
