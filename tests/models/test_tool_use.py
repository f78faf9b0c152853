"""Calls of tools through the real Anthropic SDK, from a local Messages API and its dialects."""

from dataclasses import replace
from typing import Any

import pytest

from app.models.answers import read_answer
from app.models.claude import ClaudeAssistant
from app.models.client import ClaudeClient
from app.models.ports import (
    AnswerPart,
    AssistantError,
    Finished,
    Piece,
    Prompt,
    Round,
    ToolOutput,
    ToolSpec,
    ToolUse,
    Turn,
)
from tests.fakes.messages_api import MessagesApi, Scripted
from tests.fakes.messages_wire import event, tool_block
from tests.models.conftest import settings_for

TOOL = ToolSpec("search", "Finds records.", {"type": "object", "properties": {"query": {"type": "string"}}})
PROMPT = Prompt("s", [Turn("user", "q")], tools=[TOOL])


async def parts_of(assistant: ClaudeAssistant, prompt: Prompt = PROMPT) -> list[AnswerPart]:
    return [part async for part in read_answer(assistant, prompt)]


def calls_in(parts: list[AnswerPart]) -> list[tuple[str, Any]]:
    return [(part.name, part.arguments) for part in parts if isinstance(part, ToolUse)]


async def test_text_streams_before_parallel_calls_and_each_has_its_id(
    api: MessagesApi, claude: ClaudeAssistant
) -> None:
    api.script(Scripted(pieces=["Let me ", "look."], tools=[("search", {"query": "データベース"}), ("search", {})]))
    *pieces, first, second, finished = await parts_of(claude)
    assert pieces == [Piece("Let me "), Piece("look.")]
    assert calls_in([first, second]) == [("search", {"query": "データベース"}), ("search", {})]
    assert isinstance(first, ToolUse)
    assert isinstance(second, ToolUse)
    assert first.id != second.id
    assert isinstance(finished, Finished)
    assert finished.stop_reason == "tool_use"
    [declared] = api.requests[0]["tools"]
    assert declared == {"name": "search", "description": "Finds records.", "input_schema": dict(TOOL.parameters)}


@pytest.mark.parametrize("malformed", ["{", "[1]", '"text"', '{"query": "a"} {}', "{'query': 1}"])
async def test_malformed_arguments_are_a_call_without_arguments(
    api: MessagesApi, claude: ClaudeAssistant, malformed: str
) -> None:
    api.script(Scripted(pieces=[], tools=[("search", malformed)]))
    assert calls_in(await parts_of(claude)) == [("search", None)]


async def test_earlier_rounds_are_sent_with_their_thinking_calls_and_outputs(
    api: MessagesApi, claude: ClaudeAssistant
) -> None:
    thinking = {"type": "thinking", "thinking": "hm", "signature": "abc"}
    use = ToolUse("toolu_1", "search", {"query": "x"})
    earlier = Round("Looking.\n", [use], [ToolOutput("toolu_1", "No such query.", is_error=True)], [thinking])
    paused = Round("On it")
    await parts_of(claude, replace(PROMPT, rounds=[earlier, paused]))
    _, answer, outputs, second = api.requests[0]["messages"]
    assert answer["content"] == [
        thinking,
        {"type": "text", "text": "Looking."},
        {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"query": "x"}},
    ]
    assert outputs["content"] == [
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": "No such query.", "is_error": True}
    ]
    assert second == {"role": "assistant", "content": [{"type": "text", "text": "On it"}]}


async def test_thinking_is_not_shown_and_is_returned_with_the_end(api: MessagesApi, claude: ClaudeAssistant) -> None:
    block = {"type": "thinking", "thinking": "", "signature": ""}
    raw = event("content_block_start", {"index": 5, "content_block": block})
    raw += event("content_block_delta", {"index": 5, "delta": {"type": "thinking_delta", "thinking": "hm"}})
    raw += event("content_block_delta", {"index": 5, "delta": {"type": "signature_delta", "signature": "abc"}})
    api.script(Scripted(pieces=["hello"], raw=raw + event("content_block_stop", {"index": 5})))
    text, finished = await parts_of(claude)
    assert text == Piece("hello")
    assert isinstance(finished, Finished)
    assert list(finished.thinking) == [{"type": "thinking", "thinking": "hm", "signature": "abc"}]


@pytest.mark.parametrize(
    ("scripted", "key"),
    [
        (Scripted(pieces=["a"], tools=[("search", {})], stop_reason="max_tokens"), "model.cut_at_limit"),
        (Scripted(pieces=["a"], tools=[("search", {})], stop_reason="refusal"), "model.declined"),
        (Scripted(pieces=["a"], stop_reason="tool_use"), "model.not_finished"),
        (
            Scripted(
                pieces=["a"],
                raw=event("content_block_start", {"index": 1, "content_block": tool_block("search", {})})
                + event("message_stop", {}),
                fault="no_stop",
            ),
            "model.stream_broken",
        ),
    ],
)
async def test_calls_of_an_answer_that_is_cut_off_end_with_its_error(
    api: MessagesApi, claude: ClaudeAssistant, scripted: Scripted, key: str
) -> None:
    api.script(scripted)
    with pytest.raises(AssistantError) as failure:
        await parts_of(claude)
    assert failure.value.key == key


async def test_calls_without_tools_in_the_prompt_are_no_calls(api: MessagesApi, claude: ClaudeAssistant) -> None:
    api.script(Scripted(pieces=["a"], tools=[("search", {})]))
    with pytest.raises(AssistantError, match=r"^model.not_finished"):
        await parts_of(claude, replace(PROMPT, tools=[]))


@pytest.mark.parametrize(
    ("scripted", "stop_reason", "calls"),
    [
        (Scripted(pieces=["a"], stop_reason="missing"), "end_turn", 0),
        (Scripted(pieces=[], tools=[("search", {"query": "a"})], stop_reason="missing"), "tool_use", 1),
        (Scripted(pieces=["a"], tools=[("search", {"query": "a"})], stop_reason="end_turn"), "tool_use", 1),
        (
            Scripted(
                pieces=[],
                raw=event("content_block_start", {"index": 1, "content_block": tool_block("search", {"query": "a"})})
                + event("content_block_stop", {"index": 1}),
            ),
            "tool_use",
            1,
        ),
    ],
)
async def test_servers_that_leave_fields_out_are_understood(
    api: MessagesApi, claude: ClaudeAssistant, scripted: Scripted, stop_reason: str, calls: int
) -> None:
    api.script(scripted)
    parts = await parts_of(claude)
    assert isinstance(parts[-1], Finished)
    assert parts[-1].stop_reason == stop_reason
    assert calls_in(parts) == [("search", {"query": "a"})] * calls


async def test_a_missing_stop_reason_at_the_length_limit_is_a_cut(api: MessagesApi) -> None:
    client = ClaudeClient(settings_for(api.url, anthropic_max_tokens=3))
    api.script(Scripted(pieces=["a ", "b ", "c "], stop_reason="missing"))
    with pytest.raises(AssistantError, match=r"^model.cut_at_limit"):
        await parts_of(ClaudeAssistant(client))
    await client.close()


async def test_a_server_without_prompt_caching_is_asked_without_it_from_then_on(
    api: MessagesApi, claude: ClaudeAssistant
) -> None:
    api.refuses = {"cache_control"}
    for _ in range(2):
        assert isinstance((await parts_of(claude))[-1], Finished)
    assert ["cache_control" in request["system"][0] for request in api.requests] == [True, False, False]


async def test_a_model_without_tools_is_refused_with_what_to_do(api: MessagesApi, claude: ClaudeAssistant) -> None:
    api.refuses = {"tools"}
    with pytest.raises(AssistantError) as failure:
        await parts_of(claude)
    assert (failure.value.key, failure.value.retryable) == ("model.tools_refused", False)
    assert "ANTHROPIC_MODEL" in failure.value.reason
    api.script(Scripted(status=500, error_message="tools param requires --jinja flag"))
    api.refuses = set()
    with pytest.raises(AssistantError, match=r"^model.tools_refused"):
        await parts_of(claude)
