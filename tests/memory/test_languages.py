"""Hits of the other language, through search with the default embedder on a real database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.memory.search.languages import PLACES, keep_places
from app.memory.search.ranking import Ranked, weigh
from app.models.embedders.multilingual import MultilingualEmbedder
from sql.pool import Database
from sql.repositories.nearest import SearchFilter
from sql.repositories.search import Candidate, Totals
from tests.memory.conftest import Memory, open_memory

ANYTHING = SearchFilter()


@pytest.fixture
async def bilingual(database: Database) -> Memory:
    await database.pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    return open_memory(database, MultilingualEmbedder())


async def found(memory: Memory, query: str) -> list[str]:
    return [hit.content for hit in await memory.search.search("ann", query, ANYTHING, 10)]


async def test_a_question_finds_the_answer_in_the_other_language(bilingual: Memory) -> None:
    await bilingual.say("定例会議は毎週火曜日の朝に行う。")
    await bilingual.say("The backups are written to another region every night.")
    await bilingual.say("My cat sleeps on the keyboard.")
    await bilingual.index()
    assert (await found(bilingual, "when is the weekly meeting"))[0] == "定例会議は毎週火曜日の朝に行う。"
    assert (await found(bilingual, "バックアップはどこに書き込まれるか"))[
        0
    ] == "The backups are written to another region every night."


async def test_hits_that_share_words_leave_a_place_for_the_other_language(bilingual: Memory) -> None:
    for number in range(15):
        await bilingual.say(f"the backup of server {number} was discussed and then the backup was forgotten")
    await bilingual.say("バックアップは毎晩別のリージョンに書き込まれる。")
    await bilingual.say("猫が好きです。")
    await bilingual.index()
    hits = await bilingual.search.search("ann", "where is the nightly backup written", ANYTHING, 10)
    first = [hit.content for hit in hits[: PLACES[0] + 1]]
    assert "バックアップは毎晩別のリージョンに書き込まれる。" in first
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def candidate(*, japanese: bool) -> Candidate:
    return Candidate(uuid4(), None, "memory", None, None, datetime(2026, 1, 1, tzinfo=UTC), 10, japanese, 0.0, 0.5)


def placed(languages: str, near: float) -> str:
    """The order of the languages after places are kept; e is English, j Japanese; the question is English."""
    ranked = [Ranked(candidate(japanese=each == "j"), 1 - place / 100) for place, each in enumerate(languages)]
    similarities: dict[UUID, float] = {each.candidate.subject_id: near for each in ranked}
    kept = keep_places(ranked, weigh("what", [], Totals(1, 1.0)), similarities)
    assert sorted(kept, key=lambda each: -each.score) == kept
    assert {each.candidate.subject_id for each in kept} == {each.candidate.subject_id for each in ranked}
    return "".join("j" if each.candidate.japanese else "e" for each in kept)


@pytest.mark.parametrize(
    ("ranked", "near", "kept"),
    [
        ("eeeeeeeeejjjjj", 0.5, "eejejejejeeeej"),
        ("jjjjeeeeee", 0.5, "jjjjeeeeee"),  # what is high enough already stays there
        ("eeeeeeeeejjjjj", 0.1, "eeeeeeeeejjjjj"),  # too far to be an answer
        ("eeeeej", 0.5, "eejeee"),
        ("eeee", 0.5, "eeee"),
        ("j", 0.5, "j"),
        ("", 0.5, ""),
    ],
)
def test_every_second_place_is_kept_for_the_other_language(ranked: str, near: float, kept: str) -> None:
    assert placed(ranked, near) == kept
