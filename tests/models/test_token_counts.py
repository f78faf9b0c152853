"""Contexts fit the budget by the tokens that the provider counts, or by the rates of earlier answers."""

from collections.abc import Callable

import pytest

from app.language.tokens import CJK, estimate_tokens
from app.memory.context.budget import corrected, fit_budget
from app.models.claude import ClaudeAssistant
from app.models.client import ClaudeClient
from app.models.ports import Piece, Prompt, Turn, TurnFile
from app.models.token_counts import Counting, ScriptRates
from sql.repositories.contexts import ContextItem
from tests.fakes.messages_api import MessagesApi, Scripted

JAPANESE = "認証の設計について、先週の会議で決めたことをまとめます。" * 40


def tokenizer(per_character: float) -> Callable[[str], int]:
    """So many tokens for a CJK character, and one for four others."""

    def count(text: str) -> int:
        wide = len("".join(CJK.findall(text)))
        return int(per_character * wide + (len(text) - wide) / 4)

    return count


def conversation(count: int, text: str = JAPANESE) -> list[ContextItem]:
    turns = [ContextItem("working", f"{place}{text}", estimate_tokens(f"{place}{text}"), "") for place in range(count)]
    return [*turns, ContextItem("user", text, estimate_tokens(text), "")]


@pytest.mark.parametrize("per_character", [0.7, 1.0, 3.0])
async def test_a_long_japanese_context_does_not_exceed_the_budget(
    api: MessagesApi, client: ClaudeClient, per_character: float
) -> None:
    api.tokenizer = tokenizer(per_character)
    items, budget = conversation(30), 20_000
    counts = ClaudeAssistant(client).token_counts()
    kept, dropped = fit_budget(await corrected(items, counts, budget), budget)
    actual = api.tokenizer("\n".join(item.text for item in kept))
    assert dropped == ["working"]
    one = api.tokenizer(items[0].text)
    assert budget - 1.1 * one < actual <= budget  # no further turn fits
    assert len(api.counted) == 1
    assert sum(item.tokens for item in kept) <= budget


async def test_a_short_context_is_not_counted(api: MessagesApi, client: ClaudeClient) -> None:
    api.tokenizer = tokenizer(1)
    items = conversation(1)
    assert await corrected(items, ClaudeAssistant(client).token_counts(), 100_000) == items
    assert api.counted == []


async def test_a_server_without_counting_is_asked_once(api: MessagesApi, client: ClaudeClient) -> None:
    assistant, items = ClaudeAssistant(client), conversation(30)
    for model in (None, None, "another"):
        assert await corrected(items, assistant.token_counts(model), 20_000) == items
    assert len(api.counted) == 1


@pytest.mark.parametrize("status", [405, 501])
async def test_a_server_that_refuses_counting_is_asked_once(
    api: MessagesApi, client: ClaudeClient, status: int
) -> None:
    api.tokenizer, api.counting_status = tokenizer(1), status
    counting = Counting(client)
    assert [await counting.count("m", ["a"]) for _ in range(2)] == [None, None]
    assert counting.missing
    assert len(api.counted) == 1


@pytest.mark.parametrize("status", [0, 429, 500])
async def test_a_slow_or_failing_server_is_asked_again_later(
    api: MessagesApi, client: ClaudeClient, status: int
) -> None:
    api.tokenizer, api.counting_status = tokenizer(1), status
    now = 0.0
    counting = Counting(client, clock=lambda: now, seconds=0.2)
    assert [await counting.count("m", ["a"]) for _ in range(2)] == [None, None]
    assert len(api.counted) == 1
    api.counting_status, now = 200, 61.0
    assert await counting.count("m", ["語語語"]) is not None


async def test_rates_are_learned_from_answers_without_a_request(api: MessagesApi, client: ClaudeClient) -> None:
    assistant = ClaudeAssistant(client)
    api.script(Scripted(pieces=["ok"]), Scripted(pieces=["ok"]))
    for text in ("plain English words " * 200, JAPANESE):
        parts = [part async for part in assistant.answer(Prompt("", [Turn("user", text)]))]
        assert parts[0] == Piece("ok")
    # The local server counts four bytes as a token: half of the estimate in English, less for Japanese.
    rates = assistant.token_counts().rates
    assert rates.other == pytest.approx(0.5, abs=0.06)
    assert rates.wide == pytest.approx(0.375, abs=0.06)
    assert api.counted == []


def test_a_higher_rate_counts_at_once_and_an_impossible_one_is_ignored() -> None:
    rates = ScriptRates()
    text = ["a" * 1000]
    rates.learn(text, 255)
    rates.learn(text, 510)
    assert rates.other == pytest.approx(1.0, abs=0.01)
    rates.learn(text, 3)  # only what was not cached
    assert rates.other == pytest.approx(1.0, abs=0.01)
    rates.learn(text, 255)
    assert rates.other == pytest.approx(0.85, abs=0.01)


async def test_files_teach_nothing(api: MessagesApi, client: ClaudeClient) -> None:
    assistant = ClaudeAssistant(client)
    picture = TurnFile("a picture", "image/png", b"x" * 4000)
    api.script(Scripted(pieces=["ok"]))
    _ = [part async for part in assistant.answer(Prompt("", [Turn("user", "What is it?", [picture])]))]
    assert assistant.token_counts().rates == ScriptRates()


async def test_the_same_texts_are_counted_once(api: MessagesApi, client: ClaudeClient) -> None:
    api.tokenizer = tokenizer(1)
    counts, items = ClaudeAssistant(client).token_counts(), conversation(30)
    assert await corrected(items, counts, 20_000) == await corrected(items, counts, 20_000)
    assert len(api.counted) == 1


async def test_a_context_that_fits_by_observed_rates_is_not_counted(api: MessagesApi, client: ClaudeClient) -> None:
    api.tokenizer = tokenizer(1)
    counts, items = ClaudeAssistant(client).token_counts(), conversation(30)
    budget = int(1.6 * sum(item.tokens for item in items))
    await corrected(items, counts, budget)  # nothing is known: more than half of the budget
    await corrected([*items, items[0]], counts, budget)
    assert len(api.counted) == 1


@pytest.mark.parametrize("tokens", [1, 10**9])
async def test_an_impossible_count_is_ignored(api: MessagesApi, client: ClaudeClient, tokens: int) -> None:
    api.tokenizer = lambda text: tokens
    items = conversation(30)
    assert await corrected(items, ClaudeAssistant(client).token_counts(), 20_000) == items


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"[1]", b'"x"', b'{"input_tokens": "many"}', b'{"input_'])
async def test_an_answer_that_is_no_count_does_not_disturb(api: MessagesApi, client: ClaudeClient, body: bytes) -> None:
    api.tokenizer, api.counting_body = tokenizer(1), body
    items, counts = conversation(30), ClaudeAssistant(client).token_counts()
    for each in (items, items[1:]):
        assert await corrected(each, counts, 20_000) == each
    assert len(api.counted) == 1


async def test_a_provider_that_says_when_to_ask_again_is_not_asked_before(
    api: MessagesApi, client: ClaudeClient
) -> None:
    api.tokenizer, api.counting_status, api.counting_headers = tokenizer(1), 429, {"retry-after": "600"}
    now = 0.0
    counting = Counting(client, clock=lambda: now)
    assert await counting.count("m", ["a"]) is None
    now = 599.0
    assert await counting.count("m", ["a"]) is None
    assert len(api.counted) == 1
