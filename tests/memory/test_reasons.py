"""Why hits matched, why others lost, and that nonsense finds nothing; with the default embedder on a real database."""

import pytest

from resolvers.ports import Hit
from sql.repositories.nearest import SearchFilter
from tests.memory.conftest import Memory
from tests.memory.test_languages import bilingual

__all__ = ["bilingual"]
ANYTHING = SearchFilter()
TEXTS = (
    "The deployment failed on Friday because the database was full.",
    "My sister moved to Kyoto last spring.",
    "We bought a new coffee machine for the office.",
    "定例会議は毎週火曜日の朝に行う。",
    "サーバーの設定を変更した。",
)


@pytest.fixture
async def filled(bilingual: Memory) -> Memory:
    for text in TEXTS:
        await bilingual.say(text)
    await bilingual.index()
    return bilingual


async def asked(memory: Memory, query: str, *, explain: bool = False) -> list[Hit]:
    return await memory.search.search("ann", query, ANYTHING, 10, joined=True, explain=explain)


@pytest.mark.parametrize(
    "query",
    [
        "qwertzuiop asdfghjkl",
        "zzzz",
        "xyzzy plugh frobnicate",
        "jjjj kkkk llll",
        "blorp 12345 zzkk",
        "んんんん",
        "🙂",
        "'",
    ],
)
async def test_nonsense_finds_nothing(filled: Memory, query: str) -> None:
    assert [hit.content for hit in await asked(filled, query)] == []


@pytest.mark.parametrize(
    ("query", "content", "reasons"),
    [
        ("deployment failed", TEXTS[0], {"WORDS", "MEANING"}),
        ("espresso maker", TEXTS[2], {"MEANING"}),
        ("when is the weekly meeting", TEXTS[3], {"WORDS", "MEANING", "LANGUAGE"}),  # 会議 is a synonym of "meeting"
    ],
)
async def test_a_hit_says_why_it_matched(filled: Memory, query: str, content: str, reasons: set[str]) -> None:
    hit = (await asked(filled, query))[0]
    assert (hit.content, set(hit.reasons)) == (content, reasons)


async def test_a_neighbour_and_a_time_are_reasons(memory: Memory) -> None:
    await memory.say("Which database shall we take for the billing service?", "Postgres, it is what we know.")
    await memory.index()
    hits = {hit.content: hit.reasons for hit in await asked(memory, "database billing service today")}
    assert "NEIGHBOUR" in hits["Postgres, it is what we know."]
    assert all("TIME" in reasons for reasons in hits.values())


async def test_explain_lists_what_lost_and_why(filled: Memory) -> None:
    hits = await filled.search.search("ann", "deployment failed", ANYTHING, 1, joined=True, explain=True)
    assert len(hits) == 2
    assert hits[0].reasons[-1] not in ("OUTRANKED", "BELOW_FLOOR")
    assert hits[1].reasons[-1] in ("OUTRANKED", "BELOW_FLOOR")
    lost = await asked(filled, "qwertzuiop asdfghjkl", explain=True)
    assert {hit.reasons[-1] for hit in lost} == {"BELOW_FLOOR"}


async def test_what_the_user_said_comes_before_the_same_words_of_the_assistant(memory: Memory) -> None:
    conversation = await memory.converse()
    text = "The billing service writes to Postgres."
    (said,) = await memory.say(text, conversation=conversation)
    reply = await memory.value(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, status, metadata) "
        "VALUES ('ann', $1, $2, 'kana', 'complete', '{\"model\": \"m\"}') RETURNING id",
        await memory.converse(),
        text,
    )
    await memory.index()
    assert [hit.subject_id for hit in await asked(memory, "billing postgres")] == [said, reply]
