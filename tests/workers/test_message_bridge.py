"""Replies are written, stopped, retried and released; intents of a message are created once."""

import asyncio
from uuid import UUID

import pytest
from pydantic import SecretStr

from app.language.catalogue import render
from app.models.ports import AssistantError, Finished
from app.settings import Settings
from sql.repositories.messages import list_turns_before, mark_reply_continued, mark_reply_stopped
from sql.repositories.reply_claims import claim_replies, finish_reply, release_expired_replies, save_reply
from tests.workers.conftest import Workshop, open_workshop

OVERLOADED = AssistantError("model.overloaded", retryable=True, retry_after=0.1)
REFUSED = AssistantError("model.key_rejected", retryable=False)


async def test_a_reply_is_written_with_its_model_and_usage(workshop: Workshop) -> None:
    workshop.assistant.script("Hello, ", "世界 😀")
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete")
    assert row["content"] == "Hello, 世界 😀"
    assert row["metadata"]["model"] == "scripted-1"
    assert row["metadata"]["usage"] == {"input_tokens": 1, "output_tokens": 2}
    assert row["metadata"]["durationMs"] >= 0
    assert row["claimed_by"] is None


async def test_a_reply_without_an_announcement_is_found_by_polling(workshop: Workshop) -> None:
    early = await workshop.say("before the bridge started", announce=False)
    async with workshop.bridge("message"):
        await workshop.until_status("messages", early, "complete")
        late = await workshop.say("without a word", announce=False)
        await workshop.until_status("messages", late, "complete")


async def test_the_model_gets_the_conversation_in_order_and_the_users_local_time(workshop: Workshop) -> None:
    first = await workshop.say("first question")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", first, "complete")
        second = await workshop.pool.fetchval(
            "WITH m AS (INSERT INTO messages (user_id, conversation_id, content, message_type) "
            "SELECT 'ann', conversation_id, 'second question', 'user' FROM messages WHERE id = $1 "
            "RETURNING id, conversation_id) "
            "INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to) "
            "SELECT 'ann', conversation_id, '', 'kana', 'pending', id FROM m RETURNING id",
            first,
        )
        await workshop.until_status("messages", second, "complete")
    assert "JST" in workshop.assistant.prompts[0].moment
    spoken = [(turn.role, turn.text) for turn in workshop.assistant.prompts[1].turns]
    assert spoken == [
        ("user", "first question"),
        ("assistant", "echo: first question"),
        ("user", "second question"),
    ]


async def test_a_question_creates_no_intent(workshop: Workshop) -> None:
    reply = await workshop.say("what is the best approach?")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", reply, "complete")
    assert await workshop.pool.fetchval("SELECT count(*) FROM intents") == 0


async def test_stopping_reaches_a_running_model_within_a_second_and_keeps_the_text(workshop: Workshop) -> None:
    workshop.assistant.script("so far", 3600.0, "never")
    reply = await workshop.say("tell me a long story")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", reply, "streaming")
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        async with workshop.services.database.transaction() as connection:
            await mark_reply_stopped(connection, "ann", reply)
        row = await workshop.until(
            lambda: workshop.pool.fetchrow("SELECT * FROM messages WHERE id = $1 AND claimed_by IS NULL", reply), 3
        )
    assert (row["status"], row["content"]) == ("stopped", "so far")
    assert workshop.assistant.cancelled == 1


async def test_a_retryable_failure_is_retried(workshop: Workshop) -> None:
    workshop.assistant.script(OVERLOADED)
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete", "failed")
    assert (row["status"], row["attempts"]) == ("complete", 2)


@pytest.mark.parametrize(
    ("scripts", "attempts"), [([[REFUSED]], 1), ([[OVERLOADED]] * 3, 3), ([["half", OVERLOADED]], 1)]
)
async def test_a_permanent_failure_keeps_the_text_and_its_reason_and_notifies_once(
    workshop: Workshop, scripts: list[list[str | AssistantError]], attempts: int
) -> None:
    for script in scripts:
        workshop.assistant.script(*script)
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "failed")
    assert row["attempts"] == attempts
    assert row["error"] == scripts[0][-1].reason  # type: ignore[union-attr]
    assert row["content"] == ("half" if len(scripts[0]) == 2 else "")
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert notification["notification_type"] == "error"
    assert notification["source_message_id"] == reply


@pytest.mark.parametrize(
    ("stop_reason", "key", "known"),
    [
        ("max_tokens", "model.cut_at_limit", True),
        ("model_context_window_exceeded", "model.cut_at_window", True),
        ("tool_use", "model.not_finished", True),
        ("a_later_reason", "model.not_finished", True),
        ("refusal", "model.declined", False),
    ],
)
async def test_a_reply_that_is_cut_off_fails_with_its_text_and_its_usage(
    workshop: Workshop, stop_reason: str, key: str, known: bool
) -> None:
    """The model knows it later, so that the user can refer to it, unless the model declined to write it."""
    workshop.assistant.script("Half an ", "ans", Finished(stop_reason, "scripted-1", {"output_tokens": 7}))
    reply = await workshop.say("こんにちは")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "failed", "complete")
    assert (row["status"], row["content"], row["error_key"], row["attempts"]) == ("failed", "Half an ans", key, 1)
    assert row["error"] == render(key, row["error_params"], "ja")
    assert (row["metadata"]["stopReason"], row["metadata"]["usage"]) == (stop_reason, {"output_tokens": 7})
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert notification["title"] == "返信が途中で切れました"
    assert notification["message"] == f"こんにちは：{row['error']}"
    async with workshop.services.database.connection() as connection:
        turns = await list_turns_before(connection, "ann", row["conversation_id"], UUID(int=2**128 - 1), 10, path=reply)
    assert [turn.content for turn in turns] == ["こんにちは", *(["Half an ans"] if known else [])]
    assert await workshop.pool.fetchval("SELECT count(*) FROM search_entries WHERE subject_id = $1", reply) == 1


@pytest.mark.parametrize(("chosen", "asked"), [(None, None), ("quick", "quick"), ("no longer configured", None)])
async def test_the_model_of_the_conversation_answers(
    database_url: str, settings: Settings, chosen: str | None, asked: str | None
) -> None:
    configured = settings.model_copy(update={"anthropic_api_key": SecretStr("k"), "anthropic_models": ("quick",)})
    async with open_workshop(database_url, configured) as workshop:
        await workshop.say("hi", model=chosen)
        async with workshop.bridge("message"):
            await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        assert [prompt.model for prompt in workshop.assistant.prompts] == [asked]


async def continue_reply(workshop: Workshop, reply: UUID) -> None:
    async with workshop.services.database.transaction() as connection:
        await mark_reply_continued(connection, "ann", reply)
    workshop.services.bus.announce("ann")


async def test_a_reply_is_continued_after_several_cuts_and_repeats_nothing(workshop: Workshop) -> None:
    cut = Finished("max_tokens", "scripted-1", {"output_tokens": 7})
    workshop.assistant.script("one 😀 ", cut)
    workshop.assistant.script(OVERLOADED)  # a failure before the first new word is retried
    workshop.assistant.script("two ", cut)
    workshop.assistant.script("three")
    reply = await workshop.say("count to three")
    async with workshop.bridge("message"):
        for text in ("one 😀 ", "one 😀 two "):
            row = await workshop.until_status("messages", reply, "failed", "complete")
            assert (row["status"], row["content"]) == ("failed", text)
            await continue_reply(workshop, reply)
        row = await workshop.until_status("messages", reply, "failed", "complete")
    assert (row["status"], row["content"], row["error"]) == ("complete", "one 😀 two three", None)
    assert row["metadata"]["usage"] == {"output_tokens": 15, "input_tokens": 1}
    assert [each["is_read"] for each in await workshop.pool.fetch("SELECT is_read FROM notifications")] == [True, True]
    endings = [(prompt.turns[-1].role, prompt.turns[-1].text) for prompt in workshop.assistant.prompts]
    assert endings == [
        ("user", "count to three"),
        *[("assistant", "one 😀 ")] * 2,
        ("assistant", "one 😀 two "),
    ]


async def test_a_continued_reply_to_which_the_model_adds_nothing_is_complete(workshop: Workshop) -> None:
    workshop.assistant.script("All of it.", AssistantError("model.stream_broken", retryable=True))
    workshop.assistant.script("", Finished("end_turn", "scripted-1"))
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", reply, "failed")
        await continue_reply(workshop, reply)
        row = await workshop.until_status("messages", reply, "failed", "complete")
    assert (row["status"], row["content"]) == ("complete", "All of it.")


async def test_a_killed_bridge_loses_only_the_text_after_the_cut(workshop: Workshop) -> None:
    workshop.assistant.script("kept ", Finished("max_tokens", "scripted-1"))
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        await workshop.until_status("messages", reply, "failed")
    await continue_reply(workshop, reply)
    async with workshop.services.database.connection() as connection:
        [claim] = await claim_replies(connection, "killed", count=1, lease_seconds=0)
        await save_reply(connection, claim, claim.kept + "los")
        await release_expired_replies(connection)
        [again] = await claim_replies(connection, "next", count=1, lease_seconds=30)
    assert (claim.kept, again.kept) == ("kept ", "kept ")


@pytest.mark.parametrize("blank", [[], ["  \n", " "], ["\u3000", "\u200b\ufeff"], ["\x00"], ["\ud83d"]])
async def test_a_blank_answer_is_no_answer(workshop: Workshop, blank: list[str]) -> None:
    workshop.assistant.script(*blank)
    failing = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", failing, "failed", "complete")
    assert (row["status"], row["content"], row["error_key"]) == ("failed", "", "model.empty_answer")
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert notification["title"] == "The reply could not be written"


async def test_a_character_that_is_split_over_pieces_stays_whole_for_readers_and_in_the_table(
    workshop: Workshop,
) -> None:
    heard: list[str] = []
    workshop.assistant.script(
        " x\ud83d", "\ude00", "y\ud842", "\udfb7", "e", "\u0301\x00", "\ud83d", "z", "\ude00", "\ud83d"
    )
    async with workshop.services.bus.listening(lambda message: heard.extend(piece[3] for piece in message.pieces)):
        reply = await workshop.say("hi")
        async with workshop.bridge("message"):
            row = await workshop.until_status("messages", reply, "complete", "failed")
        await workshop.until(lambda: asyncio.sleep(0, "".join(heard) == row["content"]))
    assert row["content"] == " x\U0001f600y\U00020bb7e\u0301\ufffd\ufffdz\ufffd\ufffd"


async def test_an_unexpected_failure_is_masked(workshop: Workshop) -> None:
    workshop.assistant.script(RuntimeError("password=hunter2"))
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "failed")
    assert "hunter2" not in row["error"]


async def test_deleting_the_message_ends_its_reply(workshop: Workshop) -> None:
    workshop.assistant.script("so far", 3600.0)
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
        await workshop.pool.execute("DELETE FROM messages")
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.cancelled))
    assert await workshop.pool.fetchval("SELECT count(*) FROM messages WHERE id = $1", reply) == 0


async def test_a_stopping_bridge_releases_its_claims_and_the_attempt_does_not_count(workshop: Workshop) -> None:
    workshop.assistant.script("half of it", 3600.0)
    reply = await workshop.say("hi")
    async with workshop.bridge("message"):
        await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
    row = await workshop.row("messages", reply)
    assert (row["status"], row["claimed_by"], row["attempts"]) == ("pending", None, 0)
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete")
    assert row["content"] == "echo: hi"


async def test_two_bridges_never_answer_the_same_message_twice(workshop: Workshop) -> None:
    async with workshop.bridge("message"), workshop.bridge("message"):
        replies = [await workshop.say(f"please fix bug {number}") for number in range(60)]
        for reply in replies:
            await workshop.until_status("messages", reply, "complete")
    assert sorted(prompt.turns[-1].text for prompt in workshop.assistant.prompts) == sorted(
        f"please fix bug {number}" for number in range(60)
    )
    assert await workshop.pool.fetchval("SELECT max(attempts) FROM messages") == 1


async def test_a_zombie_with_an_old_fence_writes_nothing(workshop: Workshop) -> None:
    reply = await workshop.say("hi")
    async with workshop.services.database.connection() as connection:
        [zombie] = await claim_replies(connection, "zombie", count=1, lease_seconds=0)
        await asyncio.sleep(0.01)
        assert await release_expired_replies(connection) == {"ann"}
        [holder] = await claim_replies(connection, "holder", count=1, lease_seconds=60)
        assert await save_reply(connection, zombie, "from the dead") is None
        assert await finish_reply(connection, zombie, "from the dead", status="complete") is None
        assert await finish_reply(connection, holder, "from the living", status="complete") == "complete"
    assert (await workshop.row("messages", reply))["content"] == "from the living"


async def test_nothing_is_lost_when_the_database_restarts(workshop: Workshop) -> None:
    async with workshop.bridge("message"):
        for number in range(5):
            reply = await workshop.say(f"{number}")
            await workshop.pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name <> 'test'"
            )
            await workshop.until_status("messages", reply, "complete")
