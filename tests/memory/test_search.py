"""The hits of search, their order and their snippets."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.language.text import without_asking
from app.memory.search.ranking import idf
from app.memory.search.searcher import Search
from app.memory.search.snippets import snippet
from sql.repositories.nearest import SearchFilter
from sql.repositories.search import describe_query, list_candidates
from tests.fakes.clock import FixedClock
from tests.memory.conftest import DeafEmbedder, Memory, open_memory

ANYTHING = SearchFilter()


async def found(memory: Memory, query: str, within: SearchFilter = ANYTHING, user: str = "ann") -> list[str]:
    return [hit.content for hit in await memory.search.search(user, query, within, 10)]


async def test_words_match_at_once_and_meaning_after_indexing(memory: Memory) -> None:
    await memory.say("The deployment failed on Friday.")
    await memory.say("Lunch was good.")
    before = await memory.search.search("ann", "deployments failing", ANYTHING, 10)
    assert [(hit.content, hit.similarity) for hit in before] == [("The deployment failed on Friday.", None)]
    await memory.index()
    after = await memory.search.search("ann", "deployments failing", ANYTHING, 10)
    assert after[0].content == "The deployment failed on Friday."
    assert after[0].similarity is not None


async def test_japanese_is_found_by_pairs_of_characters_and_across_forms(memory: Memory) -> None:
    await memory.say("データベースはPostgreSQLを使う。", "猫が好きです。", "会議は火曜日にする。")
    await memory.index()
    assert (await found(memory, "ﾃﾞｰﾀﾍﾞｰｽは何を使う？"))[0] == "データベースはPostgreSQLを使う。"
    assert (await found(memory, "好きな動物は猫？"))[0] == "猫が好きです。"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("会議は何曜日ですか？", "会議は 曜日"),
        ("京都のオフィスはどこか。", "京都のオフィスは"),
        ("最初に決めた方針を答えなさい。", "最初に決めた方針"),
        ("PostgreSQLの版は何", "PostgreSQLの版は"),
        ("いつもの場所", "いつもの場所"),
        ("何ですか？", "何ですか？"),
        ("What is the plan?", "What is the plan?"),
    ],
)
def test_question_phrases_are_not_searched(query: str, words: str) -> None:
    assert " ".join(without_asking(query).split()) == words


async def test_in_japanese_a_latin_word_has_the_weight_of_several_pairs(memory: Memory) -> None:
    await memory.say("設定の変更はatlasで行う。")
    await memory.say("サーバの設定を変更する。")
    await memory.say("サーバの設定を確かめる。")
    await memory.index()
    assert (await found(memory, "atlasのサーバの設定を変更"))[0] == "設定の変更はatlasで行う。"


async def test_a_rare_word_has_more_weight_than_a_frequent_one(memory: Memory) -> None:
    await memory.say(*(f"the server number {number} restarted" for number in range(20)), "kubernetes is down")
    await memory.index()
    assert (await found(memory, "server kubernetes"))[0] == "kubernetes is down"


async def test_of_two_texts_with_the_same_words_the_shorter_scores_higher(memory: Memory) -> None:
    words = "kubernetes and much else that was said about other things on that long day with many people in one room"
    for text in (words, "kubernetes cluster", words + " again"):
        await memory.say(text)
    await memory.index()
    hits = await memory.search.search("ann", "kubernetes", ANYTHING, 10)
    assert hits[0].content == "kubernetes cluster"
    scopes = await memory.scopes("ann")
    async with memory.database.connection() as connection:
        shares = {}
        for slope in (0.0, 0.4, 1.0):
            _, totals = await describe_query(connection, scopes, "kubernetes")
            key = await connection.fetchval("SELECT search_key($1, 'kubernet')", await memory.scope("ann"))
            candidates = await list_candidates(
                connection, scopes, [hit.subject_id for hit in hits], [], reach=0, weights={key: 1.0}, totals=totals,
                slope=slope, model=None, vector=None, within=ANYTHING,
            )  # fmt: skip
            lexical = {each.subject_id: each.lexical for each in candidates}
            shares[slope] = lexical[hits[-1].subject_id] / lexical[hits[0].subject_id]
    assert shares[0.0] == pytest.approx(1)
    assert shares[0.0] > shares[0.4] > shares[1.0]


async def test_an_answer_is_found_through_the_question_before_it(memory: Memory) -> None:
    await memory.say(
        "Which database shall we take for the billing service?", "Postgres, it is what we know.", "Fine.", "Lunch?"
    )
    await memory.say("Unrelated words stand here alone.")
    await memory.index()
    hits = await found(memory, "database billing service")
    assert hits[:2] == [
        "Which database shall we take for the billing service?",
        "Postgres, it is what we know.",
    ]


async def test_a_long_answer_gets_less_from_its_neighbours_than_a_short_one(memory: Memory) -> None:
    asked = "Which database shall we take for the billing service?"
    long = " ".join(f"remark{number} thought{number}" for number in range(100))
    await memory.say(asked, "Postgres, it is what we know.")
    await memory.say(asked, long)
    await memory.index()
    hits = await memory.search.search("ann", "database billing service", ANYTHING, 10)
    scores = {hit.content: hit.score for hit in hits}
    assert scores[long] < 0.5 * scores["Postgres, it is what we know."]


async def test_neighbours_are_messages_of_the_same_conversation_only(memory: Memory) -> None:
    await memory.say("Which database shall we take?")
    await memory.say("Bananas are yellow.")
    await memory.index()
    hits = await memory.search.search("ann", "database", ANYTHING, 10)
    assert [hit.content for hit in hits if hit.score > 0.2] == ["Which database shall we take?"]


async def test_filters_limit_the_hits(memory: Memory) -> None:
    first, second = await memory.converse(), await memory.converse()
    await memory.say("tea in the first", conversation=first)
    await memory.say("tea in the second", conversation=second)
    await memory.add_intent("buy tea")
    await memory.index()
    assert set(await found(memory, "tea")) == {"tea in the first", "tea in the second", "buy tea"}
    assert await found(memory, "tea", SearchFilter(kinds=["intent"])) == ["buy tea"]
    assert await found(memory, "tea", SearchFilter(conversation_id=first)) == ["tea in the first"]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await found(memory, "tea", SearchFilter(since=tomorrow)) == []
    assert len(await found(memory, "tea", SearchFilter(until=tomorrow))) == 3
    assert await found(memory, "tea", SearchFilter(kinds=[])) == []


async def test_a_time_limits_the_search_unless_nothing_is_found(memory: Memory) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    old, recent = await memory.say("the cache was too small", "the cache is fine")
    for message, days in ((old, 8), (recent, 1)):
        for table in ("search_entries", "embeddings"):
            await memory.value(
                f"UPDATE {table} SET occurred_at = $2 WHERE subject_id = $1",  # noqa: S608
                message,
                now - timedelta(days=days),
            )
    search = Search(memory.database, memory.models, FixedClock(now), "UTC", memory.dictionary)

    async def asked(query: str, within: SearchFilter = ANYTHING) -> list[str]:
        return [hit.content for hit in await search.search("ann", query, within, 10)]

    assert await asked("cache yesterday") == ["the cache is fine"]
    assert await asked("cache last week") == ["the cache was too small"]
    assert await asked("cache two days ago") == ["the cache is fine"]  # widened by a day
    assert len(await asked("cache in 2019")) == 2
    assert await asked("cache yesterday", SearchFilter(until=now - timedelta(days=5))) == ["the cache was too small"]


async def test_search_uses_words_when_the_embedder_is_unavailable(memory: Memory) -> None:
    await memory.say("The deployment failed.")
    await memory.index()
    deaf = open_memory(memory.database, DeafEmbedder())
    assert await found(deaf, "deployment") == ["The deployment failed."]


async def test_similar_entries_do_not_contain_the_entry_itself(memory: Memory) -> None:
    first, *_ = await memory.say("Deploy with Docker on Friday", "Docker deploys on Fridays", "I like cats")
    await memory.index()
    hits = await memory.search.similar("ann", first, 5)
    assert hits[0].content == "Docker deploys on Fridays"
    assert first not in [hit.subject_id for hit in hits]
    assert await memory.search.similar("bob", first, 5) == []


async def test_long_texts_are_found_by_their_end(memory: Memory) -> None:
    await memory.say("filler sentence about nothing. " * 200 + "The vault password is under the doormat.", "Hello")
    await memory.index()
    (hit, *_) = await memory.search.search("ann", "vault password doormat", ANYTHING, 5)
    assert hit.snippet.startswith("…")
    assert "vault password is under the doormat" in hit.snippet
    assert await memory.value("SELECT count(*) FROM embeddings WHERE subject_id = $1", hit.subject_id) > 4


@pytest.mark.parametrize(
    "query", ["🙂", "'; DROP TABLE users; --", "の", "the", "{1:2}/3", "\\", "%", "a" * 5000, "\n"]
)
async def test_odd_queries_find_nothing_odd(memory: Memory, query: str) -> None:
    await memory.say("An ordinary sentence.")
    await memory.index()
    assert set(await found(memory, query)) <= {"An ordinary sentence."}


def test_snippets_show_the_best_match() -> None:
    text = "alpha " * 60 + "the needle and the thread " + "omega " * 60
    shown = snippet(text, {"needle": 3.0, "thread": 3.0, "alpha": 0.1})
    assert "needle and the thread" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 162
    assert snippet("short  text\nhere", {}) == "short text here"
    assert snippet("x" * 500, {}).startswith("xxx")
    japanese = "あいうえお" * 60 + "猫が屋根で寝ている" + "かきくけこ" * 60
    assert "猫が屋根" in snippet(japanese, {"屋根": 4.0, "猫が": 4.0})


def test_idf_is_never_negative() -> None:
    counts: Sequence[tuple[int, int]] = [(0, 0), (5, 0), (1, 10), (10, 10), (11, 10)]
    assert all(idf(documents, total) > 0 for documents, total in counts)
    assert idf(1, 1000) > idf(500, 1000)
