"""Memories are extracted, superseded, summarised and archived automatically."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.live.bus.bus import Bus
from app.memory.extraction.extractor import MIN_AGE_SECONDS, MemoryExtractor
from app.memory.extraction.summaries import Summariser, archive_surplus
from app.memory.services import MemoryMaintenance
from app.models.classification.local import LocalClassifier
from app.models.factory import Models
from app.models.offline import OfflineAssistant
from app.models.ports import AnswerPart, Assistant, AssistantError, Finished, Prompt
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.prior_records import ContradictedMemories
from sql.repositories.actions import NewAction, Outcome, insert_action
from sql.repositories.memories import archive_memory
from sql.repositories.nearest import SearchFilter
from tests.decided import decide_with
from tests.fakes.assistant import ScriptedAssistant
from tests.memory.conftest import Memory


def extractor(memory: Memory, assistant: Assistant | None = None) -> MemoryExtractor:
    return MemoryExtractor(
        memory.database,
        Bus("memory://"),
        memory.search,
        assistant or OfflineAssistant(),
        SystemClock(),
        ContradictedMemories(LocalJudge()),
    )


async def rested(memory: Memory) -> None:
    """Make the queued rows old enough for extraction with a model."""
    await memory.value("UPDATE memory_work SET created_at = now() - interval '1 minute'")


async def kept(memory: Memory, *, archived: bool = False, user: str = "ann") -> list[str]:
    rows = await memory.fetch(
        "SELECT content FROM memories WHERE user_id = $1 AND archived = $2 ORDER BY id", user, archived
    )
    return [row["content"] for row in rows]


async def test_statements_of_the_user_are_remembered_and_answers_are_not(memory: Memory) -> None:
    (asked,) = await memory.say("I prefer short answers. What time is it?")
    await memory.value(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to) "
        "SELECT user_id, conversation_id, 'We use MySQL.', 'kana', id FROM messages WHERE id = $1",
        asked,
    )
    await extractor(memory).process_batch()
    [row] = await memory.fetch("SELECT content, kind, tags, source_kind, source_id FROM memories")
    assert tuple(row) == ("I prefer short answers.", "longterm", ["preference"], "message", asked)
    assert await memory.value("SELECT count(*) FROM memory_work") == 0


async def act(memory: Memory, message: UUID, tool: str, status: str, **arguments: str) -> None:
    """An action of the message; one that remembers has its memory when it is done."""
    made = None
    if (tool, status) == ("remember", "done"):
        query = "INSERT INTO memories (user_id, content, kind, source_kind, source_id) VALUES "
        query += "('ann', $1, 'longterm', 'message', $2)"
        made = await memory.value(f"{query} RETURNING id", arguments["content"], message)
    kind = None if made is None else "memory"
    outcome = Outcome(status, dict(arguments), "done", "message-bridge", subject_kind=kind, subject_id=made)
    async with memory.database.connection() as connection:
        await insert_action(connection, NewAction("ann", message, tool, outcome))


async def test_what_an_action_of_the_message_has_recorded_is_not_stored_again(memory: Memory) -> None:
    await memory.say("My editor is Emacs.")
    await extractor(memory).process_batch()
    (asked,) = await memory.say("My editor is Vim. We decided to use PostgreSQL for billing. I prefer short answers.")
    reply = await memory.value(
        "INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to, status) "
        "SELECT user_id, conversation_id, '', 'kana', id, 'pending' FROM messages WHERE id = $1 RETURNING id",
        asked,
    )
    await extractor(memory).process_batch()
    assert await kept(memory) == ["My editor is Emacs."]  # the reply may still record something
    await act(memory, asked, "remember", "done", content="The editor of the user is Vim.")
    await act(memory, asked, "record_decision", "undone", title="Datastore of invoices")
    await memory.value("UPDATE messages SET status = 'complete' WHERE id = $1", reply)
    await extractor(memory).process_batch()
    assert await kept(memory) == ["The editor of the user is Vim.", "I prefer short answers."]
    assert await kept(memory, archived=True) == ["My editor is Emacs."]


async def test_a_paraphrase_counts_as_a_use_of_the_existing_memory(memory: Memory) -> None:
    await memory.say("I prefer short answers.")
    await extractor(memory).process_batch()
    await memory.say("I prefer short answers!", "I really prefer short answers.")
    await extractor(memory).process_batch()
    assert await kept(memory) == ["I prefer short answers."]
    assert await memory.value("SELECT access_count FROM memories") == 2


async def test_a_later_statement_supersedes_an_earlier_one_which_is_archived(memory: Memory) -> None:
    await memory.say("We use MySQL for billing.")
    await extractor(memory).process_batch()
    await memory.say("We switched to Postgres for billing.")
    await extractor(memory).process_batch()
    assert await kept(memory) == ["We switched to Postgres for billing."]
    assert await kept(memory, archived=True) == ["We use MySQL for billing."]
    old, new = await memory.fetch("SELECT id, superseded_by FROM memories ORDER BY id")
    assert old["superseded_by"] == new["id"]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("We decided to use PostgreSQL.", "We decided to use MySQL instead."),
        ("データベースはPostgreSQLにすることに決めた。", "データベースをMySQLに変更しました。"),
        ("Always deploy on Fridays.", "Never deploy on Fridays."),
    ],
)
async def test_a_memory_that_is_no_longer_true_is_superseded_whatever_its_wording(
    memory: Memory, before: str, then: str
) -> None:
    for said in (before, then):
        await memory.say(said)
        await extractor(memory).process_batch()
    assert await kept(memory) == [then]
    assert await kept(memory, archived=True) == [before]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("We use PostgreSQL for billing.", "Let's go with MySQL for analytics."),
        ("We use PostgreSQL.", "We use MySQL too."),
        ("I like tea.", "I like coffee."),
        ("We decided to use PostgreSQL.", "We decided to use Redis."),
    ],
)
async def test_a_compatible_memory_is_not_superseded(memory: Memory, before: str, then: str) -> None:
    for said in (before, then):
        await memory.say(said)
        await extractor(memory).process_batch()
    assert await kept(memory) == [before, then]


async def test_an_extension_supersedes_the_shorter_memory(memory: Memory) -> None:
    for said in ("We use Redis for the cache.", "We use Redis for the cache and the queue.", "We use Redis."):
        await memory.say(said)
        await extractor(memory).process_batch()
    assert await kept(memory) == ["We use Redis for the cache and the queue."]


async def test_a_new_memory_is_notified_with_its_text_and_can_be_undone(memory: Memory) -> None:
    (asked,) = await memory.say("The billing cache lives in Redis? Yes. We use Redis for the billing cache.")
    await extractor(memory).process_batch()
    await memory.index()
    [event] = await memory.fetch("SELECT subject_id, caused_by, payload FROM events WHERE kind = 'memory_created'")
    assert (event["caused_by"], event["payload"]["content"]) == (asked, "We use Redis for the billing cache.")
    found = SearchFilter(kinds=["memory"])
    assert [hit.subject_id for hit in await memory.search.search("ann", "billing cache", found, 5)] == [
        event["subject_id"]
    ]
    async with memory.database.connection() as connection:
        await archive_memory(connection, "ann", event["subject_id"], True)
    assert await memory.search.search("ann", "billing cache", found, 5) == []
    await memory.value("UPDATE messages SET content = content || ' ' WHERE id = $1", asked)
    await extractor(memory).process_batch()  # the message is processed again, and the undone memory is not restored
    assert await kept(memory) == []


async def test_approvals_and_remember_intents_become_memories_and_decisions_do_not(memory: Memory) -> None:
    intent = await memory.add_intent("Remember that the key is in the vault")
    await memory.value(
        "UPDATE intents SET status = 'processing', claimed_by = 'b', lease_until = now() WHERE id = $1", intent
    )
    await memory.value(
        "UPDATE intents SET status = 'completed', claimed_by = NULL, lease_until = NULL, intent_type = 'remember', "
        'metadata = \'{"remembered": "the key is in the vault"}\' WHERE id = $1',
        intent,
    )
    await decide_with(memory.database, "Use NATS as the queue", "NATS", "Kafka", rationale="It is small.")
    specification = await memory.value(
        "INSERT INTO specifications (user_id, title, content, author, status) "
        "VALUES ('ann', 'Cache', 'Use Redis.', 'ann', 'review') RETURNING id"
    )
    await memory.value("UPDATE specifications SET status = 'approved' WHERE id = $1", specification)
    await extractor(memory).process_batch()
    assert sorted(await kept(memory)) == ["Cache: Use Redis.", "the key is in the vault"]


async def test_a_model_extracts_memories_and_names_the_superseded_one(memory: Memory) -> None:
    old = await memory.value(
        "INSERT INTO memories (user_id, content, kind) VALUES ('ann', 'Billing runs on MySQL', 'longterm') RETURNING id"
    )
    assistant = ScriptedAssistant()
    assistant.script(f'[{{"content": "Billing runs on Postgres", "tag": "fact", "supersedes": "{old}"}}]')
    await memory.say("By the way, billing is on Postgres these days, not on MySQL any more")
    assert await extractor(memory, assistant).process_batch() == set()  # it rests
    await rested(memory)
    await extractor(memory, assistant).process_batch()
    [prompt] = assistant.prompts
    assert "Billing runs on MySQL" in prompt.turns[0].text
    assert await kept(memory) == ["Billing runs on Postgres"]
    assert await kept(memory, archived=True) == ["Billing runs on MySQL"]


CUT = Finished("max_tokens", "scripted-1")


@pytest.mark.parametrize(
    "steps",
    [
        [AssistantError("model.unreachable", retryable=True)],
        ["I would rather talk about tea"],
        ["[]", CUT],
        ['[{"content": "The user likes long answers.", "tag": "fact"}', CUT],
        ["", " \n"],
        ['[{"content": " \\u200b", "tag": "fact"}]'],
    ],
)
async def test_rules_extract_memories_when_the_model_fails(memory: Memory, steps: list[Any]) -> None:
    assistant = ScriptedAssistant()
    assistant.script(*steps)
    await memory.say("I prefer short answers.")
    await rested(memory)
    await extractor(memory, assistant).process_batch()
    assert await kept(memory) == ["I prefer short answers."]


async def test_an_extracted_memory_that_cannot_be_stored_as_it_is_is_cleaned(memory: Memory) -> None:
    assistant = ScriptedAssistant()
    assistant.script('[{"content": "tea\\u0000 \\ud83d\\ude00 \\ud83d", "tag": "fact"}]')
    await memory.say("I like tea")
    await rested(memory)
    await extractor(memory, assistant).process_batch()
    assert await kept(memory) == ["tea\ufffd \U0001f600 \ufffd"]


async def test_a_failing_row_is_retried_then_dropped_and_does_not_delay_others(memory: Memory) -> None:
    class Faulty(ScriptedAssistant):
        async def answer(self, prompt: Prompt) -> AsyncGenerator[AnswerPart, None]:
            if "Poison" in prompt.turns[0].text:
                raise RuntimeError("boom")
            async for each in super().answer(prompt):
                yield each

    assistant = Faulty()
    assistant.script('[{"content": "They like tea.", "tag": "preference"}]')
    await memory.say("Poison.", "I like tea.")
    await rested(memory)
    for attempt in range(1, 4):
        assert await extractor(memory, assistant).process_batch() == {"ann"}
        assert await kept(memory) == ["They like tea."]
        assert await memory.value("SELECT count(*) FROM memory_work") == (1 if attempt < 3 else 0)
        await memory.value("UPDATE memory_work SET claimed_until = NULL")


async def test_a_conversation_that_fails_does_not_delay_other_summaries(memory: Memory) -> None:
    assistant = ScriptedAssistant()
    assistant.script(RuntimeError("boom"))
    assistant.script("They talked about tea.")
    first, second = await memory.converse(), await memory.converse("bob")
    await memory.say("Poison.", conversation=first)
    await memory.value("UPDATE summary_work SET last_message_at = now() - interval '3 hours'")
    await memory.say("Tea is good.", user="bob", conversation=second)
    await memory.value("UPDATE summary_work SET last_message_at = now() - interval '2 hours' WHERE user_id = 'bob'")
    assert await Summariser(memory.database, assistant).process_due() == {"bob"}
    assert await memory.value("SELECT summary FROM conversations WHERE id = $1", second) == "They talked about tea."


async def test_near_the_capacity_the_least_important_memories_are_summarised_and_can_be_restored(
    memory: Memory,
) -> None:
    for number in range(18):
        await memory.value(
            "INSERT INTO memories (user_id, content, kind, weight) VALUES ('ann', $1, 'longterm', $2)",
            f"Fact number {number} about tea.",
            number / 20,
        )
    await memory.value("INSERT INTO memories (user_id, content, kind) VALUES ('bob', 'Mine.', 'longterm')")
    assert await archive_surplus(memory.database, OfflineAssistant(), "bob", 20) == 0
    assert await archive_surplus(memory.database, OfflineAssistant(), "ann", 20) == 3
    assert await kept(memory, archived=True) == [f"Fact number {number} about tea." for number in range(3)]
    assert len(await kept(memory)) == 16
    summary = (await kept(memory))[-1]
    assert "Fact number" in summary
    first = await memory.value("SELECT id FROM memories WHERE content = 'Fact number 0 about tea.'")
    async with memory.database.connection() as connection:
        restored = await archive_memory(connection, "ann", first, False)
    assert (restored.archived, restored.superseded_by) == (False, None)


async def test_memories_are_those_of_the_project_except_what_is_said_about_the_person(memory: Memory) -> None:
    other = await memory.value("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'x', 'x') RETURNING id")
    there = await memory.converse()
    await memory.value("UPDATE conversations SET project_id = $1 WHERE id = $2", other, there)
    await memory.say("I prefer short answers. We use MySQL.")
    await extractor(memory).process_batch()
    await memory.index()
    # The same fact of another project is another fact; a preference counts as known everywhere.
    await memory.say("I prefer short answers. We use MySQL.", conversation=there)
    await extractor(memory).process_batch()
    rows = await memory.fetch("SELECT content, profile, project_id = $1 AS there FROM memories ORDER BY id", other)
    assert [tuple(row) for row in rows] == [
        ("I prefer short answers.", True, None),
        ("We use MySQL.", False, False),
        ("We use MySQL.", False, True),
    ]


async def test_each_project_has_the_capacity_for_memories(memory: Memory) -> None:
    other = await memory.value("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'x', 'x') RETURNING id")
    insert = "INSERT INTO memories (user_id, project_id, profile, content, kind) VALUES ('ann', $1, $2, $3, 'longterm')"
    for number in range(15):
        for project, profile in ((None, False), (other, False), (None, True)):
            await memory.value(insert, project, profile, f"Fact number {number} about tea.")
    assert await archive_surplus(memory.database, OfflineAssistant(), "ann", 20) == 0
    for number in range(15, 18):
        await memory.value(insert, other, False, f"Fact number {number} about tea.")
    assert await archive_surplus(memory.database, OfflineAssistant(), "ann", 20) == 3
    assert await memory.value("SELECT count(*) FROM memories WHERE archived AND project_id = $1", other) == 3
    assert await memory.value("SELECT count(*) FROM memories WHERE NOT archived AND project_id = $1", other) == 16


async def test_expired_memories_are_archived(memory: Memory) -> None:
    await memory.value(
        "INSERT INTO memories (user_id, content, kind, expires_at) "
        "VALUES ('ann', 'over', 'working', now() - interval '1 s'), ('ann', 'on', 'working', now() + interval '1 h')"
    )
    tidying = MemoryMaintenance(
        memory.database,
        Bus("memory://"),
        memory.search,
        Models(OfflineAssistant(), LocalClassifier()),
        SystemClock(),
        ContradictedMemories(LocalJudge()),
        capacity=10,
        poll_seconds=1,
    )
    await tidying.run_once()
    assert await kept(memory) == ["on"]
    assert await kept(memory, archived=True) == ["over"]


async def test_a_conversation_is_summarised_after_twenty_messages(memory: Memory) -> None:
    conversation = await memory.converse()
    await memory.say(*("The cache is slow again." for _ in range(19)), conversation=conversation)
    summariser = Summariser(memory.database, OfflineAssistant())
    assert await summariser.process_due() == set()
    await memory.say("We add an index to the cache.", conversation=conversation)
    assert await summariser.process_due() == {"ann"}
    summary = await memory.value("SELECT summary FROM conversations WHERE id = $1", conversation)
    assert "index to the cache" in summary
    assert await summariser.process_due() == set()


async def test_a_conversation_is_summarised_after_an_hour_by_the_model_or_without_it(memory: Memory) -> None:
    conversation = await memory.converse()
    assistant = ScriptedAssistant()
    assistant.script("They talked about tea.")
    assistant.script(AssistantError("model.unreachable", retryable=True))
    for said, expected in (("Tea is good.", "They talked about tea."), ("Coffee is better.", "Coffee is better.")):
        await memory.say(said, conversation=conversation)
        await memory.value("UPDATE summary_work SET last_message_at = now() - $1::interval", timedelta(hours=2))
        assert await Summariser(memory.database, assistant).process_due() == {"ann"}
        assert expected in await memory.value("SELECT summary FROM conversations WHERE id = $1", conversation)
    assert "They talked about tea." in assistant.prompts[1].turns[0].text


async def test_a_summary_is_made_without_the_numbers_of_citations(memory: Memory) -> None:
    conversation = await memory.converse()
    await memory.say("Tea is good [1].", conversation=conversation)
    said = await memory.value("UPDATE messages SET message_type = 'kana' RETURNING id")
    await memory.value(
        "INSERT INTO message_citations (message_id, user_id, number, place, record_kind, record_id) "
        "VALUES ($1, 'ann', 1, 1, 'memory', $1)",
        said,
    )
    await memory.value("UPDATE summary_work SET last_message_at = now() - $1::interval", timedelta(hours=2))
    assert await Summariser(memory.database, OfflineAssistant()).process_due() == {"ann"}
    assert await memory.value("SELECT summary FROM conversations WHERE id = $1", conversation) == "Tea is good."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(["They talked about", CUT], "Tea is good."), (["  "], "Tea is good."), (["a\x00b"], "a\ufffdb")],
)
async def test_a_summary_that_is_cut_off_or_blank_is_not_stored(
    memory: Memory, answer: list[Any], expected: str
) -> None:
    conversation = await memory.converse()
    assistant = ScriptedAssistant()
    assistant.script(*answer)
    await memory.say("Tea is good.", conversation=conversation)
    await memory.value("UPDATE summary_work SET last_message_at = now() - $1::interval", timedelta(hours=2))
    assert await Summariser(memory.database, assistant).process_due() == {"ann"}
    assert await memory.value("SELECT summary FROM conversations WHERE id = $1", conversation) == expected


def test_a_model_extracts_only_after_the_reply_is_written() -> None:
    assert MIN_AGE_SECONDS >= 5
