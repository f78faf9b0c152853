"""The offline assistant: says that no model is configured, in the language of the question."""

from datetime import UTC, datetime

import pytest

from app.models.offline import OfflineAssistant
from app.models.ports import Finished, Piece, Prompt, Recollection, Turn

MEMORY = Recollection("message", "1", datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "We chose PostgreSQL\nover MySQL")


async def answer(question: str, *memories: Recollection) -> tuple[str, list[str], Finished]:
    pieces, finished = [], None
    async for part in OfflineAssistant(pause=0).answer(Prompt("s", [Turn("user", question)], memories)):
        if isinstance(part, Piece):
            pieces.append(part.text)
        elif isinstance(part, Finished):
            finished = part
    assert finished is not None
    return "".join(pieces), pieces, finished


@pytest.mark.parametrize(
    ("question", "says"),
    [("which database?", "No language model is configured"), ("データベースは？", "言語モデルが設定されていない")],
)
async def test_it_says_that_no_model_is_configured_and_how_to_change_it(question: str, says: str) -> None:
    text, pieces, finished = await answer(question)
    assert says in text
    assert "ANTHROPIC_API_KEY" in text
    assert len(pieces) > 5
    assert finished.model is None


async def test_it_quotes_records_with_their_date() -> None:
    text, _, _ = await answer("which database?", MEMORY)
    assert "- 2026-03-01 08:30 UTC, you said: We chose PostgreSQL over MySQL" in text


async def test_it_says_when_it_found_nothing() -> None:
    assert "no related record" in (await answer("which database?"))[0]


async def test_it_answers_in_japanese_with_the_records() -> None:
    text, _, _ = await answer("どのデータベースを使う？", MEMORY)
    assert "- 2026-03-01 08:30 UTC, あなたの発言: We chose PostgreSQL over MySQL" in text
    assert "見つかりませんでした" not in text


@pytest.mark.parametrize(
    ("task", "says"), [("Plan the migration", "was not done"), ("移行を計画して", "実行されていません")]
)
async def test_it_says_that_work_was_not_done(task: str, says: str) -> None:
    parts = [part async for part in OfflineAssistant().answer(Prompt("s", [Turn("user", task)], purpose="work"))]
    text = "".join(part.text for part in parts if isinstance(part, Piece))
    assert says in text
    assert "ANTHROPIC_API_KEY" in text


async def test_a_long_record_is_cut_to_one_line() -> None:
    long = Recollection("decision", "2", datetime(2026, 3, 1, tzinfo=UTC), "word\n" * 500)
    text, _, _ = await answer("which?", long)
    assert len(text.splitlines()[-1]) < 260


async def test_the_pieces_are_short_in_both_languages() -> None:
    for question in ("which database?", "データベースは？"):
        _, pieces, _ = await answer(question, MEMORY)
        assert max(map(len, pieces)) < 25
