"""The local rules on the labelled pairs and on known difficult cases."""

from uuid import UUID

import pytest

from app.language.technologies import mentions_of
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.ports import Candidate, Contradiction, PriorRecord, record_of_decision
from app.workers.intents.contradictions.wording import find_absolute_claim
from tests.gate.pairs import make_decision
from tests.workers.contradictions.pairs import load_pairs, measure_pairs


def earlier(text: str, number: int = 1, **fields: object) -> PriorRecord:
    return PriorRecord("intent", UUID(int=number), text, text, **fields)  # type: ignore[arg-type]


def decision(question: str, chosen: str, *rejected: str) -> PriorRecord:
    return record_of_decision(
        make_decision(9, kind="choice", title=question, topic=question, chosen=chosen, rejected=rejected)
    )


async def judged(text: str, *records: PriorRecord, kind: str = "task") -> list[Contradiction]:
    return await LocalJudge().judge(Candidate(text, kind), records)


async def test_precision_is_at_least_90_percent_and_recall_at_least_70_percent() -> None:
    pairs = load_pairs("test")
    score = await measure_pairs(LocalJudge(), pairs)
    assert len(pairs) == 120
    assert score.precision >= 0.9, "\n".join(score.wrong)
    assert score.recall >= 0.7, "\n".join(score.wrong)


async def test_every_kind_is_found_in_both_languages() -> None:
    score = await measure_pairs(LocalJudge(), load_pairs("test"))
    for kind in ("tech_stack", "policy_shift", "duplicate", "dogma"):
        meant = sum(count for (label, _), count in score.counts.items() if label == kind)
        assert score.counts[kind, kind] / meant >= 0.7, kind


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("make the client async", "make the importer sync"),
        ("Use Django for the admin site", "Write the command line tool in Go"),
        ("choose an approach", "describe the approach"),
        ("Go on with the plan", "Rewrite the service in Rust"),
        ("Restart the server", "Write the restaurant page"),
        ("Use PostgreSQL", "Which is faster, MySQL or PostgreSQL?"),
    ],
)
async def test_similar_texts_without_a_contradiction_are_not_flagged(old: str, new: str) -> None:
    assert await judged(new, earlier(old)) == []


async def test_another_technology_contradicts_the_decision_for_its_purpose_in_both_languages() -> None:
    choice = decision("Which database?", "PostgreSQL", "MySQL")
    [found] = await judged("Store the orders in MySQL", choice)
    assert (found.kind, found.record, found.judge) == ("tech_stack", choice, "gate")
    assert "MySQL" in found.explanation.text
    assert 'decision 9, "Which database? → PostgreSQL"' in found.explanation.text
    [found] = await judged("注文をMySQLに保存して", choice)
    assert "決定9「Which database? → PostgreSQL」" in found.explanation.text


async def test_leaving_the_decided_technology_is_a_contradiction_and_moving_to_it_is_not() -> None:
    choice = decision("Which database?", "PostgreSQL", "MySQL")
    assert [found.kind for found in await judged("Migrate from PostgreSQL to MySQL", choice)] == ["tech_stack"]
    assert await judged("Migrate from MySQL to PostgreSQL", choice) == []


async def test_a_technology_that_earlier_intents_used_is_not_flagged() -> None:
    both = (earlier("Use PostgreSQL for the orders", 1), earlier("Use SQLite for the settings", 2))
    assert await judged("Keep the drafts in SQLite", *both) == []


async def test_asking_for_a_rejected_option_is_a_reversal() -> None:
    choice = decision("Indent code with tabs or spaces?", "spaces", "tabs")
    assert [found.kind for found in await judged("Indent the new code with tabs", choice)] == ["policy_shift"]
    assert await judged("Close the open tabs in the settings", choice) == []


async def test_the_same_question_is_a_duplicate_only_while_the_first_is_open() -> None:
    question = "How does the lease work?"
    assert await judged(question, earlier(question), kind="question") == []
    found = await judged(question, earlier(question, open=True), kind="question")
    assert [found.kind for found in found] == ["duplicate"]


async def test_similarity_alone_is_no_duplicate_but_decides_for_overlapping_texts() -> None:
    old, new = "Find out why the nightly job is slow at night", "Investigate why the nightly job hangs at night"
    assert await judged(new, earlier(old)) == []
    assert [found.kind for found in await judged(new, earlier(old, similarity=0.95))] == ["duplicate"]
    assert await judged("Fix the header", earlier("Fix the footer", similarity=0.99)) == []


@pytest.mark.parametrize(
    "text",
    [
        "as always, tidy up",
        "never mind",
        "it always crashes",
        "絶対パスにして",
        "必ずしも速くない",
        "必ず明日までに直して",
        "いつも必ず落ちるので直して",
    ],
)
def test_a_statement_without_an_absolute_claim_is_not_flagged(text: str) -> None:
    assert find_absolute_claim(text) is None


@pytest.mark.parametrize(
    "text", ["Always write tests first", "we never deploy on Fridays", "必ずテストを書くこと", "絶対に直接pushしないで"]
)
def test_an_absolute_claim_is_found(text: str) -> None:
    assert find_absolute_claim(text)


@pytest.mark.parametrize(
    "text", ["PostgreSQL" * 20_000, "必ず" * 50_000, "from " * 50_000, "not " * 50_000, "", "\n" * 9]
)
async def test_a_huge_text_is_judged_in_bounded_time(text: str) -> None:
    await judged(text, earlier(text), decision("Which?" * 10_000, text, text))


def test_a_technology_may_serve_more_than_one_purpose_and_the_text_says_which() -> None:
    assert [each.purpose for each in mentions_of("cache it in Redis")] == ["cache"]
    assert [each.purpose for each in mentions_of("the job queue runs on Redis")] == ["broker"]
