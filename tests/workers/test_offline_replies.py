"""Without a model a reply performs what the message asks for, once, and says what was done."""

from typing import Any
from uuid import UUID

from app.models.offline import OfflineAssistant
from app.workers.replies.offline import to_pieces
from tests.files.samples import JAPANESE, png
from tests.workers.acting.test_files import add_files
from tests.workers.conftest import Workshop


async def say_next(workshop: Workshop, reply: UUID, content: str) -> UUID:
    """A further message in the conversation of a reply; returns the id of its reply."""
    following: UUID = await workshop.pool.fetchval(
        "WITH m AS (INSERT INTO messages (user_id, conversation_id, content, message_type, metadata, branch) "
        "SELECT 'ann', conversation_id, $2, 'user', '{\"timezone\": \"Asia/Tokyo\"}', last_branch(conversation_id) "
        "FROM messages WHERE id = $1 RETURNING id, conversation_id, branch) "
        "INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, branch) "
        "SELECT 'ann', conversation_id, '', 'kana', 'pending', id, branch FROM m RETURNING id",
        reply,
        content,
    )
    workshop.services.bus.announce("ann")
    return following


async def actions_of(workshop: Workshop, reply: UUID) -> list[Any]:
    return await workshop.pool.fetch(
        "SELECT a.* FROM actions AS a JOIN messages AS m ON m.reply_to = a.message_id WHERE m.id = $1 ORDER BY a.id",
        reply,
    )


async def test_a_reply_does_what_was_asked_once_and_mentions_the_missing_model_once(workshop: Workshop) -> None:
    workshop.assistant = OfflineAssistant()  # type: ignore[assignment]
    first = await workshop.say("明日の9時に経費精算をリマインドして")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", first, "complete")
        assert "経費精算" in row["content"]
        assert "設定画面" in row["content"]
        again = await workshop.regenerate(first)
        await workshop.until_status("messages", again, "complete")
        second = await say_next(workshop, again, "リマインダーは何がある？")
        row = await workshop.until_status("messages", second, "complete")
        assert "経費精算" in row["content"]
        assert "設定画面" not in row["content"]
    # A reply that only acts depends on no record.
    assert await workshop.pool.fetchval("SELECT count(*) FROM context_snapshots WHERE subject_id = $1", first) == 0
    (action,) = await actions_of(workshop, first)
    assert (action["tool"], action["status"], action["call_id"]) == ("create_intent", "done", "rule-1")
    assert await workshop.pool.fetchval("SELECT count(*) FROM intents") == 1
    assert await actions_of(workshop, second) == []


async def test_a_question_about_nothing_known_quotes_related_records_without_markdown(workshop: Workshop) -> None:
    workshop.assistant = OfflineAssistant()  # type: ignore[assignment]
    reply = await workshop.say("How does cursor pagination work?")
    async with workshop.bridge("message"):
        row = await workshop.until_status("messages", reply, "complete")
    assert "I found nothing about that in your records." in row["content"]
    assert not {"**", "`", "- "} & set(row["content"].split())


def test_the_pieces_of_a_reply_are_short_in_both_languages() -> None:
    for text in (
        "PostgreSQL, decided on 3 November.\n\nIt replaced MySQL.",
        "データベースはPostgreSQLに決まっています。",
    ):
        assert "".join(to_pieces(text)) == text
        assert max(map(len, to_pieces(text))) < 20


async def test_question_about_a_file_is_answered_with_its_passage_also_later(workshop: Workshop) -> None:
    workshop.assistant = OfflineAssistant()  # type: ignore[assignment]
    reply = await workshop.say("データベースは何にしますか？", announce=False)
    await add_files(workshop, reply, {"議事録.txt": JAPANESE.encode("cp932"), "図.png": png()})
    async with workshop.bridge("message"):
        first = (await workshop.until_status("messages", reply, "complete"))["content"]
        assert "議事録.txt" in first
        assert "PostgreSQL" in first
        assert "図.png" in first
        later = await say_next(workshop, reply, "締め切りはいつですか？")
        second = (await workshop.until_status("messages", later, "complete"))["content"]
    assert "3月末" in second
    assert "図.png" not in second
