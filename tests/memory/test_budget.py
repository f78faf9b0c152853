"""Token estimates, and the order in which items are dropped when a context exceeds its budget."""

import pytest

from app.language.tokens import estimate_tokens
from app.memory.context.budget import fit_budget
from app.memory.context.distinct import DistinctTexts
from sql.repositories.contexts import ContextItem

ORDER = ("system", "profile", "summary", "decision", "semantic", "working", "user")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("こんにちは", 20), ("Hello World", 15), ("", 10), ("漢字とkana", 10 + 6 + 2), ("ＡＢ", 14), ("한국", 14)],
)
def test_a_text_costs_two_for_a_cjk_character_and_half_for_another(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


def items(**counts: int) -> list[ContextItem]:
    """The given number of items per layer, each of 100 tokens and named by its position; decision-0 matches best."""
    return [
        ContextItem(layer, f"{layer}-{place}", 100, "test") for layer in ORDER for place in range(counts.get(layer, 0))
    ]


FULL = {"system": 1, "profile": 2, "summary": 1, "decision": 3, "semantic": 3, "working": 4, "user": 1}


@pytest.mark.parametrize(
    ("budget", "removed", "dropped"),
    [
        (1500, [], []),
        (1499, ["summary-0"], ["summary"]),
        (1400, ["summary-0"], ["summary"]),
        (1399, ["summary-0", "decision-2"], ["summary", "decision"]),
        (1200, ["summary-0", "decision-2", "decision-1"], ["summary", "decision"]),
        (1100, ["summary-0", "decision-2", "decision-1", "semantic-2"], ["summary", "decision", "semantic"]),
        (
            900,
            ["summary-0", "decision-2", "decision-1", "semantic-2", "semantic-1", "working-0"],
            ["summary", "decision", "semantic", "working"],
        ),
        (
            1,
            ["summary-0", "decision-2", "decision-1", "semantic-2", "semantic-1", "working-0", "working-1"],
            ["summary", "decision", "semantic", "working"],
        ),
    ],
)
def test_layers_are_dropped_in_order_and_never_all_of_them(budget: int, removed: list[str], dropped: list[str]) -> None:
    every = items(**FULL)
    kept, layers = fit_budget(every, budget)
    assert [item.text for item in every if item not in kept] == sorted(removed, key=[i.text for i in every].index)
    assert layers == dropped
    assert [ORDER.index(item.layer) for item in kept] == sorted(ORDER.index(item.layer) for item in kept)
    assert {"system", "profile", "user"} <= {item.layer for item in kept}


def test_paraphrases_of_one_fact_are_used_once() -> None:
    texts = DistinctTexts(["The release is on Friday at noon"])
    assert not texts.add("the release is on Friday, at noon!")
    assert texts.add("The database is PostgreSQL")
    assert not texts.add("the database is postgresql")
    assert texts.add("会議は火曜日にする")
    assert not texts.add("会議は火曜日にする。")
    assert not texts.add("🙂")
