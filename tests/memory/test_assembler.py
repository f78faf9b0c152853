"""The content and order of a context, and its behaviour when a layer fails."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from structlog.testing import capture_logs

from app.memory.context.assembler import ContextAssembler, ContextRequest
from app.memory.search.searcher import Search
from app.memory.search.translations import Dictionary
from app.workers.prompts import store_context
from resolvers.ports import Hit
from sql.repositories.contexts import AssembledContext, find_contexts, list_latest_turns
from tests.decided import decide_with
from tests.memory.conftest import Memory
from tests.timeouts import TIMEOUT

REMEMBER = (
    "INSERT INTO memories (user_id, content, kind, tags, profile) "
    "VALUES ($1, $2, 'longterm', $3, 'preference' = ANY($3::text[])) RETURNING id"
)


def assembler(memory: Memory, search: Any = None, max_tokens: int = 100_000) -> ContextAssembler:
    return ContextAssembler(memory.database, search or memory.search, max_tokens=max_tokens, connections=4)


async def request_for(memory: Memory, asked: str, *earlier: str, **fields: Any) -> ContextRequest:
    """A request whose question follows earlier messages of a conversation."""
    conversation = await memory.converse()
    await memory.say(*earlier, conversation=conversation)
    async with memory.database.connection() as connection:
        turns = await list_latest_turns(connection, "ann", conversation, 40)
    at = datetime.now(UTC) + timedelta(seconds=5)
    return ContextRequest("ann", "Be Kana.", asked, at, conversation_id=conversation, turns=turns, **fields)


def layers(context: AssembledContext) -> list[str]:
    return [item.layer for item in context.items]


async def test_layers_are_in_order_and_each_item_has_a_reason(memory: Memory) -> None:
    await memory.value(REMEMBER, "ann", "I prefer short answers", ["preference"])
    await memory.value(REMEMBER, "ann", "The billing cache lives in Redis", [])
    await decide_with(memory.database, "Which cache for billing?", "Redis", "Memcached")
    request = await request_for(memory, "What about the billing cache?", "Hello", "Let us talk about invoices")
    await memory.value("UPDATE conversations SET summary = 'About invoices.' WHERE id = $1", request.conversation_id)
    await memory.index()
    context = await assembler(memory).assemble(request)
    assert layers(context) == ["system", "profile", "summary", "decision", "semantic", "working", "working", "user"]
    assert context.items[1].text == "I prefer short answers"
    assert "Which cache for billing?" in context.items[3].text
    assert context.items[4].text == "The billing cache lives in Redis"
    assert context.token_count == sum(item.tokens for item in context.items)
    assert context.token_budget == 80_000
    assert (context.dropped_layers, context.failed_layers) == ([], [])
    keys = [item.reason_key for item in context.items]
    assert keys[:4] == ["context.system", "context.profile", "context.summary", "context.similar"]
    assert "score" in context.items[4].reason


async def test_no_item_is_repeated_and_the_current_message_appears_once(memory: Memory) -> None:
    (asked,) = await memory.say("Where does the billing cache live?")
    await memory.say("the billing cache lives in Redis")
    await memory.add_intent("The billing cache lives in Redis")
    for _ in range(3):
        await memory.value(REMEMBER, "ann", "The billing cache lives in Redis.", ["preference"])
    request = await request_for(memory, "Where does the billing cache live?", "The billing cache lives in Redis?",
                           asked_id=asked)  # fmt: skip
    await memory.index()
    context = await assembler(memory).assemble(request)
    assert [item.text for item in context.of("user")] == ["Where does the billing cache live?"]
    assert context.of("semantic") == []
    sources = [item.source_id for item in context.items if item.source_id]
    assert len(sources) == len(set(sources))


async def test_later_and_unrelated_records_are_left_out(memory: Memory) -> None:
    await memory.say("Bananas are yellow")
    await memory.say("The billing cache lives in Redis")
    await memory.index()
    request = await request_for(memory, "Where is the billing cache?")
    assert [i.text for i in (await assembler(memory).assemble(request)).of("semantic")] == [
        "The billing cache lives in Redis"
    ]
    early = ContextRequest("ann", "Be Kana.", request.asked, datetime(2020, 1, 1, tzinfo=UTC))
    assert (await assembler(memory).assemble(early)).of("semantic") == []
    other = ContextRequest("bob", "Be Kana.", request.asked, request.asked_at)
    assert layers(await assembler(memory).assemble(other)) == ["system", "user"]


async def test_the_same_input_gives_the_same_context(memory: Memory) -> None:
    for number in range(12):
        await memory.say(f"cache note {number} about topic {number * 7}")
    await memory.index()
    request = await request_for(memory, "cache note topic", "Hello")
    first, second = [await assembler(memory).assemble(request) for _ in range(2)]
    assert first.items == second.items
    assert 1 < len(first.of("semantic")) <= 8


async def test_layers_are_fetched_concurrently(memory: Memory) -> None:
    met = asyncio.Barrier(2)

    class Patient(Search):
        async def search(self, *arguments: Any, **options: Any) -> list[Hit]:
            await met.wait()  # for the search of the other layer; sequential searches would never meet
            return await super().search(*arguments, **options)

    await memory.say("The billing cache lives in Redis")
    await memory.index()
    patient = Patient(memory.database, memory.models, *_of(memory.search))
    async with asyncio.timeout(TIMEOUT):
        context = await assembler(memory, patient).assemble(await request_for(memory, "Where is the billing cache?"))
    assert [item.text for item in context.of("semantic")] == ["The billing cache lives in Redis"]


async def test_a_failing_layer_is_named_and_the_others_remain(memory: Memory) -> None:
    class Broken(Search):
        async def search(self, *arguments: Any, **options: Any) -> list[Hit]:
            raise RuntimeError("the index is on fire")

    await memory.value(REMEMBER, "ann", "I prefer short answers", ["preference"])
    broken = Broken(memory.database, memory.models, *_of(memory.search))
    with capture_logs() as logged:
        context = await assembler(memory, broken).assemble(await request_for(memory, "Why?", "Hello"))
    assert context.failed_layers == ["decision", "semantic"]
    assert sorted(line["layer"] for line in logged if line["log_level"] == "error") == ["decision", "semantic"]
    assert layers(context) == ["system", "profile", "working", "user"]


def _of(search: Search) -> tuple[Any, str, Dictionary]:
    return search._clock, search._timezone, search._dictionary


async def test_a_context_over_budget_drops_items_and_names_their_layers(memory: Memory) -> None:
    request = await request_for(memory, "And now?", *("漢字" * 200 for _ in range(6)))
    context = await assembler(memory, max_tokens=3000).assemble(request)
    assert context.dropped_layers == ["working"]
    assert len(context.of("working")) == 2
    assert context.token_count <= context.token_budget == 2400


async def test_deleting_the_reply_deletes_its_context(memory: Memory) -> None:
    (asked,) = await memory.say("Hello")
    reply = await memory.value(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to) "
        "SELECT user_id, conversation_id, '', 'kana', 'pending', id FROM messages WHERE id = $1 RETURNING id",
        asked,
    )
    context = await assembler(memory).assemble(await request_for(memory, "Hello"))
    async with memory.database.connection() as connection:
        await store_context(connection, "ann", reply, context)
        await store_context(connection, "bob", asked, context)  # not bob's
        assert [found[0] for found in await find_contexts(connection, "ann", [reply, asked])] == [reply]
        assert await find_contexts(connection, "bob", [reply, asked]) == []
        await connection.execute("DELETE FROM messages WHERE id = $1", asked)
        assert await find_contexts(connection, "ann", [reply]) == []


async def test_decisions_in_force_come_first_and_others_are_marked_as_history(memory: Memory) -> None:
    old = await decide_with(memory.database, "Cache invoices in Memcached", topic="invoice cache", rationale="habit")
    await decide_with(memory.database, "Cache invoices in Redis", topic="invoice cache", supersedes=[old])
    await decide_with(memory.database, "Cache the invoices for a day", kind="value", topic="ttl", status="proposed")
    for asked, expected in (
        (
            "Where do we cache invoices?",
            ["ADR 2, in force", "History only: ADR 1 was superseded by ADR 2", "only proposed"],
        ),
        ("invoicesのcacheはどこ？", ["ADR 2（", "履歴：ADR 1は", "提案中"]),
    ):
        request = await request_for(memory, asked)
        await memory.index()
        context = await assembler(memory).assemble(request)
        texts = [item.text for item in context.items if item.layer == "decision"]
        assert expected[0] in texts[0]
        assert all(any(part in text for text in texts[1:]) for part in expected[1:]), texts
